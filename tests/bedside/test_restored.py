"""After a backup was restored: the room, the board and the chart say what is missing, and a hand settles it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from stillroom.bedside.paper.contents import chart
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.reading import read_situation
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import Status
from stillroom.infusions.restored import note_restored
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in

MINUTES_AGO = timedelta(minutes=5)


def restored(cast: Cast) -> House:
    house = planned(cast, ago=timedelta(minutes=20)).start()
    assert note_restored(timezone.now() - MINUTES_AGO) == 1
    return house


def test_room_board_and_chart_say_so_and_ask_what_is(cast: Cast) -> None:
    house, ben = restored(cast), signed_in(cast.ben)
    room = ben.get(house.href).content.decode()
    assert "This record came back from a backup that ends at" in room
    assert "I looked: it is as shown" in room
    assert "Done: it runs so" not in room
    assert "look and say what is so" in ben.get("/board/").content.decode()
    assert "Came back from a backup" in str(_chart(house))


def test_who_only_stands_there_is_told_and_offered_stop_and_cannot_say_that_all_is_well(cast: Cast) -> None:
    house, display = restored(cast), at_display(cast)
    room = display.get(house.href).content.decode()
    assert "This record came back from a backup" in room
    assert "I looked: it is as shown" not in room
    assert house.post(display, "not-done", intent_seq=house.log[-1].seq).status_code in {302, 403}
    house.done(display, "stop")
    house.done(display, "clamp-closed")
    assert (house.state.status, house.state.is_in_doubt) == (Status.STOPPED, False)


def test_a_nurse_who_has_looked_settles_it_and_the_log_says_who(cast: Cast) -> None:
    house, ben = restored(cast), signed_in(cast.ben)
    house.done(ben, "not-done", intent_seq=house.log[-1].seq)
    assert (house.state.status, house.state.is_in_doubt) == (Status.INFUSING, False)
    room = ben.get(house.href).content.decode()
    assert "Looked at: it is as the record shows" in room
    assert "This record came back" not in room


def test_a_screen_that_shows_more_than_there_is_is_asked_again_but_for_a_stop(cast: Cast) -> None:
    """It was drawn before the restore and shows entries that are gone."""
    house, ben = restored(cast), signed_in(cast.ben)
    beyond = house.row.last_seq + 3
    assert house.post(ben, "new-rate", rate_ml_per_h="160", seen_seq=beyond).status_code == 409
    house.done(ben, "stop", seen_seq=beyond)


def _chart(house: House) -> object:
    with clinic_scope(house.cast.clinic.pk):
        infusion = type(house.row).objects.select_related("patient", "room", "clinic").get(pk=house.infusion_id)
        now = read_situation(infusion, at=timezone.now())
        return chart(now, letterhead_of(infusion.clinic), head_seq=now.log[-1].seq, head_hash="0" * 64)
