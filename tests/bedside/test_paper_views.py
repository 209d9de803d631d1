from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.clinics.rows import clinic_scope
from tests.cast import Cast, at_display, signed_in
from tests.examples import PLAN, infusing
from tests.stored import store


@pytest.mark.parametrize("page", ["chart", "slip", "ambulance"])
def test_paper_is_a_pdf_that_no_cache_keeps_and_that_names_nobody(cast: Cast, page: str) -> None:
    with clinic_scope(cast.clinic.pk):
        infusion = store(infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk)
    answer = signed_in(cast.ben).get(f"/bedside/{infusion}/{page}/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert cast.patient.family_name not in answer["Content-Disposition"]


@pytest.mark.parametrize("page", ["chart", "slip", "ambulance"])
def test_from_the_room_it_opens_as_leaves_in_the_light_of_the_room_which_no_cache_keeps(cast: Cast, page: str) -> None:
    with clinic_scope(cast.clinic.pk):
        infusion = store(infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk)
    ben = signed_in(cast.ben)
    assert f'href="/bedside/{infusion}/ambulance/?on=screen"' in ben.get(f"/bedside/{infusion}/").content.decode()
    answer = ben.get(f"/bedside/{infusion}/{page}/?on=screen")
    assert "no-store" in answer["Cache-Control"]
    words = answer.content.decode()
    assert 'data-light="dim"' in words
    assert 'src="data:image/svg+xml;base64,' in words
    assert cast.patient.family_name not in words
    on_display = at_display(cast).get(f"/bedside/{infusion}/{page}/?on=screen")
    assert (on_display.status_code == 200) is (page == "ambulance")


@pytest.mark.parametrize("page", ["chart", "slip"])
def test_a_display_that_nobody_took_over_prints_nothing(cast: Cast, page: str) -> None:
    with clinic_scope(cast.clinic.pk):
        infusion = store(infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk)
    answer = at_display(cast).get(f"/bedside/{infusion}/{page}/")
    assert answer.status_code != 200


def test_whoever_stands_at_the_display_has_the_sheet_for_the_ambulance_and_the_page_holds_it(cast: Cast) -> None:
    """Anybody may call for help there, so anybody may hand over what is known."""
    with clinic_scope(cast.clinic.pk):
        infusion = store(infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk)
    display = at_display(cast)
    assert display.get(f"/bedside/{infusion}/ambulance/").content.startswith(b"%PDF")
    assert 'id="paper"' in display.get(f"/bedside/{infusion}/").content.decode()
