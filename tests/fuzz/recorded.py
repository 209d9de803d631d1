"""Hours of what monitors sent, cut, glued and flipped: what comes of it?

    python -m tests.fuzz.recorded --hours 4 --seed 1

Two monitors, whose beds differ by one bit, send once a second what was recorded of a real patient. First their bytes
are torn, as TCP tears them: a line drops anywhere and what follows is glued to what was left, messages come twice, and
there is noise between them; each on its own line, and both on one, as a vendor's gateway sends them. What is then
believed must have been sent, by that monitor, at that time. Then bytes are lost inside of messages, and bits are
flipped, as only a bad converter does it: that may make a number of a number, or a bed of a bed, which no reader can
tell (MLLP has no checksum; TLS has). Of those it is asked that nothing crashes, nothing grows, and that on a line of
its own nothing is taken for the other's: who sends from an address is enrolled there.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stillroom.core.vitals import Sample, Signal
from stillroom.gateways.hl7.frames import FrameReader, framed
from stillroom.gateways.hl7.message import Unreadable, open_message
from stillroom.gateways.hl7.times import written
from stillroom.gateways.hl7.wire import Origin, origin_of, read
from stillroom.gateways.recordings import Moment, read_file
from stillroom.project.running import set_up_django
from tests.fuzz.targets import hl7_frame
from tests.gateways.hl7.messages import AT, DBP, MMHG, PER_MIN, PERCENT, PULSE, SBP, SENT, SPO2, message

if TYPE_CHECKING:
    from stillroom.devices.enrolment import Roster

EVERY = 60
"""So many messages are sent, then damaged together: the stretch of a line that a cable is loose for."""
ADDRESSES = {"CHAIR 2": "10.0.0.2", "CHAIR 3": "10.0.0.3"}
"""By bed. A 2 becomes a 3 by one bit."""
BEDS = frozenset(ADDRESSES)
RECORDED = Path(__file__).parents[1] / "recordings" / "s00001-2896-10-10-00-31n.hea"
SIGNS = (
    (Signal.SPO2_PERCENT, SPO2, PERCENT),
    (Signal.PULSE_PER_MIN, PULSE, PER_MIN),
    (Signal.SBP_MMHG, SBP, MMHG),
    (Signal.DBP_MMHG, DBP, MMHG),
    (Signal.HEART_RATE_PER_MIN, "147842^MDC_ECG_HEART_RATE^MDC", PER_MIN),
    (Signal.RESP_PER_MIN, "151562^MDC_RESP_RATE^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
)
MOST_GROWN_MIB = 16
"""However many hours: what was read is let go."""
Believed = tuple[str, str, datetime, str]


@dataclass(slots=True)
class Count:
    messages: int = 0
    believed: int = 0
    refused: int = 0


def run(hours: float, seed: int) -> Count:
    """Raises AssertionError where something is believed that was not sent."""
    dice = random.Random(seed)
    count, roster, shared = Count(), _roster(), FrameReader()
    torn = {bed: FrameReader() for bed in sorted(BEDS)}
    spoilt = {bed: FrameReader() for bed in sorted(BEDS)}
    for begin_s in range(0, int(hours * 3600), EVERY):
        stretches = {bed: [_sent(bed, begin_s + second) for second in range(EVERY)] for bed in sorted(BEDS)}
        told = {bed: _told_by(stretch, begin_s) for bed, stretch in stretches.items()}
        for bed, stretch in stretches.items():
            count.messages += len(stretch)
            for believed in _read(torn[bed], _torn(stretch, dice), begin_s, count):
                _was_sent(believed, told[bed])
            for believed in _read(spoilt[bed], _spoilt(b"".join(map(framed, stretch)), dice), begin_s, count):
                owners = {roster.owner_of(ADDRESSES[bed], Origin("", "", said, "")) for said, *_ in believed}
                assert {owner.bed for owner in owners if owner} <= {bed}, "taken for the other monitor's"
        by_turns = [frame for both in zip(*stretches.values(), strict=True) for frame in both]
        for believed in _read(shared, _torn(by_turns, dice), begin_s, count):
            _was_sent(believed, set().union(*told.values()))
    return count


def _roster() -> Roster:
    """Each is enrolled at its address, by its bed."""
    set_up_django()
    from stillroom.devices.enrolment import Enrolment, Roster

    return Roster(
        Enrolment(UUID(int=number), UUID(int=9), (ip_network(address),), "", bed, None)
        for number, (bed, address) in enumerate(ADDRESSES.items())
    )


def _told_by(stretch: list[bytes], begin_s: int) -> set[Believed]:
    return set().union(*(_believed(frame, begin_s) for frame in stretch))


def _was_sent(believed: set[Believed], told: set[Believed]) -> None:
    assert believed <= told, f"never sent: {sorted(believed - told)[:3]}"


def _read(reader: FrameReader, stream: bytes, begin_s: int, count: Count) -> Iterator[set[Believed]]:
    for frame in reader.feed(stream):
        hl7_frame(frame)
        try:
            believed = _believed(frame, begin_s)
        except Unreadable:
            count.refused += 1
            continue
        count.believed += len(believed)
        yield believed


def _believed(frame: bytes, begin_s: int) -> set[Believed]:
    opened = open_message(frame)
    at = AT + timedelta(seconds=begin_s + EVERY)
    bed = origin_of(opened).bed
    return {_told(bed, sample) for sample in read(opened, received_at=at, zone=None).samples}


def _told(bed: str, sample: Sample) -> Believed:
    return bed, sample.signal.value, sample.measured_at, str(sample.value)


@cache
def _recorded() -> Sequence[Moment]:
    """What was there to see of the patient, minute by minute, where the probe was on."""
    return [moment for moment in read_file(RECORDED) if Signal.SPO2_PERCENT in moment.signs]


def _sent(bed: str, second: int) -> bytes:
    """One report of this second, of what was recorded; the other monitor shows what came half of it later."""
    at = written(AT + timedelta(seconds=second))
    half = len(_recorded()) // 2
    shown = _recorded()[(second + half * sorted(BEDS).index(bed)) % len(_recorded())].signs
    observations = [
        f"OBX|{number}|NM|{code}|1.{number}|{shown[signal]}|{unit}|||||R|||{at}"
        for number, (signal, code, unit) in enumerate(SIGNS, 1)
        if signal in shown
    ]
    before = ("PID|||1^^^Hospital^PI||Doe^John", f"PV1||I|{bed}")
    return message(observations, sent=at, control_id=f"M{second}", before=before, request=f"OBR|1|||1^all^L|||{SENT}")


def _torn(stretch: list[bytes], dice: random.Random) -> bytes:
    """Some messages end anywhere, some come twice, and there is noise between some."""
    stream = b""
    for frame in map(framed, stretch):
        happens = dice.random()
        if happens < 0.1:
            stream += frame[: dice.randrange(len(frame))]
        elif happens < 0.15:
            stream += frame + frame
        elif happens < 0.2:
            stream += frame + dice.randbytes(dice.randint(1, 60)).replace(b"\x0b", b"")
        else:
            stream += frame
    return stream


def _spoilt(stream: bytes, dice: random.Random) -> bytes:
    """Bytes lost anywhere, and bits flipped."""
    for _ in range(dice.randint(0, 4)):
        start = dice.randrange(len(stream))
        stream = stream[:start] + stream[start + dice.choice((1, 7, 80, 400, 3000)) :]
    damaged = bytearray(stream)
    for _ in range(dice.randint(1, 40)):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz.recorded")
    asked.add_argument("--hours", type=float, default=4.0)
    asked.add_argument("--seed", type=int, default=1)
    said = asked.parse_args()
    run(0.1, said.seed)  # what is loaded and remembered once is there from here on
    before_mib = _peak_mib()
    count = run(said.hours, said.seed)
    grown_mib = _peak_mib() - before_mib
    sys.stdout.write(
        f"{said.hours:g} h of two monitors, seed {said.seed}: {count.messages} messages, {count.refused} refused, "
        f"{count.believed} readings believed; memory grew by {grown_mib:.1f} MiB\n"
    )
    assert grown_mib < MOST_GROWN_MIB, "something is kept of what was read"


if __name__ == "__main__":
    main()
