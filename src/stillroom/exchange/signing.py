"""A clinic's own key, Ed25519: made once, kept in a file that only the clinic's server reads, outside the database.

Whoever holds a copy of the database cannot sign for the clinic. Public keys stay beside it, those of earlier keys too,
so that what was signed before a key was changed is still known as the clinic's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

SIGNED_AS = b"stillroom part 1\n"
"""What is signed begins with this, so that a signature can never be taken for one over something else."""


def make_key(folder: Path, clinic_id: UUID) -> Ed25519PrivateKey:
    """A new key for a clinic, from now on; what an earlier one signed stays the clinic's."""
    key = Ed25519PrivateKey.generate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    new = folder / f"{clinic_id}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    new.replace(_private(folder, clinic_id))
    public = public_key(key)
    (folder / f"{clinic_id}.{public[:16]}.pub").write_text(f"{public}\n")
    return key


def key_of(folder: Path, clinic_id: UUID) -> Ed25519PrivateKey | None:
    """The clinic's key; None where none was made, or this process may not read it."""
    try:
        key = load_pem_private_key(_private(folder, clinic_id).read_bytes(), password=None)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{_private(folder, clinic_id)} holds another kind of key")
    return key


def known_keys(folder: Path) -> Mapping[str, UUID]:
    """Every public key, in hex, that a clinic of this server has or had."""
    try:
        files = sorted(folder.glob("*.pub"))
        return {file.read_text().strip(): UUID(file.name.split(".")[0]) for file in files}
    except PermissionError:
        return {}


def public_key(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def fingerprint(public: str) -> str:
    """What two people compare: the first 20 hex digits of the SHA-256 of the key's 32 bytes, in fours."""
    digits = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:20].upper()
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


def sign(manifest: bytes, key: Ed25519PrivateKey) -> str:
    return key.sign(SIGNED_AS + manifest).hex()


def is_signed(manifest: bytes, signature: str, public: str) -> bool:
    """Was exactly this manifest signed with the key whose public half this is? Anything unreadable is a no."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), SIGNED_AS + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(folder: Path, clinic_id: UUID) -> Path:
    return folder / f"{clinic_id}.pem"
