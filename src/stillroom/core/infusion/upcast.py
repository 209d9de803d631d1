"""Old entries read for ever: turns the payload of an earlier version of a kind into the present one.

`STEPS` maps (kind, version) to a function that takes a decoded payload and returns that of version + 1. Payloads are
plain dictionaries here, before they become facts.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from stillroom.core.infusion.entries import KINDS


def _order_without_alarms(payload: dict[str, Any]) -> dict[str, Any]:
    """Orders of 0.1.0 said nothing of when staff are called."""
    return payload | {"order": payload["order"] | {"alarms": None}}


def _alarms_without_escalation(payload: dict[str, Any]) -> dict[str, Any]:
    """Orders of 0.2.0 said nothing of pauses, escalation and screens: what Stillroom did by itself is no order."""
    alarms = payload["order"]["alarms"]
    return payload | {"order": payload["order"] | {"alarms": alarms if alarms is None else CALLS | alarms}}


def _alarms_without_symptoms(payload: dict[str, Any]) -> dict[str, Any]:
    """Orders of 0.3.0 did not say from which score of distress or nausea somebody is called, what is done about figures
    that stay the same and alarms that come again, and asked for no score.
    """
    alarms = payload["order"]["alarms"]
    known = {"alarms": alarms if alarms is None else SYMPTOMS | REPEATED | alarms}
    return payload | {"order": NO_SCORE | ONE_CHECK | payload["order"] | known}


def _order_without_observation(payload: dict[str, Any]) -> dict[str, Any]:
    """Orders of 0.4.0 said nothing of what is worth a glance, and of what is asked when."""
    return payload | {"order": NO_OBSERVATION | payload["order"]}


def _alarms_without_seen_again(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then no order said when a high alarm that was seen and still stands is heard again, nor how far counted
    drops and bag may differ.
    """
    alarms = payload["order"]["alarms"]
    known = {"alarms": alarms if alarms is None else SEEN_AGAIN | alarms}
    return payload | {"order": payload["order"] | known}


def _look_without_symptoms(payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"symptoms": None, "pulls_at_line": None}


def _medicine_for_whatever(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then nobody was asked whether it was against nausea."""
    return payload | {"against_nausea": None}


def _check_without_detachment(payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"detached": None, "symptoms": None}


def _check_without_tiredness(payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"tired": None}


def _check_without_breaths(payload: dict[str, Any]) -> dict[str, Any]:
    """An empty field was room air or was not looked at: nobody can tell which."""
    is_on_oxygen = Decimal(payload["oxygen_l_per_min"] or 0) > 0
    asked = dict.fromkeys(("breaths_per_min", "anxious", "nauseous"))
    return payload | {"on_room_air": False if is_on_oxygen else None} | asked


def _home_without_override(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then no door was opened but by its conditions."""
    return payload | {"overridden_seq": None}


def _signature_without_role(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then nobody but a prescriber could sign."""
    return payload | {"role": "prescriber"}


def _second_not_asked(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then nobody asked whoever was named as the second."""
    return payload | {"asks_second": False}


def _named_not_asked(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then nobody asked whoever was named for a decision about a risk."""
    return payload | {"asks_named": False}


def _start_without_asking(payload: dict[str, Any]) -> dict[str, Any]:
    """Until then who the patient is was asked when they were made ready alone, and nobody asked the clock."""
    return payload | {"patient_asked": False, "clock_off_by_s": None}


CALLS = {
    "no_screen_after_s": 10,
    "sound_paused_at_most_s": 120,
    "high_escalates_after_s": 30,
    "medium_escalates_after_s": 120,
    "escalates_further_after_s": 60,
    "values_sound": True,
}
"""What holds for an order of before these were asked: the unsigned defaults of the release that brought them."""

SYMPTOMS = {"anxious_from": 7, "nauseous_from": 7}
"""Likewise."""

ONE_CHECK = {"second_patient_check": False}
"""Until then an order could ask for a second person at the bag alone."""

NO_SCORE: dict[str, Any] = {"leaving_score": None}
NO_OBSERVATION: dict[str, Any] = {"observation": None}
REPEATED = {"frozen_after_s": 300, "grouped_within_s": 60, "review_after_cycles": 3, "review_within_min": 10}
"""Likewise: what is done about figures that stay the same, and about alarms that come again."""

SEEN_AGAIN = {"seen_again_after_s": 120, "volumes_notice_percent": 5, "volumes_differ_percent": 10}
"""Likewise."""

ALARMS_ADDED = CALLS | SYMPTOMS | REPEATED | SEEN_AGAIN
"""Whatever an earlier order may lack of `AlarmSettings`."""

STEPS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("InfusionPlanned", 1): _order_without_alarms,
    ("InfusionPlanned", 2): _alarms_without_escalation,
    ("InfusionPlanned", 3): _alarms_without_symptoms,
    ("InfusionPlanned", 4): _order_without_observation,
    ("InfusionPlanned", 5): _alarms_without_seen_again,
    ("PatientWatched", 1): _look_without_symptoms,
    ("StartIntended", 1): _start_without_asking,
    ("MedicineGiven", 1): _medicine_for_whatever,
    ("InfusionReassigned", 1): _second_not_asked,
    ("RecoveryChecked", 1): _check_without_tiredness,
    ("RecoveryChecked", 2): _check_without_detachment,
    ("RecoveryChecked", 3): _check_without_breaths,
    ("RiskSettled", 1): _named_not_asked,
    ("ChartSigned", 1): _signature_without_role,
    ("WentHome", 1): _home_without_override,
}


def upcast(kind: str, version: int, payload: dict[str, Any]) -> dict[str, Any]:
    """`payload` as the present version of `kind` writes it. ValueError: a kind or version this release never had."""
    if kind not in KINDS or not 1 <= version <= KINDS[kind].VERSION:
        raise ValueError(f"unknown entry {kind} version {version}")
    for step in range(version, KINDS[kind].VERSION):
        payload = STEPS[kind, step](payload)
    return payload
