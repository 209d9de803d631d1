"""Does what was posted: checks the form, asks the log, and says what came of it. One path for every act."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from stillroom.bedside.asked import command_for, correction_for
from stillroom.bedside.correcting import Wrong, entry_to_correct, wrong_entry
from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm, PersonField
from stillroom.bedside.people import People
from stillroom.bedside.reading import wishes_said
from stillroom.bedside.said import person_named
from stillroom.bedside.sheets import Act
from stillroom.clinics import true_time
from stillroom.clinics.actor import Actor
from stillroom.core.drip.course import brought_in_mg, stays_in_line_mg
from stillroom.core.errors import Finding, Refused, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.comfort import comfort_in
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.identity import must_be_the_patient
from stillroom.core.infusion.timeline import drip_history
from stillroom.core.safety import PreflightItem, Reply
from stillroom.core.safety.allergies import judge_allergy_reply, substances_in
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import interval_in
from stillroom.devices.readings import is_sent_in
from stillroom.devices.screens import can_be_heard, was_watched
from stillroom.infusions.acts import Answer, answered, mark_of, perform
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of, state_of
from stillroom.infusions.self_test import self_test
from stillroom.ledger.drawing import Hand, InLine, account_for, flushed_in, take_out
from stillroom.patients.known import allergies_of, state_allergies, state_none_known

BESIDES = UUID("0d3c5d6e-8f6b-4a5e-9a55-6c1d3a6f2b70")
"""The name space for what must never be lost, and comes under the id of something else."""
NEAR_MISS = UUID("b4f3a0c7-2f0e-4a56-9d7c-0a4f1f1f7d11")

NEVER_LOST = frozenset({Act.STOP, Act.PAUSE, Act.CLAMP_CLOSED, Act.HELP})
"""Recorded however badly the rest of the post can be read: they need nothing but their name."""

PRESSED = frozenset({Act.STOP, Act.CLAMP_CLOSED})
"""Kept on a screen without a connection, and sent later with the time at which they were pressed."""


CARRIED = frozenset({"csrfmiddlewaretoken", "act_id", "seen_seq", "stop_key"})
"""What a post brings besides what it asks for; sent again, it may have another token and have seen more."""

IDENTIFYING = frozenset({Act.READY, Act.CHECK_PATIENT})
"""Asked of the patient at the chair, and compared with the record."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One act as it came in."""

    act: Act
    data: QueryDict
    infusion: Infusion
    actor: Actor
    people: Callable[[], People]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it. `unread`: something typed could not be read, and nothing was asked of the log.

    `taken`: something else was asked for under the same id before, and entries `conflicting` are what came of that.
    """

    outcome: Literal["done", "refused", "conflict", "unread", "taken"]
    form: ActForm
    last_seq: int = 0
    findings: tuple[Finding, ...] = ()
    conflicting: tuple[int, ...] = ()
    wrong: Wrong | None = None


def do(posted: Posted) -> Outcome:
    form = _form(posted)
    wrong = _wrong(posted) if posted.act is Act.CORRECT else None
    is_read = form.is_valid() and _is_readable(wrong, form)
    before = _answered(posted, form)
    if before is not None:
        return _outcome(before, form, wrong)
    if not is_read:
        return Outcome(outcome="unread", form=form, wrong=wrong)
    try:
        command = _command(posted, form, wrong)
    except Refused as refused:
        return Outcome(outcome="refused", form=form, findings=refused.findings, wrong=wrong)
    answer = _performed(posted, form, command)
    if answer.outcome == "done":
        _keep_allergies(posted, command)
        _keep_ledger(posted, form, command)
    return _outcome(answer, form, wrong)


def _answered(posted: Posted, form: ActForm) -> Answer | None:
    """Asked before anything is judged: what was done has changed what would be found now."""
    act_id = form.cleaned_data.get("act_id")
    if act_id is None or posted.act in NEVER_LOST:
        return None
    return answered(act_id, posted.infusion.pk, asked=_asked(posted, act_id))


def _performed(posted: Posted, form: ActForm, command: c.Command) -> Answer:
    act_id: UUID = form.cleaned_data["act_id"] or uuid4()
    asked = _asked(posted, act_id)
    answer = _perform(posted, form, command, act_id, asked)
    if answer.outcome == "taken" and posted.act in NEVER_LOST:
        return _perform(posted, form, command, uuid5(BESIDES, asked), asked)
    return answer


def _perform(posted: Posted, form: ActForm, command: c.Command, act_id: UUID, asked: str) -> Answer:
    return perform(
        act_id=act_id,
        infusion_id=posted.infusion.pk,
        command=command,
        author=posted.actor.author,
        seen_seq=form.cleaned_data["seen_seq"],
        received_at=posted.received_at,
        device=posted.actor.display.pk if posted.actor.display else None,
        asked=asked,
    )


def _asked(posted: Posted, act_id: UUID) -> str:
    """The mark of who asks for what. A stop kept on a screen is the same whoever is signed in there when it is sent."""
    typed = sorted((name, values) for name, values in posted.data.lists() if name not in CARRIED)
    by = "" if posted.act in NEVER_LOST else posted.actor.author.by
    return mark_of(act_id, posted.act, by, json.dumps(typed))


def _outcome(answer: Answer, form: ActForm, wrong: Wrong | None) -> Outcome:
    first = range(answer.first_seq, answer.last_seq + 1) if answer.outcome == "taken" and answer.first_seq else ()
    return Outcome(
        outcome=answer.outcome,
        form=form,
        last_seq=answer.last_seq,
        findings=answer.findings,
        conflicting=answer.conflicting or tuple(first),
        wrong=wrong,
    )


def _form(posted: Posted) -> ActForm:
    form = FORMS[posted.act](posted.data)
    if any(isinstance(field, PersonField) for field in form.fields.values()):
        posted.people().offer(form)
    if posted.act in NEVER_LOST and not form.is_valid():
        kept = {"act_id": form.cleaned_data.get("act_id"), "seen_seq": form.cleaned_data.get("seen_seq") or 0}
        return FORMS[posted.act](kept)
    return form


def _command(posted: Posted, form: ActForm, wrong: Wrong | None) -> c.Command:
    """The command, after what only the record of the patient can say about it."""
    now = timezone.localtime(posted.received_at)
    if posted.act is Act.CORRECT:
        return _correction(form, wrong, now)
    is_said = _is_patient_said(posted, form)
    if is_said:
        _must_be_the_patient(posted, form)
    state: Any = SimpleLazyObject(lambda: state_of(posted.infusion.pk))
    command = command_for(posted.act, form, state, now=now)
    _must_fit_the_record(posted, form, command)
    if isinstance(command, c.StartInfusion):
        return replace(_with_what_is_there(posted, command), patient_asked=is_said)
    if isinstance(command, c.SetComfort):
        return replace(command, chosen=comfort_in(wishes_said(posted.infusion.patient)))
    if posted.act in PRESSED and (pressed_at := _pressed_at(posted.data)):
        return replace(command, occurred_at=pressed_at)
    return command


def _with_what_is_there(posted: Posted, command: c.StartInfusion) -> c.StartInfusion:
    """How often the slowest device sends, whether one sends a saturation, whether a screen that shows the room can be
    heard, and the self-test.
    """
    off_by_s, is_watched = true_time.off_by_s(), was_watched(posted.received_at)
    return replace(
        command,
        link_interval_s=interval_in(posted.infusion.room_id, posted.received_at),
        is_sound_armed=can_be_heard(posted.infusion, at=posted.received_at),
        sends_saturation=is_sent_in(posted.infusion.room_id, Signal.SPO2_PERCENT, posted.received_at),
        clock_off_by_s=off_by_s,
        self_test=self_test(posted.infusion, is_watched=is_watched, clock_off_by_s=off_by_s),
    )


def _wrong(posted: Posted) -> Wrong | None:
    seq = posted.data.get("corrects_seq", "")
    entry = entry_to_correct(entries_of(posted.infusion.pk), int(seq)) if seq.isdecimal() else None
    return wrong_entry(entry, posted.people(), posted.data) if entry else None


def _is_readable(wrong: Wrong | None, form: ActForm) -> bool:
    is_replaced = wrong is not None and form.cleaned_data.get("how") == "replace"
    return not is_replaced or wrong is None or wrong.form is None or wrong.form.is_valid()


def _correction(form: ActForm, wrong: Wrong | None, now: datetime) -> c.CorrectEntry:
    if wrong is None:
        raise refuse("nothing_to_correct", corrects_seq=str(form.cleaned_data["corrects_seq"]))
    is_replaced = form.cleaned_data["how"] == "replace"
    return correction_for(form, wrong.replacement() if is_replaced else None, now=now)


def _is_patient_said(posted: Posted, form: ActForm) -> bool:
    """Whether name and birth date were asked for; before a start they may be, and then both count."""
    is_asked = posted.act is Act.START and bool(form.cleaned_data["said_family_name"] or form.cleaned_data["said_born"])
    return is_asked or posted.act in IDENTIFYING


def _must_be_the_patient(posted: Posted, form: ActForm) -> None:
    """A near miss is kept as a note, once for each time that it happened."""
    patient = posted.infusion.patient
    try:
        must_be_the_patient(
            said_family_name=form.cleaned_data["said_family_name"],
            said_born=form.cleaned_data["said_born"],
            family_name=patient.family_name,
            born=patient.birth_date,
        )
    except Refused:
        perform(
            act_id=uuid5(NEAR_MISS, str(form.cleaned_data["act_id"] or uuid4())),
            infusion_id=posted.infusion.pk,
            command=c.Record(fact=e.NoteAdded(words=render_to_string("bedside/notes/not_this_patient.txt").strip())),
            author=posted.actor.author,
            seen_seq=form.cleaned_data["seen_seq"],
            received_at=posted.received_at,
        )
        raise


def _must_fit_the_record(posted: Posted, form: ActForm, command: c.Command) -> None:
    answered = _answered_allergies(command)
    if answered is not None:
        known = allergies_of(posted.infusion.patient)
        found = judge_allergy_reply(answered.reply, answered.words or "", known=known)
        if found:
            raise Refused(found)
    person, witness = posted.actor.person, form.cleaned_data.get("waste_witness")
    if person is not None and witness == str(person.pk):
        raise refuse("witness_is_the_author")


def _keep_allergies(posted: Posted, command: c.Command) -> None:
    """What the patient answered is what the record says from now on: one source for header, chart and plan."""
    answered, patient = _answered_allergies(command), posted.infusion.patient
    if answered is None or answered.reply is Reply.UNKNOWN:
        return
    named, known = substances_in(answered.words or ""), allergies_of(patient)
    if answered.reply is Reply.FINE and known is None:
        state_none_known(patient, posted.actor)
    elif answered.reply is Reply.PROBLEM and set(named) != set(known or ()):
        state_allergies(patient, tuple(dict.fromkeys((*(known or ()), *named))), posted.actor)


def _keep_ledger(posted: Posted, form: ActForm, command: c.Command) -> None:
    """Vials for a bag, and what became of them. The act is done already: nothing of the ledger takes it back."""
    said, person = form.cleaned_data, posted.actor.person
    if person is None:
        return
    hand = Hand(act_id=said["act_id"] or uuid4(), by=person.pk, at=command.occurred_at or posted.received_at)
    match command:
        case c.MakeBag(bag=bag) if said["from_shelf"]:
            shelf = {"shelf": said["from_shelf"], "vials": said["vials"], "lot": said["lot"]}
            take_out(posted.infusion.pk, bag, hand=hand, **shelf)
        case c.EndInfusion(left_in_bag_ml=left_ml):
            _account_at_end(posted.infusion.pk, left_ml, said, hand)
        case c.Record(fact=e.LineFlushed()):
            _account_for_flush(posted.infusion.pk, hand)


def _account_at_end(infusion_id: UUID, left_in_bag_ml: Decimal, said: dict[str, Any], hand: Hand) -> None:
    log = entries_of(infusion_id)
    bag, drip = fold(log).bag, drip_history(log)
    if bag is not None:
        holds_mg = stays_in_line_mg(drip) if drip else Fraction(0)
        account_for(
            infusion_id,
            bag.fact.bag,
            left_in_bag_ml=left_in_bag_ml,
            line=InLine(holds_mg=holds_mg, is_destroyed=said["line_destroyed"]),
            witness=person_named(said, "waste_witness"),
            hand=hand,
        )


def _account_for_flush(infusion_id: UUID, hand: Hand) -> None:
    """Before the end nothing was accounted for yet, and the end will know of it."""
    log = entries_of(infusion_id)
    state, drip = fold(log), drip_history(log)
    if state.bag is not None and state.ended_at is not None and drip is not None:
        flushed_in(infusion_id, state.bag.fact.bag, brought_mg=brought_in_mg(drip), hand=hand)


def _answered_allergies(command: c.Command) -> e.PreflightAnswered | None:
    fact = command.fact if isinstance(command, c.Record) else None
    if isinstance(fact, e.PreflightAnswered) and fact.item is PreflightItem.ALLERGIES:
        return fact
    return None


def _pressed_at(data: QueryDict) -> datetime | None:
    """When it was pressed, by the screen; what cannot be read is now."""
    try:
        pressed_at = datetime.fromisoformat(data.get("pressed_at", ""))
    except ValueError:
        return None
    return pressed_at.astimezone(UTC) if pressed_at.tzinfo else None
