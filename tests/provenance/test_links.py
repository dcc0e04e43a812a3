"""Links to numbers: their targets, where they are found in a Markdown text, and what is written into them."""

from __future__ import annotations

import pytest

from patient_capital.provenance.links import links_in, terms_in, uses_in, with_texts
from patient_capital.provenance.printing import authors_and_year, printed, text_of, with_current_texts
from patient_capital.provenance.syntax import Cite, Term, Use, parse_target, term_slug


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
two lines](#a.b) and [anchor](#a-heading) and []( #a.b) and [](#a.b)
"""
    found = links_in(markdown)
    assert [link.text for link in found] == [
        "heading", "x", "y", "z", "in a box", "in a list", "in a table", "in a definition", "In a title",
        "in a directive", "over\ntwo lines", "anchor", "",
    ]  # fmt: skip
    assert [link.heading for link in found] == [True] + 12 * [False]
    assert found[2].target == "a[r].c"
    for link in found:
        assert markdown[link.start : link.end] == link.text


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
        "[x](https://example.org/#a.b)",
        "[x](other.md#a.b)",
    ],
)
def test_code_comments_pictures_and_other_addresses_are_no_links_to_numbers(markdown):
    assert links_in(markdown) == []
    assert with_texts(markdown, lambda link: "changed") == markdown


def test_only_texts_are_replaced():
    markdown = "`[x](#a.b)` [x](#a.b), [y](#a.c:word) and [x](#a-b).\n"
    assert with_texts(markdown, lambda link: link.target.upper()) == (
        "`[x](#a.b)` [A.B](#a.b), [A.C:WORD](#a.c:word) and [A-B](#a-b).\n"
    )


def test_uses_are_numbers_with_form_and_words():
    markdown = "[none](#funds.no_private_named) [9](#funds.months:word) [Reed](#cite.reed2001) [a](#term.cap) [b](#b)"
    assert uses_in(markdown) == [
        Use("funds.no_private_named", words="none"),
        Use("funds.months", "word", words="9"),
    ]


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
