"""What is asked of Stillroom during one visit, act by act, from the plan to the signed chart.

A visit is told in minutes from the start of its drip. What a nurse counts, reads and sees is taken from the simulated
drip and the simulated patient at that minute, so that all figures of a visit are of one piece.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.core.drip.history import History
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Door
from stillroom.core.safety import ITEMS, PreflightItem, Reply
from stillroom.devices.watch import WATCH
from stillroom.rehearsal.drip import SimulatedDrip, drops_in, read_of_bag_ml
from stillroom.rehearsal.level import effect_site_ng_per_ml
from stillroom.rehearsal.patient import Signs, SimulatedPatient, signs_at

COUNTED_FOR_S = 60
LOOKED_EVERY_MIN = 10
CHECKED_AT_MIN = (5.0, 20.0, 35.0, 50.0, 63.0)
"""Minutes after the drip's end: a check every quarter of an hour, and a last one at the door."""
DROWSY_FROM = 3
SIGNED_AS = "I have read this chart and it is complete."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One act: when, in minutes from the start of the drip, by whom, and what is asked."""

    at_min: float
    author: c.Author
    command: c.Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    prescriber: c.Author
    nurse: c.Author
    second: c.Author
    desk: c.Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What made this visit unlike the others. `slips`: from which minute the drip was how many drops slower."""

    site: str = "left forearm"
    premedicated: str = ""
    most_nauseous: int = 0
    anxious: int = 1
    slowed_at_min: float | None = None
    slowed_to_ml_per_h: Decimal = Decimal(99)
    slips: tuple[tuple[float, int], ...] = ((9.0, 1), (17.0, 2))
    comfort: tuple[tuple[str, str], ...] = (("lights", "Low"), ("music", "Slow strings"))
    needles_worry: bool = False
    allergic_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """How they left."""

    door: Door
    travels_by: str
    adult_name: str | None = None
    adult_relation: str | None = None
    adult_phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit, whole; how much of it has happened is for the teller to say."""

    plan: c.PlanInfusion
    started_at: datetime
    team: Team
    patient: SimulatedPatient
    drip: SimulatedDrip
    home: Home
    course: Course = field(default_factory=Course)

    @property
    def history(self) -> History:
        return self.drip.history

    @property
    def ended_min(self) -> float:
        """When the nurse found the bag empty and closed the clamp: the drip's last turn."""
        return self.drip.turns[-1].from_min

    def at(self, at_min: float) -> datetime:
        return self.started_at + timedelta(minutes=at_min)

    def signs(self, at_min: float) -> Signs:
        (level,) = effect_site_ng_per_ml(self.history, [at_min], weight_kg=float(self.plan.weight_kg))
        return signs_at(self.patient, at_s=self.at(at_min).timestamp(), effect_site_ng_per_ml=level)


def moments(visit: Visit) -> Iterator[Moment]:
    """The whole visit in order of time."""
    yield from _before(visit)
    yield from sorted(_drip(visit), key=lambda moment: moment.at_min)
    yield from _afterwards(visit)


def _before(visit: Visit) -> Iterator[Moment]:
    nurse, course = visit.team.nurse, visit.course
    yield Moment(at_min=-85, author=visit.team.prescriber, command=visit.plan)
    yield Moment(at_min=-31, author=visit.team.desk, command=c.Record(fact=e.PatientArrived()))
    yield _seen(-28.0, nurse, e.RoomTaken())
    yield from (_seen(-26 + number / 4, nurse, _answer(item, course)) for number, item in enumerate(ITEMS))
    yield from (_seen(-21.5, nurse, e.ComfortSet(item=item, choice=choice)) for item, choice in course.comfort)
    yield _seen(-18.0, nurse, e.LinePlaced(site=course.site))
    if course.premedicated:
        yield _seen(-12.0, nurse, _ondansetron(before_start=True, reason=course.premedicated))
    yield Moment(at_min=-10, author=nurse, command=c.MakeBag(bag=visit.drip.bag, lot="DEMO-LOT-7"))
    yield Moment(at_min=-8, author=visit.team.second, command=c.CheckBag())
    yield _seen(-7.5, nurse, _charted(visit.signs(-7.5)))
    yield _seen(-7.0, nurse, _watched(visit, -7.0))
    yield _seen(-6.0, nurse, e.BagHung(line=visit.drip.line))
    yield _seen(-5.0, nurse, _charted(visit.signs(-5.0)))
    yield from _made_ready(visit)
    yield Moment(at_min=-0.2, author=nurse, command=c.StartInfusion())
    yield Moment(at_min=0, author=nurse, command=CONFIRM)


def _made_ready(visit: Visit) -> Iterator[Moment]:
    """Where an answer was a problem the nurse names the doctor, who confirms it before the start."""
    if not visit.course.allergic_to:
        yield Moment(at_min=-3, author=visit.team.nurse, command=c.DeclareReady())
        return
    doctor, reason = visit.team.prescriber, "nothing of that kind is given here"
    named = c.DeclareReady(reason=reason, prescriber=doctor.person)
    yield Moment(at_min=-3, author=visit.team.nurse, command=named)
    yield Moment(at_min=-2, author=doctor, command=CONFIRM_NAMING)


CONFIRM = c.ConfirmDone(intent_seq=0)
CONFIRM_NAMING = c.ConfirmNaming(named_seq=0)
"""The hand has done what was asked just before, or it was said; the teller knows its number."""


def _drip(visit: Visit) -> Iterator[Moment]:
    """While it runs: the clamp checked at two minutes, and every ten minutes a look, a count and the bag.

    What the cuff measures is charted by the watch, as often as the order wants a pressure.
    """
    nurse, slowed_at_min = visit.team.nurse, visit.course.slowed_at_min
    every_min = visit.plan.order.intervals.pressure_every_min
    for measured_min in range(every_min, math.ceil(visit.ended_min), every_min):
        yield _seen(float(measured_min), WATCH, _charted(visit.signs(float(measured_min))))
    yield _count(visit, 2.0)
    looks = int(visit.ended_min // LOOKED_EVERY_MIN)
    for look_min in (float(LOOKED_EVERY_MIN * number) for number in range(1, looks + 1)):
        yield _seen(look_min + 0.2, nurse, _watched(visit, look_min + 0.2))
        if look_min + 2 < visit.ended_min:
            yield _count(visit, look_min + 1.5)
            left_ml = read_of_bag_ml(visit.drip, at_min=look_min + 2)
            yield _seen(look_min + 2, nurse, e.BagRead(left_in_bag_ml=left_ml))
    if slowed_at_min is not None:
        yield Moment(
            at_min=slowed_at_min - 0.2,
            author=nurse,
            command=c.SetRate(rate_ml_per_h=visit.course.slowed_to_ml_per_h, reason="feels too far away, slower helps"),
        )
        yield Moment(at_min=slowed_at_min, author=nurse, command=CONFIRM)


def _afterwards(visit: Visit) -> Iterator[Moment]:
    nurse, end_min = visit.team.nurse, visit.ended_min
    left_ml = read_of_bag_ml(visit.drip, at_min=end_min)
    yield Moment(at_min=end_min, author=nurse, command=c.EndInfusion(left_in_bag_ml=left_ml))
    if visit.drip.flushed_at_min is not None:
        minutes = Decimal(visit.drip.flush_takes_min)
        flushed = e.LineFlushed(volume_ml=visit.drip.line.volume_ml, duration_min=minutes)
        yield _seen(visit.drip.flushed_at_min, nurse, flushed)
    for number, after_min in enumerate(CHECKED_AT_MIN):
        check = _recovery_check(visit, end_min + after_min, number)
        yield Moment(at_min=end_min + after_min, author=nurse, command=c.CheckRecovery(check=check))
        yield _seen(end_min + after_min + 0.2, nurse, _watched(visit, end_min + after_min + 0.2, check))
        if number == 2:
            yield _seen(end_min + after_min + 3, nurse, e.LineRemoved())
    yield _seen(end_min + 64, nurse, e.RiskSettled(outcome=e.Risk.NO_CONCERN))
    yield _seen(end_min + 65, nurse, e.InstructionsGiven())
    yield Moment(at_min=end_min + 68, author=nurse, command=_leaving(visit))
    signed = c.SignChart(meaning=SIGNED_AS)
    yield Moment(at_min=end_min + 80, author=visit.team.prescriber, command=signed)


def _seen(at_min: float, author: c.Author, fact: e.Fact) -> Moment:
    return Moment(at_min=at_min, author=author, command=c.Record(fact=fact))


def _answer(item: PreflightItem, course: Course) -> e.PreflightAnswered:
    if item is PreflightItem.NEEDLES and course.needles_worry:
        return e.PreflightAnswered(item=item, reply=Reply.PROBLEM, words="looks away, counts down")
    if item is PreflightItem.ALLERGIES and course.allergic_to:
        return e.PreflightAnswered(item=item, reply=Reply.PROBLEM, words=course.allergic_to)
    return e.PreflightAnswered(item=item, reply=Reply.FINE)


def _ondansetron(*, before_start: bool, reason: str) -> e.MedicineGiven:
    amount = Decimal(4)
    return e.MedicineGiven(
        name="Ondansetron", amount=amount, unit="mg", route="iv", before_start=before_start, reason=reason
    )


def _charted(signs: Signs) -> e.VitalsCharted:
    return e.VitalsCharted(
        source=e.Source.MONITOR,
        sbp_mmhg=signs.sbp_mmhg,
        dbp_mmhg=signs.dbp_mmhg,
        mbp_mmhg=signs.mbp_mmhg,
        pulse_per_min=signs.pulse_per_min,
        spo2_percent=signs.spo2_percent,
        resp_per_min=signs.resp_per_min,
    )


def _watched(visit: Visit, at_min: float, check: e.RecoveryChecked | None = None) -> e.PatientWatched:
    """How the patient seems; after the drip as the recovery `check` of that moment found them."""
    signs = visit.signs(at_min)
    awake = e.Awake.DROWSY if signs.sleepy >= DROWSY_FROM else e.Awake.ALERT
    is_clear = check is not None and bool(check.effects_gone)
    return e.PatientWatched(
        awake=check.awake if check else awake,
        breaths_per_min=signs.resp_per_min,
        detached=0 if is_clear else signs.detached,
        anxious=0 if is_clear else visit.course.anxious,
        nauseous=visit.course.most_nauseous if at_min > LOOKED_EVERY_MIN * 2 and not is_clear else 0,
        line_site=e.LineSite.GOOD,
    )


def _count(visit: Visit, at_min: float) -> Moment:
    drops = drops_in(visit.drip, at_min=at_min, seconds=COUNTED_FOR_S)
    return _seen(at_min, visit.team.nurse, e.DropsCounted(drops=drops, seconds=Decimal(COUNTED_FOR_S)))


def _recovery_check(visit: Visit, at_min: float, number: int) -> e.RecoveryChecked:
    """The first look finds them drowsy, the second awake, the later ones on their feet and clear."""
    signs = visit.signs(at_min)
    return e.RecoveryChecked(
        awake=e.Awake.ALERT if number else e.Awake.DROWSY,
        oriented=number > 0,
        breathing_steady=True,
        on_room_air=True,
        breaths_per_min=signs.resp_per_min,
        on_feet=(None, e.OnFeet.WITH_HELP, e.OnFeet.WITH_HELP, e.OnFeet.STEADY, e.OnFeet.STEADY)[number],
        vomiting=False,
        effects_gone=number >= 3,
        sbp_mmhg=signs.sbp_mmhg,
        dbp_mmhg=signs.dbp_mmhg,
        pulse_per_min=signs.pulse_per_min,
        spo2_percent=signs.spo2_percent,
        detached=0 if number >= 2 else signs.detached,
    )


def _leaving(visit: Visit) -> c.SendHome:
    home = visit.home
    return c.SendHome(
        door=home.door,
        travels_by=home.travels_by,
        drives=False,
        witness=visit.team.second.person if home.door is Door.WITH_ADULT else None,
        adult_name=home.adult_name,
        adult_relation=home.adult_relation,
        adult_phone=home.adult_phone,
    )
