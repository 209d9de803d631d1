"""Where is this person on the curve, by each published model, and how far apart are the models?

A forecast is estimated from the drip, never measured. It informs: it opens no door, clears no alarm, changes no dose,
and says nothing about whether the treatment works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from stillroom.core.errors import Finding, Severity, refuse
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.history import RateHistory, staircase
from stillroom.core.pharmacology.models import Body, kinetics_for
from stillroom.core.pharmacology.parameters import (
    ADULT_FROM_Y,
    ASSUMED_SPREAD_PERCENT,
    EFFECT_SITE_HALF_LIFE,
    MODELS,
    Drug,
    ParameterSet,
    Range,
)
from stillroom.core.pharmacology.response import respond

# Bounds of human bodies, wide on purpose: they catch slips of the finger, not illness. Inclusive.
AGE_Y_CAN_BE = (0.0, 120.0)
WEIGHT_KG_CAN_BE = (20.0, 400.0)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One model's estimate at the course's times: concentrations (t,), ng/mL of `drug`, and what to say beside it."""

    model: str
    title: str
    drug: Drug
    plasma_ng_per_ml: Array
    effect_site_ng_per_ml: Array
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """From the lowest model less the assumed spread to the highest more it, (t,), ng/mL. Not a share of people."""

    lower_ng_per_ml: Array
    upper_ng_per_ml: Array


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Every chosen model's line over the same times (t,), minutes from the start of the infusion, and the band.

    The band is over the models of racemic ketamine; a model of one enantiomer has its line and is not in it. Without
    any such model there is no band.
    """

    t_min: Array
    lines: tuple[Line, ...]
    plasma_band: Band | None
    effect_site_band: Band | None
    spread_percent: float
    t_half_ke0_min: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that must be said beside the curves."""
        assumed = Finding("spread_assumed", Severity.NOTE, {"percent": f"{self.spread_percent:g}"})
        return (*((assumed,) if self.plasma_band else ()), *(found for line in self.lines for found in line.findings))


def course(
    models: Iterable[str], segments: Sequence[tuple[float, float, float]], patient: Body, t_min: ArrayLike
) -> Course:
    """The course of ketamine in `patient` by each of `models` given (start_min, end_min, rate_mg_per_min).

    Rates are of ketamine base at the vein; times are minutes, (t,), in any order; before the first segment there is no
    drug. Exact for each model. Refused for children, for what cannot be true, and for rates that make no sense.
    """
    chosen = models_named(models)
    must_be_possible(patient, chosen)
    history, times = staircase(segments), minutes(t_min)
    lines = tuple(_line(model, history, patient, times) for model in chosen)
    racemic = [line for line in lines if line.drug is Drug.KETAMINE]
    return Course(
        t_min=times,
        lines=lines,
        plasma_band=_band([line.plasma_ng_per_ml for line in racemic]),
        effect_site_band=_band([line.effect_site_ng_per_ml for line in racemic]),
        spread_percent=ASSUMED_SPREAD_PERCENT,
        t_half_ke0_min=EFFECT_SITE_HALF_LIFE.value,
    )


def models_named(names: Iterable[str]) -> tuple[ParameterSet, ...]:
    """The models of these names, in the order given, each once. Codes: no_model_chosen, model_unknown."""
    chosen = tuple(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in MODELS]
    if unknown:
        raise refuse("model_unknown", model=unknown[0], known=", ".join(MODELS))
    if not chosen:
        raise refuse("no_model_chosen", known=", ".join(MODELS))
    return tuple(MODELS[name] for name in chosen)


def must_be_possible(patient: Body, models: Sequence[ParameterSet]) -> None:
    """Refused for a child, an age or weight no adult has, a weight that is missing where a model uses it.

    Codes: cannot_be_true, patient_is_a_child, weight_missing.
    """
    _must_be_within("age_y", patient.age_y, AGE_Y_CAN_BE)
    if patient.age_y < ADULT_FROM_Y:
        raise refuse("patient_is_a_child", age_y=f"{patient.age_y:g}", adult_from_y=str(ADULT_FROM_Y))
    if patient.weight_kg is not None:
        _must_be_within("weight_kg", patient.weight_kg, WEIGHT_KG_CAN_BE)
    needing = [model.name for model in models if "weight_kg" in model.inputs]
    if needing and patient.weight_kg is None:
        raise refuse("weight_missing", models=", ".join(needing))


def out_of_range(model: ParameterSet, patient: Body) -> tuple[Finding, ...]:
    """One note for each of age and weight beyond where the model was made, or where we assume it holds."""
    ranges: tuple[tuple[str, float | None, Range], ...] = (
        ("age_y", patient.age_y, model.age_y),
        ("weight_kg", patient.weight_kg, model.weight_kg),
    )
    return tuple(
        Finding("model_out_of_range", Severity.NOTE, _range_facts(model, field, value, span), model.source)
        for field, value, span in ranges
        if value is not None and not span.lower <= value <= span.upper
    )


def minutes(t_min: ArrayLike) -> Array:
    """Times as (t,); refused if one is not a number. Code: time_not_a_number."""
    times = np.atleast_1d(np.asarray(t_min, dtype=np.float64))
    if not np.all(np.isfinite(times)):
        raise refuse("time_not_a_number")
    return times


def _range_facts(model: ParameterSet, field: str, value: float, span: Range) -> dict[str, str]:
    return {
        "model": model.name,
        "field": field,
        "value": f"{value:g}",
        "lowest": f"{span.lower:g}",
        "highest": f"{span.upper:g}",
        "standing": "stated" if span.is_stated else "assumed",
        "basis": span.basis,
    }


def _line(model: ParameterSet, history: RateHistory, patient: Body, t_min: Array) -> Line:
    plasma, effect_site = respond(kinetics_for(model, patient), history, t_min)
    return Line(
        model=model.name,
        title=model.title,
        drug=model.drug,
        plasma_ng_per_ml=plasma,
        effect_site_ng_per_ml=effect_site,
        findings=(*out_of_range(model, patient), *_limits(model)),
    )


def _limits(model: ParameterSet) -> Iterable[Finding]:
    if model.drug is Drug.S_KETAMINE:
        yield Finding("model_of_s_ketamine_only", Severity.NOTE, {"model": model.name}, model.source)
    if not model.is_for_outpatients:
        facts = {"model": model.name, "population": model.population}
        yield Finding("model_not_of_outpatients", Severity.NOTE, facts, model.source)


def _band(lines: Sequence[Array]) -> Band | None:
    if not lines:
        return None
    spread = ASSUMED_SPREAD_PERCENT / 100.0
    return Band(np.min(lines, axis=0) * (1.0 - spread), np.max(lines, axis=0) * (1.0 + spread))


def _must_be_within(field: str, value: float, bounds: tuple[float, float]) -> None:
    lowest, highest = bounds
    if not lowest <= value <= highest:  # what is not a number is not within them either
        raise refuse("cannot_be_true", field=field, value=f"{value:g}", lowest=f"{lowest:g}", highest=f"{highest:g}")
