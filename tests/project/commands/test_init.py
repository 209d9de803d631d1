"""`stillroom init`: a first clinic, once, whole or not at all, with a drug library that does not count yet."""

from __future__ import annotations

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from stillroom.clinics.models import Clinic, Person, Role, Room, Staff
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.project.cli import app
from stillroom.protocols.models import LibraryVersion
from tests.conftest import Clone

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def named_database(committed_db: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", committed_db.url)


def init(*more: str, email: str = "Ada@clinic.test", password: str = PASSWORD, time_zone: str = "Europe/Vienna") -> str:
    who = ["--email", email, "--name", "Ada Okafor", "--short-name", "A. Okafor", "--password", password]
    what = ["--clinic", "Harbour House", "--time-zone", time_zone, *more]
    result = CliRunner().invoke(app, ["init", *who, *what], env={"COLUMNS": "200"})
    return f"{result.exit_code}: {result.output}"


def test_it_opens_a_clinic_with_its_administrator_and_rooms() -> None:
    assert init("--room", "Room 1", "--room", "Room 2", "--role", "prescriber").startswith("0: Harbour House is open")
    person = Person.objects.get()
    assert person.email == "ada@clinic.test"
    assert person.check_password(PASSWORD)
    (clinic_id,) = clinic_ids()
    with clinic_scope(clinic_id):
        assert Clinic.objects.get().time_zone == "Europe/Vienna"
        assert set(Staff.objects.values_list("role", flat=True)) == {Role.ADMINISTRATOR, Role.PRESCRIBER}
        assert list(Room.objects.values_list("name", flat=True)) == ["Room 1", "Room 2"]


def test_the_drug_library_it_drafts_does_not_count_until_somebody_else_approves_it() -> None:
    init()
    with clinic_scope(clinic_ids()[0]):
        drafted = LibraryVersion.objects.get()
        assert drafted.approved_at is None
        assert set(drafted.drugs.values_list("concentration_mg_per_ml", flat=True)) == {10, 50, 100}
        assert LibraryVersion.objects.in_force(timezone.now()) is None


def test_a_second_time_is_refused() -> None:
    init()
    assert init(email="eve@clinic.test").startswith("2: There is somebody already")
    assert len(clinic_ids()) == Person.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"password": "short"}, "15 characters"),
        ({"email": "not an address"}, "valid email"),
        ({"time_zone": "Vienna"}, "not a time zone"),
    ],
)
def test_an_answer_that_will_not_do_leaves_nothing_behind(answer: dict[str, str], says: str) -> None:
    said = init(**answer)
    assert said.startswith("2: ")
    assert says in said
    assert not Person.objects.exists()
    assert clinic_ids() == []


def test_an_unknown_role_leaves_nothing_behind() -> None:
    assert init("--role", "wizard").startswith("2: ")
    assert not Person.objects.exists()
    assert clinic_ids() == []
