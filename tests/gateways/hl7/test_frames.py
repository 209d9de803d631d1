"""MLLP: frames come out whole however the stream is cut, and nothing else comes out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.gateways.hl7.frames import MAX_FRAME_BYTES, FrameReader, FrameTooLong, framed

_body = st.binary(max_size=40).filter(lambda body: not {0x0B, 0x1C} & set(body))


def test_two_messages_in_one_packet_are_two() -> None:
    assert FrameReader().feed(framed(b"one") + framed(b"two")) == [b"one", b"two"]


@given(st.lists(_body, max_size=5), st.lists(st.integers(0, 250), max_size=8))
def test_the_way_a_stream_is_cut_changes_nothing(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(framed, bodies))
    edges = [0, *sorted(cuts), len(stream)]
    reader = FrameReader()
    frames = [frame for start, end in pairwise(edges) for frame in reader.feed(stream[start:end])]
    assert frames == bodies
    assert reader.skipped_bytes == 0


@given(_body, _body)
def test_bytes_between_frames_are_skipped_and_counted(garbage: bytes, body: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(garbage + framed(body) + garbage) == [body]
    assert reader.skipped_bytes == 2 * len(garbage.strip(b"\r\n"))


def test_a_frame_that_was_never_finished_is_skipped() -> None:
    reader = FrameReader()
    assert reader.feed(b"\x0bMSH|half" + framed(b"whole")) == [b"whole"]
    assert reader.skipped_bytes == len(b"MSH|half")


def test_an_end_block_without_its_carriage_return_ends_the_frame() -> None:
    assert FrameReader().feed(b"\x0bone\x1c\x0btwo\x1c") == [b"one", b"two"]


def test_a_frame_without_an_end_does_not_fill_the_memory() -> None:
    reader = FrameReader()
    reader.feed(b"\x0b" + b"x" * (MAX_FRAME_BYTES - 1))
    reader.feed(b"x")
    with pytest.raises(FrameTooLong):
        reader.feed(b"x")
