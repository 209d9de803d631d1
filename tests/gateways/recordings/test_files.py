"""Recordings in the files of PhysioNet and VitalDB. No public .vital file was found: those here the library wrote."""

from __future__ import annotations

import gc
import gzip
import shutil
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vitaldb import VitalFile

from stillroom.core.vitals import Signal
from stillroom.gateways.recordings import NotARecording, files, read_file, read_recording

RECORDINGS = Path(__file__).parents[2] / "recordings"
HEADER, DATA = RECORDINGS / "s00001-2896-10-10-00-31n.hea", RECORDINGS / "3975656n.dat"
S = Signal


def vital(path: Path, **tracks: tuple[str, list[tuple[float, float]]]) -> Path:
    """A file as VitalDB's own library writes it: of each track its unit, and figures with the second they came at."""
    made = VitalFile()
    made.dtstart, made.dtend = 1_000_000.0, 1_000_600.0
    for name, (unit, figures) in tracks.items():
        recs = [{"dt": made.dtstart + at_s, "val": np.float32(value)} for at_s, value in figures]
        made.add_track(f"Solar8000/{name}", recs, srate=0, unit=unit)
    made.to_vital(str(path))
    return path


def test_a_record_of_physionet_says_what_its_table_says() -> None:
    """The table was made of the same record with wfdb by somebody else's hand."""
    table = read_recording((RECORDINGS / "mimic_s00001_first_240_min.csv").read_text())
    moments = {moment.at_min: moment.signs for moment in read_file(HEADER)}
    assert len(moments) > 1800
    for moment in table:
        assert moments.get(moment.at_min, {}) == moment.signs


def test_figures_of_vitaldb_are_read_by_the_second(tmp_path: Path) -> None:
    path = vital(
        tmp_path / "one.vital",
        PLETH_SPO2=("%", [(0.2, 97.0), (60.1, 0.0), (120.0, 88.0)]),
        HR=("/min", [(0.4, 71.0)]),
        NIBP_SBP=("mmHg", [(120.5, 121.0)]),
        ART_SBP=("mmHg", [(0.0, 130.0)]),
    )
    moments = read_file(path)
    assert [(round(each.at_min * 60), dict(each.signs)) for each in moments] == [
        (0, {S.SPO2_PERCENT: Decimal("97.0"), S.HEART_RATE_PER_MIN: Decimal("71.0")}),
        (120, {S.SPO2_PERCENT: Decimal("88.0"), S.SBP_MMHG: Decimal("121.0")}),
    ]


def test_a_pressure_in_another_unit_is_not_read_by_guess(tmp_path: Path) -> None:
    with pytest.raises(NotARecording, match="not one vital sign"):
        read_file(vital(tmp_path / "one.vital", NIBP_SBP=("kPa", [(0.0, 16.0)])))


@pytest.mark.parametrize(
    ("name", "found", "written"),
    [
        ("curves", "0.0166666666667/125 1936", "125 1936"),
        ("too long", "125 1936", "125 99999999999"),
        ("elsewhere", "3975656n.dat", "../3975656n.dat"),
        ("absolute", "3975656n.dat", "/etc/passwd"),
        ("gone", "3975656n.dat", "not-there.dat"),
    ],
)
def test_a_header_that_leads_astray_is_refused(tmp_path: Path, name: str, found: str, written: str) -> None:
    shutil.copy(DATA, tmp_path)
    path = tmp_path / HEADER.name
    path.write_text(HEADER.read_text().replace(found, written))
    with pytest.raises(NotARecording):
        read_file(path)


def test_what_unpacks_without_an_end_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "MAX_VITAL_BYTES", 1024)
    path = tmp_path / "bomb.vital"
    path.write_bytes(gzip.compress(bytes(4096)))
    with pytest.raises(NotARecording, match="longer"):
        read_file(path)


# vitaldb leaves a file open that it cannot read; whoever replays one ends soon after.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed file")
@pytest.mark.parametrize("suffix", ["vital", "hea"])
def test_any_bytes_are_read_or_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"any.{suffix}"
    whole = HEADER.read_bytes() if suffix == "hea" else gzip.compress(b"VITA" + bytes(40))

    @settings(max_examples=60)
    @given(data=st.data())
    def any_bytes(data: st.DataObject) -> None:
        start, end = sorted(data.draw(st.integers(0, len(whole))) for _ in range(2))
        path.write_bytes(whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:])
        with suppress(NotARecording):
            assert read_file(path)

    any_bytes()
    gc.collect()  # once, for all it left open: a look through the whole heap takes longer than all the reading
