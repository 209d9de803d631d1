"""Two hundred megabytes: known before they are read, answered in words, never in memory; and what is taken is whole."""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.intake.models import Sent, SentFile
from stillroom.intake.receiving import MOST_BYTES
from tests.cast import Cast, signed_in
from tests.e2e.served import Served
from tests.intake.test_records import SAYS, link_of

Beside = Callable[[Callable[[], Any]], Any]
MB = 1024**2
PIECE = bytes(range(256)) * 1024
LITTLE_MB = 24
"""Far less than is sent. Django keeps 2.5 MB before it goes to disk; the first page of a process loads its parts."""
BOUNDARY = "a-line-between"


def part(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


HEAD = b"".join(part(name, value) for name, value in SAYS.items()) + (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="scan.bin"\r\n\r\n'.encode()
)
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


def send(served: Served, link: str, *, mb: int, is_announced: bool = True) -> tuple[int, str]:
    """A file of so many megabytes, made as it goes."""

    def body() -> Iterator[bytes]:
        yield HEAD
        yield from (PIECE for _ in range(mb * MB // len(PIECE)))
        yield TAIL

    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if is_announced:
        headers["Content-Length"] = str(len(HEAD) + mb * MB + len(TAIL))
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=300)
    try:
        line.request("POST", link, body=body(), headers=headers, encode_chunked=not is_announced)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


@contextmanager
def little_memory(served: Served) -> Iterator[None]:
    """While it runs, no web process holds much more at its peak than before (VmHWM, which Linux starts anew on 5)."""
    processes = [process.pid for process in served.processes_of("web")]
    for pid in processes:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    before = {pid: _kb(pid, "VmRSS") for pid in processes}
    yield
    grown_mb = {pid: (_kb(pid, "VmHWM") - before[pid]) / 1024 for pid in processes}
    assert max(grown_mb.values()) < LITTLE_MB, grown_mb


def _kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@pytest.mark.parametrize("is_announced", [True, False])
def test_it_is_refused_in_words_and_nothing_that_was_accepted_is_lost(
    cast: Cast, served: Served, beside: Beside, is_announced: bool
) -> None:
    good, bad = beside(lambda: link_of(cast)), beside(lambda: link_of(cast))
    assert send(served, good, mb=1)[0] == 302
    with little_memory(served):
        status, words = send(served, bad, mb=200, is_announced=is_announced)
    assert status == 413
    assert f"At most {MOST_BYTES // MB + 1} MB" in words
    assert "what was kept before is still there" in words
    assert send(served, bad, mb=1)[0] == 302  # the link is still good
    assert beside(lambda: kept(cast)) == [MB, MB]


def test_a_large_file_is_taken_and_given_out_with_little_in_memory(cast: Cast, served: Served, beside: Beside) -> None:
    link = beside(lambda: link_of(cast))
    with little_memory(served):
        assert send(served, link, mb=45)[0] == 302
    digest = hashlib.sha256(PIECE * (45 * MB // len(PIECE))).hexdigest()
    assert beside(lambda: digest_kept(cast)) == digest
    with little_memory(served):
        assert beside(lambda: digest_given(cast, served)) == digest


def kept(cast: Cast) -> list[int]:
    with clinic_scope(cast.clinic.pk):
        newest = Sent.objects.order_by("-sent_at")[:2]
        return [file.size_bytes for row in newest for file in row.files.all()]


def digest_kept(cast: Cast) -> str:
    with clinic_scope(cast.clinic.pk):
        return SentFile.objects.order_by("-sent__sent_at")[0].digest


def digest_given(cast: Cast, served: Served) -> str:
    with clinic_scope(cast.clinic.pk):
        file = SentFile.objects.order_by("-sent__sent_at")[0]
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in signed_in(cast.ben).cookies.items())
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=300)
    line.request("GET", f"/intake/sent/files/{file.pk}/", headers={"Cookie": cookies})
    answer, digest = line.getresponse(), hashlib.sha256()
    while piece := answer.read(MB):
        digest.update(piece)
    line.close()
    return digest.hexdigest()
