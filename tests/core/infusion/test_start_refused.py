"""One refusal says all that stands against a start: a reason typed for one thing never answers another unseen."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.examples import ADA, BEN, Walk, ready

HIGH = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=165, dbp_mmhg=96)
OF_ROOM = {"is_sound_armed": False, "sends_saturation": False}
ROOM = ["sound_not_armed", "saturation_not_sent"]
PRESSURE = ["pressure_high_before_start", "needs_prescriber_and_reason"]


def with_high_pressure() -> Walk:
    walk = ready()
    walk.record(HIGH)
    return walk


def codes(walk: Walk, command: c.StartInfusion, author: c.Author) -> list[str]:
    with pytest.raises(Refused) as refused:
        walk.ask(command, author)
    return [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize("reason", [None, " "])
def test_pressure_and_room_are_shown_together_and_then_one_reason_answers_them(reason: str | None) -> None:
    walk = with_high_pressure()
    assert codes(walk, c.StartInfusion(**OF_ROOM, reason=reason), ADA) == [*PRESSURE, *ROOM]
    (started,) = walk.ask(c.StartInfusion(**OF_ROOM, reason="pressure discussed; a meter; I stay"), ADA)
    assert isinstance(started.fact, e.StartIntended)
    assert list(started.fact.findings) == ["pressure_high_before_start", *ROOM]


def test_who_sits_there_is_asked_in_the_same_refusal() -> None:
    not_asked = c.StartInfusion(**OF_ROOM, patient_asked=False)
    assert codes(with_high_pressure(), not_asked, ADA) == ["patient_not_asked_for_start", *PRESSURE, *ROOM]


def test_what_was_answered_is_shown_again_beside_what_nobody_can_answer() -> None:
    not_asked = c.StartInfusion(**OF_ROOM, patient_asked=False, reason="pressure discussed")
    assert codes(with_high_pressure(), not_asked, ADA) == [
        "patient_not_asked_for_start",
        "pressure_high_before_start",
        *ROOM,
    ]


def test_a_nurses_reason_answers_for_the_room_and_not_for_the_pressure() -> None:
    said = c.StartInfusion(**OF_ROOM, reason="a finger meter; I stay")
    assert codes(with_high_pressure(), said, BEN) == [*PRESSURE, *ROOM]
    ready().ask(said, BEN)
