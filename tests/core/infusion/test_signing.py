"""Who treats signs the chart as it stood, each for what they mean; what is written afterwards is seen to be later."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.report import is_signed
from tests.examples import ADA, BEN, DISPLAY, infusing, recovering

SIGN = c.SignChart(meaning="seen and right")


def test_a_signature_says_which_chart_was_signed() -> None:
    walk = recovering()
    head_seq = walk.state.last_seq
    (signed,) = walk.ask(SIGN, ADA)
    assert signed.fact == e.ChartSigned(head_seq=head_seq, meaning="seen and right", role="prescriber")
    walk.record(e.NoteAdded(words="rang at home: well"), BEN)
    assert [each.fact.head_seq for each in walk.state.signed] == [head_seq]


def test_a_nurse_signs_for_what_she_did_and_it_is_no_prescribers_signature() -> None:
    walk = recovering()
    walk.ask(c.SignChart(meaning="given and watched by me"), BEN)
    assert not is_signed(walk.state)
    walk.ask(SIGN, ADA)
    assert [(each.by, each.fact.role) for each in walk.state.signed] == [(BEN.by, "nurse"), (ADA.by, "prescriber")]
    assert is_signed(walk.state)


def test_no_display_signs_nor_anybody_without_a_word() -> None:
    with pytest.raises(Refused, match="role_not_allowed"):
        recovering().ask(SIGN, DISPLAY)
    with pytest.raises(Refused, match="nothing_written"):
        recovering().ask(c.SignChart(meaning=" "), ADA)


def test_nobody_signs_while_the_drip_runs() -> None:
    with pytest.raises(Refused, match="not_now"):
        infusing().ask(SIGN, ADA)


def test_a_signature_is_never_corrected() -> None:
    walk = recovering()
    (signed,) = walk.ask(SIGN, ADA)
    with pytest.raises(Refused, match="never_corrected"):
        walk.ask(c.CorrectEntry(corrects_seq=signed.seq, reason="too early"), ADA)
