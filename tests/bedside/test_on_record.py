"""A room that is not read again and again still learns when patient or monitor have changed on record."""

from __future__ import annotations

from django.utils import timezone

from stillroom.bedside.on_record import OnRecord, on_record_of
from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import AllergyStatement, Patient, Weight
from tests.bedside.house import House, planned
from tests.cast import Cast


def version(house: House) -> OnRecord:
    with clinic_scope(house.cast.clinic.pk):
        return on_record_of([house.infusion_id], timezone.now())[house.infusion_id]


def test_a_change_of_the_patient_a_weight_or_an_allergy_is_another_version_and_looking_is_none(cast: Cast) -> None:
    house = planned(cast).arrive()
    seen = [version(house), version(house)]
    assert seen[0] == seen[1]
    patient, clinic = cast.patient, cast.clinic
    with clinic_scope(clinic.pk):
        Patient.objects.filter(pk=patient.pk).update(given_name="Maria")
    seen.append(version(house))
    with clinic_scope(clinic.pk):
        AllergyStatement.objects.create(
            clinic=clinic, patient=patient, substances=["latex"], is_none_known=False, stated_by=cast.ben
        )
    seen.append(version(house))
    with clinic_scope(clinic.pk):
        Weight.objects.create(clinic=clinic, patient=patient, weight_kg=70, measured_by=cast.ben)
    seen.append(version(house))
    assert len({each.version for each in seen}) == 4
