"""What helped: no figures before they are earned, and never a word that could be read as more drug."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.outcomes.comparison import Lacking
from stillroom.core.outcomes.one_person import Compared, Said, Way
from stillroom.journal.helped import Helped
from stillroom.outcomes.models import CheckIn
from tests.cast import Cast, signed_in
from tests.examples import PLAN, infusing
from tests.stored import store

LESS, MORE = Way(Decimal("0.5"), Decimal(40)), Way(Decimal("0.6"), Decimal(50))


def shown(compared: Compared, *, infusions: int = 4) -> str:
    helped = Helped(lasted=[], compared=compared, infusions=infusions)
    return render_to_string("journal/_helped.html", {"helped": helped, "is_whole": True})


SILENT = [
    Compared(said=None, ways=()),
    Compared(said=None, ways=(LESS,)),
    Compared(said=None, ways=(LESS, MORE), given=(2, 2), lacking=(Lacking.INFUSIONS,), needed_of_each=9),
    Compared(said=None, ways=(LESS, MORE), given=(12, 12), looks_next_at=36, needed_of_each=40),
]


@pytest.mark.parametrize("compared", SILENT)
def test_until_earned_there_is_one_plain_sentence_and_no_figure(compared: Compared) -> None:
    words = re.sub(r"<[^>]+>", "", shown(compared))
    assert "no reason to change a dose" in words
    assert not re.search(r"\d", words)


def test_an_earned_difference_stands_with_its_range_and_its_doubt() -> None:
    said = Said(better=MORE, other=LESS, infusions=24, least=Decimal("0.8"), most=Decimal("2.4"))
    words = shown(Compared(said=said, ways=(LESS, MORE)))
    assert "better by 0.8 to 2.4 points of 10" in words
    assert "one such sentence in twenty is wrong" in words
    assert "no reason to change a dose" in words


def test_before_an_infusion_there_is_nothing_to_say() -> None:
    assert shown(Compared(said=None, ways=()), infusions=0).strip() == ""


def test_each_infusion_says_how_long_it_lasted(cast: Cast) -> None:
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    walk.ask(c.StopInfusion(), after_min=20)
    walk.confirm()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=5)
    on: date = walk.at.date()
    with clinic_scope(cast.clinic.pk):
        store(walk, clinic_id=cast.clinic.pk)
        for n, low in {-4: 8, -3: 8, -2: 8, -1: 8, 1: 4, 2: 5, 3: 8, 4: 8}.items():
            day = on + timedelta(days=n)
            CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="person:x", day=day, low=low)
    with time_machine.travel(walk.at + timedelta(days=10)):
        page = signed_in(cast.pat).get("/journal/helped/").content.decode()
    assert "<td>2 days</td>" in page


@pytest.mark.parametrize("path", ["/journal/helped/", "/journal/helped/not/", "/journal/helped/fades/"])
def test_every_page_of_what_helped_says_whom_to_call_and_offers_no_dose(cast: Cast, path: str) -> None:
    page = signed_in(cast.pat).get(path).content.decode()
    assert "Nobody watches this page" in page
    assert not re.search(r"(higher|larger|stronger|raise|increase)[^.]{0,30}dose", page)
