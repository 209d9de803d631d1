"""SR-60: two records of one patient become one and two again; the log says what it said, and nothing is guessed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions.merging import merge, undo
from stillroom.infusions.models import Infusion, PatientOrder
from stillroom.infusions.projections import differences
from stillroom.infusions.reading import state_of
from stillroom.outcomes.models import CheckIn
from stillroom.outcomes.writing import Said, check_in
from stillroom.patients.access import patient_for, patients_for
from stillroom.patients.known import allergies_of, state_allergies, state_none_known
from stillroom.patients.models import Consent, Patient, RecordMerge, Weight
from stillroom.protocols.document import digest_of
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.schedule.models import Appointment
from tests.cast import Cast
from tests.infusions.rooms import Room, all_but_ready, arrived, done, opened, planned

DAY = date(2026, 11, 3)


@pytest.fixture
def ben(cast: Cast) -> Actor:
    return Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({Role.NURSE}))


@pytest.fixture
def kept(cast: Cast) -> Patient:
    """The neighbour's record, of which the patient's is a second one; only the patient signs in."""
    with clinic_scope(cast.clinic.pk):
        cast.neighbour.person = None
        cast.neighbour.save(update_fields=["person"])
    return cast.neighbour


def one(cast: Cast, ben: Actor, **chosen: str) -> RecordMerge:
    chosen = {"given_name": "kept"} | chosen
    with clinic_scope(cast.clinic.pk):
        return merge(ben, kept=cast.neighbour, other=cast.patient, chosen=chosen, reason="asked her")


def two(cast: Cast, ben: Actor, row: RecordMerge) -> None:
    with clinic_scope(cast.clinic.pk):
        undo(ben, RecordMerge.objects.get(pk=row.pk), reason="sisters")


def given_up(cast: Cast) -> Room:
    room = all_but_ready(cast)
    done(room.act(c.AbandonInfusion(reason="ate an hour ago")))
    return room


def test_an_infusion_goes_along_and_its_log_is_not_touched(cast: Cast, kept: Patient, ben: Actor) -> None:
    room = given_up(cast)
    before = room.lines
    row = one(cast, ben)
    assert room.row.patient_id == kept.pk
    assert room.lines == before
    with room.scope():
        assert differences(room.row, state_of(room.infusion_id)) == []
    two(cast, ben, row)
    assert room.row.patient_id == cast.patient.pk
    assert room.lines == before


def test_what_is_written_to_its_log_afterwards_leaves_it_with_the_record_that_is_kept(
    cast: Cast, kept: Patient, ben: Actor
) -> None:
    """The log names the record as it was then, and each entry writes the summary anew."""
    room = planned(cast)
    one(cast, ben)
    done(room.record(e.PatientArrived()))
    assert room.row.patient_id == kept.pk
    with room.scope():
        assert differences(room.row, state_of(room.infusion_id)) == []


def test_refold_still_finds_an_infusion_that_lies_with_somebody_else(cast: Cast, kept: Patient, ben: Actor) -> None:
    room = planned(cast)
    row = room.row
    row.patient_id = kept.pk
    assert [each.partition(":")[0] for each in differences(row, room.state)] == ["patient_id"]


def test_nothing_is_merged_or_parted_while_somebody_is_in_the_room(cast: Cast, kept: Patient, ben: Actor) -> None:
    room = planned(cast)
    row = one(cast, ben)
    done(room.record(e.PatientArrived()))
    with pytest.raises(Refused, match="merge_while_in_room"):
        two(cast, ben, row)


def test_a_record_is_not_moved_under_an_infusion(cast: Cast, kept: Patient, ben: Actor) -> None:
    arrived(cast)
    with pytest.raises(Refused, match="merge_while_in_room"):
        one(cast, ben)


def test_whatever_either_record_names_as_an_allergy_counts(cast: Cast, kept: Patient, ben: Actor) -> None:
    """The newest statement says that none is known; it must not hide what the other record says."""
    with clinic_scope(cast.clinic.pk):
        state_allergies(cast.patient, ["Penicillin: rash", "Latex"], ben)
        state_allergies(kept, ["latex"], ben)
        row = one(cast, ben)
        assert allergies_of(kept) == ("latex", "Penicillin: rash")
        two(cast, ben, row)
        assert allergies_of(kept) == ("latex",)
        assert allergies_of(cast.patient) == ("Penicillin: rash", "Latex")


def test_none_known_in_one_record_hides_nothing_of_the_other(cast: Cast, kept: Patient, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        state_allergies(cast.patient, ["Ketamine: hives"], ben)
        state_none_known(kept, ben)
        one(cast, ben)
        assert allergies_of(kept) == ("Ketamine: hives",)


def test_what_differs_is_chosen_by_a_person_and_is_as_before_when_undone(cast: Cast, kept: Patient, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=cast.patient.pk).update(birth_date=DAY, smokes="yes")
    with pytest.raises(Refused, match="records_differ"):
        one(cast, ben)
    row = one(cast, ben, birth_date="other")
    with clinic_scope(cast.clinic.pk):
        kept.refresh_from_db()
        assert (kept.birth_date, kept.smokes, kept.given_name) == (DAY, "yes", "Kim")
    two(cast, ben, row)
    with clinic_scope(cast.clinic.pk):
        kept.refresh_from_db()
        assert (kept.birth_date, kept.smokes) == (date(1984, 5, 17), "not_asked")


def test_of_one_day_the_check_in_written_later_counts_and_the_other_stays_beneath_it(
    cast: Cast, kept: Patient, ben: Actor
) -> None:
    with clinic_scope(cast.clinic.pk):
        ours = check_in(kept, Said(low=3), day=DAY, by="person:x")
        theirs = check_in(cast.patient, Said(low=7), day=DAY, by="person:x")
        row = one(cast, ben)
        of_day = {each.low: each.replaces_id for each in CheckIn.objects.filter(patient=kept)}
        assert of_day == {3: None, 7: ours.pk}
        since = check_in(kept, Said(low=5), day=date(2026, 11, 4), by="person:x")
        two(cast, ben, row)
        found = {each.pk: (each.patient_id, each.replaces_id) for each in CheckIn.objects.all()}
    assert found == {ours.pk: (kept.pk, None), theirs.pk: (cast.patient.pk, None), since.pk: (kept.pk, None)}


def test_the_same_consent_twice_stays_where_it_is_and_is_written_down(cast: Cast, kept: Patient, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        for patient, version in ((kept, "1"), (cast.patient, "1"), (cast.patient, "2")):
            Consent.objects.create(
                clinic=cast.clinic, patient=patient, kind="photographs", version=version, signed_at=timezone.now(),
                witnessed_by=cast.ben,
            )  # fmt: skip
        row = one(cast, ben)
        assert sorted(kept.consents.filter(kind="photographs").values_list("version", flat=True)) == ["1", "2"]
        assert set(row.rows.filter(what="stayed").values_list("table_name", flat=True)) == {"patients_consent"}
        two(cast, ben, row)
        assert sorted(cast.patient.consents.filter(kind="photographs").values_list("version", flat=True)) == ["1", "2"]


def test_what_was_written_since_stays_with_the_record_that_was_kept(cast: Cast, kept: Patient, ben: Actor) -> None:
    row = one(cast, ben)
    with clinic_scope(cast.clinic.pk):
        Weight.objects.create(clinic=cast.clinic, patient=kept, weight_kg="71.00", measured_by=cast.ben)
        assert kept.weights.count() == 2
    two(cast, ben, row)
    with clinic_scope(cast.clinic.pk):
        assert [str(each) for each in kept.weights.all()] == ["71.00 kg"]
        assert [str(each) for each in cast.patient.weights.all()] == ["70.00 kg"]


def ordered(cast: Cast, patient: Patient, number: int, *, signed: bool, starts_in_h: int = 24) -> PatientOrder:
    """An order as it lies there: what it says does not matter here."""
    starts_at = timezone.now() + timedelta(hours=starts_in_h)
    visit = Appointment.objects.create(
        clinic=cast.clinic, patient=patient, room=cast.room, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), made_by=cast.fay,
    )  # fmt: skip
    protocol, _ = Protocol.objects.get_or_create(clinic=cast.clinic, name="Usual")
    version, _ = ProtocolVersion.objects.get_or_create(
        clinic=cast.clinic,
        protocol=protocol,
        number=1,
        defaults={"document": "{}", "digest": digest_of("{}"), "drafted_by": cast.ada},
    )
    weight = patient.weights.first() or Weight.objects.create(
        clinic=cast.clinic, patient=patient, weight_kg="70.00", measured_by=cast.ben
    )
    room = opened(cast)
    signature: dict[str, Any] = {
        "signed_by": cast.ada,
        "signed_at": timezone.now(),
        "signed_name": "Ada",
        "signed_meaning": "m",
    }
    return PatientOrder.objects.create(
        clinic=cast.clinic, patient=patient, number=number, protocol_version=version, appointment=visit, weight=weight,
        document="{}", digest="d", drafted_by=cast.ada,
        **(signature | {"infusion": Infusion.objects.get(pk=room.infusion_id)} if signed else {}),
    )  # fmt: skip


def test_signed_orders_go_along_with_the_next_numbers_and_come_back_with_their_own(
    cast: Cast, kept: Patient, ben: Actor
) -> None:
    with clinic_scope(cast.clinic.pk):
        ours, theirs = ordered(cast, kept, 1, signed=True), ordered(cast, cast.patient, 1, signed=True, starts_in_h=48)
        row = one(cast, ben)
        assert dict(kept.orders.values_list("pk", "number")) == {ours.pk: 1, theirs.pk: 2}
        two(cast, ben, row)
        theirs.refresh_from_db()
    assert (theirs.patient_id, theirs.number) == (cast.patient.pk, 1)


def test_the_application_itself_still_moves_no_signed_order(cast: Cast, kept: Patient) -> None:
    with clinic_scope(cast.clinic.pk):
        order = ordered(cast, cast.patient, 1, signed=True)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            PatientOrder.objects.filter(pk=order.pk).update(patient=kept)


def test_two_drafts_and_two_visits_at_once_are_settled_first(cast: Cast, kept: Patient, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        ordered(cast, kept, 1, signed=False)
        ordered(cast, cast.patient, 1, signed=False, starts_in_h=48)
    with pytest.raises(Refused, match="both_have_a_draft"):
        one(cast, ben)


def test_two_sign_ins_are_not_made_one(cast: Cast, ben: Actor) -> None:
    with pytest.raises(Refused, match="both_sign_in"):
        one(cast, ben)


def test_the_sign_in_goes_along_and_comes_back(cast: Cast, kept: Patient, ben: Actor) -> None:
    row = one(cast, ben)
    with clinic_scope(cast.clinic.pk):
        kept.refresh_from_db()
    assert kept.person_id == cast.pat.pk
    two(cast, ben, row)
    with clinic_scope(cast.clinic.pk):
        assert Patient.objects.get(pk=cast.patient.pk).person_id == cast.pat.pk
        assert Patient.objects.get(pk=kept.pk).person_id is None


def test_the_old_record_leads_to_the_one_that_is_kept_and_is_in_no_list(cast: Cast, kept: Patient, ben: Actor) -> None:
    one(cast, ben)
    with clinic_scope(cast.clinic.pk):
        assert patient_for(ben, cast.patient.pk) == kept
        assert list(patients_for(ben)) == [kept]


def test_a_chain_of_merges_is_undone_from_its_end(cast: Cast, kept: Patient, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        third = Patient.objects.create(
            clinic=cast.clinic,
            identifier="3",
            given_name="Kim",
            family_name="Example",
            birth_date="1984-05-17",
            sex="female",
        )
        first = one(cast, ben)
        second = merge(ben, kept=third, other=kept, chosen={}, reason="and a third")
        assert patient_for(ben, cast.patient.pk) == third
        with pytest.raises(Refused, match="merged_again_since"):
            two(cast, ben, first)
        two(cast, ben, second)
        two(cast, ben, first)
        assert patient_for(ben, cast.patient.pk) == cast.patient


def test_no_record_of_another_clinic_can_be_reached(cast: Cast, ben: Actor) -> None:
    with clinic_scope(cast.clinic.pk):
        with pytest.raises(Http404):
            patient_for(ben, cast.other_patient.pk)
        stolen = {"kept": cast.patient, "other": cast.other_patient, "reason": "x", "merged_by": cast.ben}
        with pytest.raises(DatabaseError):
            RecordMerge.objects.create(clinic=cast.clinic, **stolen)
