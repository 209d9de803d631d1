"""Two rooms open side by side, written to in turn and at once: each thing reaches its own patient, once (SR-13)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

from django.db import connection
from django.test import Client

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.infusions.export import lines_of
from stillroom.infusions.standalone_verify import Verdict
from tests.bedside.house import House, elsewhere, planned
from tests.cast import make_cast, signed_in
from tests.conftest import Clone

POSTS = 200
AT_ONCE = 4


def test_two_hundred_posts_to_two_rooms_at_once_reach_each_its_own_patient_once(committed_db: Clone) -> None:
    """Each of two nurses has both rooms open in one browser, one session; who writes where is drawn."""
    cast = make_cast()
    houses = [planned(cast).start(), planned(elsewhere(cast)).start()]
    browsers = [signed_in(cast.ben), signed_in(cast.nan)]
    draw = Random(13)
    posts = [(number, draw.randrange(2), draw.randrange(2)) for number in range(POSTS)]

    def write(mine: list[tuple[int, int, int]]) -> None:
        for number, where, who in mine:
            browser = Client()
            browser.cookies = browsers[who].cookies
            houses[where].done(browser, "note", words=f"room {where}, number {number}")
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each in [pool.submit(write, posts[start::AT_ONCE]) for start in range(AT_ONCE)]:
            each.result()
    for where, house in enumerate(houses):
        sent = [number for number, to, _ in posts if to == where]
        noted = _numbers(house, where)
        assert sorted(noted) == sent
        for start in range(AT_ONCE):  # and in the order in which each wrote
            mine = [number for number in noted if number % AT_ONCE == start]
            assert mine == sorted(mine)
        assert _is_whole(house)


def _numbers(house: House, where: int) -> list[int]:
    """Of every note in this room, in the order of the log; none is of the other room."""
    words = [entry.fact.words for entry in house.log if isinstance(entry.fact, e.NoteAdded)]
    assert all(each.startswith(f"room {where}, ") for each in words)
    return [int(each.rpartition(" ")[2]) for each in words]


def _is_whole(house: House) -> bool:
    with clinic_scope(house.cast.clinic.pk):
        row = house.row
        verdict = Verdict(lines_of(row.pk))
        verdict.hold_to_heads([[str(row.pk), str(row.last_seq), bytes(row.head_hash).hex()]])
    return not verdict.wrong
