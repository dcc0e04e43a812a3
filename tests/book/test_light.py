"""What makes pages light: the sheet of what is used, the head of a page, the font of icons, and the weighing of pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import matplotlib
from benchmarks.weight import weigh
from fontTools.ttLib import TTFont

from patient_capital.listings import load_listings
from patient_capital.sphinxext.light import (
    LIVE_CODE,
    asked_for,
    bundle,
    light_head,
    moved,
    names_in,
    packed,
    purged,
    read_sheet,
    rules,
    subset,
    sweep_assets,
    used,
    without_empty_lines,
    without_plain_spans,
    without_unread,
)
from patient_capital.sphinxext.listing import Beside, is_long, listing_html

SHEET = (
    '@charset "utf-8";.a{color:red}.gone,.b .c:not(.gone){x:1}a[href=".z"]{y:2}@media print{.gone{z:1}.a>#id{z:2}}'
    '@media screen{.gone{q:1}}@font-face{font-family:X;src:url(a.woff2)}.d::after{content:"}.gone{"}h1{}.sm\\:e{k:1}'
)


def test_rules_are_parted_by_their_own_braces():
    assert [head for head, _ in rules(SHEET)][:3] == ['@charset "utf-8"', ".a", ".gone,.b .c:not(.gone)"]
    assert ("@font-face", "font-family:X;src:url(a.woff2)") in list(rules(SHEET))
    assert (".d::after", 'content:"}.gone{"') in list(rules(SHEET))


def test_sheet_keeps_what_can_match_and_drops_what_cannot():
    names = names_in(["a b c d id", "sm e"])
    assert purged(SHEET, names) == (
        '@charset "utf-8";.a{color:red}.b .c:not(.gone){x:1}a[href=".z"]{y:2}@media print{.a>#id{z:2}}'
        '@font-face{font-family:X;src:url(a.woff2)}.d::after{content:"}.gone{"}h1{}'
    )
    assert purged(SHEET, names | {"gone", "sm:e"}) == SHEET


def test_alternatives_exceptions_and_attributes_make_no_rule_unused():
    assert used(":is(.x,.y) p:not(:has(.z))", set())
    assert used('[class*=".q"] > .a', {"a"})
    assert not used(".a.b", {"a"})


def test_what_a_sheet_loads_is_found_from_its_new_place():
    css = '/* x */a{background:url(../vendor/f.woff2)}b{background:url("data:image/svg+xml,a)")}c{fill:url(#m)}'
    assert moved(css, "styles/theme.css") == (
        'a{background:url(vendor/f.woff2)}b{background:url("data:image/svg+xml,a)")}c{fill:url(#m)}'
    )


def test_imported_sheets_stand_where_they_are_imported(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "theme.css").write_text('/* so */@import "../basic.css";a{b:url(x.png)}')
    (tmp_path / "basic.css").write_text("p{c:url(y.png)}")
    assert read_sheet(tmp_path, "styles/theme.css") == "p{c:url(y.png)}a{b:url(styles/x.png)}"


HEAD = """
  <script data-cfasync="false">
    document.documentElement.dataset.mode = localStorage.getItem("mode") || "";
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "";
  </script>
  <link href="../_static/styles/theme.css?digest=8" rel="stylesheet" />
  <link rel="stylesheet" type="text/css" href="../_static/pygments.css?v=03" />
  <!-- So that users can add custom icons -->
  <script src="../_static/scripts/fontawesome.js?digest=8"></script>
  <!-- Pre-loaded scripts that we'll load fully later -->
  <link rel="preload" as="script" href="../_static/scripts/bootstrap.js?digest=8" />
"""


def test_head_has_one_sheet_a_theme_from_the_start_and_no_script_of_icons_or_components():
    head = light_head(HEAD)
    assert head.count('rel="stylesheet"') == 1
    assert 'href="../_static/site.css"' in head
    assert "fontawesome" not in head
    assert "bootstrap" not in head
    assert "oaded" not in head
    assert '|| ""' not in head
    assert head.index("sessionStorage") < head.index("dataset.mode"), (
        "what a browser refuses is known before it is asked"
    )
    assert light_head("<p></p>") == "<p></p>"


def test_properties_that_nothing_reads_go_and_what_reads_them_with_them():
    css = ':root{--a:1;--b:var(--a);--c:url("x;y");--d: 2;--e:rgba(1,2,(3));z:var(--c)}.p{--f:3;y:4}'
    assert without_unread(css, "") == ':root{--c:url("x;y");z:var(--c)}.p{y:4}'
    assert without_unread(css, 'style="width:var(--b)"') == ':root{--a:1;--b:var(--a);--c:url("x;y");z:var(--c)}.p{y:4}'


def test_a_sheet_is_packed_where_a_space_parts_nothing():
    assert packed(".a .b,\n.c {\n  x: 1 2;\n  y: z;\n}\n.d  { }") == ".a .b, .c{x: 1 2;y: z}.d{}"


def test_scripts_are_one_in_their_order_without_indents_and_comments_but_licences(tmp_path):
    told = "/*! Licence */\n/* one\n * two */\n// three\n  const a = 1; // four\n//# sourceMappingURL=a.js.map"
    (tmp_path / "a.js").write_text(told, encoding="utf-8")
    (tmp_path / "b.js").write_text("(() => {})()", encoding="utf-8")
    assert bundle(tmp_path, ["a.js", "b.js"]) == "/*! Licence */\nconst a = 1; // four\n;\n(() => {})()\n;\n"


def test_live_code_is_taken_from_a_page():
    body = "<p>a</p>\n<script type=\"text/x-thebe-config\">\n{ }\n</script>\n<script>kernelName = 'python3'</script><p>b</p>"
    assert LIVE_CODE.sub("", body) == "<p>a</p><p>b</p>"


def test_font_keeps_the_letters_that_are_shown_and_the_same_bytes():
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    small = subset(font, {ord("a")})
    assert set(TTFont(io.BytesIO(small)).getBestCmap()) == {ord("a")}
    assert len(small) < font.stat().st_size / 20
    assert subset(font, {ord("a")}) == small


def test_weight_of_a_page_parts_its_figures_and_names_what_is_over():
    drawing = '<div class="pc-figure__wide"><svg>' + "x" * 100_000 + "</svg></div>"
    light = weigh("a", f"<p></p>{drawing}", {"a": 400_000, "b": 90_000}, 4_500, 600)
    assert round(light.figures_kb) == 100
    assert light.over == []
    heavy = weigh("a", "<p></p>", {str(place): 60_000 for place in range(13)}, 7_001, 0)
    assert heavy.over == ["bytes without figures", "elements without figures", "bytes", "elements", "requests"]


def test_empty_lines_and_indents_go_but_not_those_of_code():
    html = "<p>\n\n   a <b>word</b>\n  </p>\n<pre>\n  x\n\n  y</pre>\n\n<script>\n  f();\n\n</script>\n"
    assert without_empty_lines(html) == (
        "<p>\na <b>word</b>\n</p>\n<pre>\n  x\n\n  y</pre>\n<script>\n  f();\n\n</script>\n"
    )


def test_marks_of_code_stay_where_their_colour_is_another():
    html = '<span class="kn">import</span><span class="w"> </span><span class="nn">math</span><span class="n"><b>x</b></span>'
    assert without_plain_spans(html) == '<span class="kn">import</span> math<span class="n"><b>x</b></span>'


def test_assets_that_nothing_asks_for_go_and_what_is_asked_for_in_turn_stays(tmp_path):
    pages = ['<script src="../_static/a.js?v=1"></script><p>lost.js</p>', '<link href="_static/s.css">']
    files = {
        "a.js": 'load("b.js"); `${root}_static/c/d.js`',
        "b.js": "f()",
        "c/d.js": "",
        "s.css": "p{background:url(i/x.svg)}",
        "i/x.svg": "url(lost.js)",
        "lost.js": 'load("e.js")',
        "e.js": "",
        "i/gone/y.png": "",
        "basic.css": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    left = {"a.js", "b.js", "c/d.js", "s.css", "i/x.svg"}
    assert {path.relative_to(tmp_path).as_posix() for path in asked_for(tmp_path, pages)} == left
    sweep_assets(tmp_path, pages)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == left | {"c", "i"}


def test_an_address_of_a_row_says_which_table_holds_it(book):
    long = [one.of(book) for name, one in load_listings().items() if is_long(one.of(book), name)]
    begin = {}
    for listing in long:
        html = listing_html(listing, listing.name, "../", Beside("tables/a.js", "", "tables/a.html"))
        [begin[listing.name]] = re.findall(r' data-ids="([^"]+)"', html)
    assert len(begin) > 20
    for listing in long:
        for row in listing.row_ids:
            assert [name for name, start in begin.items() if row.startswith(start)] == [listing.name], row
