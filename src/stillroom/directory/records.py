"""A statement out of a clinic's own records, signed: its form, signing it, and verifying it with the key one was given.

The signature is Ed25519 (RFC 8032) over the exact text of the statement, with the format's name before it, so that a
signature of anything else is none of this. The file carries text and signature; the key is never taken from the file.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from stillroom.core import canonical

FORMAT = "stillroom-records/1"
LARGEST = 20_000
COUNTED = ("pressure_kept", "pulse_kept", "saturation_kept", "in_private_rooms", "slips_given", "drops_counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsStatement:
    """Counts of infusions that began from `from_day` to `until_day`, of which so many had each thing.

    `pressure_kept` and its likes: no gap longer than `every_min` from the start of the drip to its end.
    """

    format: str
    clinic: str
    from_day: date
    until_day: date
    every_min: int
    rooms: int
    private_rooms: int
    infusions: int
    pressure_kept: int
    pulse_kept: int
    saturation_kept: int
    in_private_rooms: int
    slips_given: int
    drops_counted: int


class NotProved(ValueError):
    """The file proves nothing, and why in plain words."""


def new_key() -> bytes:
    """A private key, as the PEM text of PKCS#8."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_key_of(pem: bytes) -> str:
    raw = _private(pem).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def signed(statement: RecordsStatement, pem: bytes) -> str:
    """The file: JSON with the statement's text and its signature."""
    text = canonical.written(statement)
    signature = base64.b64encode(_private(pem).sign(_message(text))).decode()
    return json.dumps({"statement": text, "signature": signature}, ensure_ascii=False, indent=1) + "\n"


def verified(file: str, public_key: str) -> RecordsStatement:
    """What the file says, if it was signed with that key, unchanged since, and can be true."""
    if len(file) > LARGEST:
        raise NotProved("This is larger than any statement of records.")
    try:
        found = json.loads(file)
        text, signature = found["statement"], base64.b64decode(found["signature"], validate=True)
        message = _message(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotProved("This is not a statement of records. Paste the whole file, as it is.") from None
    try:
        _public(public_key).verify(signature, message)
    except InvalidSignature:
        raise NotProved("The signature is not that of the registered key, or something was changed.") from None
    try:
        statement = canonical.read(RecordsStatement, text)
    except (ValueError, TypeError, RecursionError):
        raise NotProved("It is signed, but it is not in the form that this Stillroom reads.") from None
    _refuse_what_cannot_be(statement)
    return statement


def text_of(file: str) -> str:
    """The statement's text out of a file that was verified before."""
    return str(json.loads(file)["statement"])


def is_public_key(words: str) -> bool:
    try:
        _public(words)
    except NotProved:
        return False
    return True


def _refuse_what_cannot_be(statement: RecordsStatement) -> None:
    counts = [getattr(statement, name) for name in COUNTED]
    is_possible = (
        statement.format == FORMAT
        and statement.from_day <= statement.until_day
        and all(0 <= number <= statement.infusions for number in counts)
        and 0 <= statement.private_rooms <= statement.rooms
        and statement.every_min > 0
    )
    if not is_possible:
        raise NotProved("It is signed, but its numbers cannot all be true.")


def _message(text: str) -> bytes:
    return f"{FORMAT}\n{text}".encode()


def _private(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("this key is not an Ed25519 key")
    return key


def _public(words: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(words, validate=True))
    except (ValueError, binascii.Error):
        raise NotProved("This is not a public key: 44 signs, as the clinic’s command printed them.") from None
