"""Digits typed into the prose of a page are found, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from patient_capital.provenance.prose import bare_numbers


@pytest.mark.parametrize(
    "markdown",
    [
        "It raised 5 percent.",
        "# The 1 trillion fund",
        "A [link to 12 funds](funds.md).",
        ":::{admonition} Found 3 times\nText.\n:::",
        ":::{admonition} Found\n:class: tip\nAbout 40bn.\n:::",
        "::::{grid} 1 1 2 2\n:::{grid-item-card} Title\nSome 7 cards.\n:::\n::::",
        "<p>Some 8 words</p>",
        "term\n: Defined 9 times.",
        "| a |\n| --- |\n| 10 |",
        "![A picture of 11 bars](x.svg)",
        "- item with 6 words",
        "> quoted 60 times",
        "**bold 3.5**",
        "In 20250 words",
        "```{figure} x.svg\n:alt: Rose by 12 percent\n\nCaption\n```",
        "[about 5 of them](#funds.no_private_named)",
        "[5](#a-heading)",
        "[5](https://example.org/)",
        "[5](#funds.unheard_of)",
        "[12 funds](#term.paid_in)",
        "[161.8bn yuan](#funds.registered_once) and 3 more",
        "`[x](#funds.registered_once)` and 5",
        "[161.8bn yuan] (#funds.registered_once)",
        ":::{figure} x.svg\n:alt: [16 percent](#funds.registered_share)\n\nCaption\n:::",
        "> **Box**\n>\n> - holds 7 words",
    ],
)
def test_typed_numbers_are_found_wherever_they_hide(markdown):
    assert bare_numbers(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "In March 2025, and on 6 March 2025, and from 2013 to 2024.",
        "[1 trillion yuan](#funds[cn_nvcgf].announced_cny_bn) of it",
        "> - [16 percent](#funds.registered_share), as [Reed (2001)](#cite.reed2001) says",
        "Run `pip install x==1.2`.",
        "Write `[5](#funds.registered_once)`.",
        "$x_1 = 3$ and text",
        "```{listing} funds.ladder\n```",
        "::::{grid} 1 1 2 2\n:gutter: 3\n::::",
        "Text and data CC BY 4.0.",
    ],
)
def test_years_dates_code_and_numbers_with_a_reference_are_no_typed_numbers(markdown):
    assert bare_numbers(markdown) == []
