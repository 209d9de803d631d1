"""Totals, bands and domain maxima, against the instruments' own tables (facts/safety.md 2.9) and a FHIR example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.errors import Refused
from stillroom.core.outcomes import INSTRUMENTS, Instrument, score_items, score_total

# Band edges as published: Kroenke 2001, Spitzer 2006, and the table of safety.md 2.9 for the rest.
EDGES = {
    "phq9": {
        "minimal": (0, 4),
        "mild": (5, 9),
        "moderate": (10, 14),
        "moderately_severe": (15, 19),
        "severe": (20, 27),
    },
    "gad7": {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14), "severe": (15, 21)},
    "qids_sr16": {"none": (0, 5), "mild": (6, 10), "moderate": (11, 15), "severe": (16, 20), "very_severe": (21, 27)},
    "madrs": {"none": (0, 6), "mild": (7, 19), "moderate": (20, 34), "severe": (35, 60)},
    "bdi2": {"minimal": (0, 13), "mild": (14, 19), "moderate": (20, 28), "severe": (29, 63)},
}
HIGHEST = {"phq9": 27, "gad7": 21, "pcl5": 80, "madrs": 60, "qids_sr16": 27, "bdi2": 63, "cadss": 92}
# The highest total in remission: <5, <5, <=10, <=5, <=12.
REMISSION = {"phq9": 4, "gad7": 4, "pcl5": None, "madrs": 10, "qids_sr16": 5, "bdi2": 12, "cadss": None}

# HL7 US Core, QuestionnaireResponse and Observation "phq-9-example" (CC0): these nine answers total 12.
US_CORE_ANSWERS = (2, 2, 2, 2, 1, 1, 2, 0, 0)

# The rule of Rush 2003 by hand: sleep max(1..4), 5, max(6..9), 10, 11, 12, 13, 14, max(15, 16).
QIDS = [
    ((3,) * 16, 27),
    ((0,) * 16, 0),
    ((3, 2, 1, 0, 2, 0, 3, 0, 1, 1, 2, 0, 1, 2, 0, 3), 3 + 2 + 3 + 1 + 2 + 0 + 1 + 2 + 3),
    ((1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1), 3),
    ((0, 0, 0, 2, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 2, 0), 2 + 1 + 1 + 5 + 2),
]


@pytest.mark.parametrize(("code", "bands"), EDGES.items())
def test_every_total_falls_into_its_published_band(code: str, bands: dict[str, tuple[int, int]]) -> None:
    instrument = INSTRUMENTS[code]
    for name, (lowest, highest) in bands.items():
        assert {instrument.band_of(total) for total in range(lowest, highest + 1)} == {name}
    assert sum(highest - lowest + 1 for lowest, highest in bands.values()) == instrument.highest + 1


@pytest.mark.parametrize("code", ["pcl5", "cadss"])
def test_an_instrument_without_validated_bands_gets_none(code: str) -> None:
    assert {INSTRUMENTS[code].band_of(total) for total in range(INSTRUMENTS[code].highest + 1)} == {""}


@pytest.mark.parametrize(("code", "highest"), HIGHEST.items())
def test_no_form_can_total_more_than_its_range(code: str, highest: int) -> None:
    instrument = INSTRUMENTS[code]
    assert instrument.highest == highest
    assert score_items(instrument, [instrument.item_highest] * instrument.items).total == highest
    assert instrument.remission_at_most == REMISSION[code]


def test_the_example_of_us_core_totals_12_which_is_moderate() -> None:
    scored = score_items(INSTRUMENTS["phq9"], US_CORE_ANSWERS)
    assert (scored.total, scored.band, scored.touches_harm) == (12, "moderate", False)


@pytest.mark.parametrize(("items", "total"), QIDS)
def test_qids_counts_each_domain_once_by_its_worst_item(items: tuple[int, ...], total: int) -> None:
    assert score_items(INSTRUMENTS["qids_sr16"], items).total == total


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_a_form_with_an_answer_missing_has_no_total_and_no_band(instrument: Instrument) -> None:
    for gap in range(instrument.items):
        items = [None if place == gap else 0 for place in range(instrument.items)]
        assert score_items(instrument, items).total is None
        assert score_items(instrument, items).band == ""


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_the_ninth_question_above_nought_is_flagged_even_on_a_partial_form(answer: int) -> None:
    assert score_items(INSTRUMENTS["phq9"], [0] * 8 + [answer]).touches_harm
    assert score_items(INSTRUMENTS["phq9"], [None] * 8 + [answer]).touches_harm
    assert not score_items(INSTRUMENTS["phq9"], [3] * 8 + [0]).touches_harm


@pytest.mark.parametrize(
    ("items", "code"),
    [([0] * 8, "items_miscounted"), ([0] * 8 + [4], "item_out_of_range"), ([0] * 8 + [-1], "item_out_of_range")],
)
def test_what_is_not_on_the_form_is_refused(items: list[int], code: str) -> None:
    with pytest.raises(Refused, match=code):
        score_items(INSTRUMENTS["phq9"], items)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_a_total_beyond_the_range_is_refused(instrument: Instrument) -> None:
    assert score_total(instrument, instrument.highest).total == instrument.highest
    assert score_total(instrument, 0).total == 0
    for impossible in (-1, instrument.highest + 1):
        with pytest.raises(Refused, match="score_out_of_range"):
            score_total(instrument, impossible)


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.integers(0, 8))
def test_a_worse_answer_never_lowers_the_total(items: list[int], place: int) -> None:
    worse = [*items[:place], 3, *items[place + 1 :]]
    before, after = (score_items(INSTRUMENTS["phq9"], each).total for each in (items, worse))
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.lists(st.integers(0, 3), min_size=16, max_size=16))
def test_no_domain_of_qids_counts_more_than_three(items: list[int]) -> None:
    total = score_items(INSTRUMENTS["qids_sr16"], items).total
    assert total is not None
    assert max(items) <= total <= min(27, sum(items))
