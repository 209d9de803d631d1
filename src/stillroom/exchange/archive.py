"""The one file: parts in a ZIP, each in a folder of its own, beside a page that checks them and a few words.

The same parts make the same bytes. Reading trusts nothing: sizes are limited before anything is unpacked, and only
plain paths are taken.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from stillroom.core.errors import refuse
from stillroom.exchange.part import MANIFEST, Part

HERE = Path(__file__).parent
BESIDE = ("README.txt", "verify.html")
MOST_PACKED_BYTES = 20 * 1024**2
MOST_UNPACKED_BYTES = 150 * 1024**2
MOST_FILES = 4000
NEVER_CHANGES = (1980, 1, 1, 0, 0, 0)
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
OUR_WAYS, ENCRYPTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), 0x1
PLAIN_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){1,3}")


def packed(parts: Iterable[Part]) -> bytes:
    """The portable record as one ZIP file."""
    files = {f"{part.folder}/{path}": content for part in parts for path, content in part.files.items()}
    files |= {name: (HERE / name).read_bytes() for name in BESIDE}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, NEVER_CHANGES)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, files[path])
    return made.getvalue()


def unpacked(content: bytes) -> list[Part]:
    """The parts in a file, each as it was packed. Refused when it is none of ours, or larger than any record is."""
    if len(content) > MOST_PACKED_BYTES:
        raise refuse("record_too_large", limit=f"{MOST_PACKED_BYTES // 1024**2}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _parts(archive)
    except DAMAGED as error:
        raise refuse("not_a_record") from error


def _parts(archive: zipfile.ZipFile) -> list[Part]:
    inside = [info for info in archive.infolist() if not info.is_dir() and info.filename not in BESIDE]
    if len(inside) > MOST_FILES or sum(info.file_size for info in inside) > MOST_UNPACKED_BYTES:
        raise refuse("record_too_large", limit=f"{MOST_PACKED_BYTES // 1024**2}")
    folders: dict[str, dict[str, bytes]] = defaultdict(dict)
    for info in inside:
        if not PLAIN_PATH.fullmatch(info.filename) or info.compress_type not in OUR_WAYS or info.flag_bits & ENCRYPTED:
            raise refuse("not_a_record")
        folder, _, path = info.filename.partition("/")
        if path in folders[folder]:
            raise refuse("not_a_record")
        folders[folder][path] = _content(archive, info)
    if not folders or any(MANIFEST not in files for files in folders.values()):
        raise refuse("not_a_record")
    return [Part(files=files) for _, files in sorted(folders.items())]


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more than the file said it holds: what it says of itself was counted, and is not believed."""
    with archive.open(info) as packed_file:
        content = packed_file.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise refuse("not_a_record")
    return content
