"""A score of detachment is shown, and moves nothing: no act, no rate, no alarm and no next step follows from it."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pytest

from stillroom.bedside.room import RoomView
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import decide
from tests.bedside.rooms import NURSE, PRESCRIBER, seen, shown
from tests.examples import ADA, Walk, infusing

SHOWS_SCORES = {"seems", "log"}


def watched(detached: int | None) -> Walk:
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, detached=detached), after_min=10)
    return walk


@pytest.mark.parametrize("roles", [NURSE, PRESCRIBER], ids=["nurse", "prescriber"])
@pytest.mark.parametrize("detached", [None, 0, 1, 9, 10])
def test_the_room_offers_and_says_the_same_however_low_or_high_a_score(
    detached: int | None, roles: frozenset[str]
) -> None:
    ours, other = shown(seen(watched(detached)), roles), shown(seen(watched(5)), roles)
    differing = {each.name for each in fields(RoomView) if getattr(ours, each.name) != getattr(other, each.name)}
    assert differing == SHOWS_SCORES


@pytest.mark.parametrize("detached", [None, 0, 10])
@pytest.mark.parametrize("rate_ml_per_h", [60, 150, 165, 240])
def test_a_rate_is_judged_the_same_however_low_or_high_a_score(detached: int | None, rate_ml_per_h: int) -> None:
    def judged(walk: Walk) -> str:
        try:
            return repr(decide(walk.state, c.SetRate(rate_ml_per_h=Decimal(rate_ml_per_h)), at=walk.at, author=ADA))
        except Refused as refused:
            return repr(refused.findings)

    assert judged(watched(detached)) == judged(watched(5))
