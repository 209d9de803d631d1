"""How it went, for the terminal and for the page: every expectation of the script and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.template.loader import render_to_string

from stillroom.rehearsal.play.parts import Script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.play.scoring import Scored, Verdict, is_over, score
from stillroom.rehearsal.play.shown import Shown
from stillroom.rehearsal.play.true_drip import STREAM_FROM_DROPS_PER_MIN
from stillroom.rehearsal.visit import DROWSY_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`is_over`: nothing can change any more. `has_begun`: the drip has been started."""

    script: Script
    scored: tuple[Scored, ...] = ()
    is_over: bool = False
    has_begun: bool = False

    @property
    def in_time(self) -> int:
        return sum(each.verdict is Verdict.IN_TIME for each in self.scored)

    @property
    def expected(self) -> int:
        return sum(each.verdict is not Verdict.NEEDLESS for each in self.scored)


def result_of(scene: Scene, *, at: datetime) -> Result:
    """How it has gone by `at`."""
    if scene.clock is None:
        return Result(script=scene.script)
    scored = score(scene.script, scene.surviving, scene.clock, until=at)
    over = is_over(scene.script, scene.surviving, scene.clock, at=at)
    return Result(script=scene.script, scored=scored, is_over=over, has_begun=True)


def said(scene: Scene) -> str:
    return render_to_string("rehearsal/result.txt", {"result": result_of(scene, at=datetime.now(UTC))})


def seen_at(scene: Scene, at: datetime) -> str:
    """What would be seen at the chair, in a line; the bag to ten millilitres, so that a line is said when it is new."""
    shown, drops, left_ml = scene.shown(at), scene.drops_per_min(at), scene.left_in_bag_ml(at)
    seen = {
        "sights": sights_of(shown),
        "drops_per_min": drops,
        "is_stream": drops >= STREAM_FROM_DROPS_PER_MIN,
        "left_in_bag_ml": None if left_ml is None else round(left_ml, -1),
        "shown": shown,
    }
    return " ".join(render_to_string("rehearsal/chair.txt", seen).split())


def sights_of(shown: Shown) -> list[str]:
    """What is to be seen, as the words of a page know it."""
    sights = [kind.value for kind in shown.happening]
    return sights or ["drowsy" if shown.signs.sleepy >= DROWSY_FROM else "still"]
