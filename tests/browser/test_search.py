"""The search as a reader meets it, from disk: where questions lead, what it weighs, and how it is used by keys."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 300_000

QUERIES = {
    # people
    "Zhou Tongyu": ("session", r"^Zhou Tongyu"),
    "zhou tongyu data": ("session", "Zhou Tongyu"),
    "Liang Wenfeng": ("session", "^Liang Wenfeng"),
    "周桐宇": ("session", "Zhou Tongyu"),
    "Lan Fo'an": ("session", "Lan Fo.an"),
    # firms
    "Unitree": ("regions|patience", "^Unitree"),
    "宇树": ("regions|patience", "Unitree"),
    "六小龙": ("glossary|regions|overview", "六小龙"),
    "six dragons": ("glossary", "^six dragons"),
    "Manycore": ("regions", "Manycore"),
    # funds
    "National AI fund": ("funds", "^National AI"),
    "国家创业投资引导基金": ("funds|safe_to_print", "^National venture capital guidance fund"),
    "Big Fund": ("glossary", "^Big Fund"),
    "Yizhuang humanoids": ("funds", "^Yizhuang humanoid"),
    "Kunshan": ("funds", "Kunshan"),
    # places
    "Zhejiang": ("regions", "^Zhejiang"),
    "深圳": ("funds|session", "Shenzhen"),
    "Chongqing delegation": ("session", "Chongqing"),
    "安徽": ("regions|patience|funds", "^Anhui"),
    "Hefei guidance fund": ("funds", "Hefei guidance fund"),
    # phrases
    "guidance fund": ("glossary|funds", "uidance fund"),
    "loss ceiling": ("glossary", "^loss ceiling"),
    '"paid in"': ("glossary", "^paid in"),
    "buy-back right": ("glossary", "^buy-back right"),
    # with a wrong letter, one too many, one missing, or two exchanged; a space is one too
    "Unitere": ("regions|patience", "^Unitree"),
    "Shenzen": ("funds|session", "Shenzhen"),
    "Zhejang": ("regions|funds", "^Zhejiang"),
    "guidence fund": ("glossary|funds", "uidance fund"),
    "Zhou Tongyi": ("session", "Zhou Tongyu"),
    "liangwenfeng": ("session", "^Liang Wenfeng"),
    # names that only the text has in Chinese, or the glossary, or the table of cities
    "深创投": ("patience", "Shenzhen Capital Group"),
    "母基金": ("glossary", "^mother fund"),
    "郑州": ("patience", "^Zhengzhou"),
    # a place that stands on a map alone
    "贵州": ("regions", "Guizhou"),
    # letters for words, words for letters; with a hyphen, a space or neither
    "M&A fund": ("funds", "merger and acquisition fund|M&A funds"),
    "LP": ("glossary", "^limited partner"),
    "buyback rights": ("glossary", "^buy-back right"),
    # amounts, shares and days, however they are written
    "100 billion": ("funds", "100bn yuan"),
    "一万亿": ("overview", "trillion"),
    "5 March 2025": ("session", "^2025-03-05 · NPC session opens"),
    "March 5, 2025": ("session", "^2025-03-05 · NPC session opens"),
    # asked when the site was looked at as a stranger does
    "Lou Qinjian": ("session", "^Lou Qinjian"),
    "李强": ("session", "^Li Qiang"),
    "霍福鹏": ("session", "^Huo Fupeng"),
    "摩尔线程": ("patience", "^Moore Threads"),
    "粤港澳大湾区": ("funds", "^Guangdong-Hong Kong-Macao"),
    "1618亿": ("overview|funds", "161.8bn"),
    "polysilcon": ("precedent", "olysilicon"),
    "宁夏": ("regions", "Ningxia"),
    "耐心资本": ("glossary", "^patient capital"),
    "anti-involution": ("precedent|session|glossary", "nvolution"),
    # bodies and terms of rules, in Chinese, in short, and in other words of English
    "发改委": ("glossary", "^NDRC"),
    "国家发展和改革委员会": ("glossary", "^NDRC"),
    "NDRC": ("glossary", "^NDRC"),
    "财政部": ("glossary", "^Ministry of Finance"),
    "MOF": ("glossary", "^Ministry of Finance"),
    "国资委": ("glossary", "^SASAC"),
    "SASAC": ("glossary", "^SASAC"),
    "证监会": ("glossary", "^CSRC"),
    "CSRC": ("glossary", "^CSRC"),
    "工信部": ("glossary", "^MIIT"),
    "央行": ("glossary", "^PBoC"),
    "网信办": ("glossary", "^CAC"),
    "统计局": ("glossary", "^NBS"),
    "国务院": ("glossary", "^State Council"),
    "国务院办公厅": ("glossary", "^State Council"),
    "全国人大": ("glossary", "^NPC"),
    "两会": ("glossary", "^CPPCC"),
    "国企": ("glossary", "^SOE"),
    "回购": ("glossary", "^buy-back right"),
    "redemption": ("glossary", "^buy-back right"),
    "claw back": ("glossary", "^carry"),
    "clawback": ("glossary", "^carry"),
    "引导基金": ("glossary", "^government guidance fund"),
    "返投": ("glossary", "^reinvestment"),
    "尽职免责": ("glossary", "^exemption for duties done"),
    "超长期特别国债": ("glossary", "^special treasury bond"),
    # a word of the work reports, which only their table has in Chinese
    "智能经济": ("session", "ntelligent economy"),
    "16%": ("brief|funds|overview|safe_to_print|session", "16 percent"),
}
"""Where each question must lead: the page, and the words of the passage."""


def missed(answers, wanted, site=SITE):
    """Return the questions whose first answer is elsewhere, or leads to an anchor that its page does not have."""
    told = {}
    for query, (page, words) in wanted.items():
        first = answers.get(query)
        if first is None:
            told[query] = "nothing was found"
        elif not re.fullmatch(f"chapters/(?:{page})\\.html", first["address"]) or not re.search(words, first["text"]):
            told[query] = f"leads to {first['address']}: {first['text'][:80]}"
        elif not any(
            f'id="{first["anchor"]}"' in path.read_text("utf-8")
            for path in (site / first["address"], *site.glob("tables/*.html"))
        ):
            told[query] = f"{first['address']} has no #{first['anchor']}"
    return told


ASK = """async (queries) => { const told = {}; for (const query of queries) {
    const first = (await pcSearch.answer(query)).results[0]?.passage;
    told[query] = first && { address: first.address, anchor: first.anchor, text: first.text }; } return told; }"""


@pytest.fixture(scope="module")
def answers(chromium):
    """Return the first answer to each question, as the box gives it: before all of the index is there, and after."""
    page = chromium.new_context().new_page()
    page.goto((SITE / "search.html").as_uri())
    page.keyboard.type("x")  # what comes with the first key
    page.wait_for_function("() => window.pcSearch")  # words alone would be evaluated under the policy
    told = [page.evaluate(ASK, list(QUERIES))]
    page.evaluate("pcSearch.load('pc-search-later.js')")
    told.append(page.evaluate(ASK, list(QUERIES)))
    page.context.close()
    return told


def test_questions_lead_to_a_passage_each(answers):
    assert len(QUERIES) > 50
    assert [missed(one, QUERIES) for one in answers] == [{}, {}]


def test_an_answer_elsewhere_is_named(answers):
    known, told = "Zhou Tongyu", answers[0]
    for wrong in (("glossary", "."), ("session", "Unitree")):
        assert missed(told, {known: wrong})[known].startswith("leads to chapters/session.html")
    assert missed(told, {"not asked": ("session", ".")}) == {"not asked": "nothing was found"}
    nowhere = {known: told[known] | {"anchor": "gone"}}
    assert missed(nowhere, {known: QUERIES[known]}) == {known: "chapters/session.html has no #gone"}


def test_from_disk_a_key_opens_the_search_and_enter_leads_to_the_row(open_page):
    page = open_page("chapters/overview", base=SITE.as_uri())
    seen = []
    page.on("request", lambda request: seen.append(Path(unquote(urlsplit(request.url).path))))
    page.keyboard.press("/")
    box = page.locator("#pst-search-dialog input")
    box.wait_for(state="visible")
    assert not [path for path in seen if path.suffix == ".js"], "nothing comes before the first key"
    page.keyboard.type("Z")
    page.wait_for_function("() => window.pcSearch")  # words alone would be evaluated under the policy
    page.evaluate("pcSearch.load('pc-search-index.js')")
    loaded = [path for path in seen if path.suffix == ".js"]
    assert {path.name for path in loaded} == {"pc-search.js", "pc-search-index.js"}
    assert 0 < sum(path.stat().st_size for path in loaded) <= MOST_BYTES
    page.keyboard.type("hou Tongyu")
    first = page.locator("#pst-search-dialog .pc-found a").first
    first.locator("mark", has_text="Zhou Tongyu").first.wait_for()
    assert re.fullmatch(r"\d+ places on \d+ pages", page.locator("#pst-search-dialog [role=status]").inner_text())
    page.keyboard.press("ArrowDown")
    assert first.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"session\.html\?found=.*#"))
    row = page.locator("tr.pc-reached")
    row.wait_for(state="visible")
    assert "Zhou Tongyu" in row.inner_text()
    page.wait_for_function(
        "() => { const box = document.querySelector('tr.pc-reached').getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight; }"
    )
    assert page.watch.troubles == []


def test_the_page_of_the_search_answers_what_its_address_asks_and_hides_from_machines(open_page):
    page = open_page("search", PHONE, base=SITE.as_uri())
    page.goto(f"{page.url}?q=loss+ceiling")
    page.locator(".pc-found a").first.wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    for typed, told in {
        "qqqqzzzz": "Nothing found for “qqqqzzzz”.",
        "deepseak": "Nothing says “deepseak”; shown is deepseek.",
        "Zhou Qqqzz": "Nothing says “qqqzz”; shown is the rest.",
        "Unitree coupon": "No place holds all of these words.",
    }.items():
        page.locator(".pc-searching input").fill(typed)
        page.get_by_text(told).wait_for()
    assert page.watch.troubles == []


def test_without_a_script_the_search_is_a_link_to_names_that_lead_to_their_places(open_page):
    page = open_page("chapters/session", java_script_enabled=False)
    link = page.locator("a.search-button-field")
    assert link.is_visible()
    link.click()
    page.get_by_role("link", name="The index of names").click()
    entry = page.locator(".pc-names li", has_text="Zhou Tongyu").first
    target = entry.get_by_role("link").first.get_attribute("href")
    path, _, anchor = target.partition("#")
    assert f'id="{anchor}"' in (SITE / path).read_text(encoding="utf-8")
