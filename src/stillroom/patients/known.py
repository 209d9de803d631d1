"""What is known of a patient now, and how the clinic writes it down.

A weight is kilograms, read from what was typed and kept as typed. One far from the last needs a reason in words. What
is known of allergies is the newest statement; nobody having asked (None) is not the same as none known (empty).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.core.drip.numerals import read_number
from stillroom.core.drip.quantities import QUANTITIES, Quantity
from stillroom.core.errors import Finding, Refused, refuse
from stillroom.core.safety.weight import judge_weight
from stillroom.patients.models import AllergyStatement, Patient, Weight

POUNDS = Quantity(
    name="weight_lb",
    unit="lb",
    decimals=1,
    lowest=Decimal("44.1"),
    highest=Decimal("881.8"),
    source="own decision: the bounds of a weight in kilograms, in pounds",
)


def weight_of(patient: Patient, *, at: datetime | None = None) -> Weight | None:
    """The newest; of those measured until `at`, if that is given."""
    weights = patient.weights.filter(measured_at__lte=at) if at else patient.weights
    return weights.first()


def allergies_of(patient: Patient, *, at: datetime | None = None) -> tuple[str, ...] | None:
    """Those of the newest statement; of what was stated until `at`, if that is given."""
    statements = patient.allergy_statements.filter(stated_at__lte=at) if at else patient.allergy_statements
    newest = statements.first()
    return None if newest is None else tuple(newest.substances)


def weigh(
    patient: Patient, typed_kg: str, actor: Actor, *, reason: str = "", measured_at: datetime | None = None
) -> Weight:
    """Keep a weight, measured now or before. Refused when it is no number or no weight, is measured in the future, or
    far from the last one with no reason given.
    """
    now = timezone.now()
    _must_not_be_to_come(measured_at)
    weight_kg = read_number(typed_kg, QUANTITIES["weight_kg"])
    found = _far_from_last(patient, weight_kg)
    if found and not reason.strip():
        raise Refused(found)
    return Weight.objects.create(
        clinic=patient.clinic,
        patient=patient,
        weight_kg=weight_kg,
        measured_at=measured_at or now,
        measured_by=actor.the_person,
        reason=reason.strip() if found else "",
    )


def keep_told_weight(
    patient: Patient, weight_kg: Decimal, actor: Actor, *, measured_at: datetime, told_by: str
) -> Weight:
    """Keep a weight that was measured elsewhere, with who wrote it. One that would count, and is far from the last one,
    is refused: weigh instead.
    """
    _must_not_be_to_come(measured_at)
    last = weight_of(patient)
    counts = last is None or measured_at >= last.measured_at
    found = _far_from_last(patient, weight_kg) if counts else ()
    if found:
        raise Refused(found)
    return Weight.objects.create(
        clinic=patient.clinic,
        patient=patient,
        weight_kg=weight_kg,
        measured_at=measured_at,
        measured_by=actor.the_person,
        told_by=told_by,
    )


def _must_not_be_to_come(measured_at: datetime | None) -> None:
    if measured_at and measured_at > timezone.now():
        raise refuse("in_the_future", occurred_at=measured_at.isoformat())


def _far_from_last(patient: Patient, weight_kg: Decimal) -> tuple[Finding, ...]:
    last = weight_of(patient)
    return judge_weight(
        weight_kg,
        last_weight_kg=last.weight_kg if last else None,
        noted_from_percent=Decimal(patient.clinic.weight_change_noted_percent),
    )


def state_allergies(patient: Patient, substances: Sequence[str], actor: Actor) -> AllergyStatement:
    """Keep the substances a patient named. To name none is another thing, and another function."""
    named = [substance.strip() for substance in substances if substance.strip()]
    if not named:
        raise refuse("no_substance_named")
    return _stated(patient, actor, named)


def shortened(substance: str) -> str:
    """As much of somebody's words as the statement has room for; a sign says that there was more."""
    most = AllergyStatement.LONGEST_SUBSTANCE
    return substance if len(substance) <= most else substance[: most - 1] + "…"


def state_none_known(patient: Patient, actor: Actor) -> AllergyStatement:
    """Keep the assertion that no allergy is known, with whoever asked."""
    return _stated(patient, actor, [])


def _stated(patient: Patient, actor: Actor, substances: list[str]) -> AllergyStatement:
    return AllergyStatement.objects.create(
        clinic=patient.clinic,
        patient=patient,
        is_none_known=not substances,
        substances=substances,
        stated_by=actor.the_person,
    )
