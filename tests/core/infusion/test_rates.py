from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.rates import rate_spans
from tests.examples import Walk, infusing, ready

D = Decimal


def spans(walk: Walk) -> list[tuple[float, Decimal, bool]]:
    """(minutes, mL/h, in doubt), in order."""
    found = rate_spans(surviving(walk.log), until=walk.at)
    return [((span.end - span.start) / timedelta(minutes=1), span.rate_ml_per_h, span.is_in_doubt) for span in found]


def test_before_a_start_there_is_no_rate() -> None:
    assert spans(ready()) == []


def test_rates_pauses_and_doubts_follow_one_another() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), after_min=10)
    walk.confirm(after_min=2)
    walk.ask(c.PauseInfusion(), after_min=5)
    walk.confirm()
    walk.ask(c.ResumeInfusion(), after_min=3)
    walk.confirm()
    walk.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=20)
    walk.at += timedelta(hours=1)
    assert spans(walk) == [
        (1, D(150), True),
        (10, D(150), False),
        (2, D(150), True),
        (5, D(120), False),
        (3, D(0), False),
        (20, D(120), False),
    ]


def test_a_running_drip_goes_on_until_now() -> None:
    walk = infusing()
    walk.at += timedelta(minutes=7)
    assert spans(walk) == [(1, D(150), True), (7, D(150), False)]
