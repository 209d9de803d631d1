"""A page that is kept up by fragments is the page that would be drawn anew: nothing that changed is left as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from stillroom.bedside.fill.offered import Roles
from stillroom.bedside.fragments import all_fragments, changed_fragments, line_fragment
from stillroom.bedside.people import People
from stillroom.bedside.room import RoomView
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.planning import bag_for
from stillroom.core.safety import PreflightItem, Reply
from tests.bedside.rooms import NURSE, PRESCRIBER, seen, shown
from tests.examples import ADA, BEN, DEE, ORDER, PLAN, TEN, VITALS, WATCH, Walk, arrived, infusing, ready, recovering

D = Decimal
PEOPLE = People(colleagues=(("1", "D. Lind"),), prescribers=(("2", "A. Okafor"),))
MOVED_BY_THE_BROWSER = re.compile(r'name="seen_seq" value="\d+"|data-runs-from="[^"]+"')
QUESTION = re.compile(
    r'<form class="asked".*?</form>|<li class="asked.*?</li>|<div id="calming-words".*?</div>', re.DOTALL
)

Page = dict[str, str]
Begin = Callable[[], Walk]


def planned() -> Walk:
    walk = Walk()
    walk.ask(PLAN, ADA)
    return walk


def after(begin: Begin, *asked: c.Command | e.Fact, by: c.Author = BEN) -> Begin:
    """A walk that has gone on from `begin` by these."""

    def walk_on() -> Walk:
        walk = begin()
        for each in asked:
            go_on(walk, each, by)
        return walk

    return walk_on


def go_on(walk: Walk, asked: c.Command | e.Fact, by: c.Author = BEN) -> None:
    walk.ask(c.Record(fact=asked) if isinstance(asked, e.Fact) else asked, by)


def confirmed(walk: Walk) -> None:
    walk.confirm()


def not_done(walk: Walk) -> None:
    walk.ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq))


def struck(walk: Walk) -> None:
    (seq,) = (entry.seq for entry in walk.log if isinstance(entry.fact, e.VitalsCharted))
    walk.ask(c.CorrectEntry(corrects_seq=seq, reason="of another patient"))


MADE = c.MakeBag(bag=bag_for(ORDER, dose_mg=D(35)))
SLOWER = c.SetRate(rate_ml_per_h=D(90))
RAISED = e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="88", limit="92")
ENDED = c.EndInfusion(left_in_bag_ml=D(0))
CHECKED = c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT))
SICK = e.PreflightAnswered(item=PreflightItem.FASTING, reply=Reply.PROBLEM, words="a roll at seven")

Go = Callable[[Walk], None]


def does(asked: c.Command | e.Fact, by: c.Author = BEN) -> Go:
    return partial(go_on, asked=asked, by=by)


def helped(walk: Walk) -> None:
    walk.record(e.EffectNoted(of_seq=walk.state.calmed[-1].seq, effect=e.Effect.HELPED))


frightened = after(infusing, e.PatientWatched(awake=e.Awake.ALERT, anxious=6))

STEPS: dict[str, tuple[Begin, Go]] = {
    "arrived": (planned, does(e.PatientArrived())),
    "answered": (arrived, does(SICK)),
    "vital signs": (arrived, does(VITALS)),
    "line placed": (arrived, does(e.LinePlaced(site="left hand"))),
    "bag made": (arrived, does(MADE)),
    "bag checked": (after(arrived, MADE), does(c.CheckBag(), DEE)),
    "room offered": (after(infusing, e.RoomTaken()), does(e.RoomOffered(to=DEE.person))),
    "room taken": (infusing, does(e.RoomTaken())),
    "start in doubt": (ready, does(c.StartInfusion())),
    "started": (after(ready, c.StartInfusion()), confirmed),
    "start not done": (after(ready, c.StartInfusion()), not_done),
    "rate in doubt": (infusing, does(SLOWER)),
    "rate set": (after(infusing, SLOWER), confirmed),
    "paused": (after(infusing, c.PauseInfusion()), confirmed),
    "stop pressed": (infusing, does(c.StopInfusion())),
    "stopped": (after(infusing, c.StopInfusion()), confirmed),
    "counted": (infusing, does(e.DropsCounted(drops=12, seconds=D(15)))),
    "stream seen": (infusing, does(e.StreamSeen())),
    "arm moved": (infusing, does(e.DripDisturbed())),
    "bag read": (infusing, does(e.BagRead(left_in_bag_ml=D(80)))),
    "watched": (infusing, does(e.PatientWatched(awake=e.Awake.DROWSY, anxious=2))),
    "comfort": (infusing, does(e.ComfortSet(item="lights", choice="Low"))),
    "as wished": (infusing, does(c.SetComfort(chosen=(("lights", "low"), ("talk", "It passes."))))),
    "calmed": (infusing, does(e.CalmingTried(step="eyes"))),
    "it helped": (after(infusing, e.CalmingTried(step="eyes")), helped),
    "advice": (infusing, does(e.PatientWatched(awake=e.Awake.ALERT, anxious=6))),
    "advice dismissed": (frightened, does(e.AdviceDismissed(code="fright", level=6))),
    "help called": (infusing, does(e.HelpCalled())),
    "help step": (after(infusing, e.HelpCalled()), does(e.HelpStepDone(step="airway"))),
    "help over": (after(infusing, e.HelpCalled()), does(e.HelpEnded())),
    "alarm": (infusing, does(RAISED, WATCH)),
    "alarm seen": (after(infusing, RAISED, by=WATCH), does(e.AlarmAcknowledged(condition="spo2_low"))),
    "alarm over": (after(infusing, RAISED, by=WATCH), does(e.AlarmCleared(condition="spo2_low"), WATCH)),
    "ended": (infusing, does(ENDED)),
    "checked": (recovering, does(CHECKED)),
    "line out": (recovering, does(e.LineRemoved())),
    "instructions": (recovering, does(e.InstructionsGiven())),
    "signed": (recovering, does(c.SignChart(meaning="read"), ADA)),
    "struck": (infusing, struck),
    "given up": (ready, does(c.AbandonInfusion(reason="fever"))),
    "note": (infusing, does(e.NoteAdded(words="smiled"))),
}


@pytest.mark.parametrize("roles", [NURSE, PRESCRIBER, frozenset({None})], ids=["nurse", "prescriber", "display"])
@pytest.mark.parametrize("step", STEPS)
def test_the_page_kept_up_is_the_page_drawn_anew(step: str, roles: Roles) -> None:
    begin, go = STEPS[step]
    walk = begin()
    before = as_of_one_time(walk, roles)
    kept = page(all_fragments(before, PEOPLE))
    go(walk)
    now = as_of_one_time(walk, roles)
    kept |= page([line_fragment(now, seq) for seq in range(before.seq + 1, now.seq + 1)])
    kept |= page(changed_fragments(now, before, PEOPLE))
    fresh = page(all_fragments(now, PEOPLE))
    assert {name for name, html in fresh.items() if kept.get(name) != html} == set()


def test_time_alone_changes_what_is_late_and_how_far_the_drip_is() -> None:
    walk = infusing()
    before = shown(seen(walk))
    later = shown(seen(walk, at=walk.at + timedelta(minutes=11)))
    changed = page(changed_fragments(later, before, PEOPLE))
    assert {"next", "drip"} <= changed.keys()
    assert changed.keys().isdisjoint({"alarms", "doubt", "before", "comfort", "seems"})


def test_when_nothing_changed_nothing_is_sent() -> None:
    room = shown(seen(infusing()))
    assert changed_fragments(room, room, PEOPLE) == []


def as_of_one_time(walk: Walk, roles: Roles) -> RoomView:
    """The room with the words of its ages as of one time, which a browser says anew every second."""
    return replace(shown(seen(walk), roles), at=TEN)


def page(fragments: list[str]) -> Page:
    """Elements by id, without what the browser fills in by itself; a question stands by itself and not in its sheet."""
    found = {}
    for fragment in filter(None, fragments):
        html = MOVED_BY_THE_BROWSER.sub("", fragment)
        found |= {_id_of(question): question for question in QUESTION.findall(html)}
        if not QUESTION.fullmatch(html):
            found[_id_of(html)] = QUESTION.sub("", html)
    return found


def _id_of(html: str) -> str:
    name = re.search(r'id="([^"]+)"', html)
    assert name is not None
    return name[1]
