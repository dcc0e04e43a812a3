"""The headline numbers of a page, and what behind them nobody has looked up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from patient_capital import check
from patient_capital.figures import load_figures
from patient_capital.ledger import read_pages
from patient_capital.provenance.headlines import (
    FINDINGS,
    KIND_WORDS,
    _same,
    cells_behind,
    documents,
    headlines,
    kinds,
    told_document,
    unproved,
)
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.records import split_cell
from patient_capital.provenance.registry import number

PAGE = """# Title

Text with [9](#funds.months).

> **What this chapter finds**
>
> - [100bn yuan](#funds[cn_nvcgf].registered_cny_bn), [nine](#funds.months:word), [paid in](#term.paid_in).
>
> By [Reed (2001)](#cite.reed2001), [in the chapter](funds.ipynb).

> **What it cannot say**
>
> [11.8bn yuan](#funds.possibly_private)

- **[29](#session.provinces_ai) of [31](#session.provinces)**

  Of [89](#session.provinces_uses).

- **Payments.** [162](#funds.registered_once)

- plain [162](#funds.registered_once)
"""
CARDS = "\n- **[29](#session.provinces_ai) of [31](#session.provinces)**\n\n  Of [89](#session.provinces_uses).\n"


def test_headlines_are_what_stands_in_boxes_of_findings_and_on_cards():
    assert [use.ref for use in headlines(PAGE)] == ["funds[cn_nvcgf].registered_cny_bn", "funds.months"]
    assert [use.form for use in headlines(PAGE)] == ["full", "word"]
    cards = [use.ref for use in headlines(f"## Numbers\n{CARDS}")]
    assert cards == ["session.provinces_ai", "session.provinces", "session.provinces_uses"]


def test_every_box_of_findings_has_headlines():
    boxed = [page for page in read_pages() if re.search(rf"\*\*{FINDINGS}\*\*", page.markdown)]
    assert len(boxed) > 5
    assert [page.name for page in boxed if not headlines(page.markdown)] == []


def without_evidence(book, *cells):
    """Return the book where nothing was looked up for some cells, or for any cell."""
    table = book.table("evidence")
    drop = {split_cell(cell) for cell in cells}
    text = {
        key: row
        for key, row in table.text.items()
        if cells and (row["table"], row["row_id"], row["column"]) not in drop
    }
    return replace(book, tables=dict(book.tables) | {"evidence": replace(table, text=text)})


def test_a_cell_that_was_looked_up_is_proved_and_one_that_was_not_is_named(book):
    cell = "funds[cn_nvcgf].registered_cny_bn"
    assert unproved(book, [cell]) == []
    same = [
        f"{row['table']}[{row['row_id']}].{row['column']}"
        for row in book.table("evidence").text.values()
        if row["row_id"] in {"cn_nvcgf", "cn_nvcgf_treasury", "mof"} or row["column"] == "registered_cny_bn"
    ]
    [one] = unproved(without_evidence(book, *same), [cell])
    assert (one.cells, one.refs, one.whole) == ((cell,), (cell,), True)


def test_cells_are_named_with_the_numbers_that_they_stand_behind(book):
    bare = without_evidence(book)
    found = {cell: one for one in unproved(bare, ["funds.months", "funds.bay_state_share"]) for cell in one.cells}
    assert not [cell for cell in found if "established_on" in cell]  # dates add no amount
    bay = found["fund_partners[cn_nvcgf_gba_national].amount_cny_bn"]
    assert bay.refs == ("funds.bay_state_share",)
    assert bay.whole


def test_one_cell_of_a_page_stands_for_the_list(book):
    ref = "regions.top4_rd"
    assert unproved(book, [ref]) == []
    [one] = unproved(without_evidence(book), [ref])
    assert len(one.cells) == len(book.table("provincial_ai_mentions").text)


@pytest.mark.parametrize(
    "ref",
    [
        "regimes[patient_fund].tickets",
        "parameters[sel_pick_corr].value",
        "session.provinces_uses",
        "report_keywords[2008_artificial-intelligence_zh].characters",
    ],
)
def test_what_is_assumed_computed_or_counted_needs_no_page(book, ref):
    assert unproved(without_evidence(book), [ref]) == []


def test_a_count_that_the_press_reports_needs_a_page(book):
    told = next(key for key, row in book.table("report_keywords").text.items() if row["method"] == "reported")
    cell = f"report_keywords[{told}].count"
    [one] = unproved(without_evidence(book), [cell])
    assert one.cells == (cell,)


def test_a_finding_that_rests_on_no_page_is_a_problem_and_one_in_part_is_told(book, root, monkeypatch):
    assert list(check.problems_of_headlines(root, book)) == []
    lines = list(check.problems_of_headlines(root, without_evidence(book)))
    assert any(line.startswith("session_stats[2025].motions") and "add the words of one" in line for line in lines)
    told = set(check.not_looked_up(root))
    monkeypatch.setattr(check, "_lawful", lambda: without_evidence(book, "funds[bj_zgc3].announced_cny_bn"))
    assert set(check.not_looked_up(root)) - told


def test_a_headline_number_names_the_document_that_proves_it(book):
    pages = documents(book, "funds[cn_nvcgf].announced_cny_bn")
    assert pages[0][1].published.startswith("2025-03"), "what was announced in March is proved by a page of March"
    assert next(one.official for one, source in pages if source.published > "2025-04"), (
        "of later ones the body's own record"
    )
    assert all(one.agrees and one.seen != "not_seen" for one, _ in pages)
    bare = without_evidence(book)
    assert all(one is None for one, _ in documents(bare, "funds[cn_nvcgf].announced_cny_bn")), "else what the row cites"


def test_a_document_is_of_the_time_of_its_number_or_says_that_it_was_continued(book):
    """A list that its publisher continues keeps the day on which it was begun, years before what is counted in it."""
    _, told = told_document(book, "regions.top4_filings")
    assert "begun on 2 April 2024 and continued since, as read on 25 November 2026" in told
    documented = [ref for *_, refs in cards() for ref in refs.split() if "]." in ref]
    for ref in documented:
        table, row, column = split_cell(ref)
        schema = book.table(table).schema
        day = book.table(table).text[row][schema.field(column).dated_by or schema.date_column]
        source, told = told_document(book, ref)
        assert source.published[:7] >= day[:7] or "continued" in told, ref
    assert documented


def test_the_usual_life_in_china_rests_on_a_page_about_china(book):
    """A frame that is read whole, for a drawing, would bring in the pages of what it is compared with."""
    assert {row for _, row, _ in cells_behind(book, "patience.usual_life")} == {"life_usual_china"}
    assert [source.key for _, source in documents(book, "patience.usual_life")] == ["chinanews_20251226"]


def test_no_single_page_proves_what_is_computed_over_many(book):
    source, told = told_document(book, "funds.local_silent")
    assert source is None
    assert re.match(r"Computed by this report over \d+ rows of the table Funds", told)
    source, told = told_document(book, "patience.ceiling_range")
    assert source is None, "the limits of eleven places stand in no single document"
    assert re.match(r"Computed by this report over \d+ rows of the table .+, from \d+ pages$", told)
    source, told = told_document(book, "model.wait_10_20")
    assert source is None, "a result of the model rests on no page"
    assert "no date" not in told


def test_pages_that_repeat_one_origin_are_told_apart_from_others(book):
    """Eleven pages may repeat one release: a star and a count of pages must not seem to contradict each other."""
    _, told = told_document(book, "fund_rules[nvcgf_life].value")
    assert "3 more pages from the same origin" in told
    assert "elsewhere" not in told, "the page that says otherwise is none of these"


# --- One kind for each fact --------------------------------------------------------------------------------

LABELLED = """# Title

Text with [9](#funds.months) and [161.8](#funds.registered_once) ([on record](#term.on_record), one holding assumed); then
[70 percent](#patience.share[judged_yearly]) ([survey](#term.survey)), and [2](#funds.phase_count).

- [29](#session.provinces_ai) of them [was found](#data.not_found[local_phases]). *Our own count, in *May*.*
- [4.0 points](#model.wait_10_20). *Model, American deals.*
- [21](#funds.local_silent) ([not found](#data.not_found[local_phases]))
"""


def test_a_number_has_the_kind_of_the_first_label_behind_it():
    assert list(kinds(LABELLED)) == [
        ("funds.months", "on record"),
        ("funds.registered_once", "on record"),
        ("patience.share[judged_yearly]", "survey"),
        ("session.provinces_ai", "on record"),
        ("model.wait_10_20", "model"),
        ("funds.local_silent", "not found"),
    ]


def test_a_number_has_the_same_kind_on_every_page():
    """What is on record on one page is no estimate on another, and what a survey tells is a survey everywhere."""
    told = {}
    for page in read_pages():
        for ref, kind in kinds(page.markdown):
            told.setdefault(ref, {}).setdefault(kind, set()).add(page.name)
    assert {ref: kinds_of for ref, kinds_of in told.items() if len(kinds_of) > 1} == {}
    assert sum(len(pages) > 1 for kinds_of in told.values() for pages in kinds_of.values()) > 15
    assert {kind for kinds_of in told.values() for kind in kinds_of} == set(KIND_WORDS)


def test_what_rests_on_an_assumed_cell_is_an_estimate(book):
    """By the words of the first page: on record is what a page says, estimated what we computed with an assumption."""
    told = {(ref, kind) for page in read_pages() for ref, kind in kinds(page.markdown) if kind == "on record"}
    amounts = {ref for ref, _ in told if number(ref, book).unit in {"cny_bn", "pct"}}
    assumed = {
        ref
        for ref in amounts
        for table, row, column in cells_behind(book, ref)
        if book.table(table).text[row].get("basis") == "assumed" and column.startswith("amount")
    }
    assert len(amounts) >= 5
    assert assumed == set()
    assert ("funds.registered_share", "estimated") in kinds(page_named("overview"))


OTHER_NAMES = {
    r"(?<!energy )\bvehicles?\b": "a fund, or a group of funds",
    r"\b(?:at|earns?|of) the coupon\b|treasury's coupon": "the treasury's interest",
    "many hands": "the patient fund at its best",
    r"\bR1 was felt\b": "before R1 made news",
}
"""Second names that pages had for one thing, and the name that they have now."""


@pytest.mark.parametrize("pattern", OTHER_NAMES)
def test_one_thing_has_one_name_on_all_pages(book, pattern):
    texts = {page.name: page.markdown for page in read_pages() if page.name not in {"glossary", "methods"}}
    texts |= {name: " ".join(chart.of(book).texts) for name, chart in load_figures().items()}
    found = {name: re.findall(f".{{0,30}}(?:{pattern}).{{0,20}}", text) for name, text in texts.items()}
    assert {name: one for name, one in found.items() if one} == {}, OTHER_NAMES[pattern]


# --- What a reader quotes ----------------------------------------------------------------------------------

DOORS = ("overview", "brief", "safe_to_print")
"""Pages that are read alone and quoted from."""


def page_named(name):
    return next(page.markdown for page in read_pages() if page.name == name)


def refs_of(markdown):
    return {use.ref for use in uses_in(markdown)}


def cards():
    """Return the cards of the page for those who quote: title, sentence, what must be said with it, numbers of the documents."""
    found = re.findall(
        r"^> \*\*(.+?)\*\*\n>\n> (.+)\n>\n> \*\*Say with it:\*\* (.+)\n>\n> ```\{documents\} (.+)\n",
        page_named("safe_to_print"),
        re.MULTILINE,
    )
    assert len(found) == page_named("safe_to_print").count("{documents}")
    return found


def test_safe_to_print_is_a_dozen_sentences_each_with_kind_caveat_and_document(book):
    assert 8 <= len(cards()) <= 12
    chinese = re.compile("[\u4e00-\u9fff]")
    for title, sentence, caveat, documented in cards():
        assert dict(kinds(sentence)), title
        assert len(caveat.split()) > 8, title
        assert set(documented.split()) <= refs_of(sentence), title
        told = [told_document(book, ref) for ref in documented.split()]
        assert not chinese.search(f"{sentence}{caveat}{told}"), title


def test_what_a_number_rests_on_is_said_with_it(book):
    """A caveat is written by hand; what the tables know of a number, it must hold."""
    for title, sentence, caveat, _ in cards():
        words = f"{sentence} {caveat}"
        numbers = [number(ref, book) for ref in refs_of(sentence)]
        behind = [(table, row, column) for shown in numbers for table, row, column in cells_behind(book, shown.ref)]
        if any(book.table(table).text[row].get("basis") == "assumed" for table, row, _ in behind):
            assert "assumed" in words, title
        money = [shown.ref for shown in numbers if shown.unit in {"cny_bn", "pct"}]
        if any(column == "registered_cny_bn" for ref in money for *_, column in cells_behind(book, ref)):
            assert "not paid in" in words, title
        if any(kind == "not found" for _, kind in kinds(sentence)):
            assert "data.looked_until[" in caveat, title
        if any(kind == "survey" for _, kind in kinds(sentence)):
            assert "drawn at random" in caveat or "report" in caveat, title
        if any(shown.ref.startswith("model.") for shown in numbers):
            assert all(part in words for part in ("no observation", "not chances", "American", "assume")), title


def test_every_number_of_the_first_page_and_of_the_brief_can_be_quoted():
    safe = refs_of(page_named("safe_to_print"))
    wanted = {use.ref for use in headlines(page_named("overview"))} | refs_of(page_named("brief"))
    assert len(wanted) > 25
    assert {
        ref for ref in wanted - safe if not ref.startswith(("data.", "overview.version", "overview.published"))
    } == set()


@pytest.mark.parametrize("name", DOORS)
def test_the_share_of_draws_never_stands_without_the_two_that_overturn_it(name):
    """With the assumed costs most draws do not pay, without them nearly all do, and at the pace of a Chinese count none."""
    wanted = {
        "model.regime_worth_bond_above[national_fund]",
        "model.regime_worth_off_above[national_fund]",
        "model.worth_national_cn_above",
    }
    blocks = [refs_of(block) & wanted for block in blocks_of(name)]
    assert [block for block in blocks if block and block != wanted] == []
    assert wanted in blocks
    assert re.search("cases? tried", page_named(name))
    assert "not chances" in page_named(name) or "not a chance" in page_named(name)


def blocks_of(name):
    return re.split(r"\n(?:> ?)?\n|\n(?:> )?- ", page_named(name))


TOGETHER = {
    "the makers whose losses rose and those whose losses fell": (
        "precedent.loss_2025",
        {"precedent.loss_2025", "precedent.loss_2024", "precedent.loss_2025_of_five", "precedent.loss_2024_of_five"},
    ),
    "the verdict on the rush and what both sets of makers lost": (
        "precedent.rush_is_open",
        {"precedent.loss_2025", "precedent.loss_2025_of_five"},
    ),
}
"""Numbers that never stand alone on a page that is quoted: which, and what stands in the same paragraph."""


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("why", TOGETHER)
def test_no_number_stands_without_those_that_turn_it(name, why):
    one, others = TOGETHER[why]
    # A card of key numbers has the number and its words in two paragraphs.
    blocks = [block for block in blocks_of(name) if one in refs_of(block) and not block.lstrip("- ").startswith("**[")]
    assert blocks
    assert [block for block in blocks if not others <= refs_of(block)] == []


@pytest.mark.parametrize("name", [*DOORS, "precedent"])
def test_the_verdict_on_the_rush_names_the_parts_of_its_test(name):
    """One of them is the margin of all cars: the test is not of solar panels alone."""
    told = [block for block in blocks_of(name) if "precedent.rush_is_open" in refs_of(block)]
    assert told
    first = re.sub(r"\]\([^)]*\)", "", told[0])
    assert all(re.search(part, first) for part in ("[Mm]ore (?:panels|modules)", "lost|losses", "margin of the car"))


def test_pledges_that_were_followed_say_by_what():
    """A rule that is published is not yet a pledge that works."""
    pages = [page.name for page in read_pages() if "session.pledges_delivered" in refs_of(page.markdown)]
    told = [block for name in pages for block in blocks_of(name) if "session.pledges_delivered" in refs_of(block)]
    assert told
    assert all("followed by a law, a rule or a quota" in block for block in told)


@pytest.mark.parametrize("name", DOORS)
def test_of_the_four_costs_no_more_is_claimed_than_was_computed(name):
    """They are the largest of those that are assumed; beside what waiting brings they were never set."""
    told = re.findall(r"([^.]*)\[[^\]]*\]\(#model\.four_take_most\)", page_named(name))
    assert told
    assert all(re.search(r"assumed.*weigh most: $", re.sub(r"\s+", " ", words)) for words in told), told


def test_the_answer_is_short_and_each_of_its_sentences_has_a_kind():
    box = re.search(r"> \*\*The answer\*\*\n>\n> (.+)", page_named("overview"))[1]
    label = r" \(\[(?:on record|survey|estimated|model|not found)\]\(#[^)]*\)[^)]*\)"
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(label, "", box)).replace("*", "")
    assert 60 <= len(words.split()) <= 90
    _, *sentences = re.split(r"(?<=[.)])\*{0,2} (?=[A-Z[])", box)
    assert len(sentences) == 5
    assert all(re.search(rf"{label}[^.]*\.$", sentence) for sentence in sentences), sentences


def test_the_answer_answers_both_questions():
    """Whether the state turns from picking to waiting, and whether that would work; each with what speaks against it."""
    box = re.search(r"> \*\*The answer\*\*\n>\n> (.+)", page_named("overview"))[1]
    assert {
        "fund_rules[nvcgf_life].value",
        "patience_clauses[n1753_w60].value",
        "funds.nothing_invested_found",
        "model.wait_10_20",
        "model.wait_10_20_span",
        "model.regime_worth_bond_above[national_fund]",
    } <= refs_of(box)
    assert "picking" in box
    assert "assumes" in box, "that waiting pays is no result"


def test_the_title_is_told_with_what_it_rests_on_and_what_speaks_against_it():
    # It stands before the first section, where whoever read the answer and the findings still is.
    before = page_named("overview").split("\n## ")[0]
    [told] = [block for block in before.split("\n\n") if block.startswith("**The title**")]
    assert {"patience_evidence[wants_speed].value", "patience.nation_sets_no_ceiling"} <= refs_of(told)


def test_a_survey_tells_of_those_that_answered():
    """How many were asked is not known."""
    asked = re.compile(r"investors (?:that were )?asked|those (?:who|that) were asked")
    assert {page.name for page in read_pages() if asked.search(page.markdown)} == set()
    for page in read_pages():
        for line in page.markdown.splitlines():
            if "](#patience.surveyed)" in line:
                assert "answered" in line, page.name


def test_what_a_search_did_not_find_is_not_said_to_be_nowhere():
    """Stored pages were searched, so that "nobody has measured" is more than can be known."""
    wide = re.compile(r"nobody has (?:ever )?(?:measured|counted|seen|published)|has never been measured")
    assert [found[0] for page in read_pages() if (found := wide.search(page.markdown))] == []


def test_a_finding_of_the_first_page_leads_to_the_page_of_its_numbers():
    pages = {page.name: page for page in read_pages()}
    box = re.search(r"> \*\*What this report finds\*\*\n>\n((?:> - .+\n)+)", page_named("overview"))[1]
    for finding in box.splitlines():
        led = [refs_of(pages[name].markdown) for name in re.findall(r"\((\w+)\.ipynb\)", finding)]
        numbers = {ref for ref in refs_of(finding) if not ref.startswith("data.")}
        assert led
        assert numbers <= set().union(*led), finding[:40]


def test_rules_and_clauses_that_are_one_are_the_same_quantity(book):
    clauses = book.table("patience_clauses").text
    ruled = {clause: text["rule_id"] for clause, text in clauses.items() if text["rule_id"]}
    assert ruled
    same = _same(book)
    for clause, text in clauses.items():
        cell = ("patience_clauses", clause, "value")
        rules = {row for table, row, _ in same.get(cell, ()) if table == "fund_rules"}
        assert rules == ({ruled[clause]} if text["rule_id"] else set()), clause


@pytest.mark.parametrize("whole", [0, 1])
def test_of_pages_that_give_as_much_the_one_that_was_seen_whole_comes_first(book, whole):
    ref = "funds[cn_nvcgf].registered_cny_bn"
    pages = list(dict.fromkeys(one.source_key for one, _ in documents(book, ref)))[:2]
    assert len(pages) == 2
    evidence, sources = book.table("evidence"), book.table("sources")
    text = {
        key: row | ({"official": "false", "seen": "whole_page" if row["source_key"] == pages[whole] else "excerpt"})
        for key, row in evidence.text.items()
        if row["source_key"] in pages and (row["table"], row["row_id"]) == ("funds", "cn_nvcgf")
    }
    alike = {key: row | ({"published": ""} if key in pages else {}) for key, row in sources.text.items()}
    tables = {"evidence": replace(evidence, text=text), "sources": replace(sources, text=alike)}
    shown = documents(replace(book, tables=dict(book.tables) | tables), ref)
    assert [source.key for _, source in shown] == [pages[whole], pages[1 - whole]]


def test_what_provinces_named_before_the_model_was_felt_is_said_in_one_wording(book):
    """Their reports are of the week before and the day on which the model came out: "before R1" alone is not exact."""
    told = [text for chart in load_figures().values() for text in chart.of(book).texts]
    told += [page.markdown for page in read_pages()]
    wrong = re.compile(r"provincial list|list before R1|reports? (?:before|of January before) R1\b(?! made news)")
    assert [found[0] for text in told if (found := wrong.search(text))] == []


def test_the_first_page_says_that_the_model_fails_its_test_on_a_chinese_count():
    assert re.search(r"\(#model\.slower_than_drawn\)[^.]*fails this test", page_named("overview"))
