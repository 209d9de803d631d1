"""The record as plain tables, one CSV file each, for whoever wants to count for themselves.

An empty place means that nobody asked or measured; nought is 0. Times are UTC. Words that a spreadsheet would run as a
formula begin with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from stillroom.core.canonical import utc_text
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.report import InfusionReport, report
from stillroom.exchange.record import Record

Row = Mapping[str, Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(record: Record, logs: Mapping[UUID, Sequence[e.Logged]]) -> dict[str, bytes]:
    """Path -> CSV in UTF-8."""
    told = {infusion: found for infusion, log in logs.items() if (found := report(log, at=record.made_at)) is not None}
    made: dict[str, list[Row]] = {
        "infusions": [_infusion(infusion, each) for infusion, each in told.items()],
        "rates": [{"infusion": infusion, **_fields(line)} for infusion, each in told.items() for line in each.rates],
        "medicines": _facts(logs, e.MedicineGiven),
        "vital_signs": _facts(logs, e.VitalsCharted),
        "watched": _facts(logs, e.PatientWatched),
        "recovery": _facts(logs, e.RecoveryChecked),
        "weights": [_fields(row) for row in record.weights],
        "allergies": [_fields(row) for row in record.allergies],
        "history_answers": [_fields(row) for row in record.history_answers],
        "history_items": [_fields(row) for row in record.history_items],
        "consents": [_fields(row) for row in record.consents],
        "check_ins": [_fields(row) for row in record.check_ins],
        "questionnaires": [_fields(row) for row in record.questionnaires],
        "wishes": [_fields(row) for row in record.wishes],
        "notes": [_fields(row) for row in record.notes],
        "looks": [_fields(row) for row in record.looks],
        "adverse_events": [_fields(row) for row in record.adverse_events],
        "adverse_accounts": [_fields(row) for row in record.adverse_accounts],
        "calls": [_fields(row) for row in record.calls],
        "worries_settled": [_fields(row) for row in record.worries_settled],
        "people": [_fields(row) for row in record.people],
    }
    return {f"csv/{name}.csv": as_csv(rows) for name, rows in made.items() if rows}


def _infusion(infusion: UUID, told: InfusionReport) -> Row:
    went = told.went_home
    return {
        "infusion": infusion,
        "started_at": told.started_at,
        "ended_at": told.ended_at,
        "weight_kg": told.weight_kg,
        "ordered_mg_per_kg": told.ordered_mg_per_kg,
        "ordered_mg": told.ordered_mg,
        "ordered_min": told.ordered_min,
        "protocol_version": told.protocol_version,
        "given_mg": told.given_mg,
        "given_least_mg": told.given_least_mg,
        "given_most_mg": told.given_most_mg,
        "given_mg_per_kg": told.given_mg_per_kg,
        "known_from": " ".join(each.kind for each in told.evidence),
        "usual_rate_mg_per_kg_per_h": told.usual_rate_mg_per_kg_per_h,
        "running_min": told.minutes,
        "most_nauseous": told.most_nauseous,
        "way_home": went.door if went else None,
        "travels_by": went.travels_by if went else None,
        "gone_at": told.gone_at,
        "signed_at": told.signed[-1].occurred_at if told.signed else None,
    }


def _facts(logs: Mapping[UUID, Sequence[e.Logged]], kind: type[e.Fact]) -> list[Row]:
    """Those that count, by the log; a corrected one is in the log itself."""
    return [
        {
            "infusion": infusion,
            "seq": entry.seq,
            "occurred_at": entry.occurred_at,
            "by": entry.by,
            **_fields(entry.fact),
        }
        for infusion, log in logs.items()
        for entry in surviving(log)
        if isinstance(entry.fact, kind)
    ]


def _fields(row: Any) -> Row:
    assert is_dataclass(row)
    return {field.name: getattr(row, field.name) for field in fields(row)}


def as_csv(rows: Iterable[Row]) -> bytes:
    """At least one row; the first one names the columns."""
    rows = list(rows)
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return made.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(_cell(each) for each in value)
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
