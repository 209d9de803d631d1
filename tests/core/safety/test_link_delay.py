"""A delay shorter than the monitor's own interval is refused: when the order is signed, and before the start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.order import UNSIGNED
from stillroom.core.safety.link_delay import judge_delays
from tests.examples import ADA, BEN, ORDER, PLAN, Walk, ready

CODE = "delay_shorter_than_link"


def test_a_delay_as_long_as_the_interval_is_long_enough() -> None:
    alarms = replace(UNSIGNED, grave_delay_s=10, limit_delay_s=15)
    assert judge_delays(alarms, interval_s=10) == ()
    (found,) = judge_delays(alarms, interval_s=10.5)
    assert (found.code, found.facts) == (CODE, {"field": "grave_delay_s", "delay_s": "10", "interval_s": "10.5"})
    assert len(judge_delays(alarms, interval_s=60)) == 2
    assert judge_delays(None, interval_s=60)[0].facts["delay_s"] == "10"
    assert judge_delays(alarms, interval_s=None) == ()


def test_an_order_for_a_room_whose_monitor_is_slower_is_not_signed() -> None:
    with pytest.raises(Refused) as refused:
        Walk().ask(replace(PLAN, link_interval_s=60), ADA)
    assert {finding.code for finding in refused.value.findings} == {CODE}


def test_with_a_slower_monitor_than_was_planned_for_nobody_starts() -> None:
    walk = ready()
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(reason="all the same", link_interval_s=60), ADA)
    assert {finding.code for finding in refused.value.findings} == {CODE}
    walk.ask(c.StartInfusion(link_interval_s=5))
    assert ORDER.alarms is None


def test_where_no_screen_can_sound_the_start_takes_a_reason_which_stays() -> None:
    walk = ready()
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(is_sound_armed=False), BEN)
    assert [finding.code for finding in refused.value.findings] == ["sound_not_armed"]
    (started,) = walk.ask(c.StartInfusion(is_sound_armed=False, reason="I stay in the room"), BEN)
    assert "sound_not_armed" in started.fact.findings  # type: ignore[attr-defined]
    both = c.StartInfusion(is_sound_armed=False, sends_saturation=False)
    with pytest.raises(Refused) as refused:
        ready().ask(both, BEN)
    assert [finding.code for finding in refused.value.findings] == ["sound_not_armed", "saturation_not_sent"]
    assert ready().ask(c.StartInfusion(is_sound_armed=True))[0].fact.findings == ()  # type: ignore[attr-defined]


def test_where_nothing_sends_a_saturation_the_start_takes_a_word_of_how_it_is_measured() -> None:
    walk = ready()
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(sends_saturation=False), BEN)
    assert [finding.code for finding in refused.value.findings] == ["saturation_not_sent"]
    (started,) = walk.ask(c.StartInfusion(sends_saturation=False, reason="A finger meter, with each look"), BEN)
    assert started.fact.findings == ("saturation_not_sent",)  # type: ignore[attr-defined]
    assert ready().ask(c.StartInfusion(sends_saturation=True))[0].fact.findings == ()  # type: ignore[attr-defined]
