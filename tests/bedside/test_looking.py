"""What the streams' thread reads and tells at one look: what is told first, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stillroom.bedside import just_read as just_read_module
from stillroom.bedside import looking as looking_module
from stillroom.bedside.looking import Heard, Looking, Rhythm
from stillroom.bedside.paper.contents import Letterhead
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.reading import read_situation
from stillroom.bedside.situation import Situation
from stillroom.bedside.tail import News, Place, Topic
from stillroom.bedside.told import ToldRoom
from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety.priority import CONDITIONS
from stillroom.infusions.models import Infusion
from tests.bedside.house import House, elsewhere, planned
from tests.bedside.rooms import seen as seen_in_room
from tests.cast import Cast, signed_in
from tests.conftest import Clone
from tests.examples import infusing

WATCH = c.Author(by="system:watch", role="system")
BEN = c.Author(by="system:test", role="nurse")
AWAKE = c.Record(fact=e.PatientWatched(awake=e.Awake.DROWSY))


@pytest.fixture
def cast(everybody: Cast) -> Cast:
    return elsewhere(everybody)


@pytest.fixture
def looking(database: Clone) -> Iterator[Looking]:
    made = Looking()
    yield made
    made.close()


def place_of(house: House, seq: int | None = None, *, is_new: bool = False) -> Place:
    topic = Topic(house.cast.clinic.pk, house.infusion_id, frozenset({"nurse"}))
    return Place(topic, house.row.last_seq if seq is None else seq, is_new=is_new)


def told_by(looking: Looking, *places: Place) -> list[News]:
    return [each for each in looking(frozenset(places), frozenset()) if isinstance(each, News)]


def open_all(looking: Looking, *places: Place) -> None:
    while len(looking._rooms) < len(places):
        told_by(looking, *places)


def rooms_of(news: list[News]) -> list[UUID | None]:
    return [each.place.topic.infusion for each in news]


def test_a_sheet_that_cannot_be_drawn_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    drawn: list[UUID] = []

    def draw(told: ToldRoom, letterhead: Letterhead, at: datetime) -> None:
        drawn.append(told.now.infusion_id)
        if len(drawn) == 1:
            raise ValueError("what was measured makes no sense")

    monkeypatch.setattr(ToldRoom, "draw_paper", draw)
    with clinic_scope(cast.clinic.pk):
        rooms = [ToldRoom.of(seen_in_room(infusing(), at=now), "/bedside/1/") for _ in range(2)]
        known = {uuid4(): told for told in rooms}
        Looking()._draw_paper(letterhead_of(cast.clinic), known, now + timedelta(minutes=1))
    assert len(drawn) == 2


def test_where_nothing_happens_a_page_holds_a_sheet_of_the_last_minute(cast: Cast) -> None:
    """SR-62: refreshed within 60 s, however quiet the room; each is of the moment at which it was drawn."""
    began = timezone.now()
    with clinic_scope(cast.clinic.pk):
        told, looking = ToldRoom.of(seen_in_room(infusing(), at=began), "/bedside/1/"), Looking()
        letterhead, room = letterhead_of(cast.clinic), uuid4()
        drawn_s = []
        for second in range(600):
            told.paper = b""
            looking._draw_paper(letterhead, {room: told}, began + timedelta(seconds=second))
            if told.paper:
                drawn_s.append(second)
    assert drawn_s[0] <= 2
    assert max(later - earlier for earlier, later in pairwise([*drawn_s, 600])) <= 60


def test_a_clinic_is_asked_for_its_name_each_second_and_not_at_each_look(
    cast: Cast, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = planned(cast).start()
    open_all(looking, place_of(house, is_new=True))
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.update(phone="555 0199")
    monkeypatch.setattr(looking._reading, "is_due", lambda: False)
    with CaptureQueriesContext(connection) as asked:
        told_by(looking, place_of(house))
    assert not any("clinics_clinic" in each["sql"] for each in asked)
    assert looking._letterheads[cast.clinic.pk].phone != "555 0199"
    monkeypatch.setattr(looking._reading, "is_due", lambda: True)
    told_by(looking, place_of(house))
    assert looking._letterheads[cast.clinic.pk].phone == "555 0199"


def test_what_time_changes_takes_a_share_of_the_time_and_no_room_waits_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty rooms that are each filled for a tenth of a second, looked at every second: one to a look, in turn."""
    clock = SimpleNamespace(now_s=1000.0, monotonic=lambda: clock.now_s)
    monkeypatch.setattr(looking_module, "time", clock)
    now = timezone.now()
    filled: list[UUID] = []

    def fill(told: ToldRoom, at: datetime) -> None:
        filled.append(told.now.infusion_id)
        told.filled_at = at
        clock.now_s += 0.1

    monkeypatch.setattr(ToldRoom, "pass_time", fill)
    with clinic_scope(cast.clinic.pk):
        rooms = [ToldRoom.of(seen_in_room(infusing(), at=now), "/bedside/1/") for _ in range(20)]
    for told in rooms:
        told.now = replace(told.now, infusion_id=uuid4())
    looking = Looking()
    for second in range(16, 16 + 60):
        looking._pass_time({told.now.infusion_id: told for told in rooms}, now + timedelta(seconds=second))
        clock.now_s += 1.0
    assert filled == 3 * [told.now.infusion_id for told in rooms]


def test_whoever_comes_first_is_shown_their_room_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole house comes back at once, and one look reads few rooms: none waits for all that came after it."""
    monkeypatch.setattr("stillroom.bedside.looking.OPENS_FOR_S", -1.0)
    houses = [planned(elsewhere(cast)).start() for _ in range(8)]
    places = [Place(Topic(cast.clinic.pk, house.row.pk, frozenset({"nurse"})), 0, is_new=True) for house in houses]
    looking = Looking()
    shown: list[Place] = []
    try:
        for come in range(1, len(places) + 1):  # two more with each look
            told = list(looking(frozenset(places[: 2 * come]), frozenset()))
            shown += [each.place for each in told if isinstance(each, News) and each.place not in shown]
    finally:
        looking.close()
    assert [places.index(each) // 2 for each in shown] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_what_a_monitor_has_just_sent_is_told_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a look that has something to tell of every room."""
    houses = [planned(elsewhere(cast)).start() for _ in range(4)]
    places = [
        Place(Topic(cast.clinic.pk, house.row.pk, frozenset({"nurse"})), house.row.last_seq, is_new=False)
        for house in houses
    ]
    looking = Looking()
    monkeypatch.setattr(Looking, "_is_beat_of", lambda *_: True)
    try:
        while len(looking._rooms) < len(houses):
            list(looking(frozenset(places), frozenset()))
        last = list(looking._rooms)[-1]
        room = next(house.row.room_id for house in houses if house.row.pk == last)
        monkeypatch.setattr(Looking, "_heard", lambda *_: Heard(frozenset(), {room}, {}, {}, {}, {}))
        told = [each for each in looking(frozenset(places), frozenset()) if isinstance(each, News)]
    finally:
        looking.close()
    assert len(told) == len(houses)
    assert told[0].place.topic.infusion == last


def test_of_a_storm_the_gravest_is_told_first_and_no_other_room_waits_for_it(
    cast: Cast, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one look takes no more of it than it may; the rest is told by those after it, and none is lost."""
    monkeypatch.setattr(looking_module, "READS_FOR_S", -1.0)
    monkeypatch.setattr(Looking, "_is_beat_of", lambda *_: True)
    *stormy, grave, quiet = (planned(elsewhere(cast)).start() for _ in range(4))
    places = [place_of(house) for house in (*stormy, grave, quiet)]
    open_all(looking, *places)
    for house in stormy:
        house.ask(AWAKE, BEN)
    begun = e.AlarmRaised(condition="spo2_grave", priority=CONDITIONS["spo2_grave"].priority)
    grave.ask(c.Record(fact=begun), WATCH)
    assert rooms_of(told_by(looking, *places)) == [grave.infusion_id, quiet.infusion_id]
    waiting = {house.infusion_id for house in stormy}
    for _ in stormy:
        first, *others = told_by(looking, *places)
        assert b"event: entry" in first.events[0]
        waiting.discard(first.place.topic.infusion or uuid4())
        assert quiet.infusion_id in rooms_of(others)
        assert waiting.isdisjoint(rooms_of(others))  # no sign of life before what is held back
    assert not waiting


def test_a_stream_goes_on_from_what_its_page_has_just_read(
    cast: Cast, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was changed on record in between is noticed all the same."""
    house = planned(cast).start()
    assert signed_in(cast.ben).get(house.href).status_code == 200
    with clinic_scope(cast.clinic.pk):
        cast.patient.family_name = "Ashdown"
        cast.patient.save()
    with monkeypatch.context() as patched:
        patched.setattr(looking_module, "read_situation", None)
        [news] = told_by(looking, place_of(house, is_new=True))
    assert news.seq == house.row.last_seq
    looking._beat = Rhythm(0.0)
    for _ in range(3):
        told_by(looking, place_of(house))
    assert looking._rooms[house.infusion_id].now.patient.family_name == "Ashdown"


def test_what_a_page_read_is_not_gone_on_with_once_the_log_has_grown(cast: Cast, looking: Looking) -> None:
    house = planned(cast).start()
    signed_in(cast.ben).get(house.href)
    before = house.row.last_seq
    house.ask(AWAKE, BEN)
    [news] = told_by(looking, place_of(house, before, is_new=True))
    assert news.seq == before + 1


def test_what_a_page_read_long_ago_is_read_again(cast: Cast, looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    house = planned(cast).start()
    signed_in(cast.ben).get(house.href)
    monkeypatch.setattr(just_read_module, "GOOD_FOR_S", 0.0)
    read: list[UUID] = []

    def read_again(infusion: Infusion, *, at: datetime) -> Situation:
        read.append(infusion.pk)
        return read_situation(infusion, at=at)

    monkeypatch.setattr(looking_module, "read_situation", read_again)
    told_by(looking, place_of(house, is_new=True))
    assert read == [house.infusion_id]


def test_a_room_put_right_shows_the_patient_whose_it_is(cast: Cast, looking: Looking) -> None:
    """While the drip runs nothing an act does changes what is known of its patient, but that it is another's."""
    house, other = planned(cast).start(), elsewhere(cast)
    with clinic_scope(cast.clinic.pk):
        other.patient.given_name = "Odile"
        other.patient.save()
    place = place_of(house)
    open_all(looking, place)
    moved = c.ReassignInfusion(
        patient=other.patient.pk, second_person=cast.ada.pk, reason="the chart of another was opened"
    )
    house.ask(moved, house.ben)
    told_by(looking, place)
    assert looking._rooms[house.infusion_id].now.patient.given_name == "Odile"


def test_each_room_hears_a_heartbeat_in_each_interval_at_a_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    looking, rooms = Looking(), [UUID(int=number * 50) for number in range(20)]
    beats: dict[UUID, list[float]] = {room: [] for room in rooms}
    most = 0
    for tenth in range(1_000, 1_000 + 100):
        monkeypatch.setattr(looking_module.time, "monotonic", lambda at=tenth / 10: at)
        now = [room for room in rooms if looking._is_beat_of(room)]
        most = max(most, len(now) if tenth > 1_000 else 0)
        for room in now:
            beats[room].append(tenth / 10)
    waits = [after - before for each in beats.values() for before, after in pairwise(each[1:])]
    assert all(wait == pytest.approx(looking_module.BEAT_EVERY_S, abs=0.11) for wait in waits)
    assert most <= 2, "of twenty rooms no more than these in one of twenty looks"
