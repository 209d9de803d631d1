"""Everything one clinic knows of one patient that is not in the logs of infusions, as plain values.

`canonical.written` makes its exact text and `canonical.read` takes back nothing else, so nothing can be lost or
guessed on the way: missing is null, nought is 0, an amount keeps its digits. Rows are there as they were added; one
that was replaced stays beside the one that replaces it. Another release may read it: `FORMAT` says how it is written,
and what an earlier release wrote lies with patients for good: `read` takes it too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from stillroom.core import canonical

FORMAT = "stillroom record 6"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicSaid:
    id: UUID
    name: str
    time_zone: str
    phone: str
    after_hours_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSaid:
    """`person_id` is who they are as an author of their own rows; None where they have no account."""

    id: UUID
    person_id: UUID | None
    identifier: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    height_cm: Decimal | None
    phone: str
    motion_sickness: str
    nausea_after_anaesthesia: str
    smokes: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSaid:
    id: UUID
    weight_kg: Decimal
    measured_at: datetime
    measured_by_id: UUID
    reason: str
    told_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergiesSaid:
    id: UUID
    is_none_known: bool
    substances: tuple[str, ...]
    stated_at: datetime
    stated_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswerSaid:
    id: UUID
    question: str
    said: str
    words: str
    told_by: str
    stated_at: datetime
    stated_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItemSaid:
    """A condition, a medicine, something measured elsewhere or a document, in the words of whoever told."""

    id: UUID
    kind: str
    words: str
    told_by: str
    stated_at: datetime
    stated_by_id: UUID
    ended_at: datetime | None
    ended_by_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSaid:
    """`words` is what was signed, whole; empty where it was a paper that only the clinic has.

    `text_id` is the clinic's own number of these words; `witnessed_by_id` of None: signed by the patient alone.
    """

    id: UUID
    kind: str
    text_id: UUID | None
    version: str
    language: str
    words: str
    how: str
    signed_name: str
    signed_at: datetime
    witnessed_by_id: UUID | None
    by: str
    withdrawn_at: datetime | None
    withdrawn_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSaid:
    id: UUID
    by: str
    written_at: datetime
    day: date
    replaces_id: UUID | None
    low: int | None
    sleep_h: int | None
    words: str
    wants_call: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireSaid:
    id: UUID
    by: str
    written_at: datetime
    day: date
    replaces_id: UUID | None
    instrument: str
    version: str
    language: str
    source: str
    items: tuple[int | None, ...]
    total: int | None
    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernSaid:
    id: UUID
    by: str
    written_at: datetime
    reason: str
    check_in_id: UUID | None
    questionnaire_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesSaid:
    id: UUID
    by: str
    written_at: datetime
    music: str
    with_me: str
    lights: str
    warmth: str
    talk: str
    intention: str
    to_bring: str
    way_home: str
    way_home_words: str
    set_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSaid:
    id: UUID
    by: str
    written_at: datetime
    day: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSaid:
    by: str
    looked_at: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEventSaid:
    """Something went wrong, in an infusion of this record or outside one. What it was is in its accounts."""

    id: UUID
    infusion_id: UUID | None
    happened_at: datetime
    known_at: datetime
    written_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseAccountSaid:
    """What was said of an event at one time, whole: of several the newest counts, and the others stay."""

    id: UUID
    event_id: UUID
    what: str
    grade: int
    criteria: tuple[str, ...]
    actions: tuple[str, ...]
    action_words: str
    outcome: str
    report_by: date | None
    reported_at: datetime | None
    report_words: str
    said_by_id: UUID
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSaid:
    """A call after they went home, reached or not: how they were, what was asked, and a worry with whom it was for."""

    id: UUID
    infusion_id: UUID
    reached: bool
    words: str
    bladder: str
    mood: str
    craving: str
    worry: str
    worry_for_id: UUID | None
    called_by_id: UUID
    called_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorrySettledSaid:
    """What was done about the worry of a call."""

    id: UUID
    call_id: UUID
    words: str
    settled_by_id: UUID
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSaid:
    """How an author of a row or an entry calls themselves."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionSaid:
    """Which logs belong to this record, and where each ended: its last entry and that entry's hash."""

    id: UUID
    last_seq: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One clinic's part of a person's record, at one moment."""

    format: str
    made_at: datetime
    clinic: ClinicSaid
    patient: PatientSaid
    infusions: tuple[InfusionSaid, ...]
    weights: tuple[WeightSaid, ...]
    allergies: tuple[AllergiesSaid, ...]
    history_answers: tuple[HistoryAnswerSaid, ...]
    history_items: tuple[HistoryItemSaid, ...]
    consents: tuple[ConsentSaid, ...]
    check_ins: tuple[CheckInSaid, ...]
    questionnaires: tuple[QuestionnaireSaid, ...]
    concerns: tuple[ConcernSaid, ...]
    wishes: tuple[WishesSaid, ...]
    notes: tuple[NoteSaid, ...]
    looks: tuple[LookSaid, ...]
    adverse_events: tuple[AdverseEventSaid, ...]
    adverse_accounts: tuple[AdverseAccountSaid, ...]
    calls: tuple[CallSaid, ...]
    worries_settled: tuple[WorrySettledSaid, ...]
    people: tuple[PersonSaid, ...]

    @property
    def names(self) -> dict[str, str]:
        """Author, as the log names them, to their name."""
        return {f"person:{each.id}": each.name for each in self.people}

    @property
    def row_ids(self) -> frozenset[UUID]:
        """Everything of it that has an id and is only ever added."""
        known = (self.weights, self.allergies, self.history_answers, self.history_items)
        went_wrong = (self.adverse_events, self.adverse_accounts, self.calls, self.worries_settled)
        rows = (*known, *went_wrong, self.check_ins, self.questionnaires, self.wishes, self.notes)
        return frozenset(row.id for group in rows for row in group)

    @property
    def newest_accounts(self) -> tuple[tuple[AdverseEventSaid, AdverseAccountSaid], ...]:
        """Each adverse event with what counts of it. Accounts stand in the order in which they were given."""
        newest = {account.event_id: account for account in self.adverse_accounts}
        return tuple((event, newest[event.id]) for event in self.adverse_events if event.id in newest)


def read(text: str) -> Record:
    """A record as this release writes it or as an earlier one did; ValueError, KeyError or TypeError for all else."""
    found = json.loads(text)
    if isinstance(found, dict) and found.get("format") in EARLIER:
        found = EARLIER[found["format"]](found)
    record = canonical.read_plain(Record, found)
    if record.format not in (FORMAT, *EARLIER):
        raise ValueError(f"{record.format!r} is no format of a record")
    return record


def _of_format_1(found: dict[str, Any]) -> dict[str, Any]:
    """It held no history, and of the wishes no warmth: what nobody was asked is empty, as in a record made now."""
    wishes = [{"warmth": "", **each} for each in found["wishes"]]
    return _of_format_2({"history_answers": [], "history_items": [], **found, "wishes": wishes})


def _of_format_2(found: dict[str, Any]) -> dict[str, Any]:
    """Of a consent it said the version, the day and who saw it signed: on paper, as there was no other way. Every
    weight had been measured where it was kept.
    """
    weights = [{"told_by": "", **each} for each in found["weights"]]
    not_said = {"text_id": None, "language": "en", "words": "", "how": "paper", "signed_name": "", "by": ""}
    consents = [{**not_said, "withdrawn_by": "", **each} for each in found["consents"]]
    return _of_format_3({**found, "consents": consents, "weights": weights})


def _of_format_3(found: dict[str, Any]) -> dict[str, Any]:
    """It did not say which wishes were set aside beside others."""
    return _of_format_4({**found, "wishes": [{"set_aside": False, **each} for each in found["wishes"]]})


def _of_format_4(found: dict[str, Any]) -> dict[str, Any]:
    """It held no adverse events: whether there was one cannot be told from it."""
    return _of_format_5({"adverse_events": [], "adverse_accounts": [], **found})


def _of_format_5(found: dict[str, Any]) -> dict[str, Any]:
    """It held no telephone, and no calls after somebody went home."""
    return {"calls": [], "worries_settled": [], **found, "patient": {"phone": "", **found["patient"]}}


EARLIER: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "stillroom record 1": _of_format_1,
    "stillroom record 2": _of_format_2,
    "stillroom record 3": _of_format_3,
    "stillroom record 4": _of_format_4,
    "stillroom record 5": _of_format_5,
}
