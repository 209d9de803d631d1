"""What is in the bag, and which bags never hang (SR-06)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.bag import VIAL_STRENGTHS_MG_PER_ML, Bag, check_bag, mix_bag
from stillroom.core.errors import Severity
from tests.core.drip.drips import D, some


def bag(vial: str = "50", drug: str = "0.7", fluid: str = "100", overfill: str = "0", withdrawn: str = "0") -> Bag:
    return Bag(
        vial_mg_per_ml=D(vial),
        drug_volume_ml=D(drug),
        fluid_volume_ml=D(fluid),
        overfill_ml=D(overfill),
        withdrawn_ml=D(withdrawn),
    )


def test_all_fluid_counts_in_the_strength() -> None:
    """35 mg in 100 mL labelled, 7 mL overfill, 0.7 mL of drug: 107.7 mL, not 100."""
    mixed = bag(overfill="7")
    assert mixed.drug_mg == 35
    assert mixed.final_volume_ml == D("107.7")
    assert mixed.strength_mg_per_ml == Fraction(350, 1077)


def test_room_made_for_the_drug_leaves_the_bag_as_full_as_it_was() -> None:
    mixed = mix_bag(
        dose_mg=D(35),
        vial_mg_per_ml=D(50),
        fluid_volume_ml=D(100),
        overfill_ml=D(0),
        syringe_step_ml=D("0.01"),
        makes_room=True,
    )
    assert mixed.withdrawn_ml == D("0.70")
    assert (mixed.final_volume_ml, mixed.strength_mg_per_ml) == (100, D("0.35"))


@some
@given(
    st.decimals(min_value=1, max_value=100, places=2),
    st.sampled_from(VIAL_STRENGTHS_MG_PER_ML),
    st.sampled_from([D("0.01"), D("0.02"), D("0.1")]),
)
def test_a_bag_never_holds_more_than_the_dose(dose_mg: D, vial_mg_per_ml: D, step_ml: D) -> None:
    mixed = mix_bag(
        dose_mg=dose_mg,
        vial_mg_per_ml=vial_mg_per_ml,
        fluid_volume_ml=D(100),
        overfill_ml=D(0),
        syringe_step_ml=step_ml,
    )
    assert dose_mg - vial_mg_per_ml * step_ml < mixed.drug_mg <= dose_mg


@pytest.mark.parametrize(
    ("hung", "code"),
    [
        (bag(vial="100", fluid="0.5"), "concentrate_undiluted"),
        (bag(vial="100", drug="5", fluid="100", withdrawn="96"), "concentrate_undiluted"),
        (bag(vial="20"), "vial_strength_unknown"),
        (bag(vial="0.5"), "vial_strength_unknown"),
        (bag(drug="0"), "bag_volume_impossible"),
        (bag(fluid="0"), "bag_volume_impossible"),
        (bag(overfill="-1"), "bag_volume_impossible"),
        (bag(withdrawn="-1"), "bag_volume_impossible"),
        (bag(withdrawn="100.1"), "bag_volume_impossible"),
        (bag(vial="100", fluid="0"), "bag_volume_impossible"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_bag_that_must_not_hang_has_a_hard_finding(hung: Bag, code: str) -> None:
    (finding,) = check_bag(hung)
    assert (finding.code, finding.severity) == (code, Severity.HARD)


@pytest.mark.parametrize("vial", VIAL_STRENGTHS_MG_PER_ML)
def test_a_diluted_vial_of_any_strength_may_hang(vial: D) -> None:
    assert check_bag(bag(vial=str(vial))) == ()


def test_the_concentrate_with_an_equal_volume_may_hang_and_with_a_drop_less_not() -> None:
    """Ketalar prescribing information, 2.3: dilute the 100 mg/mL with an equal volume."""
    assert check_bag(bag(vial="100", drug="5", fluid="5")) == ()
    assert check_bag(bag(vial="100", drug="5", fluid="4.99")) != ()


def test_a_weaker_vial_needs_no_dilution_by_the_label() -> None:
    assert check_bag(bag(vial="50", drug="5", fluid="0.01")) == ()
