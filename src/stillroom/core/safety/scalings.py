"""By which weight? In a heavy person the usual ones lie far apart: all are shown, and the order stays by the scale.

Half a milligram per kilogram was studied by weight on the scale; for a body mass index of 30 and more the APA consensus
statement (Sanacora et al., JAMA Psychiatry 2017;74:399) names ideal and adjusted weight as what to consider.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.core.errors import Finding, Severity

SHOWN_FROM_BMI = Decimal(30)

CM_PER_INCH = Decimal("2.54")
DEVINE_KG = {True: Decimal("45.5"), False: Decimal(50)}
"""At five feet, for women and men; 2.3 kg more for each inch over it. Source: Devine, Drug Intell Clin Pharm 1974."""
DEVINE_KG_PER_INCH = Decimal("2.3")
DEVINE_FROM_INCHES = Decimal(60)
ADJUSTED_SHARE = Decimal("0.4")
"""Of what is above the ideal weight. Source: Bauer et al., Eur J Clin Pharmacol 1983;24:643; used for many drugs."""
LEAN = {True: (Decimal(8780), Decimal(244)), False: (Decimal(6680), Decimal(216))}
"""Lean weight = 9270 W / (a + b BMI). Source: Janmahasatian et al., Clin Pharmacokinet 2005;44:1051."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalings:
    """The same dose per weight by four weights, mg; each from least to most where sex is not known."""

    bmi: Decimal
    actual_mg: tuple[Decimal, Decimal]
    adjusted_mg: tuple[Decimal, Decimal]
    ideal_mg: tuple[Decimal, Decimal]
    lean_mg: tuple[Decimal, Decimal]


def bmi_of(*, weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Kilograms over metres squared."""
    return weight_kg * 10_000 / height_cm**2


def scalings(dose_mg_per_kg: Decimal, *, weight_kg: Decimal, height_cm: Decimal, is_female: bool | None) -> Scalings:
    """What the dose would come to by each weight."""
    sexes = (True, False) if is_female is None else (is_female,)
    ideal_kg = [_ideal_kg(height_cm, each) for each in sexes]
    adjusted_kg = [each + ADJUSTED_SHARE * (weight_kg - each) for each in ideal_kg]
    lean_kg = [_lean_kg(weight_kg, height_cm, each) for each in sexes]
    return Scalings(
        bmi=bmi_of(weight_kg=weight_kg, height_cm=height_cm).quantize(Decimal("0.1")),
        actual_mg=_span(dose_mg_per_kg, [weight_kg]),
        adjusted_mg=_span(dose_mg_per_kg, adjusted_kg),
        ideal_mg=_span(dose_mg_per_kg, ideal_kg),
        lean_mg=_span(dose_mg_per_kg, lean_kg),
    )


def judge_scaling(
    dose_mg_per_kg: Decimal, *, weight_kg: Decimal, height_cm: Decimal | None, is_female: bool | None
) -> tuple[Finding, ...]:
    """A note with the spread between scalings from a body mass index of 30 on; nothing without a height."""
    if height_cm is None or bmi_of(weight_kg=weight_kg, height_cm=height_cm) < SHOWN_FROM_BMI:
        return ()
    by = scalings(dose_mg_per_kg, weight_kg=weight_kg, height_cm=height_cm, is_female=is_female)
    facts = {"bmi": str(by.bmi)} | {
        name: _written(getattr(by, name)) for name in ("actual_mg", "adjusted_mg", "ideal_mg", "lean_mg")
    }
    return (Finding("scalings_differ", Severity.NOTE, facts, "Sanacora et al., JAMA Psychiatry 2017;74:399"),)


def _ideal_kg(height_cm: Decimal, is_female: bool) -> Decimal:
    return DEVINE_KG[is_female] + DEVINE_KG_PER_INCH * (height_cm / CM_PER_INCH - DEVINE_FROM_INCHES)


def _lean_kg(weight_kg: Decimal, height_cm: Decimal, is_female: bool) -> Decimal:
    intercept, slope = LEAN[is_female]
    return 9270 * weight_kg / (intercept + slope * bmi_of(weight_kg=weight_kg, height_cm=height_cm))


def _span(dose_mg_per_kg: Decimal, weights_kg: list[Decimal]) -> tuple[Decimal, Decimal]:
    doses = [(dose_mg_per_kg * each).quantize(Decimal("0.1")) for each in weights_kg]
    return min(doses), max(doses)


def _written(span: tuple[Decimal, Decimal]) -> str:
    least, most = span
    return str(most) if least == most else f"{least} to {most}"
