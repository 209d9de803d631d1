"""What compartments does a published model give this person, and so what answer to ketamine?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

from stillroom.core.pharmacology.compartments import Compartments, Flow, modes_of
from stillroom.core.pharmacology.parameters import EFFECT_SITE_HALF_LIFE, Drug, ParameterSet, Structure
from stillroom.core.pharmacology.response import Kinetics, kinetics_of

_MIN_PER_H = 60.0

PLASMA, LIVER = 0, 3
KE0_PER_MIN = log(2) / EFFECT_SITE_HALF_LIFE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What any model may ask of a person. The weight may be unknown where no chosen model uses it."""

    age_y: float
    weight_kg: float | None = None


def compartments_of(model: ParameterSet, body: Body) -> Compartments:
    """The model's compartments for this body; the weight must be known if the model uses it."""
    return _BUILDERS[model.structure](model, body)


def kinetics_for(
    model: ParameterSet, body: Body, *, ke0_per_min: float = KE0_PER_MIN, compartment: int = PLASMA
) -> Kinetics:
    """The body's answer, by this model, to mg of racemic ketamine."""
    modes = modes_of(compartments_of(model, body))
    return kinetics_of(modes, ke0_per_min=ke0_per_min, compartment=compartment, share_of_dose=share_followed(model))


def share_followed(model: ParameterSet) -> float:
    """How much of each mg of racemic ketamine the model follows: one of the S form, half."""
    return 0.5 if model.drug is Drug.S_KETAMINE else 1.0


def _per_70_kg(model: ParameterSet, body: Body) -> Compartments:
    """Volumes times (weight / 70)^exponent, clearances times (weight / 70)^exponent: Kamp 2020."""
    size = _weight_kg(body) / 70.0
    litre = size ** model.value("volume_exponent")
    l_per_min = size ** model.value("clearance_exponent") / _MIN_PER_H
    return Compartments(
        volumes_l=tuple(model.value(name) * litre for name in ("v1", "v2", "v3")),
        flows=(
            Flow(model.value("cl") * l_per_min, 0),
            Flow(model.value("q2") * l_per_min, 0, 1),
            Flow(model.value("q3") * l_per_min, 0, 2),
        ),
    )


def _rates_per_kg(model: ParameterSet, body: Body) -> Compartments:
    """V1 per kilogram; clearances k V1; a peripheral volume is V1 k_out / k_back: Domino, Clements, Hijazi."""
    v1_l = model.value("v1") * _weight_kg(body)
    volumes_l = [v1_l]
    flows = [Flow(model.value("k10") * v1_l, 0)]
    names = {parameter.name for parameter in model.parameters}
    for out, back in (("k12", "k21"), ("k13", "k31")):
        if out in names:
            flows.append(Flow(model.value(out) * v1_l, 0, len(volumes_l)))
            volumes_l.append(v1_l * model.value(out) / model.value(back))
    return Compartments(tuple(volumes_l), tuple(flows))


def _with_liver(model: ParameterSet, body: Body) -> Compartments:
    """Elimination is from the liver only, fed by a flow that falls from 60 years on: Perez-Ruixo 2021, table 3."""
    years_over_60 = max(body.age_y - 60.0, 0.0)
    liver_flow_l_per_h = model.value("qh") - model.value("qh_fall_per_year_over_60") * years_over_60
    cleared_l_per_h = (model.value("kel") + model.value("kmet")) * model.value("vh")
    return Compartments(
        volumes_l=tuple(model.value(name) for name in ("vc", "vp1", "vp2", "vh")),
        flows=(
            Flow(model.value("q1") / _MIN_PER_H, 0, 1),
            Flow(model.value("q2") / _MIN_PER_H, 0, 2),
            Flow(liver_flow_l_per_h / _MIN_PER_H, 0, LIVER),
            Flow(cleared_l_per_h / _MIN_PER_H, LIVER),
        ),
    )


def _weight_kg(body: Body) -> float:
    if body.weight_kg is None:
        raise ValueError("this model needs a weight")
    return body.weight_kg


_BUILDERS: dict[Structure, Callable[[ParameterSet, Body], Compartments]] = {
    Structure.PER_70_KG: _per_70_kg,
    Structure.RATES_PER_KG: _rates_per_kg,
    Structure.WITH_LIVER: _with_liver,
}
