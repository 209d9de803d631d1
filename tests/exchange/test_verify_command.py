"""`stillroom verify RECORD`, as whoever was handed a file calls it: what it says, and how it ends."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stillroom.exchange import archive, judging, sealing
from stillroom.exchange.archive import packed
from stillroom.exchange.gather import Gathered
from stillroom.exchange.making import made
from stillroom.exchange.part import MANIFEST, SIGNATURE, Part, log_path
from stillroom.exchange.sealing import sealed
from stillroom.exchange.signing import fingerprint, key_of, make_key, public_key
from stillroom.project.cli import app
from stillroom.project.commands.verify_record import WRONG
from tests.examples import an_id
from tests.exchange.invented import a_record

CLINIC, PASSPHRASE = an_id("Elm Clinic"), "slow strings and rain"
CHECK_INS = "csv/check_ins.csv"


@dataclass
class Desk:
    """Somebody with a file, and the keys of a clinic beside them or not."""

    folder: Path
    part: Part

    def verify(self, content: bytes, *, keys: str = "keys", passphrase: str = "") -> Result:
        file = self.folder / "record.zip"
        file.write_bytes(content)
        known = {"STILLROOM_SIGNING_KEYS": str(self.folder / keys), "STILLROOM_PASSPHRASE": passphrase}
        return CliRunner().invoke(app, ["verify", str(file)], env=known)

    def changed(self, **files: bytes | None) -> Part:
        kept = {path: content for path, content in (self.part.files | files).items() if content is not None}
        return Part(files=kept)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, made(a_record(), key=make_key(tmp_path / "keys", CLINIC)))


def test_a_good_record_says_who_signed_it_and_the_head_of_each_log(desk: Desk) -> None:
    found = desk.verify(packed([desk.part]))
    assert found.exit_code == 0
    key = key_of(desk.folder / "keys", CLINIC)
    assert key is not None
    assert "Elm Clinic, made 2026-12-23 10:00 UTC: signed by this clinic" in found.stdout
    assert fingerprint(public_key(key)) in found.stdout
    (said,) = a_record().record.infusions
    assert f"{said.id} {said.last_seq} {said.head}" in found.stdout.splitlines()


def test_a_record_of_a_clinic_elsewhere_is_whole_and_its_key_is_to_be_compared(desk: Desk) -> None:
    found = desk.verify(packed([desk.part]), keys="none")
    assert found.exit_code == 0
    assert "a key this server does not know: compare its fingerprint" in found.stdout


def test_what_nobody_signed_is_said_to_be_so(desk: Desk) -> None:
    found = desk.verify(packed([made(a_record(), key=None)]))
    assert found.exit_code == 0
    assert "NOT SIGNED" in found.stdout


def test_every_part_of_a_file_is_looked_at(desk: Desk) -> None:
    good, other = made(a_record(clinic="Oak Clinic"), key=None), desk.changed(**{CHECK_INS: b"id\r\n"})
    assert desk.verify(packed([desk.part, good])).stdout.count(", made 2026-12-23") == 2
    assert desk.verify(packed([good, other])).exit_code == 1


def cut_short() -> Part:
    """Made by somebody who may sign nothing, with an entry of the log left out, and a manifest that fits."""
    record = a_record()
    (infusion, lines), *_ = record.logs.items()
    return made(Gathered(record=record.record, logs={infusion: lines[:-1]}), key=None)


TAMPERED: dict[str, tuple[str, Callable[[Desk], bytes]]] = {
    "a table changed": (
        f"handed out: {CHECK_INS} was",
        lambda d: packed([d.changed(**{CHECK_INS: b"id\r\n"})]),
    ),
    "a log changed": ("handed out: logs/", lambda d: packed([d.changed(**_another_author(d.part))])),
    "a file put in": ("handed out: more.csv", lambda d: packed([d.changed(**{"more.csv": b"x"})])),
    "the signature taken away": ("The signature does not fit", lambda d: packed([d.changed(**{SIGNATURE: None})])),
    "another name in the manifest": ("The signature does not fit", lambda d: packed([d.changed(**_renamed(d.part))])),
    "a log cut short": ("An infusion in it does not hold together", lambda d: packed([cut_short()])),
    "the file cut short": ("no record that Stillroom handed out", lambda d: packed([d.part])[:-2000]),
    "a ZIP of something else": ("no record that Stillroom handed out", lambda d: b"PK\x05\x06" + b"\0" * 18),
}


def _another_author(part: Part) -> dict[str, bytes]:
    path = log_path(an_id("infusion"))
    return {path: part.files[path].replace(b"system:", b"person:", 1) + b" "}


def _renamed(part: Part) -> dict[str, bytes]:
    return {MANIFEST: part.files[MANIFEST].replace(b"Pat Example", b"Pet Example")}


@pytest.mark.parametrize(("said", "content"), TAMPERED.values(), ids=list(TAMPERED))
def test_what_was_changed_or_cut_or_is_none_ends_with_1_and_says_what(
    desk: Desk, said: str, content: Callable[[Desk], bytes]
) -> None:
    found = desk.verify(content(desk))
    assert found.exit_code == 1
    assert said in found.stderr
    assert "signed by this clinic" not in found.stdout


def test_whatever_can_be_wrong_has_words() -> None:
    """Every code that reading, opening and judging a record refuse with."""
    rooms = (archive, judging, sealing)
    codes = {code for room in rooms for code in re.findall(r'refuse\(\s*"(\w+)"', inspect.getsource(room))}
    assert codes == set(WRONG)


def test_a_file_that_is_neither_record_nor_log_ends_with_another_word(desk: Desk) -> None:
    for content in (b"%PDF-1.7 \xff\xfe", b"Dear doctor,\n"):
        found = desk.verify(content)
        assert found.exit_code in (1, 2)
        assert found.stderr
        assert found.stdout == ""


def test_a_passphrase_is_taken_from_the_environment_or_asked_for(desk: Desk) -> None:
    box = sealed(packed([desk.part]), PASSPHRASE)
    assert desk.verify(box, passphrase=PASSPHRASE).exit_code == 0
    wrong = desk.verify(box, passphrase="quick drums and sun")
    assert (wrong.exit_code, wrong.stderr.strip()) == (1, "This passphrase does not open it.")
    file = desk.folder / "record.zip"
    asked = CliRunner().invoke(app, ["verify", str(file)], input=f"{PASSPHRASE}\n", env={"STILLROOM_PASSPHRASE": ""})
    assert asked.exit_code == 0
    assert PASSPHRASE not in asked.output
