"""What is in the bag?

A bag is fluid, the overfill its maker put in, less what was drawn out, plus the drug's own volume. Its strength is the
drug in it over all of that. Strength is never stored and never rounded: 42.1 mg in 101.2 mL stays that quotient.

Doses are milligrams of ketamine base, as vials are labelled (10, 50 or 100 mg of base per mL; Ketalar prescribing
information, sections 3 and 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.exact import Amount, exact
from stillroom.core.drip.rounding import round_volume_down
from stillroom.core.errors import Finding, Severity

VIAL_STRENGTHS_MG_PER_ML = (Decimal(10), Decimal(50), Decimal(100))
"""The ketamine vials there are. Source: Ketalar prescribing information, section 3 (dosage forms and strengths)."""

LABEL = "Ketalar prescribing information, 2.1, 2.3 and 3"

CONCENTRATE_MG_PER_ML = Decimal(100)
DILUTED_AT_MOST_MG_PER_ML = Decimal(50)
"""The 100 mg/mL vial must not go into a vein undiluted; it is to be diluted with at least an equal volume, which makes
50 mg/mL. Source: Ketalar prescribing information, 2.1 and 2.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """One bag as made: what the vial said and the volumes that went in and out, mL.

    `overfill_ml` is what the maker put in beyond the labelled `fluid_volume_ml`; write 0 only when it is known to be
    none. `withdrawn_ml` is fluid taken out to make room for the drug.
    """

    vial_mg_per_ml: Decimal
    drug_volume_ml: Decimal
    fluid_volume_ml: Decimal
    overfill_ml: Decimal
    withdrawn_ml: Decimal = Decimal(0)

    @property
    def drug_mg(self) -> Fraction:
        """All the drug in the bag, mg."""
        return exact(self.vial_mg_per_ml) * exact(self.drug_volume_ml)

    @property
    def final_volume_ml(self) -> Fraction:
        """All the fluid in the bag, mL."""
        return (
            exact(self.fluid_volume_ml)
            + exact(self.overfill_ml)
            - exact(self.withdrawn_ml)
            + exact(self.drug_volume_ml)
        )

    @property
    def strength_mg_per_ml(self) -> Fraction:
        """Drug over fluid, mg/mL."""
        return self.drug_mg / self.final_volume_ml


def mix_bag(
    *,
    dose_mg: Amount,
    vial_mg_per_ml: Decimal,
    fluid_volume_ml: Decimal,
    overfill_ml: Decimal,
    syringe_step_ml: Decimal,
    makes_room: bool = False,
) -> Bag:
    """The bag for a dose: the drug is drawn up to the syringe's mark below, so never more than the dose.

    With `makes_room`, as much fluid is taken out first, and the bag ends as full as it was.
    """
    drug_volume_ml = round_volume_down(exact(dose_mg) / exact(vial_mg_per_ml), step_ml=syringe_step_ml)
    return Bag(
        vial_mg_per_ml=vial_mg_per_ml,
        drug_volume_ml=drug_volume_ml,
        fluid_volume_ml=fluid_volume_ml,
        overfill_ml=overfill_ml,
        withdrawn_ml=drug_volume_ml if makes_room else Decimal(0),
    )


def check_bag(bag: Bag) -> tuple[Finding, ...]:
    """Why this bag must not be hung; nothing when it may be. Source: Ketalar prescribing information, 2.1, 2.3, 3."""
    if bag.vial_mg_per_ml not in VIAL_STRENGTHS_MG_PER_ML:
        return (_hard("vial_strength_unknown", vial_mg_per_ml=bag.vial_mg_per_ml),)
    if min(bag.drug_volume_ml, bag.fluid_volume_ml) <= 0 or min(bag.overfill_ml, bag.withdrawn_ml) < 0:
        return (_hard("bag_volume_impossible", drug_volume_ml=bag.drug_volume_ml, fluid_volume_ml=bag.fluid_volume_ml),)
    if bag.withdrawn_ml > bag.fluid_volume_ml + bag.overfill_ml:
        return (_hard("bag_volume_impossible", withdrawn_ml=bag.withdrawn_ml, fluid_volume_ml=bag.fluid_volume_ml),)
    if bag.vial_mg_per_ml == CONCENTRATE_MG_PER_ML and bag.strength_mg_per_ml > DILUTED_AT_MOST_MG_PER_ML:
        return (_hard("concentrate_undiluted", at_most_mg_per_ml=DILUTED_AT_MOST_MG_PER_ML),)
    return ()


def _hard(code: str, **facts: Decimal) -> Finding:
    return Finding(code, Severity.HARD, {name: str(number) for name, number in facts.items()}, LABEL)
