"""The parsers of what comes from outside hold against any bytes: a few seconds here, hours by `make fuzz`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.recorded import run
from tests.fuzz.targets import TARGETS
from tests.gateways.hl7.messages import FRAMES, GE_SHAPE, PHILIPS_SHAPE, message
from tests.gateways.hl7.test_alarms import KIND, LEAD_OFF, LOW_OXYGEN
from tests.gateways.said import KPA, SBP, Said
from tests.gateways.sdc.examples import frame_saying

SEEDS = [
    *(path.read_bytes() for path in sorted(FRAMES.iterdir()) if path.is_file()),
    GE_SHAPE.encode(),
    PHILIPS_SHAPE.encode(),
    message((*LOW_OXYGEN, *LEAD_OFF), kind=KIND),
    b"BHS|^~\\&|A\r" + message() + message() + b"BTS|2\r",
    frame_saying(Said(), Said(named=SBP, value="16", unit=KPA)),
    b"t_min,HR,PULSE,SpO2\n0,72,71,97\n1,0,nan,-32768\n",
    b"Time,Parameter,Value\n00:00,HR,72\n00:01,Temp,36.6\n",
]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Something that was really sent, with pieces cut out, doubled, or replaced."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 60))
        middle = draw(st.sampled_from([b"", data[start : start + length] * 2]) | st.binary(max_size=20))
        data = data[:start] + middle + data[start + length :]
    return data


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
@given(data=st.binary(max_size=300) | spoilt())
def test_any_bytes_are_read_or_refused(target: object, data: bytes) -> None:
    assert callable(target)
    target(data)


def test_what_is_believed_of_a_torn_line_was_sent() -> None:
    count = run(0.1, seed=7)
    assert count.messages == 720
    assert count.refused > 0
    assert count.believed > 720
