"""What an earlier release handed out lies with patients for good: record-1.zip, of 6699f5c, is never made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillroom.exchange import record as r
from stillroom.exchange.archive import packed, unpacked
from stillroom.exchange.judging import Signed, judge
from stillroom.exchange.part import RECORD

FORMAT_1 = (Path(__file__).parent / "record-1.zip").read_bytes()


def test_a_record_of_format_1_is_read_with_nothing_lost_and_nothing_made_up() -> None:
    (part,) = unpacked(FORMAT_1)
    judged = judge(part)
    assert judged.signed is Signed.ELSEWHERE
    assert judged.record.format == "stillroom record 1"
    assert [row.low for row in judged.record.check_ins] == [8, 0, None]
    assert (judged.record.history_answers, judged.record.history_items) == ((), ())
    (wishes,) = judged.record.wishes
    assert (wishes.music, wishes.lights, wishes.warmth) == ("slow strings", "low", "")
    assert len(judged.logs) == 1


def test_it_is_carried_on_byte_for_byte() -> None:
    assert unpacked(packed(unpacked(FORMAT_1))) == unpacked(FORMAT_1)


@pytest.mark.parametrize("format_", ["stillroom record 0", "stillroom record 4", "", None])
def test_no_other_format_is_guessed_at(format_: str | None) -> None:
    found = json.loads(unpacked(FORMAT_1)[0].files[RECORD])
    with pytest.raises((ValueError, KeyError, TypeError)):
        r.read(json.dumps({**found, "format": format_}))
