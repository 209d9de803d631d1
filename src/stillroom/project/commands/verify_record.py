"""What `stillroom verify` says of a portable record. Needs no database, and no Django."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from stillroom.core.errors import Refused
from stillroom.exchange.archive import unpacked
from stillroom.exchange.judging import Judged, Signed, judge
from stillroom.exchange.sealing import is_sealed, opened
from stillroom.exchange.signing import fingerprint, known_keys
from stillroom.project.places import places

SAID = {
    Signed.HERE: "signed by this clinic: the key is one of this server's",
    Signed.ELSEWHERE: "rightly signed, with a key this server does not know: compare its fingerprint with the clinic's",
    Signed.NOT: "NOT SIGNED: whoever made it could have written anything",
}

# By the code of a finding; facts stand in braces.
WRONG = {
    "not_a_record": "This is no record that Stillroom handed out, or it was damaged on its way.",
    "passphrase_wrong": "This passphrase does not open it.",
    "record_changed": "It is not as it was handed out: {file} was changed, added or taken away.",
    "record_log_broken": "An infusion in it does not hold together: {what}.",
    "record_not_understood": "Something in it is not written as any release of Stillroom that is known here wrote it.",
    "record_of_newer_release": "It was made by a newer Stillroom than this one.",
    "record_signature_wrong": "The signature does not fit what is in it: it was changed, or is not from who it says.",
    "record_too_large": "It is larger than {limit} MB, and no record is.",
}


def record_in(file: Path) -> bytes:
    """The content of a file that looks like a portable record; nothing where it looks like a log."""
    with file.open("rb") as opened_file:
        start = opened_file.read(64)
    return file.read_bytes() if start.startswith(b"PK") or is_sealed(start) else b""


def verify_record(content: bytes) -> int:
    """Says what was found, part by part; 0 when all is whole, 1 when something is not."""
    try:
        if is_sealed(content):
            passphrase = os.environ.get("STILLROOM_PASSPHRASE") or typer.prompt("Its passphrase", hide_input=True)
            content = opened(content, passphrase)
        keys = known_keys(
            Path(os.environ.get("STILLROOM_SIGNING_KEYS", "").strip() or places().folder / "signing-keys")
        )
        for part in unpacked(content):
            _say(judge(part, known=keys))
    except Refused as refused:
        finding = refused.findings[0]
        typer.echo(WRONG[finding.code].format(**finding.facts), err=True)
        return 1
    return 0


def _say(judged: Judged) -> None:
    record, manifest = judged.record, judged.part.manifest
    key = f", key {fingerprint(manifest.public_key)}" if manifest.public_key else ""
    typer.echo(f"{record.clinic.name}, made {record.made_at:%Y-%m-%d %H:%M} UTC: {SAID[judged.signed]}{key}")
    for head in judged.heads:
        typer.echo(head)
