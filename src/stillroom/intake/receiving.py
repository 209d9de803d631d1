"""Taking in what somebody sends: as it came, in pieces, judged by its content and shown as far as it is understood."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from psycopg import Cursor

from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.numerals import read_number
from stillroom.core.drip.quantities import QUANTITIES
from stillroom.core.errors import Refused
from stillroom.exchange.content import is_as_named, judged, pieces_of
from stillroom.exchange.fhir import sent as fhir
from stillroom.intake.models import Link, Sent, SentFile, SentItem, SentPiece

ADD_PIECE = """
    INSERT INTO intake_sentpiece (id, clinic_id, file_id, place, content) VALUES (%s, %s, %s, %s, %b)
"""
MOST_BYTES, MOST_FILES = 50 * 1024**2, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sender wrote beside the files."""

    sender: str
    reached_at: str
    about_name: str
    about_born: date
    words: str


def is_too_large(files: Sequence[UploadedFile[Any]], *, most_bytes: int = MOST_BYTES) -> bool:
    return sum(file.size or 0 for file in files) > most_bytes or len(files) > MOST_FILES


def is_used(link: Link) -> bool:
    return Sent.objects.filter(link=link).exists()


def receive(link: Link, said: Said, files: Sequence[UploadedFile[Any]]) -> bool:
    """Keep it all, once. False where something was sent by this link before."""
    try:
        keep(link.clinic_id, said, files, link=link)
    except IntegrityError:
        return False
    return True


def keep(clinic_id: UUID, said: Said, files: Sequence[UploadedFile[Any]], *, link: Link | None = None) -> None:
    """All of it or, where something goes wrong, none."""
    with transaction.atomic():
        row = Sent.objects.create(
            clinic_id=clinic_id,
            link=link,
            sender=said.sender,
            reached_at=said.reached_at,
            about_name=said.about_name,
            about_born=said.about_born,
            words=said.words,
        )
        for file in files:
            _keep(row, file.file or io.BytesIO(), name=str(file.name))


async def content_of(file: SentFile) -> AsyncIterator[bytes]:
    """Its bytes, a piece at a time: what goes out is not in memory as a whole either, and is read after the view."""
    for place in await sync_to_async(_places)(file.clinic_id, file.pk):
        yield await sync_to_async(_piece)(file.clinic_id, file.pk, place)


def _places(clinic_id: UUID, file_id: UUID) -> list[int]:
    with clinic_scope(clinic_id):
        return list(SentPiece.objects.filter(file=file_id).values_list("place", flat=True))


def _piece(clinic_id: UUID, file_id: UUID, place: int) -> bytes:
    with clinic_scope(clinic_id):
        return bytes(SentPiece.objects.get(file=file_id, place=place).content)


def _keep(row: Sent, file: IO[bytes], *, name: str) -> None:
    """A FHIR file with what was understood of it; any other is a document."""
    found = judged(file)
    kept = _keep_pieces(row, file, name=name, kind=found.kind, understood=found.understood)
    if found.kind != "fhir":
        _keep_items(kept, [(fhir.Item(fhir.DOCUMENT, kept.name), kept)])
        return
    _keep_items(kept, [(each, _keep_enclosed(kept, each)) for each in found.understood.items])


def _keep_enclosed(outer: SentFile, item: fhir.Item) -> SentFile | None:
    if item.content is None:
        return None
    file = io.BytesIO(item.content)
    return _keep_pieces(outer.sent, file, name=item.words, kind=judged(file).kind, within=outer)


def _keep_pieces(
    row: Sent,
    file: IO[bytes],
    *,
    name: str,
    kind: str,
    understood: fhir.Understood = fhir.NOTHING,
    within: SentFile | None = None,
) -> SentFile:
    name = _one_line(name)[-160:]
    size_bytes, digest = _measured(file)
    kept = SentFile.objects.create(
        clinic_id=row.clinic_id,
        sent=row,
        within=within,
        name=name,
        kind=kind,
        is_as_named=is_as_named(kind, name),
        size_bytes=size_bytes,
        digest=digest,
        about=[{"name": each.name, "born": each.born.isoformat() if each.born else ""} for each in understood.about],
        left=list(understood.left),
    )
    _write_pieces(kept, file)
    return kept


def _write_pieces(kept: SentFile, file: IO[bytes]) -> None:
    """Django writes a value into the text of its statement, and the connection remembers its last hundred statements:
    pieces go beside the statement instead, as bytes.
    """
    with Cursor(connection.connection) as cursor:
        for place, piece in enumerate(pieces_of(file)):
            cursor.execute(ADD_PIECE, (uuid4(), kept.clinic_id, kept.pk, place, piece), prepare=False)


def _keep_items(kept: SentFile, items: Sequence[tuple[fhir.Item, SentFile | None]]) -> None:
    SentItem.objects.bulk_create(
        SentItem(
            clinic_id=kept.clinic_id,
            file=kept,
            kind=item.kind,
            words=item.words[:2000],
            more=item.more[:2000],
            measured_on=item.measured_on,
            weight_kg=_possible(item.weight_kg),
            document=document,
            place=place,
        )
        for place, (item, document) in enumerate(items)
    )


def _measured(file: IO[bytes]) -> tuple[int, str]:
    size_bytes, digest = 0, hashlib.sha256()
    for piece in pieces_of(file):
        size_bytes += len(piece)
        digest.update(piece)
    return size_bytes, digest.hexdigest()


def _possible(weight_kg: Decimal | None) -> Decimal | None:
    """As a person could have written it here; any other number stays what it is, words."""
    try:
        return None if weight_kg is None else read_number(str(weight_kg), QUANTITIES["weight_kg"])
    except Refused:
        return None


def _one_line(words: str) -> str:
    return " ".join(words.replace("\x00", " ").split())
