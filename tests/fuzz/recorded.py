"""Hours of what monitors sent, cut, glued and flipped: what comes of it?

    python -m tests.fuzz.recorded --hours 4 --seed 1

Two monitors send once a second, each on its own line. First their bytes are torn, as TCP tears them: a line drops
anywhere and what follows is glued to what was left, messages come twice, and there is noise between them. What is then
believed must have been sent, by that monitor, at that time. Then bytes are lost inside of messages, and bits are
flipped, as only a bad converter does it: that may make a number of a number, which no reader can tell (MLLP has no
checksum; TLS has). Of those it is asked that nothing crashes, nothing grows, and nothing is taken for the other's.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.vitals import Sample
from stillroom.gateways.hl7.frames import FrameReader, framed
from stillroom.gateways.hl7.message import Unreadable, open_message
from stillroom.gateways.hl7.times import written
from stillroom.gateways.hl7.wire import origin_of, read
from tests.fuzz.targets import hl7_frame
from tests.gateways.hl7.messages import AT, DBP, MMHG, PER_MIN, PERCENT, PULSE, SBP, SENT, SPO2, message

EVERY = 60
"""So many messages are sent, then damaged together: the stretch of a line that a cable is loose for."""
BEDS = frozenset({"CHAIR NORTH", "SOFA 7"})
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
    count = Count()
    torn = {bed: FrameReader() for bed in sorted(BEDS)}
    spoilt = {bed: FrameReader() for bed in sorted(BEDS)}
    for begin_s in range(0, int(hours * 3600), EVERY):
        for bed in sorted(BEDS):
            stretch = [_sent(bed, begin_s + second, dice) for second in range(EVERY)]
            count.messages += len(stretch)
            told = set().union(*(_believed(frame, begin_s) for frame in stretch))
            for believed in _read(torn[bed], _torn(stretch, dice), begin_s, count):
                assert believed <= told, f"never sent: {sorted(believed - told)[:3]}"
            others = BEDS - {bed}
            for believed in _read(spoilt[bed], _spoilt(b"".join(map(framed, stretch)), dice), begin_s, count):
                assert not {owner for owner, *_ in believed} & others, "taken for the other monitor's"
    return count


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


def _sent(bed: str, second: int, dice: random.Random) -> bytes:
    """One report of this second, with values of its own."""
    at = written(AT + timedelta(seconds=second))
    signs = ((SPO2, PERCENT, 80, 100), (PULSE, PER_MIN, 40, 160), (SBP, MMHG, 80, 200), (DBP, MMHG, 30, 79))
    observations = [
        f"OBX|{number}|NM|{code}|1.{number}|{dice.randint(low, high)}|{unit}|||||R|||{at}"
        for number, (code, unit, low, high) in enumerate(signs, 1)
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
