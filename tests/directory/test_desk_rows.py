"""What a transaction that serves the public may see and write: what is handed in at the desk, and nobody's record."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from stillroom.clinics.models import Person, Staff
from stillroom.clinics.rows import clinic_scope, desk_scope
from stillroom.directory.applying import hand_in
from stillroom.directory.models import Application, Judgement, Listing, Publication, Removal
from stillroom.patients.models import Patient
from tests.cast import Cast
from tests.directory.listed import listed, typed

BY = "system:directory"


def test_the_desk_takes_an_application_and_finds_it_again(cast: Cast) -> None:
    with desk_scope(cast.clinic.pk, by=BY):
        made, key = hand_in(typed(), "a@b.example", keeper=cast.clinic.pk)
        assert Application.objects.get() == made
        assert key
    with desk_scope(cast.other_clinic.pk, by=BY):
        assert not Application.objects.exists()


def test_the_desk_sees_no_patient_no_staff_and_nothing_the_editors_made_of_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listed(cast)
    with desk_scope(cast.clinic.pk, by=BY):
        assert Listing.objects.exists()
        for model in (Patient, Staff, Judgement, Removal):
            assert not model.objects.exists()
        assert Person.objects.exists()  # shared by all clinics: see decision 3


def test_the_desk_changes_nothing_but_applications(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listing = listed(cast)
    with desk_scope(cast.clinic.pk, by=BY):
        assert Listing.objects.update(name="X") == 0
        assert Publication.objects.update(text="{}") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Listing.objects.create(
                clinic=cast.clinic, slug="x", name="x", town="x", country="x", north=0, east=0, contact_name="x",
                contact_email="x@x.example",
            )  # fmt: skip
    with clinic_scope(cast.clinic.pk):
        assert Listing.objects.get(pk=listing.pk).name != "X"


def test_nobody_in_particular_reads_what_is_published_and_nothing_else(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listed(cast)
    assert Publication.objects.exists()
    assert not Listing.objects.exists()
    assert not Application.objects.exists()
    assert Publication.objects.update(text="{}") == 0
