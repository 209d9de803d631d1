"""What an earlier release handed out lies with patients for good: the files here are never made anew.

record-1.zip is of 6699f5c, record-2.zip of 4e398ec, record-3.zip of 695e6b9, record-4.zip of 972a252; record-5.zip
is of the release that took adverse events along.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillroom.exchange import record as r
from stillroom.exchange.archive import packed, unpacked
from stillroom.exchange.judging import Signed, judge
from stillroom.exchange.part import RECORD

FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4, FORMAT_5 = (
    Path(__file__).with_name(f"record-{n}.zip").read_bytes() for n in (1, 2, 3, 4, 5)
)


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


def test_a_record_of_format_2_is_read_with_nothing_lost_and_nothing_made_up() -> None:
    (part,) = unpacked(FORMAT_2)
    record = judge(part).record
    assert record.format == "stillroom record 2"
    (consent,) = record.consents
    assert (consent.version, consent.how, consent.signed_name, consent.withdrawn_at) == ("3", "paper", "", None)
    assert {weight.told_by for weight in record.weights} == {""}
    assert [row.low for row in record.check_ins] == [8, 0, None]


def test_a_record_of_format_3_is_read_with_nothing_lost() -> None:
    (part,) = unpacked(FORMAT_3)
    record = judge(part).record
    assert record.format == "stillroom record 3"
    assert [consent.signed_name for consent in record.consents] == ["Pat Example", ""]
    assert len(record.history_answers) == 12
    assert not any(wishes.set_aside for wishes in record.wishes)


def test_a_record_of_format_4_is_read_with_nothing_lost() -> None:
    (part,) = unpacked(FORMAT_4)
    record = judge(part).record
    assert record.format == "stillroom record 4"
    assert len(record.history_answers) == 12
    assert (record.adverse_events, record.adverse_accounts) == ((), ())


def test_a_record_of_format_5_is_read_with_nothing_lost() -> None:
    (part,) = unpacked(FORMAT_5)
    record = judge(part).record
    assert record.format == "stillroom record 5"
    assert [account.what for _, account in record.newest_accounts] == ["=Fainted, and vomited", "A rash"]
    assert len(record.adverse_accounts) == 3
    assert (record.calls, record.worries_settled, record.patient.phone) == ((), (), "")


@pytest.mark.parametrize("carried", [FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4, FORMAT_5])
def test_it_is_carried_on_byte_for_byte(carried: bytes) -> None:
    assert unpacked(packed(unpacked(carried))) == unpacked(carried)


@pytest.mark.parametrize("format_", ["stillroom record 0", "stillroom record 7", "", None])
def test_no_other_format_is_guessed_at(format_: str | None) -> None:
    found = json.loads(unpacked(FORMAT_1)[0].files[RECORD])
    with pytest.raises((ValueError, KeyError, TypeError)):
        r.read(json.dumps({**found, "format": format_}))
