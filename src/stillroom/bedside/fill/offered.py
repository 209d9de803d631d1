"""Which acts are offered now, to these roles? An offer is a convenience: the core decides again when one is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stillroom.bedside.sheets import Act
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import CLAMP_CLOSED, CONFIRMED, is_only_slower
from stillroom.core.infusion.override import agreed_override
from stillroom.core.infusion.ready import may_have_helped
from stillroom.core.infusion.recovery import is_pressure_near_arrival, named_for_risk
from stillroom.core.infusion.roles import EMERGENCY, MAY, PRESCRIBER
from stillroom.core.infusion.state import (
    AFTER,
    DRIP_ON,
    MOVES,
    OVER,
    WHILE_OPEN,
    InfusionState,
    Status,
    is_site_doubtful,
    wants_review,
)
from stillroom.core.order import Door

Roles = frozenset[str | None]
IN_EMERGENCY: Roles = frozenset({EMERGENCY})
NOBODY: Roles = frozenset({None})  # an enrolled display with nobody signed in


def always(state: InfusionState) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Offer:
    """An act: what is asked of the core, the fact that would be logged, and what else must be so to make sense."""

    asked: type[c.Command | e.Fact]
    fact: type[e.Fact]
    if_so: Callable[[InfusionState], bool] = always

    def is_legal(self, state: InfusionState) -> bool:
        return state.status in MOVES.get(self.fact, WHILE_OPEN).sources and self.if_so(state)


def _recorded(fact: type[e.Fact], if_so: Callable[[InfusionState], bool] = always) -> Offer:
    return Offer(fact, fact, if_so)


def _is_hung(state: InfusionState) -> bool:
    """From when a bag hangs until the drip is ended, something could run: stop is in view all that time."""
    return (state.hung is not None or state.is_in_doubt) and state.status not in AFTER | OVER


def _is_by_drops(state: InfusionState) -> bool:
    return _is_hung(state) and not _is_by_pump(state)


def _is_by_pump(state: InfusionState) -> bool:
    return _is_hung(state) and state.planned is not None and state.planned.order.delivery.drops_per_ml is None


def _wants_second_check(state: InfusionState) -> bool:
    wanted = state.planned is not None and state.planned.order.second_patient_check
    return wanted and state.patient_checked_by is None and not state.is_in_doubt


def _may_confirm(state: InfusionState) -> bool:
    """What was meant. What came back from a backup nobody meant: there it is as it shows, or something else is done."""
    return state.is_in_doubt and state.pending[-1].kind in CONFIRMED


def _may_run(state: InfusionState) -> bool:
    return state.may_be_running


def _may_end(state: InfusionState) -> bool:
    return state.status in DRIP_ON | {Status.STOPPED} or state.is_in_doubt


def _wants_line(state: InfusionState) -> bool:
    """There is none, or one that may not lie in the vein."""
    return state.line is None or is_site_doubtful(state)


def _has_help(state: InfusionState) -> bool:
    return state.help_called_at is not None


def _is_theirs(state: InfusionState) -> bool:
    """Of who has left only while help is called."""
    return state.status not in OVER or _has_help(state)


def _may_be_taken(state: InfusionState) -> bool:
    return _is_theirs(state) and not state.may_be_running


def _has_pressure_to_accept(state: InfusionState) -> bool:
    return bool(state.checks) and not is_pressure_near_arrival(state)


def _through(door: Door) -> Callable[[InfusionState], bool]:
    """One that the order offers, or that two of the staff opened all the same."""
    return lambda state: (
        state.planned is not None and (door in state.planned.order.doors or _is_opened_all_the_same(state, door))
    )


def _is_opened_all_the_same(state: InfusionState, door: Door) -> bool:
    agreed = agreed_override(state, door)
    return agreed is not None and "door_not_offered" in agreed.fact.conditions


def _waits_for_the_second(state: InfusionState) -> bool:
    return state.override is not None and state.override_agreed_by is None


def _waits_for_whose_it_is(state: InfusionState) -> bool:
    return state.reassignment_waits is not None


OFFERS: Mapping[Act, Offer] = MappingProxyType(
    {
        Act.ARRIVE: _recorded(e.PatientArrived),
        Act.PREFLIGHT: _recorded(e.PreflightAnswered),
        Act.PLACE_LINE: _recorded(e.LinePlaced, _wants_line),
        Act.MAKE_BAG: Offer(c.MakeBag, e.BagMade),
        Act.CHECK_BAG: Offer(c.CheckBag, e.BagChecked, lambda state: state.bag is not None),
        Act.HANG_BAG: _recorded(e.BagHung, lambda state: state.bag is not None),
        Act.CHECK_PATIENT: Offer(c.CheckPatient, e.PatientChecked, _wants_second_check),
        Act.READY: Offer(c.DeclareReady, e.MadeReady),
        Act.CONFIRM_NAMING: Offer(c.ConfirmNaming, e.PrescriberConfirmed, lambda state: bool(state.named)),
        Act.ABANDON: Offer(c.AbandonInfusion, e.InfusionAbandoned, lambda state: not state.is_in_doubt),
        Act.START: Offer(c.StartInfusion, e.StartIntended, lambda state: not state.is_in_doubt),
        Act.CONFIRM: Offer(c.ConfirmDone, e.NoteAdded, _may_confirm),
        Act.NOT_DONE: Offer(c.ReportNotDone, e.IntentNotDone, lambda state: state.is_in_doubt),
        Act.COUNT_DROPS: _recorded(e.DropsCounted, _is_by_drops),
        Act.READ_PUMP: _recorded(e.PumpRateRead, _is_by_pump),
        Act.STREAM_SEEN: _recorded(e.StreamSeen, _is_hung),
        Act.DISTURBED: _recorded(e.DripDisturbed, _may_run),
        Act.READ_BAG: _recorded(e.BagRead, _is_hung),
        Act.NEW_RATE: Offer(c.SetRate, e.RateIntended, _may_run),
        Act.PAUSE: Offer(c.PauseInfusion, e.PauseIntended, _may_run),
        Act.RESUME: Offer(c.ResumeInfusion, e.ResumeIntended, lambda state: not state.is_in_doubt),
        Act.STOP: Offer(c.StopInfusion, e.StopIntended, _is_hung),
        Act.CLAMP_CLOSED: Offer(c.ConfirmDone, e.StopIntended, _is_hung),
        Act.FLUSH_LINE: _recorded(e.LineFlushed),
        Act.END: Offer(c.EndInfusion, e.NoteAdded, _may_end),
        Act.VITALS: _recorded(e.VitalsCharted, _is_theirs),
        Act.WATCH: _recorded(e.PatientWatched, _is_theirs),
        Act.MEDICINE: _recorded(e.MedicineGiven, _is_theirs),
        Act.COMFORT: _recorded(e.ComfortSet),
        Act.AS_WISHED: Offer(c.SetComfort, e.ComfortSet),
        Act.CALM: _recorded(e.CalmingTried),
        Act.EFFECT: _recorded(e.EffectNoted, lambda state: bool(may_have_helped(state))),
        Act.DISMISS_ADVICE: _recorded(e.AdviceDismissed),
        Act.NOTE: _recorded(e.NoteAdded),
        Act.CORRECT: Offer(c.CorrectEntry, e.EntryCorrected),
        Act.HAND_OVER: _recorded(e.RoomOffered, lambda state: state.taken_by is not None),
        Act.TAKE_ROOM: _recorded(e.RoomTaken),
        Act.REASSIGN: Offer(c.ReassignInfusion, e.InfusionReassigned, lambda state: state.status not in OVER),
        Act.AGREE_REASSIGNMENT: Offer(c.AgreeToReassignment, e.ReassignmentAgreed, _waits_for_whose_it_is),
        Act.NAME_SECOND: Offer(c.ReassignInfusion, e.InfusionReassigned, _waits_for_whose_it_is),
        Act.ACKNOWLEDGE: _recorded(e.AlarmAcknowledged, lambda state: bool(state.alarms)),
        Act.PAUSE_SOUND: Offer(c.PauseSound, e.SoundPaused, lambda state: bool(state.alarms)),
        Act.SOUND_BACK: _recorded(e.SoundResumed, lambda state: bool(state.alarms)),
        Act.REVIEW: _recorded(e.AlarmsReviewed, wants_review),
        Act.CHANGE_LIMIT: Offer(c.ChangeLimit, e.LimitChanged),
        Act.HELP: _recorded(e.HelpCalled, lambda state: not _has_help(state)),
        Act.HELP_STEP: _recorded(e.HelpStepDone, _has_help),
        Act.HELP_OVER: _recorded(e.HelpEnded, _has_help),
        Act.CHECK: Offer(c.CheckRecovery, e.NoteAdded, lambda state: state.status in AFTER),
        Act.ACCEPT_PRESSURE: _recorded(e.PressureAccepted, _has_pressure_to_accept),
        Act.LINE_OUT: _recorded(e.LineRemoved, lambda state: state.line is not None and not state.may_be_running),
        Act.SETTLE_RISK: _recorded(e.RiskSettled),  # settled, it may be asked again: the last answer counts
        Act.INSTRUCTIONS: _recorded(e.InstructionsGiven, lambda state: not state.instructions_given),
        Act.SCORE_ALDRETE: Offer(c.ScoreRecovery, e.RecoveryScored),
        Act.SCORE_PADSS: Offer(c.ScoreRecovery, e.RecoveryScored),
        Act.OVERRIDE_DOOR: Offer(c.OverrideDoor, e.DoorOverridden, lambda state: state.status is Status.RECOVERING),
        Act.AGREE_OVERRIDE: Offer(c.AgreeToOverride, e.OverrideAgreed, _waits_for_the_second),
        Act.GO_WITH_ADULT: Offer(c.SendHome, e.WentHome, _through(Door.WITH_ADULT)),
        Act.GO_WHEN_CLEAR: Offer(c.SendHome, e.WentHome, _through(Door.WHEN_CLEAR)),
        Act.TO_HOSPITAL: _recorded(e.TakenToHospital, _may_be_taken),
        Act.SIGN: Offer(c.SignChart, e.ChartSigned, lambda state: not state.is_in_doubt),
    }
)


def offered(state: InfusionState, roles: Roles) -> frozenset[Act]:
    """The acts that make sense where the infusion stands and that one of `roles` may ask for."""
    return frozenset(
        act
        for act, offer in OFFERS.items()
        if offer.is_legal(state) and roles & MAY[offer.asked] and _is_for(act, state, roles)
    )


def _is_for(act: Act, state: InfusionState, roles: Roles) -> bool:
    """What the table of roles leaves to the moment: a stopped drip, and a start that nobody present confirms."""
    if act is Act.RESUME and (state.status is Status.STOPPED or wants_review(state)):
        return PRESCRIBER in roles
    if act is Act.CONFIRM_NAMING and PRESCRIBER not in roles:
        return named_for_risk(state) is not None
    if act is Act.START and state.planned is not None:
        return not roles.isdisjoint(state.planned.order.may_start)
    if act is Act.CONFIRM and roles == IN_EMERGENCY:
        return state.pending[-1].kind in CLAMP_CLOSED or (
            state.pending[-1].kind == "RateIntended" and is_only_slower(state, state.pending[-1].rate_ml_per_h)
        )
    if act is Act.NEW_RATE and roles == IN_EMERGENCY:
        return state.status is Status.INFUSING
    if act is Act.CONFIRM and roles == NOBODY:
        return state.pending[-1].kind in CLAMP_CLOSED
    return True
