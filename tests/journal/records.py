"""A record of another clinic, as Pat was handed it there: made in a transaction that is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from stillroom.exchange.archive import packed
from stillroom.exchange.gather import Gathered
from stillroom.exchange.making import made
from stillroom.exchange.part import Part
from stillroom.exchange.signing import make_key
from tests.cast import Cast, an_id
from tests.exchange.records import furnish, gathered

ELSEWHERE = an_id("a clinic elsewhere")


def part_elsewhere(cast: Cast, keys: Path, *, later: timedelta = timedelta(0), is_signed: bool = True) -> Part:
    """As if Elm Clinic, which this server does not know, had given Pat what the cast's clinic did."""
    source = _source(cast)
    clinic = replace(source.record.clinic, id=ELSEWHERE, name="Elm Clinic")
    record = replace(source.record, clinic=clinic, made_at=source.record.made_at + later)
    key = make_key(keys, ELSEWHERE) if is_signed else None
    return made(Gathered(record=record, logs=source.logs), key=key)


def file_elsewhere(cast: Cast, keys: Path) -> bytes:
    return packed([part_elsewhere(cast, keys)])


def _source(cast: Cast) -> Gathered:
    with transaction.atomic():
        furnish(cast)
        source = gathered(cast)
        transaction.set_rollback(True)
    return source
