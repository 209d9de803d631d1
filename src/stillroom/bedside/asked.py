"""Which command does an act ask for? The one table from what is posted at the bedside to what the core decides on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from stillroom.bedside.forms.what import ActForm
from stillroom.bedside.said import FACTS, Said, bag_said, check_said, person_named
from stillroom.bedside.sheets import Act
from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import CLAMP_CLOSED
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Door, Scale
from stillroom.core.safety.recovery_scales import SCALES

Asking = Callable[[Said, InfusionState], c.Command]

NO_INTENT = 0  # no entry has this number, so the core answers that nothing is in doubt any more
DRIVES = "drives"  # of the answers to how somebody travels: the one by which nobody goes home after ketamine


def command_for(act: Act, form: ActForm, state: InfusionState, *, now: datetime) -> c.Command:
    """The command that a valid form asks for. `now` is on the clinic's clock, as `happened_at` is."""
    ask = COMMANDS.get(act)
    command = ask(form.cleaned_data, state) if ask else c.Record(fact=FACTS[act](form.cleaned_data, state))
    return replace(command, **_when(form, now))


def correction_for(form: ActForm, replacement: e.Fact | None, *, now: datetime) -> c.CorrectEntry:
    """As above for a correction, whose replacement is read from the sheet of the entry that was wrong."""
    said = form.cleaned_data
    command = c.CorrectEntry(corrects_seq=said["corrects_seq"], reason=said["reason"], replacement=replacement)
    return replace(command, **_when(form, now))


def _when(form: ActForm, now: datetime) -> dict[str, Any]:
    happened_at = form.occurred_at(now)
    return {
        "occurred_at": happened_at.astimezone(UTC) if happened_at else None,
        "late_reason": form.cleaned_data["late_reason"] or None,
    }


def _make_bag(said: Said, state: InfusionState) -> c.Command:
    of_shelf = said["from_shelf"].split(" ", 2)[2] if said["from_shelf"] else ""
    return c.MakeBag(bag=bag_said(said), lot=said["lot"] or of_shelf or None)


def _ready(said: Said, state: InfusionState) -> c.Command:
    return c.DeclareReady(reason=said["reason"] or None, prescriber=person_named(said, "prescriber"))


def _new_rate(said: Said, state: InfusionState) -> c.Command:
    return c.SetRate(
        rate_ml_per_h=said["rate_ml_per_h"],
        reason=said["reason"] or None,
        prescriber=person_named(said, "prescriber"),
    )


def _change_limit(said: Said, state: InfusionState) -> c.Command:
    return c.ChangeLimit(
        limit=said["limit"],
        value=said["value"],
        reason=said["reason"],
        prescriber=person_named(said, "prescriber"),
    )


def _clamp_closed(said: Said, state: InfusionState) -> c.Command:
    """Whoever tapped it on a screen that had lost its connection could not know the number of the intent."""
    intents = (each.seq for each in reversed(state.pending) if each.kind in CLAMP_CLOSED)
    return c.ConfirmDone(intent_seq=next(intents, NO_INTENT))


def _reassign(said: Said, state: InfusionState) -> c.Command:
    return c.ReassignInfusion(
        patient=UUID(said["patient"]), second_person=UUID(said["second_person"]), reason=said["reason"]
    )


def _name_second(said: Said, state: InfusionState) -> c.Command:
    if state.patient is None:
        raise refuse("not_planned")
    return c.ReassignInfusion(patient=state.patient, second_person=UUID(said["second_person"]), reason=said["reason"])


def _score(scale: Scale) -> Asking:
    tapped = SCALES[scale].tapped
    return lambda said, state: c.ScoreRecovery(scale=scale, points={item: said[item] for item in tapped})


def _override(said: Said, state: InfusionState) -> c.Command:
    return c.OverrideDoor(
        door=Door(said["door"]),
        conditions=tuple(said["conditions"]),
        second=person_named(said, "second"),
        reason=said["reason"],
        insists=said["insists"],
        advised=said["advised"] or None,
    )


def _go_with_adult(said: Said, state: InfusionState) -> c.Command:
    return c.SendHome(
        door=Door.WITH_ADULT,
        travels_by=said["travels_by"],
        drives=said["travels_by"] == DRIVES,
        witness=person_named(said, "witness"),
        adult_name=said["adult_name"],
        adult_relation=said["adult_relation"],
        adult_phone=said["adult_phone"],
    )


def _go_when_clear(said: Said, state: InfusionState) -> c.Command:
    return c.SendHome(door=Door.WHEN_CLEAR, travels_by=said["travels_by"], drives=said["travels_by"] == DRIVES)


COMMANDS: Mapping[Act, Asking] = MappingProxyType(
    {
        Act.MAKE_BAG: _make_bag,
        Act.CHECK_BAG: lambda said, state: c.CheckBag(),
        Act.CHECK_PATIENT: lambda said, state: c.CheckPatient(),
        Act.READY: _ready,
        Act.CONFIRM_NAMING: lambda said, state: c.ConfirmNaming(named_seq=said["named_seq"]),
        Act.ABANDON: lambda said, state: c.AbandonInfusion(reason=said["reason"]),
        Act.START: lambda said, state: c.StartInfusion(reason=said["reason"] or None),
        Act.CONFIRM: lambda said, state: c.ConfirmDone(intent_seq=said["intent_seq"]),
        Act.NOT_DONE: lambda said, state: c.ReportNotDone(intent_seq=said["intent_seq"]),
        Act.NEW_RATE: _new_rate,
        Act.PAUSE: lambda said, state: c.PauseInfusion(),
        Act.RESUME: lambda said, state: c.ResumeInfusion(rate_ml_per_h=said["rate_ml_per_h"]),
        Act.STOP: lambda said, state: c.StopInfusion(),
        Act.CLAMP_CLOSED: _clamp_closed,
        Act.PAUSE_SOUND: lambda said, state: c.PauseSound(
            condition=said["condition"], for_s=said["for_s"], screen=said["screen"]
        ),
        Act.CHANGE_LIMIT: _change_limit,
        Act.AS_WISHED: lambda said, state: c.SetComfort(chosen=()),  # what was wished for stands in the record
        Act.END: lambda said, state: c.EndInfusion(left_in_bag_ml=said["left_in_bag_ml"]),
        Act.REASSIGN: _reassign,
        Act.AGREE_REASSIGNMENT: lambda said, state: c.AgreeToReassignment(reassigned_seq=said["reassigned_seq"]),
        Act.NAME_SECOND: _name_second,
        Act.CHECK: lambda said, state: c.CheckRecovery(check=check_said(said)),
        Act.SCORE_ALDRETE: _score(Scale.MODIFIED_ALDRETE),
        Act.SCORE_PADSS: _score(Scale.PADSS),
        Act.OVERRIDE_DOOR: _override,
        Act.AGREE_OVERRIDE: lambda said, state: c.AgreeToOverride(overridden_seq=said["overridden_seq"]),
        Act.GO_WITH_ADULT: _go_with_adult,
        Act.GO_WHEN_CLEAR: _go_when_clear,
        Act.SIGN: lambda said, state: c.SignChart(meaning=said["meaning"]),
    }
)
"""What has to be decided. Every other act but a correction records its fact (said.py)."""
