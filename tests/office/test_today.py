from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from stillroom.clinics.displays import DISPLAY_COOKIE
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from tests.cast import Cast, at_display, nobody_asked, signed_in
from tests.examples import PLAN, Walk, infusing
from tests.office.gone import gone_home
from tests.stored import store


def stored(cast: Cast, walk: Walk) -> UUID:
    with clinic_scope(cast.clinic.pk):
        return store(walk, clinic_id=cast.clinic.pk)


@pytest.fixture
def ended(cast: Cast) -> Walk:
    """Over a moment ago, by the clock of the machine."""
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    shift = datetime.now(UTC) - walk.at
    walk.log = [
        replace(each, occurred_at=each.occurred_at + shift, recorded_at=each.recorded_at + shift) for each in walk.log
    ]
    walk.at += shift
    walk.ask(c.StopInfusion())
    walk.confirm()
    return walk


def test_a_nurse_finds_todays_infusion_and_its_papers(cast: Cast, ended: Walk) -> None:
    infusion = stored(cast, ended)
    page = signed_in(cast.ben).get("/office/").content.decode()
    assert "drip stopped" in page
    assert f"/bedside/{infusion}/chart/" in page
    assert f"/bedside/{infusion}/slip/" in page


def test_on_a_display_of_a_room_papers_open_as_dim_as_the_room_and_at_a_desk_as_a_pdf(cast: Cast, ended: Walk) -> None:
    gone_home(cast, ago=timedelta(hours=25), patient=nobody_asked(cast).patient)
    stored(cast, ended)
    browser = signed_in(cast.ben)
    papers = r'href="/bedside/[^/"]+/(?:chart|slip)/([^"]*)"'
    assert re.findall(papers, browser.get("/office/").content.decode()) == ["", "", ""]
    browser.cookies[DISPLAY_COOKIE] = at_display(cast).cookies[DISPLAY_COOKIE].value
    assert re.findall(papers, browser.get("/office/").content.decode()) == ["?on=screen"] * 3


def test_the_front_desk_sees_who_is_here_and_no_papers(cast: Cast, ended: Walk) -> None:
    infusion = stored(cast, ended)
    page = signed_in(cast.fay).get("/office/").content.decode()
    assert str(cast.patient) in page
    assert str(infusion) not in page


def test_what_was_over_before_today_is_not_shown(cast: Cast) -> None:
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    long_ago = timedelta(days=400)
    walk.log = [
        replace(each, occurred_at=each.occurred_at - long_ago, recorded_at=each.recorded_at - long_ago)
        for each in walk.log[:1]
    ]
    walk.at -= long_ago
    walk.ask(c.AbandonInfusion(reason="fever"))
    stored(cast, walk)
    assert "No infusion today" in signed_in(cast.ben).get("/office/").content.decode()
