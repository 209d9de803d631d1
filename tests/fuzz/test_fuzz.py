"""The parsers of what comes from outside hold against any bytes: a few seconds here, hours by `make fuzz`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.recorded import run
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

SEEDS = [seed for found in seeds().values() for seed in found]


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
