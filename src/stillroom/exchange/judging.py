"""Is a part of a portable record whole, and whose? Looked at by content alone; nothing that it says is believed first.

In this order: every file is exactly what the manifest says; the signature is right; the record and every log can be
read; every chain holds and ends where the record says. Needs no database.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from stillroom.core.canonical import utc_text
from stillroom.core.errors import refuse
from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.fold import fold
from stillroom.exchange import record as r
from stillroom.exchange.part import FORMAT, MANIFEST, RECORD, SIGNATURE, Part, file_said, log_path
from stillroom.exchange.signing import is_signed
from stillroom.infusions.codec import decode
from stillroom.infusions.standalone_verify import Verdict


class Signed(StrEnum):
    """By a clinic of this server; rightly, with a key that nobody here knows; or not at all. A wrong one is refused."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A part that is whole: what is in it, read."""

    part: Part
    record: r.Record
    logs: dict[UUID, tuple[Logged, ...]]
    heads: tuple[str, ...]
    signed: Signed


def judge(part: Part, *, known: Collection[str] = ()) -> Judged:
    """The part, read; or refused with what is wrong first. `known` are public keys of this server's clinics."""
    _must_be_understood(part)
    _must_hold_its_files(part)
    signed = _signed(part, known)
    record = _record(part)
    lines = {said.id: _lines(part.files[log_path(said.id)]) for said in record.infusions}
    heads = _verified(record, lines)
    return Judged(part=part, record=record, logs=_logs(lines), heads=heads, signed=signed)


def _must_be_understood(part: Part) -> None:
    try:
        found = json.loads(part.manifest_bytes)
    except ValueError as error:
        raise refuse("not_a_record") from error
    if (
        isinstance(found, dict)
        and str(found.get("format", "")).startswith("stillroom part ")
        and found["format"] != FORMAT
    ):
        raise refuse("record_of_newer_release")
    try:
        _ = part.manifest
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("not_a_record") from error


def _must_hold_its_files(part: Part) -> None:
    said = {each.path: each for each in part.manifest.files}
    found = {
        path: file_said(path, content) for path, content in part.files.items() if path not in (MANIFEST, SIGNATURE)
    }
    wrong = sorted(path for path in said.keys() | found.keys() if said.get(path) != found.get(path))
    if wrong:
        raise refuse("record_changed", file=wrong[0])


def _signed(part: Part, known: Collection[str]) -> Signed:
    public = part.manifest.public_key
    if public is None and not part.signature:
        return Signed.NOT
    if public is None or not is_signed(part.manifest_bytes, part.signature, public):
        raise refuse("record_signature_wrong")
    return Signed.HERE if public in known else Signed.ELSEWHERE


def _record(part: Part) -> r.Record:
    """What the manifest says of clinic and patient must be what the record says: a page may show either."""
    try:
        record = r.read(part.files[RECORD].decode())
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("record_not_understood") from error
    manifest = part.manifest
    says = (record.clinic.id, record.clinic.name, record.patient.id, record.patient.name, record.patient.birth_date)
    said = (manifest.clinic, manifest.clinic_name, manifest.patient, manifest.patient_name, manifest.born)
    has_logs = all(log_path(infusion.id) in part.files for infusion in record.infusions)
    is_one = says == said and record.made_at == manifest.made_at
    if not is_one or not has_logs or record.clinic.time_zone not in available_timezones():
        raise refuse("record_not_understood")
    return record


def _lines(content: bytes) -> list[str]:
    """By line feeds alone: words may hold other characters that some call the end of a line."""
    try:
        return content.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise refuse("record_not_understood") from error


def _verified(record: r.Record, lines: dict[UUID, list[str]]) -> tuple[str, ...]:
    verdict = Verdict(line for each in lines.values() for line in each)
    verdict.hold_to_heads([[str(each.id), str(each.last_seq), each.head] for each in record.infusions])
    strangers = verdict.chains.keys() - {str(each.id) for each in record.infusions}
    if verdict.wrong or strangers:
        raise refuse("record_log_broken", what=next(iter(verdict.wrong.values()), "a log that is not listed"))
    return tuple(verdict.heads)


def _logs(lines: dict[UUID, list[str]]) -> dict[UUID, tuple[Logged, ...]]:
    """Every log decoded, and folded once to see that it can be."""
    try:
        logs = read_logs(lines)
        for log in logs.values():
            fold(log)
    except (ValueError, KeyError, TypeError, AssertionError, AttributeError, ArithmeticError) as error:
        raise refuse("record_not_understood") from error
    return logs


def read_logs(lines: Mapping[UUID, Sequence[str]]) -> dict[UUID, tuple[Logged, ...]]:
    """Logs from the lines of their export."""
    return {infusion: tuple(_logged(json.loads(line)) for line in each) for infusion, each in lines.items()}


def _logged(line: dict[str, Any]) -> Logged:
    return Logged(
        seq=line["seq"],
        act=UUID(line["act"]),
        kind=line["kind"],
        version=line["version"],
        occurred_at=_moment(line["occurred_at"]),
        recorded_at=_moment(line["recorded_at"]),
        by=line["by"],
        fact=decode(
            line["kind"], line["version"], line["payload"], {text["field"]: text["text"] for text in line["texts"]}
        ),
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if utc_text(at) != text:
        raise ValueError(f"{text} is not written as a moment is")
    return at
