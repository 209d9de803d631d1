"""The story of the invented clinic, as it stands at `now`: who was here, who is, and who comes next.

Room 1   Jonas Vale, the thirteenth infusion in twelve weeks, went home this morning
Room 2   Marta Alder, 23 minutes into the third of six, with an antiemetic before, as she gets seasick
Room 3   Silas Penrose, recovering from his first, stays until clear
Room 4   free; Noor Haldane comes next, her first visit
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.line import Gravity, Line, Priming
from stillroom.core.infusion.commands import PlanInfusion
from stillroom.core.infusion.planning import bag_for, drip_plan
from stillroom.core.order import Door
from stillroom.rehearsal.clinic import LITTLE_MORE, LONGER, USUAL, House, order_of
from stillroom.rehearsal.drip import SimulatedDrip, Turn, empty_at_min
from stillroom.rehearsal.people import ALDER, HALDANE, PENROSE, VALE, Invented
from stillroom.rehearsal.visit import Course, Home, Team, Visit

ALDER_BEGAN = timedelta(minutes=23, seconds=14)
PENROSE_BEGAN = timedelta(minutes=69)
VALE_BEGAN = timedelta(hours=4, minutes=10)
HALDANE_IS_DUE = timedelta(minutes=40)

WITH_JO = Home(
    door=Door.WITH_ADULT,
    travels_by="car_with_them",
    adult_name="Jo Alder (invented)",
    adult_relation="partner",
    adult_phone="555-0142",
)
WITH_ROWAN = Home(
    door=Door.WITH_ADULT,
    travels_by="taxi_with_them",
    adult_name="Rowan Vale (invented)",
    adult_relation="brother",
    adult_phone="555-0117",
)
BY_TRAM = Home(door=Door.WHEN_CLEAR, travels_by="tram_or_bus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An infusion of before: how many days ago, what was ordered, and how it went."""

    days_ago: int
    amounts: tuple[Decimal, Decimal] = USUAL
    weight_kg: Decimal
    course: Course = field(default_factory=Course)


WHY_OTHERWISE = {
    LITTLE_MORE: "Relief shorter each time, well tolerated: a little more, at the same speed",
    LONGER: "The same speed, a little longer, as agreed with the patient",
}
SICK_TWICE = "nauseous in the first two infusions"
VALE_BEFORE = (
    Earlier(days_ago=84, weight_kg=Decimal("80.5"), course=Course(most_nauseous=3, anxious=4, needles_worry=True)),
    Earlier(days_ago=81, weight_kg=Decimal("80.5"), course=Course(most_nauseous=4, anxious=3, slowed_at_min=24.0)),
    Earlier(days_ago=77, weight_kg=Decimal("80.5"), course=Course(premedicated=SICK_TWICE, anxious=2)),
    Earlier(days_ago=74, weight_kg=Decimal("80.0"), course=Course(premedicated=SICK_TWICE)),
    Earlier(days_ago=70, weight_kg=Decimal("80.0"), course=Course(premedicated=SICK_TWICE)),
    Earlier(days_ago=67, weight_kg=Decimal("80.0"), course=Course(premedicated=SICK_TWICE, site="right forearm")),
    Earlier(days_ago=60, weight_kg=Decimal("79.5"), course=Course(premedicated=SICK_TWICE)),
    Earlier(days_ago=53, weight_kg=Decimal("79.5"), amounts=LITTLE_MORE, course=Course(premedicated=SICK_TWICE)),
    Earlier(days_ago=46, weight_kg=Decimal("79.5"), amounts=LITTLE_MORE, course=Course(premedicated=SICK_TWICE)),
    Earlier(days_ago=39, weight_kg=Decimal("79.0"), amounts=LONGER, course=Course(premedicated=SICK_TWICE, anxious=0)),
    Earlier(days_ago=25, weight_kg=Decimal("79.0"), amounts=LONGER, course=Course(premedicated=SICK_TWICE, anxious=0)),
    Earlier(days_ago=11, weight_kg=Decimal("78.5"), amounts=LITTLE_MORE, course=Course(premedicated=SICK_TWICE)),
)
ALDER_BEFORE = (
    Earlier(days_ago=7, weight_kg=Decimal("70.0"), course=Course(premedicated="motion sickness on record", anxious=2)),
    Earlier(days_ago=4, weight_kg=Decimal("70.0"), course=Course(premedicated="motion sickness on record")),
)


def visits_of_those_here(house: House, *, now: datetime) -> Iterator[Visit]:
    """Of who is or was here today, whole, as they will be if all goes as planned; the teller sees how far it is."""
    yield from _course_of(house, ALDER, ALDER_BEFORE, WITH_JO, now=now, length=6)
    yield from (_vale_today(house, now), _penrose_today(house, now), _alder_today(house, now), _haldane(house, now))


def rehearsed_visit(house: House, *, started_at: datetime) -> Visit:
    """What a script is played to: Marta Alder as on any day, with the longer order, which still drips at minute 38."""
    return _visit(
        house,
        ALDER,
        room="Room 2",
        started_at=started_at,
        weight_kg=ALDER.weight_kg,
        number=(1, 6),
        home=WITH_JO,
        amounts=LONGER,
        course=Course(premedicated="motion sickness on record", slips=()),
    )


def visits_of_months(house: House, *, now: datetime) -> Iterator[Visit]:
    """The twelve weeks of Jonas Vale before today."""
    yield from _course_of(house, VALE, VALE_BEFORE, WITH_ROWAN, now=now, length=None)


def _course_of(
    house: House, patient: Invented, before: tuple[Earlier, ...], home: Home, *, now: datetime, length: int | None
) -> Iterator[Visit]:
    for number, earlier in enumerate(before, start=1):
        yield _visit(
            house,
            patient,
            room="Room 1",
            started_at=now - timedelta(days=earlier.days_ago, minutes=17 * (number % 5)),
            amounts=earlier.amounts,
            weight_kg=earlier.weight_kg,
            number=(number, length),
            home=home,
            course=earlier.course,
        )


def _vale_today(house: House, now: datetime) -> Visit:
    return _visit(
        house,
        VALE,
        room="Room 1",
        started_at=now - VALE_BEGAN,
        amounts=LITTLE_MORE,
        weight_kg=VALE.weight_kg,
        number=(len(VALE_BEFORE) + 1, None),
        home=WITH_ROWAN,
        course=Course(premedicated=SICK_TWICE),
    )


def _alder_today(house: House, now: datetime) -> Visit:
    comfort = (("lights", "Low"), ("music", "Slow strings"), ("with_them", "Jo, quiet"), ("going_home", "Jo signs out"))
    return _visit(
        house,
        ALDER,
        room="Room 2",
        started_at=now - ALDER_BEGAN,
        weight_kg=ALDER.weight_kg,
        number=(len(ALDER_BEFORE) + 1, 6),
        home=WITH_JO,
        course=Course(premedicated="motion sickness on record", comfort=comfort, slips=((6.0, 3), (14.0, 4))),
    )


def _penrose_today(house: House, now: datetime) -> Visit:
    return _visit(
        house,
        PENROSE,
        room="Room 3",
        nurses=("lind", "osei"),
        started_at=now - PENROSE_BEGAN,
        weight_kg=PENROSE.weight_kg,
        number=(1, 6),
        home=BY_TRAM,
        course=Course(site="right hand", anxious=3, needles_worry=True, allergic_to=", ".join(PENROSE.allergies or ())),
    )


def _haldane(house: House, now: datetime) -> Visit:
    return _visit(
        house,
        HALDANE,
        room="Room 4",
        nurses=("lind", "osei"),
        started_at=now + HALDANE_IS_DUE,
        weight_kg=HALDANE.weight_kg,
        number=(1, 6),
        home=BY_TRAM,
    )


def _visit(
    house: House,
    patient: Invented,
    *,
    room: str,
    started_at: datetime,
    weight_kg: Decimal,
    number: tuple[int, int | None],
    home: Home,
    amounts: tuple[Decimal, Decimal] = USUAL,
    nurses: tuple[str, str] = ("osei", "lind"),
    course: Course | None = None,
) -> Visit:
    plan = PlanInfusion(
        patient=house.patients[patient.identifier].pk,
        room=house.rooms[room].pk,
        order=order_of(*amounts),
        limits=house.limits,
        protocol_version=str(house.protocols[amounts]),
        weight_kg=weight_kg,
        course_number=number[0],
        course_length=number[1],
        reasons={
            **dict.fromkeys(("more_than_last_time", "order_changed"), WHY_OTHERWISE.get(amounts, "")),
            "new_in_record": "Read with the patient; nothing here is affected by it",
            "screening_open": "Planned ahead; the consultation comes before it",
        },
    )
    team = Team(
        prescriber=house.author("varga"),
        nurse=house.author(nurses[0]),
        second=house.author(nurses[1]),
        desk=house.author("desk"),
    )
    course = course or Course()
    return Visit(
        plan=plan,
        started_at=started_at,
        team=team,
        patient=patient.body,
        drip=_drip(plan, course),
        home=home,
        course=course,
    )


def _drip(plan: PlanInfusion, course: Course) -> SimulatedDrip:
    """Set to the order's drops; a little slower as the bag empties; and slower again if that was asked for."""
    bag = bag_for(plan.order, dose_mg=plan.order.dose_mg_per_kg * plan.weight_kg)
    set_to = drip_plan(plan.order, weight_kg=plan.weight_kg, bag=bag).drops_per_min
    drops_per_ml = plan.order.delivery.drops_per_ml
    assert set_to is not None
    assert drops_per_ml is not None
    turns = [Turn(0.0, set_to), *(Turn(from_min, set_to - drops) for from_min, drops in course.slips)]
    if course.slowed_at_min is not None:
        turns.append(Turn(course.slowed_at_min, int(Fraction(course.slowed_to_ml_per_h) * drops_per_ml / 60)))
    line = Line(volume_ml=plan.order.delivery.line_volume_ml, primed_with=Priming.DRUG)
    open_drip = SimulatedDrip(bag=bag, line=line, meter=Gravity(drops_per_ml=drops_per_ml), turns=tuple(turns))
    empty_min = empty_at_min(open_drip)
    return SimulatedDrip(
        bag=bag,
        line=line,
        meter=open_drip.meter,
        turns=(*turns, Turn(empty_min + 0.5, 0)),
        flushed_at_min=empty_min + 1.0,
    )
