"""One clinic's part of a portable record: its files, and the signed list of them.

`manifest.json` names every other file with its length and SHA-256, and the public key it was signed with;
`manifest.sig` is the signature over exactly its bytes. A part is carried on byte for byte, whoever hands it on.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillroom.core import canonical
from stillroom.exchange.record import Record
from stillroom.exchange.signing import public_key, sign

FORMAT = "stillroom part 1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
RECORD, BUNDLE, PAPER = "record.json", "bundle.json", "record.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSaid:
    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a part, of whom and by whom. `public_key` of None: the clinic had no key, nothing is signed."""

    format: str
    clinic: UUID
    clinic_name: str
    patient: UUID
    patient_name: str
    born: date
    made_at: datetime
    software: str
    files: tuple[FileSaid, ...]
    public_key: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """Path -> bytes, `manifest.json` and `manifest.sig` among them. What is in it is never said in a traceback."""

    files: Mapping[str, bytes] = field(repr=False)

    @property
    def manifest_bytes(self) -> bytes:
        return self.files[MANIFEST]

    @cached_property
    def manifest(self) -> Manifest:
        return canonical.read(Manifest, self.manifest_bytes.decode())

    @property
    def signature(self) -> str:
        return self.files.get(SIGNATURE, b"").decode(errors="replace").strip()

    @property
    def digest(self) -> str:
        """Names this part and no other: the SHA-256 of its manifest."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()

    @property
    def folder(self) -> str:
        """Where it lies in a file of several parts."""
        return f"{_plain_name(self.manifest.clinic_name)}-{self.digest[:8]}"


def log_path(infusion_id: UUID) -> str:
    return f"logs/{infusion_id}.jsonl"


def made_part(record: Record, files: Mapping[str, bytes], *, software: str, key: Ed25519PrivateKey | None) -> Part:
    """A part of these files, `record.json` among them, signed with `key` where there is one."""
    manifest = Manifest(
        format=FORMAT,
        clinic=record.clinic.id,
        clinic_name=record.clinic.name,
        patient=record.patient.id,
        patient_name=record.patient.name,
        born=record.patient.birth_date,
        made_at=record.made_at,
        software=software,
        files=tuple(file_said(path, files[path]) for path in sorted(files)),
        public_key=public_key(key) if key else None,
    )
    written = canonical.written(manifest).encode()
    signed = {SIGNATURE: f"{sign(written, key)}\n".encode()} if key else {}
    return Part(files={**files, MANIFEST: written, **signed})


def file_said(path: str, content: bytes) -> FileSaid:
    return FileSaid(path=path, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def _plain_name(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")[:40] or "clinic"
