"""State from facts: `fold` a whole log, or `apply` one more entry. Never refuses: the past is not judged again.

A correction takes the corrected entry out, and if there is a replacement puts that in its place; so a log with
corrections is put in effective order first (`surviving`) and folded from the beginning. Of what was seen of a patient
the newest is what was seen last, not what was written down last: an entry made late stands where it was true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold_alarms import ALARM_CHANGES
from stillroom.core.infusion.state import InfusionState, Named, Pending, Seen, Status, names_another_second
from stillroom.core.safety.advice import Code, Dismissals
from stillroom.core.vitals import Signal

Change = dict[str, Any]


def fold(entries: Iterable[e.Logged]) -> InfusionState:
    """The state after all of `entries`, which are one infusion's in `seq` order from 1."""
    logged = list(entries)
    state = InfusionState()
    for _, state in states(surviving(logged)):  # noqa: B007
        pass
    return replace(state, last_seq=logged[-1].seq) if logged else state


def states(surviving: Iterable[e.Logged]) -> Iterator[tuple[e.Logged, InfusionState]]:
    """Each surviving entry, and the state after it: one object, that says the next thing with the next entry.

    Copying it for each entry takes ten times as long. Whoever keeps it longer takes a copy.
    """
    state = InfusionState()
    for entry in surviving:
        for name, value in _change(state, entry).items():
            object.__setattr__(state, name, value)
        yield entry, state


def apply(state: InfusionState, entry: e.Logged) -> InfusionState:
    """The state after one more entry. Not for corrections: those need the whole log (`fold`)."""
    if isinstance(entry.fact, e.EntryCorrected):
        raise ValueError("a correction changes the past; fold the whole log")
    return replace(state, **_change(state, entry), last_seq=entry.seq)


def surviving(entries: Sequence[e.Logged]) -> list[e.Logged]:
    """The entries that count, in effective order: a replacement stands where the entry it replaces stood."""
    effective: list[e.Logged] = []
    taken: set[int] = set()
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries:
        if entry.seq in taken:
            continue
        if not isinstance(entry.fact, e.EntryCorrected):
            effective.append(entry)
            continue
        place = next((i for i, each in enumerate(effective) if each.seq == entry.fact.corrects_seq), None)
        replacement = by_seq.get(entry.seq + 1) if entry.fact.replaced else None
        if replacement is not None:
            taken.add(replacement.seq)
        if place is not None:
            effective[place : place + 1] = [replacement] if replacement is not None else []
    return effective


def _change(state: InfusionState, entry: e.Logged) -> Change:
    change = CHANGES.get(type(entry.fact))
    return change(state, entry) if change else {}


def _seen(entry: e.Logged) -> Seen[Any]:
    return Seen(seq=entry.seq, occurred_at=entry.occurred_at, by=entry.by, fact=entry.fact)


def _kept(name: str) -> Callable[[InfusionState, e.Logged], Change]:
    return lambda state, entry: {name: _seen(entry)}


def _added(name: str) -> Callable[[InfusionState, e.Logged], Change]:
    return lambda state, entry: {name: (*getattr(state, name), _seen(entry))}


def _newer(state: InfusionState, entry: e.Logged, name: str) -> Change:
    """Kept, unless what is kept was seen after it."""
    kept = getattr(state, name)
    return {} if kept is not None and _is_later(kept.occurred_at, entry.occurred_at) else {name: _seen(entry)}


def _is_later(one: datetime, other: datetime) -> bool:
    """A time that is typed is one of whole minutes: within one, the log's order holds."""
    return one.replace(second=0, microsecond=0) > other.replace(second=0, microsecond=0)


def _newest(name: str) -> Callable[[InfusionState, e.Logged], Change]:
    return lambda state, entry: _newer(state, entry, name)


def _in_time(name: str) -> Callable[[InfusionState, e.Logged], Change]:
    """Added where it was true; of the same time, the one that stands later in the log is the later."""
    at = attrgetter("occurred_at")
    return lambda state, entry: {name: tuple(sorted((*getattr(state, name), _seen(entry)), key=at))}


def _planned(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.InfusionPlanned)
    return {"status": Status.PLANNED, "planned": fact, "planned_at": entry.occurred_at, "patient": fact.patient}


def _reassigned(state: InfusionState, entry: e.Logged) -> Change:
    """Whoever names another second changes neither who put it right nor who was asked at the chair."""
    fact, seen = entry.fact, _seen(entry)
    assert isinstance(fact, e.InfusionReassigned)
    waiting = state.reassignment_waits
    if waiting is not None and names_another_second(state, fact):
        return {"reassignment_waits": replace(seen, by=waiting.by)}
    waits = seen if fact.asks_second else None
    asked: Change = {"patient_checked_by": None, "asked_who_at": {}}
    return {"patient": fact.patient, "reassignment_waits": waits} | asked


def _asked_who(state: InfusionState, entry: e.Logged) -> Change:
    return {"asked_who_at": {**state.asked_who_at, entry.by: entry.occurred_at}}


def _reassignment_agreed(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.ReassignmentAgreed)
    waiting = state.reassignment_waits
    is_this = waiting is not None and waiting.seq == entry.fact.reassigned_seq
    return {"reassignment_waits": None} if is_this else {}


def _pulse_by(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.PulseSourceChanged)
    return {"pulse_by": Signal(entry.fact.to)}


def _answered(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.PreflightAnswered)
    before = state.replies.get(fact.item)
    if before is not None and _is_later(before[1], entry.occurred_at):
        return {}
    return {"replies": {**state.replies, fact.item: (fact.reply, entry.occurred_at)}}


def _charted(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.VitalsCharted)
    change = _newer(state, entry, "vitals") | _measured(state, entry)
    if _is_before_start(state):
        change |= _in_time("baseline_vitals")(state, entry)
        if entry.fact.sbp_mmhg is not None:
            change |= _newer(state, entry, "arrival_vitals")
    return change


def _looked(state: InfusionState, entry: e.Logged) -> Change:
    """Who is not woken cannot be asked, and is not asked again for that."""
    fact = entry.fact
    assert isinstance(fact, e.PatientWatched)
    change = _newer(state, entry, "watched") | _symptoms(state, entry) | _measured(state, entry) | _scored(state, entry)
    if fact.awake is not None:
        change |= _newer(state, entry, "roused")
    if fact.pulls_at_line is not None:
        change |= _newer(state, entry, "pulls_at_line")
    if fact.oxygen_l_per_min:
        change |= _newer(state, entry, "oxygen")
    if fact.line_site is not e.LineSite.NOT_LOOKED_AT and not _was_of_an_earlier_line(state, entry):
        change |= _newer(state, entry, "line_site")
    if fact.detached is not None or fact.not_woken or fact.awake in UNANSWERING:
        change |= _last_at(state, entry, "detached_at")
    if _is_before_start(state) and fact.detached is not None:
        change |= _newer(state, entry, "baseline_look")
    return change


def _was_of_an_earlier_line(state: InfusionState, look: e.Logged) -> bool:
    placed_at = state.line.occurred_at if state.line else None
    return any(at is not None and _is_later(at, look.occurred_at) for at in (placed_at, state.line_removed_at))


def _checked(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.RecoveryChecked)
    is_asked = fact.detached is not None or fact.effects_gone is True or fact.awake in UNANSWERING
    change = (
        _in_time("checks")(state, entry) | _symptoms(state, entry) | _measured(state, entry) | _scored(state, entry)
    )
    return change | (_last_at(state, entry, "detached_at") if is_asked else {})


def _scored(state: InfusionState, entry: e.Logged) -> Change:
    change: Change = {}
    for name in ("anxious", "nauseous"):
        if getattr(entry.fact, name) is not None:
            change |= _newer(state, entry, name)
    return change


def _measured(state: InfusionState, entry: e.Logged) -> Change:
    """The newest of each sign, whichever sheet says it."""
    said = [
        name
        for name, signs in MEASURED_AS.items()
        if any(getattr(entry.fact, sign, None) is not None for sign in signs)
    ]
    change = _last_at(state, entry, "breaths_at") if "breaths" in said else {}
    for name in said:
        change |= _newer(state, entry, name)
    return change


MEASURED_AS = {
    "pressure": ("sbp_mmhg",),
    "saturation": ("spo2_percent",),
    "breaths": ("breaths_per_min", "resp_per_min"),
}
"""Under what names looks, charted sets and checks say each sign."""


def _is_before_start(state: InfusionState) -> bool:
    """What is seen while a start is in doubt may be what the drug has made of it."""
    return state.started_at is None and not state.may_be_running


def _symptoms(state: InfusionState, entry: e.Logged) -> Change:
    """As they were last asked for: a look that does not ask ends none."""
    fact = entry.fact
    assert isinstance(fact, e.PatientWatched | e.RecoveryChecked)
    if fact.symptoms is None or (state.symptoms_at is not None and _is_later(state.symptoms_at, entry.occurred_at)):
        return {}
    return {"symptoms": fact.symptoms, "symptoms_at": entry.occurred_at}


UNANSWERING = frozenset({e.Awake.NEEDS_TOUCH, e.Awake.NOT_ROUSED})
"""Who cannot be asked."""


def _last_at(state: InfusionState, entry: e.Logged, name: str) -> Change:
    """When something was last done, whenever it was written down."""
    before = getattr(state, name)
    return {name: entry.occurred_at if before is None else max(before, entry.occurred_at)}


def _intended(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    pending = Pending(
        seq=entry.seq,
        kind=entry.kind,
        rate_ml_per_h=getattr(fact, "rate_ml_per_h", state.rate_ml_per_h * 0),
        drops_per_min=getattr(fact, "drops_per_min", None),
        occurred_at=entry.occurred_at,
        by=entry.by,
    )
    return {"pending": (*state.pending, pending)}


def _rate_intended(state: InfusionState, entry: e.Logged) -> Change:
    return _intended(state, entry) | _named(state, entry)


def _named(state: InfusionState, entry: e.Logged) -> Change:
    """Whom a rate names, or a start: to be confirmed by that prescriber, unless it is they who wrote it."""
    fact = entry.fact
    assert isinstance(fact, e.PrescriberNamed | e.RateIntended | e.LimitChanged)
    if fact.prescriber is None or entry.by == f"person:{fact.prescriber}":
        return {}
    named = Named(
        seq=entry.seq,
        prescriber=fact.prescriber,
        occurred_at=entry.occurred_at,
        by=entry.by,
        reason=fact.reason,
        before_start=isinstance(fact, e.PrescriberNamed),
        is_limit=isinstance(fact, e.LimitChanged),
    )
    return {"named": (*state.named, named)}


def _risk_settled(state: InfusionState, entry: e.Logged) -> Change:
    """The last counts. Whoever else is named as having decided has to say so."""
    fact = entry.fact
    assert isinstance(fact, e.RiskSettled)
    others = tuple(each for each in state.named if not each.is_risk)
    settled: Change = {"risk": fact, "named": others}
    person = fact.decided_by if fact.asks_named and fact.outcome is e.Risk.DECIDED else None
    if person is None or entry.by == f"person:{person}":
        return settled
    named = Named(
        seq=entry.seq,
        prescriber=person,
        occurred_at=entry.occurred_at,
        by=entry.by,
        reason=None,
        before_start=False,
        is_risk=True,
    )
    return settled | {"named": (*others, named)}


def _prescriber_confirmed(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.PrescriberConfirmed)
    return _no_longer_named(state, entry.fact.named_seq)


def _no_longer_named(state: InfusionState, seq: int) -> Change:
    return {"named": tuple(each for each in state.named if each.seq != seq)}


def _stop_intended(state: InfusionState, entry: e.Logged) -> Change:
    """Stop is logged in every state, but only a drip that may be running leaves something in doubt."""
    return _intended(state, entry) if state.may_be_running or state.status is Status.PAUSED else {}


def _running(state: InfusionState, entry: e.Logged) -> Change:
    """A start, a rate or a resumption was confirmed: the drip runs as last intended, and no doubt is left."""
    intended = state.pending[-1] if state.pending else None
    change: Change = {"pending": (), "stream_seen_at": None}
    if intended is not None:
        change |= {"rate_ml_per_h": intended.rate_ml_per_h, "drops_per_min": intended.drops_per_min}
    return change


def _start_confirmed(state: InfusionState, entry: e.Logged) -> Change:
    return _running(state, entry) | {"status": Status.INFUSING, "started_at": entry.occurred_at}


def _resumed(state: InfusionState, entry: e.Logged) -> Change:
    return _running(state, entry) | {"status": Status.INFUSING, "paused_at": None, "stopped_at": None, "shut_at": None}


def _clamp_closed(state: InfusionState, entry: e.Logged) -> Change:
    """A closed clamp settles every doubt. A start in doubt counts as having begun when, and as fast as, intended."""
    settled: Change = {"pending": (), "stream_seen_at": None}
    start = next((each for each in state.pending if each.kind in ("StartIntended", "LogRestored")), None)
    if start is None or state.status is not Status.READY:
        return settled
    begun = {"started_at": start.occurred_at, "rate_ml_per_h": start.rate_ml_per_h}
    return settled | begun | {"drops_per_min": start.drops_per_min}


def _paused(state: InfusionState, entry: e.Logged) -> Change:
    paused: Change = {"status": Status.PAUSED, "paused_at": entry.occurred_at, "shut_at": _shut_at(state, entry)}
    return _clamp_closed(state, entry) | paused


def _stopped(state: InfusionState, entry: e.Logged) -> Change:
    stopped: Change = {"status": Status.STOPPED, "paused_at": None, "stopped_at": entry.occurred_at}
    return _clamp_closed(state, entry) | stopped | {"shut_at": _shut_at(state, entry)}


def _shut_at(state: InfusionState, entry: e.Logged) -> datetime:
    """A drip that is stopped while it is paused has not run since it was paused."""
    was_shut = state.status in {Status.PAUSED, Status.STOPPED} and not state.may_be_running
    return state.shut_at if was_shut and state.shut_at is not None else entry.occurred_at


def _not_done(state: InfusionState, entry: e.Logged) -> Change:
    """Where a start was not done, no clamp is left to be closed."""
    assert isinstance(entry.fact, e.IntentNotDone)
    seq = entry.fact.intent_seq
    left = tuple(each for each in state.pending if each.seq != seq)
    never_opened = state.status is Status.READY and not any(each.rate_ml_per_h > 0 for each in left)
    return {"pending": () if never_opened else left} | _no_longer_named(state, seq)


def _ended(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.InfusionEnded)
    return {"status": Status.ENDED, "ended_at": entry.occurred_at, "left_in_bag_ml": entry.fact.left_in_bag_ml}


def _drops_counted(state: InfusionState, entry: e.Logged) -> Change:
    """Whoever counts drops sees no stream; one that was seen after the count still runs."""
    runs_since = state.stream_seen_at is not None and _is_later(state.stream_seen_at, entry.occurred_at)
    return _newer(state, entry, "counted") | ({} if runs_since else {"stream_seen_at": None})


def _pressure_accepted(state: InfusionState, entry: e.Logged) -> Change:
    """Written about the check that was the last then."""
    newest = (*state.checks[-1:], *((state.pressure,) if state.pressure else ()))
    is_of_another = any(_is_later(each.occurred_at, entry.occurred_at) for each in newest)
    return {} if is_of_another else {"pressure_accepted_seq": entry.seq}


def _line_removed(state: InfusionState, entry: e.Logged) -> Change:
    """A line that was placed after it is still in."""
    is_another = state.line is not None and _is_later(state.line.occurred_at, entry.occurred_at)
    gone: Change = {} if is_another else {"line": None} | _site_unseen(state, entry)
    return {"line_removed_at": entry.occurred_at} | gone


def _line_placed(state: InfusionState, entry: e.Logged) -> Change:
    """One that was taken out after it is out."""
    is_out = state.line_removed_at is not None and _is_later(state.line_removed_at, entry.occurred_at)
    newer = {} if is_out else _newer(state, entry, "line")
    return newer | _site_unseen(state, entry) if newer else {}


def _site_unseen(state: InfusionState, entry: e.Logged) -> Change:
    """What was seen of a line that is out, and what was waved away of it, says nothing of the next."""
    if state.line_site is not None and _is_later(state.line_site.occurred_at, entry.occurred_at):
        return {}
    dismissed = {code: each for code, each in state.dismissed.items() if code != Code.LINE_SITE}
    return {"line_site": None, "dismissed": dismissed}


def _override_agreed(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.OverrideAgreed)
    is_this = state.override is not None and state.override.seq == entry.fact.overridden_seq
    return {"override_agreed_by": entry.by} if is_this else {}


def _went_home(state: InfusionState, entry: e.Logged) -> Change:
    """With the patient gone nobody is called any more."""
    left = {"status": Status.GONE_HOME, "gone_at": entry.occurred_at, "went_home": entry.fact}
    return {**left, "alarms": (), "help_called_at": None}


def _taken_to_hospital(state: InfusionState, entry: e.Logged) -> Change:
    left = {"status": Status.TO_HOSPITAL, "gone_at": entry.occurred_at, "to_hospital": entry.fact}
    return {**left, "alarms": (), "help_called_at": None}


def _limit_changed(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.LimitChanged)
    return _named(state, entry) | {"limits_changed": {**state.limits_changed, fact.limit: fact.value}}


def _help_called(state: InfusionState, entry: e.Logged) -> Change:
    return {"help_called_at": entry.occurred_at, "called_seq": entry.seq, "help_steps": ()}


def _help_step(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.HelpStepDone)
    return {"help_steps": (*state.help_steps, entry.fact.step)}


def _comfort(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.ComfortSet)
    return {"comfort": {**state.comfort, entry.fact.item: _seen(entry)}}


def _effect_noted(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.EffectNoted)
    return {"effects": {**state.effects, entry.fact.of_seq: entry.fact.effect}}


def _advice_dismissed(state: InfusionState, entry: e.Logged) -> Change:
    """Advice alone is changed by it: an alarm about the same thing stays as it is."""
    fact = entry.fact
    assert isinstance(fact, e.AdviceDismissed)
    before = state.dismissed.get(fact.code)
    now = Dismissals(times=before.times + 1 if before else 1, at=entry.occurred_at, level=fact.level)
    return {"dismissed": {**state.dismissed, fact.code: now}}


CHANGES: dict[type[e.Fact], Callable[[InfusionState, e.Logged], Change]] = {
    e.InfusionPlanned: _planned,
    e.PatientArrived: lambda state, entry: {"status": Status.ARRIVED, "arrived_at": entry.occurred_at},
    e.RoomOffered: _kept("offered"),
    e.RoomTaken: lambda state, entry: {"taken_by": entry.by, "offered": None},
    e.PreflightAnswered: _answered,
    e.LinePlaced: _line_placed,
    e.BagMade: lambda state, entry: {"bag": _seen(entry), "bag_checked_by": None, "hung": None},
    e.BagChecked: lambda state, entry: {"bag_checked_by": entry.by},
    e.BagHung: _kept("hung"),
    e.MadeReady: lambda state, entry: {"status": Status.READY, "ready_by": entry.by} | _asked_who(state, entry),
    e.PatientChecked: lambda state, entry: {"patient_checked_by": entry.by} | _asked_who(state, entry),
    e.PrescriberNamed: _named,
    e.PrescriberConfirmed: _prescriber_confirmed,
    e.StartIntended: _intended,
    e.StartConfirmed: _start_confirmed,
    e.RateIntended: _rate_intended,
    e.RateConfirmed: _running,
    e.PauseIntended: _intended,
    e.InfusionPaused: _paused,
    e.ResumeIntended: _intended,
    e.InfusionResumed: _resumed,
    e.StopIntended: _stop_intended,
    e.InfusionStopped: _stopped,
    e.IntentNotDone: _not_done,
    e.LogRestored: _intended,
    e.InfusionEnded: _ended,
    e.InfusionAbandoned: lambda state, entry: {"status": Status.ABANDONED},
    e.InfusionReassigned: _reassigned,
    e.ReassignmentAgreed: _reassignment_agreed,
    e.DropsCounted: _drops_counted,
    e.StreamSeen: lambda state, entry: {"stream_seen_at": entry.occurred_at},
    e.BagRead: _newest("bag_read"),
    e.VitalsCharted: _charted,
    e.PatientWatched: _looked,
    e.MedicineGiven: _in_time("medicines"),
    e.ComfortSet: _comfort,
    e.EffectNoted: _effect_noted,
    e.CalmingTried: _added("calmed"),
    e.AdviceDismissed: _advice_dismissed,
    e.HelpCalled: _help_called,
    e.HelpStepDone: _help_step,
    e.HelpEnded: lambda state, entry: {"help_called_at": None},
    e.LimitChanged: _limit_changed,
    **ALARM_CHANGES,
    e.MonitorLost: lambda state, entry: {"monitor_lost_at": entry.occurred_at},
    e.MonitorFound: lambda state, entry: {"monitor_lost_at": None},
    e.WatchResumed: lambda state, entry: {},
    e.SourceChanged: lambda state, entry: {},
    e.PulseSourceChanged: _pulse_by,
    e.RecoveryBegan: lambda state, entry: {"status": Status.RECOVERING},
    e.RecoveryChecked: _checked,
    e.RecoveryScored: _in_time("scores"),
    e.DoorOverridden: lambda state, entry: {"override": _seen(entry), "override_agreed_by": None},
    e.OverrideAgreed: _override_agreed,
    e.PressureAccepted: _pressure_accepted,
    e.LineRemoved: _line_removed,
    e.RiskSettled: _risk_settled,
    e.InstructionsGiven: lambda state, entry: {"instructions_given": True},
    e.WentHome: _went_home,
    e.TakenToHospital: _taken_to_hospital,
    e.ChartSigned: _added("signed"),
}
