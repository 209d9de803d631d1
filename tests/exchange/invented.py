"""Records nobody lived: made in memory, hashed as docs/log.md says; by hand, or by Hypothesis."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import available_timezones

from hypothesis import strategies as st

from stillroom.core.canonical import utc_text
from stillroom.core.infusion import commands as c
from stillroom.core.infusion.entries import Logged
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.core.safety.adverse import Action, Criterion, Grade, Outcome
from stillroom.exchange import record as r
from stillroom.exchange.gather import Gathered
from stillroom.infusions.codec import encode
from stillroom.infusions.standalone_verify import NO_HASH, entry_hash
from tests.core.infusion.walking import walks
from tests.examples import ADA, BEN, TEN, D, an_id, infusing
from tests.infusions.anything import commands, facts, words

MADE_AT = TEN + timedelta(days=30)
PERSON = f"person:{an_id('pat')}"
ZONES = sorted(available_timezones())
COUNTED = st.integers(0, 10)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
IDS = st.uuids()
ASKED = st.one_of(commands, facts.map(lambda fact: c.Record(fact=fact)), facts.map(lambda fact: c.Record(fact=fact)))


def lines_of(infusion: UUID, log: Sequence[Logged]) -> tuple[str, ...]:
    """The log as it is exported, entry by entry; salts follow from the place of the words."""
    lines, head = [], NO_HASH
    for entry in log:
        salts = (uuid5(infusion, f"{entry.seq} {place}").bytes for place in range(20))
        stored = encode(entry.fact, new_salt=lambda salts=salts: next(salts))  # type: ignore[misc]
        line: dict[str, Any] = {
            "infusion": str(infusion),
            "seq": entry.seq,
            "prev_hash": head,
            "act": str(entry.act),
            "kind": stored.kind,
            "version": stored.version,
            "by": entry.by,
            "payload": stored.payload,
            "occurred_at": utc_text(entry.occurred_at),
            "recorded_at": utc_text(entry.recorded_at),
        }
        head = entry_hash(line)
        texts = [{"field": text.field, "salt": text.salt.hex(), "text": text.words} for text in stored.texts]
        lines.append(json.dumps({**line, "hash": head, "texts": texts, "erased": []}, ensure_ascii=False))
    return tuple(lines)


def gathered(record: r.Record, logs: Mapping[UUID, Sequence[Logged]]) -> Gathered:
    """A record that names its logs and where each ends."""
    lines = {infusion: lines_of(infusion, log) for infusion, log in logs.items()}
    heads = [(infusion, json.loads(each[-1])) for infusion, each in lines.items()]
    infusions = tuple(r.InfusionSaid(id=infusion, last_seq=last["seq"], head=last["hash"]) for infusion, last in heads)
    return Gathered(record=replace(record, infusions=infusions), logs=lines)


def a_record(*, clinic: str = "Elm Clinic") -> Gathered:
    """One infusion that runs, a day that was put right, and nothing else."""
    pat = {"by": PERSON, "written_at": TEN, "day": TEN.date(), "words": ""}
    first = r.CheckInSaid(**pat, id=an_id("first"), replaces_id=None, low=8, sleep_h=None, wants_call=False)
    record = r.Record(
        format=r.FORMAT,
        made_at=MADE_AT,
        clinic=r.ClinicSaid(id=an_id(clinic), name=clinic, time_zone="Europe/Dublin", phone="1", after_hours_phone=""),
        patient=r.PatientSaid(
            id=an_id("patient"),
            person_id=an_id("pat"),
            identifier="7",
            given_name="Pat",
            family_name="Example",
            birth_date=date(1984, 5, 17),
            sex="",
            height_cm=D(170),
            phone="",
            motion_sickness="",
            nausea_after_anaesthesia="",
            smokes="",
        ),
        check_ins=(first, replace(first, id=an_id("second"), replaces_id=first.id, low=0)),
        **dict.fromkeys(("infusions", "weights", "allergies", "consents", "questionnaires", "concerns"), ()),
        **dict.fromkeys(("history_answers", "history_items", "wishes", "notes", "looks", "people"), ()),
        **dict.fromkeys(("adverse_events", "adverse_accounts", "calls", "worries_settled"), ()),
    )
    return gathered(record, {an_id("infusion"): infusing().log})


@st.composite
def histories(draw: st.DrawFn) -> list[Logged]:
    """A random walk through an infusion, and then anything at all that could be asked, with anything for words."""
    walked = draw(walks())
    for command in draw(st.lists(ASKED, max_size=12)):
        walked.walk.at += timedelta(minutes=1)
        walked.ask(command, draw(st.sampled_from([ADA, BEN])))
    return walked.walk.log


def several(kind: Any, /, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Rows of a kind, each with an id of its own; `known` are fields that hold more than their type says."""
    ids = {"id": IDS} if "id" in kind.__dataclass_fields__ else {}
    return st.lists(built(kind, **ids, **known), max_size=3).map(tuple)


def built(kind: Any, /, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hints = {name: field.type for name, field in kind.__dataclass_fields__.items()}
    others = {name: OF_TYPE[hint] for name, hint in hints.items() if name not in known}
    return st.builds(kind, **others, **known)


OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    "str": words,
    "int": COUNTED,
    "bool": st.booleans(),
    "UUID": IDS,
    "date": DAYS,
    "datetime": MOMENTS,
    "Decimal": st.decimals(1, 300, places=2),
    "UUID | None": st.none() | IDS,
    "date | None": st.none() | DAYS,
    "datetime | None": st.none() | MOMENTS,
    "Decimal | None": st.none() | st.decimals(100, 220, places=1),
    "tuple[str, ...]": st.lists(words.filter(bool), max_size=3).map(tuple),
}


def _replacing(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each of a list corrects the one before it, as a chain of corrections does."""
    ids = [None, *(row.id for row in rows)]
    return tuple(replace(row, replaces_id=before) for row, before in zip(rows, ids, strict=False))


def _accounts(draw: st.DrawFn, events: tuple[r.AdverseEventSaid, ...]) -> tuple[r.AdverseAccountSaid, ...]:
    """Of each event one or two."""
    asked = {"grade": st.sampled_from(list(Grade)).map(int), "outcome": st.sampled_from(list(Outcome)).map(str)}
    lists = {
        name: st.lists(st.sampled_from(list(codes)).map(str), max_size=2).map(tuple)
        for name, codes in (("criteria", Criterion), ("actions", Action))
    }
    of_each = (several(r.AdverseAccountSaid, event_id=st.just(each.id), **asked, **lists) for each in events)
    return tuple(account for accounts in of_each for account in draw(accounts))


@st.composite
def records(draw: st.DrawFn, *, clinic: UUID | None = None, most_logs: int = 2) -> Gathered:
    """A whole record: every kind of row, corrected or not, missing or nought, in any script, and some logs."""
    missing_or_nought = st.none() | COUNTED
    check_ins = several(r.CheckInSaid, low=missing_or_nought, sleep_h=missing_or_nought, replaces_id=st.none())
    questionnaires = several(
        r.QuestionnaireSaid,
        instrument=st.sampled_from(sorted(INSTRUMENTS)),
        items=st.lists(st.none() | st.integers(0, 3), max_size=9).map(tuple),
        total=st.none() | st.integers(0, 27),
        band=st.sampled_from(["", "minimal", "severe"]),
        replaces_id=st.none(),
    )
    events = draw(several(r.AdverseEventSaid))
    record = r.Record(
        format=r.FORMAT,
        made_at=draw(MOMENTS),
        clinic=draw(built(r.ClinicSaid, id=st.just(clinic) if clinic else IDS, time_zone=st.sampled_from(ZONES))),
        patient=draw(built(r.PatientSaid, sex=st.sampled_from(["", "female", "male"]))),
        infusions=(),
        weights=draw(several(r.WeightSaid)),
        allergies=draw(several(r.AllergiesSaid)),
        history_answers=draw(several(r.HistoryAnswerSaid)),
        history_items=draw(several(r.HistoryItemSaid, kind=st.sampled_from(["condition", "medicine"]))),
        consents=draw(several(r.ConsentSaid)),
        check_ins=_replacing(draw(check_ins)),
        questionnaires=_replacing(draw(questionnaires)),
        concerns=draw(several(r.ConcernSaid)),
        wishes=draw(several(r.WishesSaid)),
        notes=draw(several(r.NoteSaid)),
        looks=draw(several(r.LookSaid)),
        adverse_events=events,
        adverse_accounts=_accounts(draw, events),
        calls=draw(several(r.CallSaid)),
        worries_settled=draw(several(r.WorrySettledSaid)),
        people=draw(several(r.PersonSaid)),
    )
    return gathered(record, draw(st.dictionaries(IDS, histories(), max_size=most_logs)))
