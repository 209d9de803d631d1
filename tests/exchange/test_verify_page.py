"""The page that checks a record, opened from a disk in a real browser: good, tampered, signed by another, sealed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stillroom.exchange.archive import packed
from stillroom.exchange.gather import Gathered
from stillroom.exchange.making import made
from stillroom.exchange.part import MANIFEST, SIGNATURE, Part
from stillroom.exchange.sealing import sealed
from stillroom.exchange.signing import fingerprint, make_key, public_key
from tests import chromium
from tests.e2e.looking import look_at
from tests.examples import an_id
from tests.exchange.invented import a_record
from tests.web.conftest import DESK, PHONE, QUIET, STILL

PASSPHRASE, PATIENCE_MS = "slow strings and rain", 60_000


@dataclass(frozen=True)
class Handed:
    """A signed part, unpacked on a disk as whoever was given it would do, and the fingerprint of its key."""

    folder: Path
    part: Part
    mark: str

    def file(self, content: bytes, name: str = "record.zip") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    folder = tmp_path_factory.mktemp("disk")
    key = make_key(folder / "keys", an_id("Elm Clinic"))
    return Handed(folder, made(a_record(), key=key), fingerprint(public_key(key)))


@pytest.fixture(scope="module")
def disk_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program, how = chromium.path(), [*chromium.arguments(), *QUIET, *STILL]
        browser = playwright.chromium.launch(executable_path=program, args=how)
        yield browser
        browser.close()


class Reader:
    """Somebody with the page open from their own disk; what it asks of any network is kept."""

    def __init__(self, browser: Browser, handed: Handed, shape: dict[str, Any]) -> None:
        self.context = browser.new_context(**shape)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        verify = handed.file(_page_in(packed([handed.part])), "verify.html")
        self.page.goto(verify.as_uri())

    def choose(self, file: Path) -> None:
        self.page.get_by_label("The record: the whole file").set_input_files(file)

    def finds(self, title: str) -> None:
        expect(self.page.locator("#found h2").first).to_have_text(title, timeout=PATIENCE_MS)

    @property
    def found(self) -> str:
        return " ".join(self.page.locator("#found").inner_text().split())


@pytest.fixture(params=["desk"])
def reader(request: pytest.FixtureRequest, disk_browser: Browser, handed: Handed) -> Iterator[Reader]:
    reader = Reader(disk_browser, handed, {"desk": DESK, "phone": PHONE}[request.param])
    yield reader
    assert [url for url in reader.asked if not url.startswith(("file:", "blob:"))] == []
    reader.context.close()


def _page_in(content: bytes) -> bytes:
    """The page that lies in the record itself, at its top."""
    return zipfile.ZipFile(io.BytesIO(content)).read("verify.html")


@pytest.mark.parametrize("reader", ["desk", "phone"], indirect=True)
def test_a_good_record_is_whole_and_shows_the_fingerprint_to_compare(reader: Reader, handed: Handed) -> None:
    look_at(reader.page, "verify-page")
    reader.choose(handed.file(packed([handed.part])))
    reader.finds("Whole, and rightly signed")
    (said,) = a_record().record.infusions
    for words in ("Elm Clinic", "Pat Example, born 1984-05-17", handed.mark, f"1, with {said.last_seq} entries"):
        assert words in reader.found
    look_at(reader.page, "verify-page-good")


def test_a_record_that_nobody_signed_says_so(reader: Reader, handed: Handed) -> None:
    reader.choose(handed.file(packed([made(a_record(), key=None)])))
    reader.finds("Whole, and not signed")


def test_a_record_of_two_clinics_is_judged_part_by_part(reader: Reader, handed: Handed) -> None:
    reader.choose(handed.file(packed([handed.part, made(a_record(clinic="Oak Clinic"), key=None)])))
    expect(reader.page.locator("#found h2")).to_have_text(
        ["Whole, and rightly signed", "Whole, and not signed"], timeout=PATIENCE_MS
    )
    assert "Oak Clinic" in reader.found


def _with(part: Part, **files: bytes) -> bytes:
    return packed([Part(files={**part.files, **files})])


def _resigned(handed: Handed) -> bytes:
    """All of it signed anew by a stranger's key, while the manifest goes on naming the clinic's."""
    stranger = made(a_record(), key=make_key(handed.folder / "stranger", an_id("Elm Clinic")))
    return _with(handed.part, **{SIGNATURE: stranger.files[SIGNATURE]})


def _cut_short() -> bytes:
    """By somebody who signs nothing and makes a manifest that fits: only the chain's own head tells."""
    source = a_record()
    (infusion, lines), *_ = source.logs.items()
    return packed([made(Gathered(record=source.record, logs={infusion: lines[:-1]}), key=None)])


def _another_dose() -> bytes:
    source = a_record()
    (infusion, lines), *_ = source.logs.items()
    wrong = (*lines[:4], lines[4].replace('"by": "person:', '"by": "device:'), *lines[5:])
    assert wrong != lines
    return packed([made(Gathered(record=source.record, logs={infusion: wrong}), key=None)])


def test_what_was_changed_is_said_and_not_trusted(reader: Reader, handed: Handed) -> None:
    part = handed.part
    renamed = part.files[MANIFEST].replace(b"Pat Example", b"Pet Example")
    wrong = {
        "csv/check_ins.csv was changed": _with(part, **{"csv/check_ins.csv": b"id\r\n"}),
        "more.csv was put in": _with(part, **{"more.csv": b"x"}),
        "The signature is not right": _with(part, **{MANIFEST: renamed}),
        "what is in this file is not what was signed": _resigned(handed),
        "signature was taken away": packed([Part(files={k: v for k, v in part.files.items() if k != SIGNATURE})]),
        "was cut short, or written anew": _cut_short(),
        "Entry 5 in logs/": _another_dose(),
        "not a ZIP file": packed([part])[:-2000],
        "it is not a record": b"%PDF-1.7",
    }
    for number, (words, content) in enumerate(wrong.items()):
        reader.choose(handed.file(content, f"wrong-{number}.zip"))
        expect(reader.page.locator("#found")).to_contain_text(words, timeout=PATIENCE_MS)
        reader.finds("This cannot be trusted")
        assert "Whole" not in reader.found
    look_at(reader.page, "verify-page-wrong")


def test_a_sealed_record_opens_by_its_passphrase_alone_and_can_be_saved(reader: Reader, handed: Handed) -> None:
    content = packed([handed.part])
    reader.choose(handed.file(sealed(content, PASSPHRASE), "record.stillroom"))
    expect(reader.page.locator("#found")).to_contain_text("under a passphrase")
    for passphrase, title in (
        ("quick drums and sun", "It could not be opened"),
        (PASSPHRASE, "Whole, and rightly signed"),
    ):
        reader.page.get_by_label("Its passphrase").fill(passphrase)
        reader.page.get_by_role("button", name="Open it").click()
        reader.finds(title)
    with reader.page.expect_download() as saved:
        reader.page.get_by_role("link", name="Save it without the passphrase").click()
    assert Path(saved.value.path()).read_bytes() == content
