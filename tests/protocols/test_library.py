"""The drug library: inactive as shipped, written by one, approved by another, frozen from then on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from stillroom.clinics.access import SECOND_SIGNER
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Person, Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.core.safety import Band, Limits
from stillroom.protocols.library import approve, digest, draft_from_template, limits_in_force, read_template
from stillroom.protocols.models import LibraryDrug, LibraryLimit, LibraryVersion
from tests.cast import Cast
from tests.examples import LIMITS


@pytest.fixture
def drafted(cast: Cast) -> LibraryVersion:
    with clinic_scope(cast.clinic.pk):
        return draft_from_template(cast.clinic, cast.ada)


@pytest.fixture
def approved(cast: Cast, drafted: LibraryVersion) -> LibraryVersion:
    return _approve(cast, drafted, cast.pia)


def _approve(cast: Cast, version: LibraryVersion, person: Person, role: str = Role.LIBRARY_APPROVER) -> LibraryVersion:
    actor = Actor(Proof.SIGN_IN, person, cast.clinic, frozenset({role}))
    with clinic_scope(cast.clinic.pk):
        return approve(version, actor, seen_digest=digest(version))


def _limits(cast: Cast, vial_mg_per_ml: str = "50") -> Limits:
    with clinic_scope(cast.clinic.pk):
        return limits_in_force(drug="ketamine", vial_mg_per_ml=Decimal(vial_mg_per_ml), at=timezone.now())


def test_a_draft_counts_for_nothing(cast: Cast, drafted: LibraryVersion) -> None:
    with pytest.raises(Refused, match="no_approved_library"):
        _limits(cast)


def test_the_approved_template_gives_the_core_its_limits(cast: Cast, approved: LibraryVersion) -> None:
    limits = _limits(cast)
    assert limits.library_version == f"1 ({approved.digest[:12]})"
    bands = ("dose_mg_per_kg", "dose_mg", "rate_mg_per_kg_per_h", "duration_min")
    assert [getattr(limits, band) for band in bands] == [getattr(LIMITS, band) for band in bands]


def test_three_concentrations_are_three_drugs_and_a_fourth_is_none(cast: Cast, approved: LibraryVersion) -> None:
    assert {_limits(cast, strength).vial_mg_per_ml for strength in ("10", "50", "100")} == {10, 50, 100}
    with pytest.raises(Refused, match="drug_not_in_library"):
        _limits(cast, "25")


def test_the_strongest_must_be_diluted() -> None:
    drugs = read_template("ketamine")["drug"]
    assert {drug["concentration_mg_per_ml"]: drug["must_be_diluted"] for drug in drugs} == {
        10: False,
        50: False,
        100: True,
    }


def test_every_number_of_the_template_says_where_it_comes_from() -> None:
    template = read_template("ketamine")
    entries = [*template["drug"], *template["limits"].values()]
    assert all(len(entry["source"]) > 20 for entry in entries)
    assert not any(isinstance(value, float) for entry in entries for value in entry.values())
    assert set(template["limits"]) == set(LibraryLimit.Quantity.values)


def test_every_band_of_the_template_is_in_order() -> None:
    for limit in read_template("ketamine")["limits"].values():
        Band(**{name: Decimal(bound) for name, bound in limit.items() if name != "source"})


def test_who_wrote_it_does_not_approve_it(cast: Cast, drafted: LibraryVersion) -> None:
    with pytest.raises(Refused, match="approver_is_the_author"):
        _approve(cast, drafted, cast.ada)


def test_the_database_says_so_too(cast: Cast, drafted: LibraryVersion) -> None:
    now = timezone.now()
    with clinic_scope(cast.clinic.pk), pytest.raises(IntegrityError, match="author_is_not_approver"):
        LibraryVersion.objects.filter(pk=drafted.pk).update(
            approved_by=cast.ada, approved_at=now, effective_at=now, digest="x"
        )


def test_a_clinic_with_one_doctor_names_a_second_signer(cast: Cast, drafted: LibraryVersion) -> None:
    assert _approve(cast, drafted, cast.sig, SECOND_SIGNER).approved_by == cast.sig


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.LIBRARY_APPROVER])
def test_no_other_role_approves(cast: Cast, drafted: LibraryVersion, role: str) -> None:
    with pytest.raises(Refused, match="approver_has_no_such_role"):
        _approve(cast, drafted, cast.pia, role)


def test_what_changed_after_it_was_shown_is_not_approved(cast: Cast, drafted: LibraryVersion) -> None:
    actor = Actor(Proof.SIGN_IN, cast.pia, cast.clinic, frozenset({Role.LIBRARY_APPROVER}))
    with clinic_scope(cast.clinic.pk):
        shown = digest(drafted)
        LibraryLimit.objects.filter(quantity="dose_mg").update(hard_high=1000)
        with pytest.raises(Refused, match="library_changed_since_shown"):
            approve(drafted, actor, seen_digest=shown)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE protocols_librarylimit SET hard_high = 1000",
        "DELETE FROM protocols_librarylimit",
        "UPDATE protocols_librarydrug SET must_be_diluted = false",
        "DELETE FROM protocols_librarydrug",
        "UPDATE protocols_libraryversion SET effective_at = now() + interval '1 day'",
        "UPDATE protocols_libraryversion SET drafted_by_id = approved_by_id",
        "DELETE FROM protocols_libraryversion",
    ],
)
def test_nobody_changes_an_approved_version(cast: Cast, approved: LibraryVersion, statement: str) -> None:
    never = pytest.raises(DatabaseError, match=r"never changes|permission denied")
    with clinic_scope(cast.clinic.pk), never, transaction.atomic():
        connection.cursor().execute(statement)


def test_nothing_is_added_to_an_approved_version(cast: Cast, approved: LibraryVersion) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(IntegrityError, match="never changes"):
        LibraryDrug.objects.create(
            clinic=cast.clinic, version=approved, name="x", concentration_mg_per_ml=1, must_be_diluted=False, source="-"
        )


def test_a_later_version_counts_from_its_time(cast: Cast, approved: LibraryVersion) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    actor = Actor(Proof.SIGN_IN, cast.pia, cast.clinic, frozenset({Role.LIBRARY_APPROVER}))
    with clinic_scope(cast.clinic.pk):
        second = draft_from_template(cast.clinic, cast.ada)
        approve(second, actor, seen_digest=digest(second), effective_at=tomorrow)
        assert LibraryVersion.objects.in_force(timezone.now()) == approved
        assert LibraryVersion.objects.in_force(tomorrow) == second


def test_another_clinics_library_is_not_ours(cast: Cast, approved: LibraryVersion) -> None:
    with clinic_scope(cast.other_clinic.pk), pytest.raises(Refused, match="no_approved_library"):
        limits_in_force(drug="ketamine", vial_mg_per_ml=Decimal(50), at=timezone.now())
