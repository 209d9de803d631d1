"""Which fact does a filled sheet state? One row for each act that is simply written down.

`Said` is what a form made of what was typed: numbers are numbers, choices are of those shown. An answer left empty is
None in the fact. Nothing is judged here; that is `core.infusion.decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from stillroom.bedside.sheets import Act
from stillroom.core.drip.bag import Bag
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety.preflight import PreflightItem, Reply

Said = Mapping[str, Any]
Stating = Callable[[Said, InfusionState], e.Fact]

NUMBERS_OF_VITALS = ("sbp_mmhg", "dbp_mmhg", "pulse_per_min", "spo2_percent", "resp_per_min", "temperature_cel")
SCORES = ("breaths_per_min", "detached", "anxious", "nauseous", "oxygen_l_per_min")
SEEN_AT_CHECK = ("oriented", "breathing_steady", "on_room_air", "vomiting", "effects_gone")
PRESSURE_OF_CHECK = ("sbp_mmhg", "dbp_mmhg", "pulse_per_min")
NUMBERS_OF_CHECK = (
    "detached",
    "anxious",
    "nauseous",
    *PRESSURE_OF_CHECK,
    "spo2_percent",
    "breaths_per_min",
    "oxygen_l_per_min",
)


def person_named(said: Said, field: str) -> UUID | None:
    return UUID(said[field]) if said[field] else None


def bag_said(said: Said) -> Bag:
    volumes = _picked(said, "drug_volume_ml", "fluid_volume_ml", "overfill_ml", "withdrawn_ml")
    return Bag(vial_mg_per_ml=Decimal(said["vial_mg_per_ml"]), **volumes)


def check_said(said: Said) -> e.RecoveryChecked:
    return e.RecoveryChecked(
        awake=e.Awake(said["awake"]),
        on_feet=e.OnFeet(said["on_feet"]) if said["on_feet"] else None,
        tired=e.Tired(said["tired"]) if said["tired"] else None,
        symptoms=said["symptoms"],
        **_picked(said, *SEEN_AT_CHECK, *NUMBERS_OF_CHECK),
    )


def _just(fact: type[e.Fact]) -> Stating:
    """A fact of one tap: that it happened is all there is to say."""
    return lambda said, state: fact()


def _preflight(said: Said, state: InfusionState) -> e.Fact:
    return e.PreflightAnswered(
        item=PreflightItem(said["item"]), reply=Reply(said["reply"]), words=said["words"] or None
    )


def _hung(said: Said, state: InfusionState) -> e.Fact:
    return e.BagHung(line=Line(volume_ml=said["line_volume_ml"], primed_with=Priming(said["primed_with"])))


def _watched(said: Said, state: InfusionState) -> e.Fact:
    return e.PatientWatched(
        awake=e.Awake(said["awake"]) if said["awake"] else None,
        not_woken=said["not_woken"],
        line_site=e.LineSite(said["line_site"] or e.LineSite.NOT_LOOKED_AT),
        symptoms=said["symptoms"],
        pulls_at_line=said["pulls_at_line"],
        **_picked(said, *SCORES),
    )


def _medicine(said: Said, state: InfusionState) -> e.Fact:
    words = _picked(said, "name", "amount", "unit", "route", "against_nausea", "reason")
    return e.MedicineGiven(before_start=state.started_at is None, **words)


def _picked(said: Said, *names: str) -> dict[str, Any]:
    return {name: said[name] for name in names}


FACTS: Mapping[Act, Stating] = MappingProxyType(
    {
        Act.ARRIVE: _just(e.PatientArrived),
        Act.PREFLIGHT: _preflight,
        Act.PLACE_LINE: lambda said, state: e.LinePlaced(site=said["site"], placed_by=said["placed_by"] or None),
        Act.MAKE_BAG: lambda said, state: e.BagMade(bag=bag_said(said), lot=said["lot"] or None),
        Act.HANG_BAG: _hung,
        Act.COUNT_DROPS: lambda said, state: e.DropsCounted(drops=said["drops"], seconds=said["seconds"]),
        Act.READ_PUMP: lambda said, state: e.PumpRateRead(rate_ml_per_h=said["rate_ml_per_h"]),
        Act.STREAM_SEEN: _just(e.StreamSeen),
        Act.DISTURBED: _just(e.DripDisturbed),
        Act.READ_BAG: lambda said, state: e.BagRead(left_in_bag_ml=said["left_in_bag_ml"]),
        Act.FLUSH_LINE: lambda said, state: e.LineFlushed(**_picked(said, "volume_ml", "duration_min")),
        Act.END: lambda said, state: e.InfusionEnded(left_in_bag_ml=said["left_in_bag_ml"]),
        Act.VITALS: lambda said, state: e.VitalsCharted(source=e.Source.BY_HAND, **_picked(said, *NUMBERS_OF_VITALS)),
        Act.WATCH: _watched,
        Act.MEDICINE: _medicine,
        Act.COMFORT: lambda said, state: e.ComfortSet(item=said["item"], choice=said["choice"] or said["words"]),
        Act.CALM: lambda said, state: e.CalmingTried(step=said["step"]),
        Act.EFFECT: lambda said, state: e.EffectNoted(of_seq=said["of_seq"], effect=e.Effect(said["effect"])),
        Act.DISMISS_ADVICE: lambda said, state: e.AdviceDismissed(
            code=said["code"], level=said["level"], reason=said["reason"] or None
        ),
        Act.NOTE: lambda said, state: e.NoteAdded(words=said["words"]),
        Act.HAND_OVER: lambda said, state: e.RoomOffered(to=UUID(said["colleague"]), words=said["words"] or None),
        Act.TAKE_ROOM: _just(e.RoomTaken),
        Act.ACKNOWLEDGE: lambda said, state: e.AlarmAcknowledged(condition=said["condition"]),
        Act.SOUND_BACK: lambda said, state: e.SoundResumed(condition=said["condition"]),
        Act.REVIEW: _just(e.AlarmsReviewed),
        Act.HELP: _just(e.HelpCalled),
        Act.HELP_STEP: lambda said, state: e.HelpStepDone(step=said["step"]),
        Act.HELP_OVER: _just(e.HelpEnded),
        Act.CHECK: lambda said, state: check_said(said),
        Act.ACCEPT_PRESSURE: lambda said, state: e.PressureAccepted(reason=said["reason"]),
        Act.LINE_OUT: _just(e.LineRemoved),
        Act.SETTLE_RISK: lambda said, state: e.RiskSettled(
            outcome=e.Risk(said["outcome"]), decided_by=person_named(said, "decided_by")
        ),
        Act.INSTRUCTIONS: _just(e.InstructionsGiven),
        Act.TO_HOSPITAL: lambda said, state: e.TakenToHospital(
            line_stays=said["line_stays"], handed_to=said["handed_to"] or None, **_picked(said, "where", "reason")
        ),
    }
)
"""What an act states, where it states something. MAKE_BAG, END and CHECK are decided on first (asked.py)."""

CORRECTED_WITH: Mapping[type[e.Fact], Act] = MappingProxyType(
    {
        e.LinePlaced: Act.PLACE_LINE,
        e.BagMade: Act.MAKE_BAG,
        e.BagHung: Act.HANG_BAG,
        e.DropsCounted: Act.COUNT_DROPS,
        e.PumpRateRead: Act.READ_PUMP,
        e.BagRead: Act.READ_BAG,
        e.LineFlushed: Act.FLUSH_LINE,
        e.InfusionEnded: Act.END,
        e.VitalsCharted: Act.VITALS,
        e.PatientWatched: Act.WATCH,
        e.MedicineGiven: Act.MEDICINE,
        e.ComfortSet: Act.COMFORT,
        e.NoteAdded: Act.NOTE,
        e.RecoveryChecked: Act.CHECK,
        e.PressureAccepted: Act.ACCEPT_PRESSURE,
        e.RiskSettled: Act.SETTLE_RISK,
        e.StartIntended: Act.START,
        e.RateIntended: Act.NEW_RATE,
        e.ResumeIntended: Act.RESUME,
    }
)
"""The sheet whose fields put an entry right. An entry that is not here has neither numbers nor words, only a time."""
