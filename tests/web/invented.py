"""Rooms as they might stand, with invented people: what templates are rendered with in tests and looked at by eye."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import sin
from typing import Any
from uuid import UUID

from stillroom.bedside import parts as p
from stillroom.bedside.board import BoardRoom, BoardView
from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm, PersonField
from stillroom.bedside.room import RoomView
from stillroom.bedside.sheets import ONE_TAP, Act, Sheet
from stillroom.core.drip.bag import Bag
from stillroom.core.drip.line import Line, Priming
from stillroom.core.drip.pace import Pace
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.comfort import CHOICES, FELT, Calming
from stillroom.core.infusion.state import Status
from stillroom.core.order import Door
from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import below
from stillroom.core.safety import ITEMS, PreflightItem, Reply
from stillroom.core.safety.advice import Advice, Code, Step, Sure
from stillroom.core.safety.escalation import Called
from stillroom.core.vitals.freshness import Freshness
from stillroom.web.charts import (
    CourseDrawing,
    Cuff,
    FanDrawing,
    Limits,
    Trace,
    VitalsDrawing,
    draw_fan,
    draw_spark,
    draw_vitals,
)
from tests.examples import ORDER

D = Decimal
NOW = datetime(2026, 11, 23, 10, 41, 14, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=23, seconds=14)
ID = UUID("0f3a6c1e-0000-4000-8000-00000000000b")
HREF = f"/bedside/{ID}/"
DRIP_ACTS = frozenset(
    {
        *(
            Act.COUNT_DROPS,
            Act.READ_BAG,
            Act.NEW_RATE,
            Act.PAUSE,
            Act.STOP,
            Act.VITALS,
            Act.WATCH,
            Act.MEDICINE,
            Act.NOTE,
        ),
        *(
            Act.COMFORT,
            Act.CALM,
            Act.EFFECT,
            Act.DISMISS_ADVICE,
            Act.HELP,
            Act.HELP_STEP,
            Act.HELP_OVER,
            Act.CORRECT,
            Act.TAKE_ROOM,
            Act.STREAM_SEEN,
            Act.CONFIRM,
        ),
        *(Act.NOT_DONE, Act.ACKNOWLEDGE, Act.REASSIGN, Act.CLAMP_CLOSED),
        *(Act.PAUSE_SOUND, Act.SOUND_BACK, Act.CHANGE_LIMIT),
    }
)
EARLY_ACTS = frozenset(
    {
        *(Act.PREFLIGHT, Act.PLACE_LINE, Act.MAKE_BAG, Act.CHECK_BAG, Act.HANG_BAG, Act.READY, Act.ABANDON),
        *(Act.VITALS, Act.WATCH, Act.MEDICINE, Act.NOTE, Act.COMFORT, Act.HELP, Act.CORRECT, Act.TAKE_ROOM),
    }
)
LATE_ACTS = frozenset(
    {
        *(Act.CHECK, Act.ACCEPT_PRESSURE, Act.LINE_OUT, Act.SETTLE_RISK, Act.INSTRUCTIONS, Act.GO_WITH_ADULT),
        *(Act.GO_WHEN_CLEAR, Act.VITALS, Act.WATCH, Act.MEDICINE, Act.NOTE, Act.HELP, Act.CORRECT, Act.TAKE_ROOM),
    }
)
PEOPLE = (("a1", "Dr Ada Varga"), ("b2", "R. Osei"), ("c3", "T. Lind"))


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return NOW.replace(hour=hours, minute=minutes, second=0)


def a_fan(
    *,
    now_min: float | None = 23.2,
    dose_mg: float = 35,
    over_min: float = 40,
    to_min: int = 120,
    age_y: float = 41,
    weight_kg: float = 70,
    cut_by: str = "",
) -> FanDrawing:
    """Drawn by the three models of the room, for 70 kg."""
    body, segments = Body(weight_kg=weight_kg, age_y=age_y), [(0.0, over_min, dose_mg / over_min)]
    seen = course(ROOM_MODELS, segments, body, [float(t) for t in range(to_min + 1)])
    marks = below(ROOM_MODELS, segments, body, [100.0, 50.0])
    return draw_fan(seen, drips=((0, over_min),), now_min=now_min, stops_min=over_min, below=marks, cut_by=cut_by)


def a_course(**how: Any) -> CourseDrawing:
    return a_fan(**how).plasma


def a_vitals_drawing() -> VitalsDrawing:
    return draw_vitals(
        from_min=0,
        to_min=120,
        cuffs=[Cuff(t, 117 + t * 0.65, 74 + t * 0.4) for t in range(0, 24, 5)],
        pulse=Trace([(t / 6, 69 + t / 18 + 2.5 * sin(t / 3)) for t in range(140)], break_min=1),
        spo2=Trace([(t / 6, 97 + sin(t * 1.7)) for t in range(140) if not 60 < t < 75], break_min=1),
        now_min=23.2,
        limits=Limits(sbp_mmhg=180, pulse_per_min=130, spo2_percent=92),
    )


def tiles() -> tuple[p.Tile, ...]:
    spark = draw_spark([(i, i / 4 + 3 * sin(i)) for i in range(38)], least_span=20)
    two_min_ago, just_now = NOW - timedelta(minutes=2), NOW - timedelta(seconds=3)
    return (
        p.Tile(
            kind=p.TileKind.PRESSURE,
            state=Freshness.FRESH,
            figure="131/82",
            measured_at=two_min_ago,
            good_for_s=420,
            mean_mmhg=98,
            next_due_at=NOW + timedelta(minutes=3),
            since_arrival=14,
            limit="180",
            spark=spark,
        ),
        p.Tile(
            kind=p.TileKind.PULSE,
            state=Freshness.FRESH,
            figure="78",
            measured_at=just_now,
            good_for_s=12,
            since_arrival=9,
            spark=spark,
        ),
        p.Tile(
            kind=p.TileKind.OXYGEN,
            state=Freshness.FRESH,
            figure="97%",
            measured_at=just_now,
            good_for_s=12,
            limit="92%",
            spark=draw_spark([(i, 97 + sin(i * 1.7)) for i in range(38)], least_span=8),
        ),
    )


def line(seq: int, clock: str, fact: e.Fact, by: str = "R. Osei", **more: Any) -> p.LogLine:
    return p.LogLine(
        seq=seq, kind=type(fact).__name__, occurred_at=at(clock), recorded_at=at(clock), by=by, fact=fact, **more
    )


def comfort(**chosen: str) -> tuple[p.ComfortRow, ...]:
    return tuple(
        p.ComfortRow(
            item=item, codes=codes, choice=chosen[item], seq=7, at=at("10:12"), by="R. Osei", is_felt=item in FELT
        )
        if item in chosen
        else p.ComfortRow(item=item, codes=codes)
        for item, codes in CHOICES.items()
    )


def log() -> tuple[p.LogLine, ...]:
    bag = Bag(
        vial_mg_per_ml=D(50), drug_volume_ml=D("0.7"), fluid_volume_ml=D(100), overfill_ml=D(0), withdrawn_ml=D("0.7")
    )
    return (
        line(41, "10:40", e.BagRead(left_in_bag_ml=D(45))),
        line(40, "10:40", e.DropsCounted(drops=47, seconds=D("60.0"))),
        line(
            39, "10:38", e.PatientWatched(awake=e.Awake.DROWSY, detached=3, anxious=1, nauseous=0, breaths_per_min=14)
        ),
        line(34, "10:30", e.DropsCounted(drops=74, seconds=D("60.0")), is_struck=True),
        line(28, "10:18", e.StartConfirmed(), "Dr Varga"),
        line(27, "10:17", e.StartIntended(rate_ml_per_h=D(150), drops_per_min=50), "Dr Varga"),
        line(25, "10:14", e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG))),
        line(22, "10:13", e.BagMade(bag=bag, lot="K-2210")),
        line(
            20,
            "10:12",
            e.MedicineGiven(
                name="Ondansetron",
                amount=D(4),
                unit="mg",
                route="iv",
                before_start=True,
                reason="motion sickness on record",
            ),
        ),
    )


def drip() -> p.Drip:
    return p.Drip(
        ordered_mg=D(35),
        ordered_ml_per_h=D(150),
        set_drops_per_min=50,
        duration_min=D(40),
        elapsed_s=23 * 60 + 14,
        is_running=True,
        given_mg=D(20),
        given_least_mg=D(18),
        given_most_mg=D(21),
        percent=58,
        rate_ml_per_h=D(150),
        counted_per_min=47,
        counted_at=at("10:40"),
        bag_left_ml=D(45),
        bag_read_at=at("10:40"),
        drops_per_ml=20,
        coach=p.Coach(
            pace=Pace.ON_PLAN,
            why=None,
            flow_ml_per_h=(124, 141, 159),
            rate_mg_per_kg_per_h=(D("0.62"), D("0.70"), D("0.80")),
            is_seen=True,
            run_ml=(50, 55, 61),
            planned_ml=58,
            volume_ml=100,
            left_min=(14, 19, 25),
            due_in_min=17,
        ),
    )


def form_for(act: Act) -> ActForm:
    form = FORMS[act](initial={"seen_seq": 41})
    for field in form.fields.values():
        if isinstance(field, PersonField):
            field.offer(PEOPLE)
    return form


def sheets(acts: frozenset[Act]) -> tuple[Sheet, ...]:
    return tuple(Sheet(act, form_for(act)) for act in sorted(acts - ONE_TAP - {Act.CORRECT}))


def infusing() -> RoomView:
    """As the design shows it: minute 23 of 40, a little behind the plan."""
    return RoomView(
        limits=tuple(
            p.LimitNow(limit=each.name, value=94 if each.name == "spo2_low_percent" else value, ordered=value)
            for each in fields(ORDER.watch_limits)
            if (value := getattr(ORDER.watch_limits, each.name))
        ),
        infusion_id=ID,
        href=HREF,
        seq=41,
        at=NOW,
        status=Status.INFUSING,
        who=p.Who(
            room="Room 2",
            name="M. Alder",
            initials="M. A.",
            born=date(1985, 5, 4),
            weight_kg=D(70),
            allergies=(),
            line_site="left forearm",
            course_number=3,
            course_length=6,
        ),
        link=p.Link(state=p.LinkState.HEARD, every_s=5, last_heard_at=NOW),
        acts=DRIP_ACTS,
        patient_id=UUID(int=7),
        keeper="R. Osei",
        began_at=BEGAN,
        tiles=tiles(),
        seems=p.Seems(
            seen_at=at("10:38"),
            next_due_at=at("10:48"),
            awake=e.Awake.DROWSY,
            not_woken=False,
            breaths_per_min=14,
            detached=3,
            anxious=1,
            nauseous=0,
        ),
        course=a_fan(),
        vitals=a_vitals_drawing(),
        log=log(),
        drip=drip(),
        advice=(
            Advice(
                code=Code.BEHIND,
                level=6,
                sure=Sure.SEEN,
                steps=(Step.COUNT, Step.LOOK_AT_LINE, Step.END_LATE),
                saw={"flow_ml_per_h": "128", "set_ml_per_h": "150", "off_ml": "6", "least_ml": "4", "most_ml": "8"},
            ),
        ),
        comfort=comfort(lights="lowered", music="calm", with_them="Jo, quiet", going_home="Jo signs out"),
        calming=tuple(p.CalmRow(step=step) for step in Calming),
        company=p.Company(may_stay=True, wish="yes", leave="yes"),
        next=(
            p.NextThing(code="drip_ends", at=at("11:00")),
            p.NextThing(code="recovery_checks", at=at("11:00")),
            p.NextThing(code="earliest_leaving", at=at("12:00")),
        ),
        rates=(p.RateStep(rate_ml_per_h=D(75), drops_per_min=25), p.RateStep(rate_ml_per_h=D(120), drops_per_min=40)),
        sheets=sheets(DRIP_ACTS),
    )


def before() -> RoomView:
    """The patient is in the chair; nothing has run."""
    questions = tuple(
        p.Question(item=item, reply=Reply.FINE, at=at("10:05"), by="R. Osei") if i < 9 else p.Question(item=item)
        for i, item in enumerate(ITEMS)
    )
    questions = (
        *(q for q in questions if q.item is not PreflightItem.NEEDLES),
        p.Question(item=PreflightItem.NEEDLES, reply=Reply.PROBLEM, words="looks away", at=at("10:06"), by="R. Osei"),
    )
    blank = (
        p.Tile(kind=kind, state=Freshness.LOST) for kind in (p.TileKind.PRESSURE, p.TileKind.PULSE, p.TileKind.OXYGEN)
    )
    return replace(
        infusing(),
        status=Status.ARRIVED,
        seq=9,
        began_at=None,
        acts=EARLY_ACTS,
        tiles=tuple(blank),
        seems=p.Seems(),
        course=a_fan(now_min=None),
        vitals=None,
        log=log()[-2:],
        advice=(),
        drip=replace(
            drip(),
            is_running=False,
            elapsed_s=0,
            percent=0,
            given_mg=None,
            given_least_mg=None,
            given_most_mg=None,
            counted_per_min=None,
            bag_left_ml=None,
        ),
        link=p.Link(state=p.LinkState.NONE),
        who=replace(infusing().who, allergies=None, line_site=None),
        before=(
            p.Step(code="arrived", is_met=True),
            p.Step(code="preflight", is_met=False, act=Act.PREFLIGHT, facts={"answered": "9", "of": "13"}),
            p.Step(code="vitals", is_met=False, act=Act.VITALS),
            p.Step(code="line", is_met=False, act=Act.PLACE_LINE),
            p.Step(code="antiemetic", is_met=True, facts={"name": "Ondansetron", "dose_mg": "4"}),
            p.Step(code="bag", is_met=True, act=Act.MAKE_BAG, facts={"mg": "35", "ml": "100"}),
            p.Step(code="bag_checked", is_met=False, act=Act.CHECK_BAG),
            p.Step(code="hung", is_met=False, act=Act.HANG_BAG),
            p.Step(code="ready", is_met=False, act=Act.READY),
        ),
        questions=questions,
        plan=p.BagPlan(vial_mg_per_ml=D(50), drug_volume_ml=D("0.7"), drug_mg=D(35), fluid_volume_ml=D(100)),
        label=a_label(),
        next=(p.NextThing(code="drip_ends", at=None),),
        sheets=sheets(EARLY_ACTS),
    )


def a_label() -> p.BagLabel:
    return p.BagLabel(
        patient="M. Alder",
        born=date(1985, 5, 4),
        drug_mg=D(35),
        final_volume_ml=D(100),
        strength_mg_per_ml=D("0.35"),
        made_by="R. Osei",
        made_at=at("10:13"),
        lot="K-2210",
    )


def a_paper() -> dict[str, object]:
    """What the page keeps to be printed, as `bedside.paper.known` gives it."""
    given = {"ordered": "35 mg over 40 min", "mg": "about 20 mg", "mg_per_kg": "0.29 mg/kg", "range": "16 and 23 mg"}
    return {
        "patient": "M. Alder",
        "born": "4 May 1985",
        "known_at": "10:41",
        "known_at_exactly": at("10:41").isoformat(),
        "date": "23 November 2026",
        "clinic": "Elm Clinic",
        "room": "Room 2",
        "phone": "555 0100",
        "allergies": "none known",
        "weight": "70 kg",
        "conditions": "none on record",
        "takes": "none on record",
        "status": "running",
        "running": "150 mL/h",
        "is_in_doubt": False,
        "given": given | {"known_from": ["drops"]},
        "duration": "23 min",
        "times": "10:18, not ended",
        "rates": [],
        "seems": "Drowsy, answers",
        "alarms": [],
        "columns": ["", "Pressure"],
        "signs": [["10:40", "121/79"]],
        "help": None,
        "medicines": [],
    }


def alarmed() -> RoomView:
    """A pressure over its limit, a saturation that has passed, a new rate in doubt, and help on the way."""
    room = infusing()
    pressure = replace(room.tiles[0], figure="184/104", alarm=e.Priority.MEDIUM, mean_mmhg=131, since_arrival=67)
    lost = replace(room.tiles[1], state=Freshness.LOST, figure=None)
    return replace(
        room,
        sounds=True,
        tiles=(pressure, lost, room.tiles[2]),
        alarms=(
            p.OpenAlarm(
                condition="sbp_high",
                priority=e.Priority.MEDIUM,
                raised_at=at("10:38"),
                value="184",
                limit="180",
                may_pause=True,
                called=Called.SCREENS,
            ),
            p.OpenAlarm(
                condition="monitor_lost", priority=e.Priority.HIGH, raised_at=at("10:39"), acknowledged_by="T. Lind"
            ),
            p.OpenAlarm(
                condition="spo2_low",
                priority=e.Priority.LOW,
                raised_at=at("10:31"),
                value="92",
                limit="93",
                is_over=True,
                paused_until=NOW + timedelta(seconds=100),
                paused_by="R. Osei",
            ),
        ),
        doubt=p.Doubt(
            seq=41,
            kind="RateIntended",
            since=at("10:40"),
            by="R. Osei",
            rate_ml_per_h=D(120),
            drops_per_min=40,
            from_rate_ml_per_h=D(150),
        ),
        help=p.Help(since=NOW - timedelta(seconds=73), done=("clamp", "airway")),
    )


def recovering() -> RoomView:
    """The drip is over; two things still keep the doors shut."""
    room = infusing()
    met = dict.fromkeys(("awake", "breathing", "saturation", "vomiting", "feet"), True)
    steps = (
        "awake",
        "breathing",
        "saturation",
        "pressure",
        "vomiting",
        "feet",
        "line_out",
        "risk",
        "instructions",
        "observation",
    )
    acts = {
        "line_out": Act.LINE_OUT,
        "risk": Act.SETTLE_RISK,
        "instructions": Act.INSTRUCTIONS,
        "pressure": Act.ACCEPT_PRESSURE,
    }
    return replace(
        room,
        status=Status.RECOVERING,
        acts=LATE_ACTS,
        advice=(),
        drip=replace(
            room.drip or drip(), is_running=False, percent=98, given_mg=D(34), bag_left_ml=D(2), elapsed_s=2460
        ),
        home=p.WayHome(
            steps=tuple(p.Step(code=s, is_met=met.get(s, False), act=None if s in met else acts.get(s)) for s in steps),
            doors=(
                p.DoorView(door=Door.WITH_ADULT, shut_by=("line_not_out", "risk_not_settled", "observation_not_over")),
                p.DoorView(
                    door=Door.WHEN_CLEAR, shut_by=("effects_not_gone_twice", "line_not_out", "risk_not_settled")
                ),
            ),
            checks_done=2,
            next_check_at=NOW + timedelta(minutes=6),
            earliest_at=at("12:00"),
        ),
        sheets=sheets(LATE_ACTS),
    )


def board() -> BoardView:
    """Four rooms: an alarm, a quiet drip, a recovery, and one free."""
    pressure, pulse, oxygen = tiles()
    high = replace(pressure, figure="184/104", alarm=e.Priority.MEDIUM, measured_at=NOW - timedelta(minutes=1))
    alarm = p.OpenAlarm(
        condition="sbp_high", priority=e.Priority.MEDIUM, raised_at=at("10:40"), value="184", limit="180"
    )
    infusing_room = BoardRoom(
        id="2",
        number="2",
        at=NOW,
        href=HREF,
        initials="M. A.",
        status=Status.INFUSING,
        minutes=23,
        of_min=40,
        percent=58,
        tiles=(pressure, pulse, oxygen),
        awake=e.Awake.DROWSY,
        behind_ml=D(3),
        next=p.NextThing(code="pressure", at=at("10:44")),
    )
    return BoardView(
        at=NOW,
        href="/board/",
        keepers=("R. Osei", "T. Lind"),
        rooms=(
            replace(
                infusing_room,
                id="1",
                number="1",
                initials="K. B.",
                minutes=38,
                percent=95,
                tiles=(high, replace(pulse, figure="96"), replace(oxygen, figure="96%")),
                alarm=alarm,
                awake=None,
                behind_ml=None,
                next=None,
                keeper="T. Lind in the room",
            ),
            infusing_room,
            replace(
                infusing_room,
                id="3",
                number="3",
                initials="S. P.",
                status=Status.RECOVERING,
                minutes=35,
                tiles=(
                    replace(pressure, figure="122/76", measured_at=NOW - timedelta(minutes=9), good_for_s=1200),
                    pulse,
                    oxygen,
                ),
                awake=e.Awake.ALERT,
                behind_ml=None,
                next=p.NextThing(code="check", at=NOW, is_late=True),
            ),
            BoardRoom(id="4", number="4", at=NOW, next_at=at("11:15")),
        ),
    )


def ward(number: int) -> BoardView:
    """So many rooms in use; the last but one has an alarm that is medium, the last one that is high."""
    high, calm, recovering_room, _ = board().rooms
    assert high.alarm is not None
    rooms = [
        replace(recovering_room if place % 5 == 3 else calm, id=str(place), number=str(place))
        for place in range(1, number + 1)
    ]
    rooms[-2] = replace(rooms[-2], alarm=high.alarm)
    rooms[-1] = replace(high, id=str(number), number=str(number), alarm=replace(high.alarm, priority=e.Priority.HIGH))
    return replace(board(), rooms=tuple(rooms))
