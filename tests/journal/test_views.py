from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Door
from tests.cast import Cast, signed_in
from tests.examples import PLAN, Walk, infusing
from tests.stored import store


@pytest.fixture
def walk(cast: Cast) -> Walk:
    """Of Pat: 20 min, nausea and what was given for it, slow strings, a pressure, stopped."""
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    walk.record(e.ComfortSet(item="music", choice="Slow strings"))
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, nauseous=3, detached=7), after_min=10)
    walk.record(
        e.MedicineGiven(name="ondansetron", amount=Decimal(4), unit="mg", route="iv", before_start=False, reason="-")
    )
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=142, dbp_mmhg=88))
    walk.ask(c.StopInfusion(), after_min=10)
    walk.confirm()
    return walk


def kept(walk: Walk, cast: Cast) -> UUID:
    with clinic_scope(cast.clinic.pk):
        return store(walk, clinic_id=cast.clinic.pk)


def page_of(cast: Cast, infusion_id: UUID) -> str:
    answer = signed_in(cast.pat).get(reverse("journal:infusion", args=[infusion_id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_patient_sees_their_own_infusions(cast: Cast, walk: Walk) -> None:
    infusion_id = kept(walk, cast)
    page = signed_in(cast.pat).get("/journal/").content.decode()
    assert "0.26 mg/kg</span>" in page
    assert reverse("journal:infusion", args=[infusion_id]) in page


def test_one_infusion_says_all_a_patient_is_told_to_ask_for(cast: Cast, walk: Walk) -> None:
    page = page_of(cast, kept(walk, cast))
    for words in (
        "about 18 mg, 0.26 mg/kg",
        "the clock and the rates that were set",
        "0.75 mg/kg/h for 21 min.",
        "21 min running",
        "3 of 10 at most",
        "ondansetron 4 mg, into the line",
        "118/74 mmHg on arrival, 142/88 mmHg at its highest",
        "Music: Slow strings",
        cast.clinic.name,
    ):
        assert words in page


def test_what_it_felt_like_is_folded_away_and_never_a_headline(cast: Cast, walk: Walk) -> None:
    page = page_of(cast, kept(walk, cast))
    before, _, after = page.partition("Moments during the infusion")
    assert "Detached" not in before
    assert before.rstrip().endswith("<summary>")
    assert "<td>7</td>" in after


def test_it_says_not_yet_signed_until_it_is(cast: Cast, walk: Walk) -> None:
    assert "not yet signed" in page_of(cast, kept(walk, cast))


def test_it_says_who_signed(cast: Cast, walk: Walk) -> None:
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(50)))
    walk.ask(c.SignChart(meaning="Chart complete"), c.Author(by=f"person:{cast.ada.pk}", role="prescriber"))
    page = page_of(cast, kept(walk, cast))
    assert "Ada Okafor" in page
    assert "not yet signed" not in page


@pytest.mark.parametrize("path", ["/journal/", "detail"])
def test_a_patient_does_not_see_a_neighbours_infusions(cast: Cast, walk: Walk, path: str) -> None:
    infusion_id = kept(walk, cast)
    browser = signed_in(cast.kim)
    if path == "detail":
        assert browser.get(reverse("journal:infusion", args=[infusion_id])).status_code == 404
        return
    page = browser.get(path).content.decode()
    assert "No infusion yet" in page
    assert "mg/kg/h" not in page


def test_how_one_went_home_stands_there_before_anybody_signed(cast: Cast, walk: Walk) -> None:
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(50)))
    home = e.WentHome(door=Door.WITH_ADULT, travels_by="taxi", adult_name="Jo Example", adult_relation="sister")
    last = walk.log[-1]
    known = {"kind": "WentHome", "version": e.WentHome.VERSION, "fact": home}
    walk.log.append(replace(last, seq=last.seq + 1, act=uuid4(), **known))
    page = page_of(cast, kept(walk, cast))
    assert "with Jo Example (sister), who signed, by taxi" in page
    assert "not yet signed" in page
