"""Links to numbers: their targets, where they are found in a Markdown text, and what is written into them."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.provenance.links import EXTENSIONS, links_in, terms_in, uses_in, with_texts
from patient_capital.provenance.printing import authors_and_year, printed, text_of, with_current_texts
from patient_capital.provenance.syntax import Cite, Term, Use, parse_target, term_slug
from patient_capital.provenance.terms import empty_sections, unlinked, with_terms
from patient_capital.words import reading, running_text, syllables


@pytest.mark.parametrize(
    ("target", "meaning"),
    [
        ("funds.registered_once", Use("funds.registered_once", words="w")),
        ("funds.months:Word", Use("funds.months", "Word", words="w")),
        ("funds[cn_nvcgf].registered_cny_bn", Use("funds[cn_nvcgf].registered_cny_bn", words="w")),
        ("funds.others_over_own[fund_2015]:bare", Use("funds.others_over_own[fund_2015]", "bare", words="w")),
        (
            "funds[cn_nvcgf].announced_cny_bn:usd@usdcny_2025-03-06",
            Use("funds[cn_nvcgf].announced_cny_bn", "usd", "usdcny_2025-03-06", "w"),
        ),
        ("cite.reed2001", Cite("reed2001")),
        ("term.paid_in", Term("paid_in")),
        ("a-heading", None),
        ("A-Heading_2", None),
    ],
)
def test_target_is_read(target, meaning):
    assert parse_target(target, "w") == meaning


@pytest.mark.parametrize(
    "target",
    [
        "funds.", ".registered", "Funds.registered", "funds[x]", "funds[x].", "funds[].a", "funds[a][b].c", "funds.a.b",
        "funds.months:", "funds.months:wrd", "funds.months:usd", "funds.months:bare@x", "cite.", "cite.Reed", "term.Paid In",
        "funds|x.y", "x[y",
    ],
)  # fmt: skip
def test_target_that_looks_like_a_number_and_is_none_is_refused(target):
    with pytest.raises(ValueError, match=r"not of the form|unknown form"):
        parse_target(target)


def test_links_are_found_where_a_reader_sees_them():
    markdown = """# A [heading](#a.b)

One [x](#a.b) and **bold [y](#a[r].c)** and *[z](#a.d:word)*.

> **Box**
>
> - [in a box](#a.b)

- **[in a list](#a.b)**

| a | b |
| --- | --- |
| [in a table](#a.b) | c |

term
: [in a definition](#a.b)

:::{admonition} [In a title](#a.b)
:class: tip
[in a directive](#a.b)
:::

[over
two lines](#a.b) and [anchor](#a-heading) and *[see](#b)* and [](#a.b) and [a \\* b](#a.b) and \\![x](#a.b)

> [over a
> quoted line](#a.b)
"""
    found = links_in(markdown)
    assert [link.text for link in found] == [
        "heading", "x", "y", "z", "in a box", "in a list", "in a table", "in a definition", "In a title",
        "in a directive", "over two lines", "", "a * b", "x", "over a quoted line",
    ]  # fmt: skip
    assert [link.heading for link in found] == [True] + 14 * [False]
    assert found[2].target == "a[r].c"
    for link in found:
        as_written = markdown[link.start : link.end]
        assert as_written.replace("\\", "").replace("\n> ", " ").replace("\n", " ") == link.text
        assert link.plain


@pytest.mark.parametrize(
    "markdown",
    [
        "`[x](#a.b)`",
        "```\n[x](#a.b)\n```",
        "    [x](#a.b)",
        "```python\n[x](#a.b)\n```",
        "```{code-block} md\n[x](#a.b)\n```",
        "$[x](#a.b)$",
        "![x](#a.b)",
        "\\[x](#a.b)",
        "<!-- [x](#a.b) -->",
        "[x] (#a.b)",
        "[x](# a.b)",
        "`` ` `` [`x](#a.b) and `y",
        "| a | b |\n| --- | --- |\n| [x|y](#a.b) | c |",
        "[a](#a-heading) and [*a*](#another)",
        ":::{figure} x.svg\n:alt: [x](#a.b)\n\nText\n:::",
        "[x](https://example.org/#a.b)",
        "[x](other.md#a.b)",
    ],
)
def test_code_comments_pictures_and_other_addresses_are_no_links_to_numbers(markdown):
    assert links_in(markdown) == ()
    assert with_texts(markdown, lambda link: "changed") == markdown


@pytest.mark.parametrize(
    "markdown",
    [
        "[99bn][r]\n\n[r]: #a.b",
        "[r]\n\n[r]: #a[b].c",
        '[99bn](#a.b "title")',
        "[99bn](<#a.b>)",
        "[99bn]( #a.b )",
        "[a [99bn] b](#a.b)",
        "[99bn](project:#a.b)",
        ":::{admonition} Box\n[99bn](<#a.b>)\n:::",
    ],
)
def test_a_reference_in_another_kind_of_link_is_refused(markdown):
    """The site would print it, and neither ledger nor tests would know."""
    with pytest.raises(ValueError, match=r"is not of the form: \[text\]\(#a(\.b|\[b\]\.c)\)"):
        links_in(markdown)


def test_only_texts_are_replaced():
    markdown = "`[x](#a.b)` [x](#a.b), [y](#a.c:word) and [x](#a-b).\n"
    assert with_texts(markdown, lambda link: link.target.upper()) == (
        "`[x](#a.b)` [A.B](#a.b), [A.C:WORD](#a.c:word) and [x](#a-b).\n"
    )


@pytest.mark.parametrize(
    "text", ["5* of [6]", "a_b_c | d", "`x` $1 and $2", "<b>", "back\\slash", "161.8bn yuan, at 16%"]
)
def test_any_text_reads_as_it_was_written(text):
    written = with_texts("| a |\n| --- |\n| [?](#a.b) |\n", lambda link: text)
    (link,) = links_in(written)
    assert (link.text, link.plain) == (text, True)
    assert with_texts(written, lambda link: text) == written


@pytest.mark.parametrize("markdown", ["[**9**](#a.b)", "[`9`](#a.b)", "[*about* nine](#a.b)", "[$9$](#a.b)"])
def test_markup_in_a_text_is_seen_and_refused(markdown, book):
    (link,) = links_in(markdown)
    assert not link.plain
    with pytest.raises(ValueError, match="must be plain"):
        with_current_texts(markdown.replace("a.b", "funds.registered_once"), book)


def test_parser_is_that_of_the_site(root):
    config = yaml.safe_load(Path(root / "_config.yml").read_text(encoding="utf-8"))
    assert set(config["parse"]["myst_enable_extensions"]) == EXTENSIONS


def test_uses_are_numbers_with_form_and_words():
    markdown = "[none](#funds.no_private_named) [9](#funds.months:word) [Reed](#cite.reed2001) [a](#term.cap) [b](#b)"
    assert uses_in(markdown) == [Use("funds.no_private_named", words="none"), Use("funds.months", "word", words="9")]


def test_texts_are_filled_from_the_data(book):
    markdown = (
        "[?](#funds.registered_once), [old](#funds.months:Word), [none of it](#funds.no_private_named), "
        "[R.](#cite.reed2001), [?](#funds[cn_nvcgf].announced_cny_bn:usd@usdcny_2025-03-06), [see](#x)"
    )
    assert with_current_texts(markdown, book) == (
        "[161.8bn yuan](#funds.registered_once), [Nine](#funds.months:Word), [none of it](#funds.no_private_named), "
        "[Reed (2001)](#cite.reed2001), "
        "[138.1bn dollars (at 7.24 yuan a dollar, 6 March 2025)](#funds[cn_nvcgf].announced_cny_bn:usd@usdcny_2025-03-06), "
        "[see](#x)"
    )


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("funds.no_private_named:word", "it has no form"),
        ("funds[cn_nvcgf].announced_cny_bn:usd@nothing", "no row of fx 'nothing'"),
        ("funds.registered_share:usd@usdcny_2025-03-06", "is not an amount in yuan"),
        ("funds[cn_nvcgf].invested_cny_bn", "is empty"),
    ],
)
def test_a_number_that_cannot_be_printed_so_says_why(target, told, book):
    with pytest.raises((KeyError, ValueError), match=told):
        with_current_texts(f"[x](#{target})", book)


@pytest.mark.parametrize("markdown", ["[?](#funds.no_private_named)", "[](#funds.no_private_named)", "[?](#term.cap)"])
def test_words_that_only_an_author_can_give_are_asked_for(markdown, book):
    (link,) = links_in(markdown)
    with pytest.raises(ValueError, match="needs words of its own"):
        text_of(link, book)


def test_a_claim_prints_its_words_and_a_number_its_value(book):
    assert printed(Use("funds.no_private_named", words="none of it"), book) == "none of it"
    assert printed(Use("funds.registered_share", words="99 percent"), book) == "16 percent"


@pytest.mark.parametrize(
    ("authors", "year", "text"),
    [
        ("Reed, W. J.", "2001", "Reed (2001)"),
        ("Hall, R. and Woodward, S.", "2010", "Hall and Woodward (2010)"),
        ("Kerr, W. and Nanda, R. and Rhodes-Kropf, M.", "2014", "Kerr et al. (2014)"),
        ("Li, J.", "", "Li (n.d.)"),
    ],
)
def test_works_are_named_by_author_and_year(authors, year, text):
    assert authors_and_year(authors, year) == text


def test_terms_of_a_line_share_its_definition():
    terms = terms_in("# Glossary\n\nAUC, quality of a signal\n: A chance.\n\npaid in\n: Money.\n")
    assert terms == {"auc": "A chance.", "quality_of_a_signal": "A chance.", "paid_in": "Money."}
    assert term_slug("Net present value") == "net_present_value"


def test_a_term_that_is_defined_twice_is_refused():
    with pytest.raises(ValueError, match="'cap' twice"):
        terms_in("cap\n: One.\n\nlimit, cap\n: Two.\n")


# Anything at all

WORDS = st.sampled_from(
    ["funds", "cn_nvcgf", "announced_cny_bn", "registered_once", "cite", "term", "usd", "word", "full", "fx"]
)
MARKS = st.sampled_from(
    [".", "[", "]", ":", "@", "#", "(", ")", "<", ">", "`", "*", "$", "|", "\\", "%", " ", "\n", "\0", "\u202e"]
)
PIECES = WORDS | MARKS | st.text(max_size=3)
TARGETS = st.lists(PIECES, max_size=8).map("".join)
BLOCKS = st.sampled_from(
    [
        "\n\n",
        "# ",
        "> ",
        "- ",
        "```{listing} ",
        "```\n",
        ":::{grid}\n",
        "| a | b |\n| --- | --- |\n",
        "![",
        "[?](#",
        "{ref}`",
    ]
)


@given(TARGETS)
def test_any_target_is_read_or_refused(target):
    with suppress(ValueError):
        read = parse_target(target)
        assert (read is None) == (re.search(r"[.\[\]]", target) is None)


@settings(max_examples=200)
@given(st.lists(TARGETS.map("[?](#{})".format) | BLOCKS | PIECES, max_size=12).map("".join))
def test_any_page_is_filled_or_refused(book, markdown):
    with suppress(KeyError, ValueError, TypeError):
        filled = with_current_texts(markdown, book)
        assert with_current_texts(filled, book) == filled


GLOSSARY = """# Glossary

NPC, National People's Congress
: The parliament.

loss ceiling
: The largest loss.

star
: A mark.

paid in
: Money transferred.

on record
: Kind of a statement here: a page says so.
"""


@pytest.mark.parametrize(
    ("parts", "linked"),
    [
        (["The NPC met. The NPC rose."], ["The [NPC](#term.npc) met. The NPC rose."]),
        (["# NPC\n\nLoss ceilings fall."], ["# NPC\n\n[Loss ceilings](#term.loss_ceiling) fall."]),
        (["`NPC`", "> **Box**\n>\n> - of the NPC"], ["`NPC`", "> **Box**\n>\n> - of the [NPC](#term.npc)"]),
        (["[the NPC](x.md), NPC"], ["[the NPC](x.md), [NPC](#term.npc)"]),
        (["The [parliament](#term.national_people_s_congress), NPC."], None),
        (
            ["A star was paid in full, on record; NPCs; npc.md"],
            ["A star was paid in full, on record; [NPCs](#term.npc); npc.md"],
        ),
        (["```{note}\nThe NPC.\n```"], ["```{note}\nThe NPC.\n```"]),
    ],
    ids=[
        "first use",
        "plural, no heading",
        "no code, in a box",
        "no link in a link",
        "one term",
        "other senses",
        "directive",
    ],
)
def test_the_first_use_of_a_term_is_linked_where_the_author_has_not(parts, linked):
    found = with_terms(parts, GLOSSARY)
    assert found == (linked or parts)
    assert unlinked(found, GLOSSARY) == [] or "{note}" in parts[0]


def test_sections_without_a_sentence_are_named():
    parts = [
        "# Title\n\nA sentence.\n\n## Told\n\nIt is so.\n\n## Bare",
        "## Box\n\n> **Bold**\n>\n> - It is.\n\n## Over\n\n### Under\n\nYes, so.",
    ]
    assert empty_sections(parts) == ["Bare"]


def test_a_page_is_measured_by_what_a_reader_reads():
    """Headings, code and addresses are no running text; the words of a link are."""
    page = "# Nine words\n\nThe fund has [161.8bn yuan](#funds.registered_once). It waits.\n\n```\ncode 5\n```\n"
    paragraphs = list(running_text(page))
    assert paragraphs == ["The fund has 161.8bn yuan. It waits."]
    one = reading(paragraphs)
    assert (one.words, round(one.numbers)) == (6, 17)
    hard = reading(
        ["Institutional heterogeneity necessitates comprehensive characterisation of intergovernmental arrangements."]
    )
    assert one.grade < 5
    assert hard.grade > 15
    assert reading([]).words == 0
    assert [syllables(word) for word in ("a", "waits", "trillion", "table", "made")] == [1, 1, 2, 2, 1]
