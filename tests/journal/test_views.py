from __future__ import annotations

from dataclasses import replace

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from tests.cast import Cast, signed_in
from tests.examples import PLAN, infusing
from tests.stored import store


def test_a_patient_sees_their_own_infusions(cast: Cast) -> None:
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    walk.ask(c.StopInfusion(), after_min=20)
    walk.confirm()
    with clinic_scope(cast.clinic.pk):
        store(walk, clinic_id=cast.clinic.pk)
    page = signed_in(cast.pat).get("/journal/").content.decode()
    assert "18 mg, 0.26 mg/kg" in page
    assert cast.clinic.name in page


def test_a_patient_does_not_see_a_neighbours_infusions(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        store(infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk)
    page = signed_in(cast.kim).get("/journal/").content.decode()
    assert "No infusion yet" in page
    assert "mg/kg/h" not in page
