"""Explorers: the grid in the page is the grid of the model, what is read is what stands there, and errors say what is wrong."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import dummy_explorers as dummy
from patient_capital.analysis.model.explorers import FUNDS
from patient_capital.analysis.model.regimes import DIRECTED, REGIME_WORDS
from patient_capital.explorers import Control, Curve, Evidence, Verdicts, load_explorers
from patient_capital.explorers.checks import MAX_BYTES
from patient_capital.explorers.drawing import static_svg
from patient_capital.explorers.layout import nice_ticks, ticks_within
from patient_capital.explorers.record import EXPLORERS
from patient_capital.explorers.wording import fine_decimals, half_up, number_text, packed, stored, unit_of, with_unit
from patient_capital.figures import load_figures
from patient_capital.figures.labels import spread
from patient_capital.figures.style import FUND_COLOURS, NARROW_PX, TOKENS, WIDE_PX
from patient_capital.formatting import rounded
from patient_capital.ledger import page_of, places_of, read_pages
from patient_capital.passed import OfData
from patient_capital.provenance.registry import number
from patient_capital.provenance.syntax import explorers_in
from patient_capital.sphinxext.bundles import write_grids
from patient_capital.sphinxext.explorer import EXPLORER_JS, explorer_html
from patient_capital.typesetting import typeset


@pytest.fixture(scope="module")
def waiting():
    return dummy.one_curve()


@pytest.fixture(scope="module")
def states():
    return dummy.two_curves()


@pytest.fixture(scope="module")
def track():
    return dummy.one_track()


@pytest.fixture(scope="module")
def both(waiting, states):
    return {"waiting": waiting, "states": states}


@pytest.fixture
def registered():
    """Register the two dummies for one test."""
    for name, make in (("test.waiting", dummy.one_curve), ("test.two_states", dummy.two_curves)):
        EXPLORERS.add(name, OfData(name, lambda data, make=make: make()))
    yield
    for name in ("test.waiting", "test.two_states"):
        del EXPLORERS._things[name]


# --- Numbers ---------------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_rounding_is_that_of_the_formatter(value, decimals):
    assert half_up(np.array([value]), decimals)[0] == int(rounded(value, decimals).scaleb(decimals))


@pytest.mark.parametrize(
    ("value", "decimals", "whole"), [(0.125, 2, 13), (2.675, 2, 268), (-0.125, 2, -13), (0.5, 0, 1)]
)
def test_halves_go_up(value, decimals, whole):
    assert half_up(np.array([value]), decimals)[0] == whole


@given(st.floats(-1000, 1000), st.integers(0, 3), st.integers(0, 3))
def test_a_finer_number_prints_as_the_number_itself(value, decimals, more):
    fine = decimals + more
    whole = int(stored(np.array([value]), decimals, fine)[0])
    assert rounded(whole / 10**fine, decimals) == rounded(value, decimals)
    assert abs(whole / 10**fine - value) <= 1.01 * 10.0**-fine


def test_number_that_would_round_twice_moves_by_one_unit():
    assert stored(np.array([0.2496]), 1, 2)[0] == 24
    assert half_up(np.array([0.2496]), 2)[0] == 25


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "years", "1 year"), (2, "years", "2 years"), (-1, "points of growth", "−1 point of growth"), (5, "percent a year", "5 percent a year"),
        (1, "times", "1 times"), (161.8, "bn yuan", "161.8bn yuan"), (7, "%", "7%"), (3, "", "3"), (1234, "tickets", "1,234 tickets"),
    ],
)  # fmt: skip
def test_units_are_written_as_one_says_them(value, unit, text):
    assert with_unit(value, None, unit) == text


def test_unit_has_a_singular_only_where_there_is_one():
    assert unit_of("times the money").one == " times the money"
    assert unit_of("firms a year").one == " firm a year"


@given(st.floats(-100, 100), st.floats(0.01, 1000))
def test_ticks_are_round_and_enclose(low, span):
    ticks = nice_ticks(low, low + span, 6)
    assert ticks[0] <= low + 1e-9 * span
    assert ticks[-1] >= low + span - 1e-9 * span
    assert all(len(number_text(t).replace("−", "").replace(",", "")) <= 8 for t in ticks)
    assert set(ticks_within(low, low + span, 6)) <= set(ticks)


def test_fine_decimals_give_a_smooth_line_and_never_fewer_than_printed():
    assert fine_decimals(1, 15) == 2
    assert fine_decimals(3, 1) == 3
    assert fine_decimals(0, 1) == 3
    assert fine_decimals(2, 5000) == 2


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(15, 40)), min_size=1, max_size=5))
def test_labels_are_spread_apart(labels):
    wanted, heights = zip(*labels, strict=True)
    placed = spread(wanted, heights, 0, 300)
    edges = sorted((middle - height / 2, middle + height / 2) for middle, height in zip(placed, heights, strict=True))
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 300 + 1e-6
    assert all(first[1] <= second[0] + 1e-6 for first, second in itertools.pairwise(edges))


def test_label_with_room_stays_where_its_curve_ends():
    assert spread([50, 200], [20, 20], 0, 300) == [50, 200]


# --- The record ------------------------------------------------------------------------------------------


def test_grid_is_what_was_computed(waiting):
    for place in np.ndindex(waiting.shape):
        scale, cost = (c.values[i] for c, i in zip(waiting.controls, place, strict=True))
        assert waiting.values[place][0] == pytest.approx([3 * math.exp(-x / scale) - cost for x in dummy.RATES])
        even = scale * math.log(3 / cost)
        assert waiting.at(place).side == ("loss" if cost > 3 else "gain" if even > 15 else "crosses")


@pytest.mark.parametrize("name", ["waiting", "states"])
def test_payload_holds_the_grid_to_its_declared_precision(both, name):
    one = both[name]
    page = json.loads(one.json())
    values = dummy.curves_in(page)
    assert np.array_equal(values, one.stored_values)
    scale = 10.0 ** page["y"]["fine"]
    assert page["y"]["fine"] >= page["y"]["decimals"] == one.y_decimals
    assert np.max(np.abs(values / scale - one.values)) <= 1 / scale
    cases, even = (dummy.unpacked(page[part]).reshape(one.shape) for part in ("cases", "breakEven"))
    even = np.where(cases < 2, even / 10 ** page["x"]["fine"], np.nan)
    assert np.array_equal(np.isnan(even), one.sides != 0)
    assert np.nanmax(np.abs(even - one.break_even)) <= 10.0 ** -page["x"]["fine"]
    assert page["x"]["values"] == pytest.approx(list(one.x_values))
    assert [c["texts"] for c in page["controls"]] == [[typeset(text) for text in c.texts] for c in one.controls]


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30))
def test_packed_numbers_come_back(whole):
    back = dummy.unpacked(asdict(packed(np.array(whole))))
    assert back.tolist() == (whole if back.size == len(whole) else whole[:1])
    assert back.size == (len(whole) if len(set(whole)) > 1 else 1)


def test_a_curve_is_held_once_for_settings_that_do_not_move_it_and_by_as_few_points_as_it_needs(waiting, states):
    patient, directed = states.payload()["curves"]
    assert (patient["shape"], patient["steps"]) == ("flat", [0, 1])
    assert (directed["shape"], directed["steps"]) == ("line", [1, 0])
    assert waiting.payload()["curves"][0]["shape"] == "points"
    whole = json.dumps(states.stored_values.ravel().tolist(), separators=(",", ":"))
    assert len(states.json()) < len(whole)


def test_span_of_the_break_even_is_told_at_every_setting(states):
    over, level = "Over joint draws of everything else the break-even lies from ", " (middle nine tenths)."
    none = " In {} percent of draws there is none on this axis."
    assert states.at((1, 1)).sentences[1] == f"{over}0.200 to 0.800{level}{none.format(12)}"
    assert states.at((2, 1)).sentences[1] == f"{over}below 0 to 0.500{level}{none.format(40)}"
    assert states.at((4, 1)).sentences[1] == f"{over}0.250 to above 1{level}"
    assert not any("joint draws" in sentence for sentence in states.at((0, 0)).sentences)


def test_track_says_what_holds_at_its_start_and_has_no_break_even(track):
    reading = track.at(())
    assert reading.sentences == ("It earns 6.5 percent.", "Held for 12 years.")
    assert (reading.break_even, reading.settings, track.read_start) == (None, (), 5)
    page = json.loads(track.json())
    assert page["track"][0] == [typeset("It earns -2.5 percent."), typeset("Held for 7 years.")]
    for end in ("low", "high"):
        assert (dummy.unpacked(page[end]) / 10 ** page["y"]["fine"]).tolist() == getattr(track.track, end)[0].tolist()
    assert track.y_ends[0] <= -7.5
    assert track.y_ends[1] >= 14.5
    rows = list(csv.DictReader(io.StringIO(track.csv())))
    assert list(rows[0]) == ["years", "rate", "rate_low", "rate_high"]
    assert [float(row["rate_high"]) for row in rows] == [5.5, 9, 11.5, 13, 14, 14.5]
    assert {"ten years", "median"} <= set(re.findall(r"<text[^>]*>([^<]*)</text>", static_svg(track, wide=True)))


def test_keys_of_the_address_are_short_and_tell_the_values_apart(waiting):
    assert waiting.controls[1].keys == ("0.25", "0.5", "1", "2", "3.5")
    named = Control("fund", "Fund", "", (0, 1), 0, "n", labels=("national fund of 2025", "patient fund"))
    assert (named.keys, named.texts) == (
        ("national-fund-of-2025", "patient-fund"),
        ("national fund of 2025", "patient fund"),
    )


def test_reading_prints_the_model(waiting):
    reading = waiting.at((2, 2))
    assert reading.settings == ("7 years", "1.00 times")
    assert reading.break_even == pytest.approx(7 * math.log(3), abs=0.01)
    assert reading.marker == "break-even 7.7 percent a year"
    assert reading.texts[0][0] == "2.00 times the money paid in"
    assert reading.verdict == (
        "Waiting pays up to a discount rate of 7.7 percent a year, if a winner needs 7 years. The break-even lies above the evidence "
        "(2 to 5.5 percent a year). Net gain of waiting: 2.00 times the money paid in at 0 percent a year, −0.65 times the money paid "
        "in at 15 percent a year."
    )


def test_a_fund_has_the_colour_and_the_name_that_figures_give_it(book):
    """The national fund was once drawn as the patient one is, and the private fund as the national one."""
    skill, wait = (load_explorers()[name].of(book) for name in ("model.skill", "overview.wait"))
    assert [curve.colour for curve in wait.curves] == [FUND_COLOURS["private_fund"]]
    for place, fund in enumerate(FUNDS):
        first, second = skill.curves_at((place, *skill.start[1:]))
        assert (first.label, first.colour) == (REGIME_WORDS[fund], FUND_COLOURS[fund])
        assert (second.label, second.colour) == (REGIME_WORDS[DIRECTED], FUND_COLOURS[DIRECTED])
    page = json.loads(skill.json())["curves"][0]
    assert (page["label"], page["colour"]) == (page["looks"][0]["label"], page["looks"][0]["colour"])
    assert REGIME_WORDS[FUNDS[1]] in skill.moved(fund=1).at((1, *skill.start[1:])).verdict
    figures = " ".join(load_figures()[name].of(book).wide for name in ("model.flow", "model.discount"))
    for fund in (*FUNDS, DIRECTED):
        assert re.search(rf"fill: var\(--pc-{FUND_COLOURS[fund]}\)[^<]*>{REGIME_WORDS[fund]}", figures), fund


def test_the_words_at_the_break_even_say_in_how_many_draws_there_is_none(book):
    """A picture of the drawing keeps them, and loses the sentences beside it."""
    one = load_explorers()["model.skill"].of(book)
    without = int(one.stored_spans[one.start][2])
    assert without > 0
    assert one.at(one.start).marker.endswith(f"; none in {without}% of draws")
    for wide in (True, False):
        assert f"none in {without}% of draws" in static_svg(one, wide=wide)


def test_reading_tells_where_nothing_crosses(waiting):
    loss, gain = waiting.at((2, 4)), waiting.at((4, 0))
    assert (loss.side, gain.side) == ("loss", "gain")
    assert loss.break_even is None
    assert loss.marker == "no break-even in this span"
    assert loss.verdict.startswith("Waiting never pays: it costs 3.50 times. Net gain of waiting: −0.50 times")
    assert gain.verdict.startswith("Waiting pays at every rate from 0 percent a year to 15 percent a year.")


@pytest.mark.parametrize(
    ("place", "where"), [((0, 2), "below"), ((1, 2), "inside"), ((2, 2), "above")], ids=["below", "inside", "above"]
)
def test_verdict_holds_the_break_even_against_the_evidence(waiting, place, where):
    assert f"The break-even lies {where} the evidence" in waiting.at(place).verdict


def test_verdict_says_which_way_the_curves_cross(states):
    assert states.at((4, 1)).sentences[0] == "Patience wins up to a skill of 0.417."
    assert states.at((0, 1)).sentences[0] == "Patience wins from a skill of 0.583 on."
    assert states.at((2, 0)).sentences[0] == "The directed state wins at every skill."
    assert states.at((2, 2)).sentences[0] == "Patience wins at every skill."


def test_verdict_prints_the_curves_at_the_break_even_and_missing_evidence(states):
    assert states.at((4, 1)).sentences[2:] == (
        "Picking skill: no evidence says where it lies.",
        "At the break-even: patient state, many small tickets at 2.8 times; directed state at 2.8 times.",
    )


def test_one_direction_needs_one_verdict_whichever_it_is():
    flipped = dummy.one_curve()
    turned = dummy.one_curve(
        values=-flipped.values, verdicts=Verdicts("Selling pays from {break_even} on.", "Sell.", "Wait.")
    )
    assert turned.at((2, 2)).sentences[0] == "Selling pays from 7.7 percent a year on."


def test_arrays_cannot_be_changed_afterwards(waiting):
    for part in (waiting.values, waiting.break_even, waiting.sides, waiting.cases):
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 0


@pytest.mark.parametrize("place", [(0,), (0, 0, 0), (5, 0), (0, -1)])
def test_reading_outside_the_grid_is_an_error(waiting, place):
    with pytest.raises(
        ValueError, match=r"explorer 'test\.waiting': .*(one index for each of scale, cost|has 5 values)"
    ):
        waiting.at(place)


def _changed(part: str, place: tuple[int, ...], value: float):
    array = np.array(getattr(dummy.one_curve(), part), dtype=float)
    array[place] = value
    return array


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"values": _changed("values", (1, 2, 0, 3), np.nan)}, r"finite; at scale = 4, cost = 1, curve gain, x = 1\.5 there is nan"),
        ({"values": _changed("values", (1, 2, 0, 3), np.inf)}, "there is inf"),
        ({"break_even": _changed("break_even", (2, 2), np.nan)}, "at scale = 7, cost = 1 there is no break_even, but the curves cross"),
        ({"break_even": _changed("break_even", (2, 2), 15.5)}, "the break_even 15.5 does not lie on the axis"),
        ({"break_even": _changed("break_even", (2, 2), 9.0)}, "do not cross near the break-even 9"),
        ({"break_even": _changed("break_even", (2, 4), 3.0)}, r"at scale = 7, cost = 3\.5 the curves do not cross near the break-even 3"),
        ({"evidence": Evidence(20, 30, "20 to 30")}, r"the evidence \(20 to 30\) lies off the axis, 0 to 15"),
        ({"verdicts": Verdicts("To {break_even} or {nobody}.", "g", "l")}, "prints nobody; it may print break_even, cost, high, low, scale"),
        ({"verdicts": Verdicts("To {break_even}.", "To {break_even}", "l")}, "verdict 'gain' prints break_even"),
        ({"verdicts": Verdicts("To {break_even:.2f}.", "g", "l")}, r"prints break_even:\.2f; it may print"),
        ({"verdicts": Verdicts("c", "", "l")}, "cases without a verdict: gain"),
        ({"x_label": "Picking skill: correlation of official priority with true payoff"}, "the name of an axis is cut on a phone, shorten it: Picking"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(changes, told):
    with pytest.raises(ValueError, match=r"explorer '[\w.]+': .*" + told):
        dummy.one_curve(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sentences": (("a", "b"),)}, "has 1 sentences for 6 points"),
        ({"low": np.full((1, 6), 0.0)}, "leaves the band"),
    ],
)
def test_wrong_track_is_told(track, changes, told):
    with pytest.raises(ValueError, match=told):
        dummy.one_track(track=replace(track.track, **changes))


def test_grid_of_both_directions_needs_both_verdicts():
    with pytest.raises(ValueError, match="cases without a verdict: rises"):
        dummy.two_curves(verdicts=Verdicts("To {break_even}.", "g", "l"))


def test_page_is_not_weighed_down():
    x = tuple(np.linspace(0, 15, 4001).tolist())
    noise = np.random.default_rng(1).uniform(1, 2, (5, 5, 1, 4001))
    with pytest.raises(ValueError, match=f"{MAX_BYTES:,} are allowed: use fewer grid points"):
        dummy.one_curve(x_values=x, x_decimals=4, values=noise, break_even=np.full((5, 5), np.nan))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"values": (1,)}, "two or more values"),
        ({"values": (1, 1.2), "decimals": 0}, "two values print alike: \\('1 year', '1 year'\\)"),
    ],
)
def test_wrong_control_is_told(arguments, told):
    parts = {"id": "a", "label": "A", "unit": "years", "values": (1, 2), "start": 0, "note": "n"}
    with pytest.raises(ValueError, match=told):
        Control(**parts | arguments)


def test_wrong_evidence_is_told():
    with pytest.raises(ValueError, match="must not run from 3 to 2"):
        Evidence(3, 2, "x")


def test_download_holds_every_point(waiting):
    rows = list(csv.DictReader(io.StringIO(waiting.csv())))
    assert list(rows[0]) == ["scale", "cost", "discount_rate", "gain", "break_even"]
    assert len(rows) == 5 * 5 * 31
    for row in rows[::97]:
        scale, cost, rate = (float(row[c]) for c in ("scale", "cost", "discount_rate"))
        assert float(row["gain"]) == pytest.approx(3 * math.exp(-rate / scale) - cost, abs=1e-4)
    assert {row["break_even"] for row in rows if row["cost"] == "3.5"} == {""}


# --- The page --------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture(scope="module")
def html(both):
    return {name: explorer_html(one, "../figures") for name, one in both.items()}


def test_every_slider_has_a_label_an_output_and_words(html, both):
    for name, one in both.items():
        page = Elements(html[name])
        sliders = [e for e in page.all("input") if e["type"] == "range"]
        assert len(sliders) == len(one.controls) + 1
        labels, outputs = ({e["for"] for e in page.all(tag)} for tag in ("label", "output"))
        assert {s["id"] for s in sliders} == labels == outputs
        for slider, control in zip(sliders[1:], one.controls, strict=True):
            assert slider["aria-valuetext"] == control.texts[control.start]
            assert (slider["min"], slider["max"], slider["step"]) == ("0", str(len(control.values) - 1), "1")
            assert slider["value"] == str(control.start)


def test_two_explorers_of_a_page_do_not_clash(html):
    ids = re.findall(r'\sid="([^"]+)"', "".join(html.values()))
    assert len(ids) == len(set(ids)) > 8


def test_clip_paths_refer_to_ids_of_the_page(html):
    for page in html.values():
        for used in re.findall(r"url\(#([^)]+)\)", page):
            assert f'id="{used}"' in page


def test_assumption_is_marked_by_a_word(html):
    marked = re.findall(r"<label[^>]*>([^<]*)<span[^>]*>assumed</span>", html["waiting"].replace("\n", ""))
    assert [m.strip() for m in marked] == ["Cost of waiting"]
    assert "<strong>Cost of waiting (assumed):</strong> No source; grade D." in html["waiting"]


def test_text_is_escaped(html):
    nasty = dummy.one_curve(
        title="<script>alert(1)</script>", note='"><b>', verdicts=Verdicts("</script><i>{break_even}", "g", "l"),
        curves=(Curve("gain", "a<b", "mark"),),
    )  # fmt: skip
    page = explorer_html(nasty, "../figures")
    assert "alert(1)</script>" not in page
    assert '"><b>' not in page
    assert page.count("</script>") == page.count("<script") == 1
    data = re.search(r"<script[^>]*>(.*)</script>", page, re.DOTALL)[1]
    assert "<" not in data
    assert json.loads(data)["verdicts"][0] == "</script><i>{break_even}"
    assert "A &lt;b&gt;press&lt;/b&gt;" in html["waiting"]


def test_page_without_script_tells_title_drawing_verdict_and_settings(html, waiting):
    static = re.search(
        r'<div class="pc-explorer__static">.*?<div class="pc-explorer__live">', html["waiting"], re.DOTALL
    )[0]
    assert waiting.alt in static
    assert typeset(waiting.at(waiting.start).sentences[0]) in static
    assert typeset("Drawn at: time that a winner needs 7 years; cost of waiting 1.00 times.") in static
    assert static.count("<svg") == 2
    assert "<input" not in static


def test_live_verdict_is_announced_politely_and_outputs_are_not_announced_twice(html):
    page = Elements(html["waiting"])
    assert [e.get("aria-live") for e in page.all("p") if "aria-live" in e] == ["polite"]
    assert {e["aria-live"] for e in page.all("output")} == {"off"}


def test_data_are_inline_and_nothing_is_fetched(html):
    for page in html.values():
        assert not re.search(r'\s(?:src|srcset|data-src)="', page)
        assert page.count('<script type="application/json">') == 1
    script = (Path(__file__).parents[2] / "src/patient_capital/sphinxext/static" / EXPLORER_JS).read_text(
        encoding="utf-8"
    )
    assert not re.search(r"fetch|XMLHttp|import\s*\(|https?://(?!www\.w3\.org)", script)


def test_download_is_linked(html, waiting):
    assert f'href="../figures/{waiting.slug}.csv" download' in html["waiting"]


@pytest.mark.parametrize("name", ["waiting", "states"])
def test_both_drawings_are_inline_svg_in_the_colours_of_the_page(both, name):
    for wide, width in ((True, WIDE_PX), (False, NARROW_PX)):
        svg = static_svg(both[name], wide=wide)
        box = re.match(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
        assert float(box[1]) == pytest.approx(width, abs=1)
        assert not [colour for colour in TOKENS if colour in svg]
        assert min(float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg)) >= 12


def test_drawing_prints_marker_evidence_axes_and_labels_on_the_lines(both):
    texts = {name: re.findall(r"<text[^>]*>([^<]*)</text>", static_svg(one, wide=True)) for name, one in both.items()}
    for words in (
        "break-even 7.7 percent a year",
        "evidence: 2 to 5.5 percent a year",
        "net gain of",
        "Discount rate, percent a year",
    ):
        assert words in texts["waiting"]
    # Three decimals: the house style rounds coordinates, and must not round words.
    for words in ("break-even 0.417", "evidence: unknown", "patient state,", "many small tickets", "Picking skill"):
        assert words in texts["states"]


def test_drawing_without_break_even_says_so():
    controls = dummy.one_curve().controls
    start = (controls[0], Control("cost", "Cost of waiting", "times", controls[1].values, 4, "n", 2))
    svg = static_svg(dummy.one_curve(controls=start), wide=False)
    assert "no break-even in this span" in svg


def test_same_input_same_page(html):
    assert explorer_html(dummy.one_curve(), "../figures") == html["waiting"]


# --- Register, directive, ledger --------------------------------------------------------------------------


def test_explorer_is_built_once_for_one_state_of_the_data(book):
    built = []
    one = OfData("test.once", lambda data: built.append(data) or dummy.one_curve())
    assert one(book) is one.of(book)
    assert one(replace(book)) is not one(book)
    assert len(built) == 2


def test_directive_is_found_in_a_page():
    text = "# T\n\n```{explorer} test.waiting\n```\n\n:::{explorer} test.two_states\n:::\n\nNot `{explorer} x` in text."
    assert explorers_in(text) == ["test.waiting", "test.two_states"]


@pytest.mark.usefixtures("registered")
def test_numbers_of_an_explorer_are_in_the_ledger(book):
    page = page_of("model", "```{explorer} test.waiting\n```\n")
    assert [use.ref for _, use in places_of(page, book)] == ["funds.registered_share"]


def test_page_with_an_unknown_explorer_stops_the_ledger(book):
    with pytest.raises(KeyError, match=r"test\.nobody"):
        list(places_of(page_of("model", "```{explorer} test.nobody\n```\n"), book))


@pytest.mark.usefixtures("registered")
def test_grids_are_written_beside_the_pages(tmp_path, book, waiting):
    write_grids(tmp_path, book)
    assert (tmp_path / "explorer-test-waiting.csv").read_text(encoding="utf-8") == waiting.csv()


CONF = """
extensions = ["myst_parser"]
html_theme = "basic"
def setup(app):
    from patient_capital.sphinxext.explorer import setup_explorers
    setup_explorers(app)
"""


def build_page(folder: Path, markdown: str):
    from sphinx.application import Sphinx

    (folder / "chapters").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text("# Root\n\n```{toctree}\nchapters/model\n```\n", encoding="utf-8")
    (folder / "chapters" / "model.md").write_text(markdown, encoding="utf-8")
    log = io.StringIO()
    app = Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None, warning=log)
    app.build()
    return (folder / "out/chapters/model.html").read_text(encoding="utf-8"), log.getvalue()


@pytest.mark.usefixtures("registered")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_directive_shows_explorers_and_names_those_there_are_where_one_is_unknown(tmp_path):
    page = "# M\n\n```{explorer} test.waiting\n```\n\n```{explorer} test.two_states\n```\n\n```{explorer} test.nobody\n```\n"
    html, log = build_page(tmp_path, page)
    assert html.count('<figure class="pc-explorer"') == 2
    assert 'href="../figures/explorer-test-waiting.csv"' in html
    assert "model.md" in log
    assert "no explorer 'test.nobody'" in log
    assert "there is no explorer 'test.nobody'" in log


# --- The explorers of the book ----------------------------------------------------------------------------


def test_every_explorer_of_the_book_stands_and_prints_known_numbers(book):
    for name, build in load_explorers().items():
        one = build(book)
        assert one.name == name
        assert one.title[-1] not in ".:"
        assert len(one.alt) > 60
        for ref in one.refs:
            assert number(ref, book).text()
        assert explorer_html(one, "../figures")


def test_pages_show_known_explorers_and_stay_light(book):
    for page in read_pages():
        sizes = [len(load_explorers()[name].of(book).json().encode()) for name in page.explorers]
        assert sum(sizes) <= MAX_BYTES, page.name


@pytest.mark.parametrize("name", sorted(load_explorers()))
def test_a_slider_says_in_words_on_what_its_span_rests(name, book):
    controls = load_explorers()[name].of(book).controls
    assert [one.note for one in controls if re.search(r"\bgrades? [A-D]\b", one.note)] == []
