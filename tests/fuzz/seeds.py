"""Where the guided fuzzer begins: for each target what is really sent of its kind, as files it may change.

    python -m tests.fuzz.seeds FOLDER

An alarm (PCD-04), a pump's event (PCD-10) and a batch are HL7 as much as a result is: one parser reads them all.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from stillroom.gateways.hl7.frames import framed
from tests.fuzz.targets import TARGETS
from tests.gateways.hl7.messages import FRAMES, GE_SHAPE, PHILIPS_SHAPE, message
from tests.gateways.hl7.test_alarms import KIND, LEAD_OFF, LOW_OXYGEN
from tests.gateways.recordings.test_files import HEADER, vital
from tests.gateways.said import KPA, SBP, Said
from tests.gateways.sdc.examples import frame_saying

HL7 = (
    *(path.read_bytes() for path in sorted(FRAMES.iterdir()) if path.suffix.startswith(".hl7")),
    GE_SHAPE.encode(),
    PHILIPS_SHAPE.encode(),
    message((*LOW_OXYGEN, *LEAD_OFF), kind=KIND),
    b"BHS|^~\\&|A\r" + message() + message() + b"BTS|2\r",
)


def _vital() -> bytes:
    """A file of VitalDB, unpacked: the target packs what it is given."""
    with TemporaryDirectory() as folder:
        figures = [(0.2, 97.0), (60.1, 0.0), (120.0, 88.0)]
        path = vital(Path(folder) / "one.vital", PLETH_SPO2=("%", figures), HR=("/min", figures))
        return gzip.decompress(path.read_bytes())


def seeds() -> Mapping[str, Iterable[bytes]]:
    return {
        "hl7_frame": HL7,
        "hl7_line": [framed(each) + framed(HL7[0]) for each in HL7],
        "recording": [
            b"t_min,HR,PULSE,SpO2\n0,72,71,97\n1,0,nan,-32768\n",
            b"Time,Parameter,Value\n00:00,HR,72\n00:01,Temp,36.6\n",
        ],
        "vital_file": [_vital()],
        "wfdb_header": [HEADER.read_bytes()],
        "sdc_report": [frame_saying(Said(), Said(named=SBP, value="16", unit=KPA))],
    }


def main() -> None:
    folder = Path(sys.argv[1])
    for target, found in seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(found):
            (folder / target / f"seed-{number}").write_bytes(seed)
    assert seeds().keys() == TARGETS.keys()


if __name__ == "__main__":
    main()
