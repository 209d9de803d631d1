"""A part, made: the record and its logs as exact bytes, and beside them FHIR, tables and paper for whoever reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillroom import __version__
from stillroom.core import canonical
from stillroom.exchange.fhir import as_json, bundle
from stillroom.exchange.gather import Gathered
from stillroom.exchange.judging import read_logs
from stillroom.exchange.paper import record_pdf
from stillroom.exchange.part import BUNDLE, PAPER, RECORD, Part, log_path, made_part
from stillroom.exchange.signing import key_of, public_key
from stillroom.exchange.tables import tables


def part_of(gathered: Gathered, *, keys: Path) -> Part:
    """Signed by the clinic where it has a key; without one it is handed out all the same, and says so."""
    record = gathered.record
    return made(gathered, key=key_of(keys, record.clinic.id))


def made(gathered: Gathered, *, key: Ed25519PrivateKey | None) -> Part:
    record, logs = gathered.record, read_logs(gathered.logs)
    files = {
        log_path(infusion): "".join(f"{line}\n" for line in lines).encode() for infusion, lines in gathered.logs.items()
    }
    files |= tables(record, logs)
    files |= {
        RECORD: canonical.written(record).encode(),
        BUNDLE: as_json(bundle(record, logs)).encode(),
        PAPER: record_pdf(record, logs, public_key=public_key(key) if key else None),
    }
    return made_part(record, files, software=__version__, key=key)


def paper_of(gathered: Gathered, *, keys: Path) -> bytes:
    """The readable record alone, with the fingerprint of the clinic's key, to compare a file with."""
    key = key_of(keys, gathered.record.clinic.id)
    return record_pdf(gathered.record, read_logs(gathered.logs), public_key=public_key(key) if key else None)


def paper_of_infusion(gathered: Gathered, infusion_id: UUID) -> bytes:
    """One infusion on paper, and nothing else of the record but what the clinic knows of allergies and weight."""
    of_it = tuple(each for each in gathered.record.adverse_events if each.infusion_id == infusion_id)
    record = replace(gathered.record, check_ins=(), questionnaires=(), looks=(), calls=(), adverse_events=of_it)
    logs = read_logs({infusion_id: gathered.logs[infusion_id]})
    return record_pdf(record, logs, public_key=None)
