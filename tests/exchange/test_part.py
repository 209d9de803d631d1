"""One clinic's part: it is made, read back and carried on byte for byte; whatever was changed in it is found."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion.report import report
from stillroom.exchange.archive import packed, unpacked
from stillroom.exchange.gather import Gathered
from stillroom.exchange.judging import Signed, judge, read_logs
from stillroom.exchange.making import made
from stillroom.exchange.part import MANIFEST, PAPER, RECORD, SIGNATURE, Part
from stillroom.exchange.sealing import is_sealed, opened, sealed
from stillroom.exchange.signing import fingerprint, key_of, known_keys, make_key, public_key
from tests.cast import Cast
from tests.exchange.records import LATER, furnish, gathered


@pytest.fixture
def source(cast: Cast) -> Gathered:
    furnish(cast)
    return gathered(cast)


@pytest.fixture
def part(source: Gathered, tmp_path: Path) -> Part:
    return made(source, key=make_key(tmp_path, source.record.clinic.id))


def code_of(part: Part) -> str:
    with pytest.raises(Refused) as refused:
        judge(part)
    return refused.value.findings[0].code


def test_what_was_kept_is_what_is_read(source: Gathered, part: Part, tmp_path: Path) -> None:
    judged = judge(part, known=known_keys(tmp_path))
    assert judged.record == source.record
    assert judged.signed is Signed.HERE
    assert judge(part).signed is Signed.ELSEWHERE
    told = [report(log, at=LATER) for log in read_logs(source.logs).values()]
    assert [report(log, at=LATER) for log in judged.logs.values()] == told


def test_nought_and_missing_stay_two_things(part: Part) -> None:
    record = judge(part).record
    assert [row.low for row in record.check_ins] == [8, 0, None]
    assert [row.total for row in record.questionnaires] == [None, 0]
    assert record.questionnaires[0].items == (0, 1, 2, 3, 0, None, 1, 1, 0)
    tables = {path: part.files[path].decode().splitlines() for path in ("csv/check_ins.csv", "csv/watched.csv")}
    names = tables["csv/check_ins.csv"][0].split(",")
    cells = [dict(zip(names, line.split(","), strict=True)) for line in tables["csv/check_ins.csv"][1:]]
    assert [cell["low"] for cell in cells] == ["8", "0", ""]
    assert cells[0]["words"] == "'=a hard day"


def test_corrections_are_kept_with_what_they_correct(part: Part) -> None:
    judged = judge(part)
    first, second, _ = judged.record.check_ins
    assert second.replaces_id == first.id
    (log,) = judged.logs.values()
    kinds = [entry.kind for entry in log]
    assert "EntryCorrected" in kinds
    pressures = [entry.fact.sbp_mmhg for entry in log if entry.kind == "VitalsCharted"]  # type: ignore[attr-defined]
    assert {241, 141} <= set(pressures)


def test_export_import_export_is_the_same_bytes(part: Part) -> None:
    once = packed([part])
    assert packed(unpacked(once)) == once
    assert unpacked(once)[0].files == part.files


def test_parts_of_two_clinics_lie_beside_each_other(part: Part, source: Gathered) -> None:
    other = made(source, key=None)
    assert {each.digest for each in unpacked(packed([part, other]))} == {part.digest, other.digest}


def test_every_file_is_held_to_the_manifest(part: Part) -> None:
    for path in part.files:
        changed = dict(part.files) | {path: part.files[path] + b" "}
        code = code_of(Part(files=changed)) if path != SIGNATURE else ""
        assert code in {"record_changed", "record_signature_wrong", "not_a_record", ""}, path
    assert code_of(Part(files={**part.files, "csv/more.csv": b"x"})) == "record_changed"
    assert code_of(Part(files={path: each for path, each in part.files.items() if path != PAPER})) == "record_changed"


def test_a_manifest_signed_by_another_key_is_refused(part: Part, tmp_path: Path) -> None:
    stranger = public_key(make_key(tmp_path / "stranger", part.manifest.clinic))
    manifest = part.manifest_bytes.replace((part.manifest.public_key or "").encode(), stranger.encode())
    assert code_of(Part(files={**part.files, MANIFEST: manifest})) == "record_signature_wrong"
    without = {path: each for path, each in part.files.items() if path != SIGNATURE}
    assert code_of(Part(files=without)) == "record_signature_wrong"


def test_a_log_that_was_written_anew_is_refused_even_under_a_right_manifest(source: Gathered) -> None:
    """Whoever has a key could sign anything; the chain and the heads are looked at all the same."""
    (infusion, lines), *_ = source.logs.items()
    cut = Gathered(record=source.record, logs={infusion: lines[:-1]})
    assert code_of(made(cut, key=None)) == "record_log_broken"
    entry = json.loads(lines[3])
    entry["by"] = "person:00000000-0000-4000-8000-000000000000"
    changed = (*lines[:3], json.dumps(entry), *lines[4:])
    assert code_of(made(Gathered(record=source.record, logs={infusion: changed}), key=None)) == "record_log_broken"


def test_without_a_key_it_is_whole_and_says_that_nobody_signed(source: Gathered) -> None:
    assert judge(made(source, key=None)).signed is Signed.NOT


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"hello", b"%PDF-1.7"])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        unpacked(content)
    assert refused.value.findings[0].code == "not_a_record"


def test_a_key_is_for_its_owner_alone_and_the_last_one_stays_known(tmp_path: Path, cast: Cast) -> None:
    first = make_key(tmp_path, cast.clinic.pk)
    second = make_key(tmp_path, cast.clinic.pk)
    held = key_of(tmp_path, cast.clinic.pk)
    assert held is not None
    assert public_key(held) == public_key(second)
    assert set(known_keys(tmp_path)) == {public_key(first), public_key(second)}
    assert (tmp_path / f"{cast.clinic.pk}.pem").stat().st_mode & 0o077 == 0
    assert len(fingerprint(public_key(first))) == 24


def test_a_passphrase_opens_what_it_sealed_and_nothing_else(part: Part) -> None:
    content = packed([part])
    box = sealed(content, "correct horse battery")
    assert is_sealed(box)
    assert opened(box, " correct horse battery ") == content
    for wrong in (
        lambda: opened(box, "correct horse"),
        lambda: opened(box[:-1] + bytes([box[-1] ^ 1]), "correct horse battery"),
    ):
        with pytest.raises(Refused) as refused:
            wrong()
        assert refused.value.findings[0].code == "passphrase_wrong"


def test_a_sealed_file_cannot_ask_for_more_memory_than_we_give(part: Part) -> None:
    box = sealed(b"x", "correct horse battery")
    with pytest.raises(Refused):
        opened(box.replace(b'"n":65536', b'"n":1073741824'), "correct horse battery")


def test_no_changed_byte_of_a_file_goes_unseen(part: Part) -> None:
    """A byte anywhere in the packed file: it reads to the very same files, or it is refused."""
    content = packed([part])
    dice = Random(20261125)
    for _ in range(80):
        at, byte = dice.randrange(len(content)), dice.randrange(256)
        changed = content[:at] + bytes([byte]) + content[at + 1 :]
        with suppress(Refused):
            assert [dict(judge(each).part.files) for each in unpacked(changed)] == [dict(part.files)], (at, byte)


def test_the_record_is_one_exact_text(part: Part) -> None:
    """What another hand wrote into it is not taken for ours: a number as text, a field more, a null for a nought."""
    assert part.files[RECORD].decode().count('"low":0') == 1
