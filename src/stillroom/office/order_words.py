"""An order in words: every line of it, and what one says otherwise than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stillroom.clinics.models import Role
from stillroom.core.order import AlarmSettings, Antiemetic, Change, Door, LeavingScore, Observation, Order, changes
from stillroom.office.order_form import BY, CALLED, DOORS, SCALES_ASKED, SOUND, WHEN, OrderForm, values_of
from stillroom.web.templatetags.words import plain

OWN_LABELS = {
    "alarms": "When staff are called",
    "antiemetic": "Against nausea",
    "drops_per_ml": "Drip set",
    "leaving_score": "Before a door opens",
    "observation": "Worth a glance, and what is asked",
    "pump_tolerance": "The pump is right within",
}


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    label: str
    before: str
    after: str
    unit: str = ""


def lines_of(order: Order) -> list[Line]:
    """All of it, in the order of the form; what is empty is left out."""
    values = values_of(order)
    fields: dict[str, Any] = OrderForm.base_fields
    return [
        Line(str(field.label), _said(values[name], name), getattr(field, "unit", ""))
        for name, field in fields.items()
        if values.get(name) not in (None, "")
    ]


def otherwise(before: Order, after: Order) -> list[Otherwise]:
    return in_words(changes(before, after))


def in_words(changed: Sequence[Change]) -> list[Otherwise]:
    """What changed, each by the name it has on the form."""
    return [_otherwise(each) for each in changed]


def _otherwise(change: Change) -> Otherwise:
    leaf = change.field.rsplit(".", 1)[-1]
    field: Any = OrderForm.base_fields.get(leaf)
    whole = change.field.replace("antiemetic.", "antiemetic_").replace("leaving_score.", "leaving_")
    field = field or OrderForm.base_fields.get(whole)
    label = OWN_LABELS.get(leaf) or (str(field.label) if field else "Against nausea")
    return Otherwise(label, _said(change.before, leaf), _said(change.after, leaf), getattr(field, "unit", ""))


def _said(value: Any, name: str) -> str:
    if name in ("alarms", "observation") and value is None:
        return "as Stillroom does by itself"
    if isinstance(value, AlarmSettings | Observation | LeavingScore):
        return _of_part(value)
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return _of_bool(value, name)
    if isinstance(value, Antiemetic):
        return f"{value.name} {plain(value.dose_mg)} mg, {'before the start' if value.before_start else 'held ready'}"
    if isinstance(value, list | tuple):
        return ", ".join(_named(each) for each in value)
    if isinstance(value, int | Decimal):
        return plain(value)
    if name in ("leaving_scale", "scale"):
        return dict(SCALES_ASKED)[str(value)]
    named = {"by": dict(BY), "antiemetic_when": dict(WHEN), "values_sound": dict(SOUND)}.get(name, {})
    return named.get(str(value), str(value))


def _of_alarms(alarms: AlarmSettings) -> str:
    """What the form asks of it, each by its name there."""
    fields: dict[str, Any] = OrderForm.base_fields
    said = [f"{str(fields[name].label).lower()} {getattr(alarms, name)} {fields[name].unit}" for name in CALLED]
    return "; ".join([*said, f"figures beyond a limit {dict(SOUND)['yes' if alarms.values_sound else 'no']}"])


def _of_part(part: AlarmSettings | Observation | LeavingScore) -> str:
    if isinstance(part, AlarmSettings):
        return _of_alarms(part)
    if isinstance(part, Observation):
        return _of_observation(part)
    return f"{dict(SCALES_ASKED)[part.scale]}, {part.at_least} of 10, {part.times} in a row, {part.apart_min} min apart"


def _of_observation(observation: Observation) -> str:
    fields: dict[str, Any] = OrderForm.base_fields
    named = ((fields[name], name, getattr(observation, name)) for name in Observation.__slots__)
    said = (
        f"{(getattr(field, 'short', '') or str(field.label)).lower()} {_said(value, name)} {getattr(field, 'unit', '')}"
        for field, name, value in named
    )
    return "; ".join(each.strip() for each in said)


def _of_bool(value: bool, name: str) -> str:
    if name == "before_start":
        return "before the start" if value else "held ready"
    return "yes" if value else "no"


def _named(each: str) -> str:
    return DOORS[Door(each)] if each in list(Door) else str(Role(each).label)
