"""A portable record under a passphrase: the key by scrypt, the content by AES-256-GCM. The format is docs/record.md's.

    stillroom sealed record 1\\n
    {"n":65536,"nonce":"<24 hex>","p":1,"r":8,"salt":"<32 hex>"}\\n
    <ciphertext, then the tag of 16 bytes>

The two lines are what the tag also covers. Nobody can open it without the passphrase, the clinic neither.
"""

from __future__ import annotations

import json
from secrets import token_bytes
from typing import Any
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from stillroom.core import canonical
from stillroom.core.errors import refuse

FIRST_LINE = b"stillroom sealed record 1\n"
N, R, P = 2**16, 8, 1
MOST_N = 2**17  # asks for 128 MiB: a file may not ask for more
LEAST_LENGTH = 12


def sealed(content: bytes, passphrase: str) -> bytes:
    salt, nonce = token_bytes(16), token_bytes(12)
    header = {"n": N, "r": R, "p": P, "salt": salt.hex(), "nonce": nonce.hex()}
    top = FIRST_LINE + canonical.dumped(header).encode() + b"\n"
    return top + AESGCM(_key(passphrase, header)).encrypt(nonce, content, top)


def is_sealed(content: bytes) -> bool:
    return content.startswith(FIRST_LINE)


def opened(content: bytes, passphrase: str) -> bytes:
    """What was sealed. Refused when the passphrase is another, or anything was changed: the two look the same."""
    line, found, rest = content[len(FIRST_LINE) :].partition(b"\n")
    header = _header(line)
    if not found or header is None:
        raise refuse("not_a_record")
    try:
        return AESGCM(_key(passphrase, header)).decrypt(bytes.fromhex(header["nonce"]), rest, FIRST_LINE + line + b"\n")
    except InvalidTag as error:
        raise refuse("passphrase_wrong") from error


def _header(line: bytes) -> dict[str, Any] | None:
    try:
        header = json.loads(line[:1000])
        salt, nonce = bytes.fromhex(header["salt"]), bytes.fromhex(header["nonce"])
        n, is_usual = header["n"], (header["r"], header["p"]) == (R, P)
    except (ValueError, KeyError, TypeError):
        return None
    is_power = type(n) is int and 2**14 <= n <= MOST_N and n & (n - 1) == 0
    return header if is_usual and is_power and (len(salt), len(nonce)) == (16, 12) else None


def _key(passphrase: str, header: dict[str, Any]) -> bytes:
    """Spaces at the ends are slips of typing; all else of a passphrase counts, in the form NFC."""
    plain = normalize("NFC", passphrase.strip()).encode()
    return Scrypt(salt=bytes.fromhex(header["salt"]), length=32, n=header["n"], r=header["r"], p=header["p"]).derive(
        plain
    )
