"""When signing in does not work: safer and written down, by name and reason, marked, loud, no further (F21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stillroom.bedside.reading import names_of
from stillroom.clinics.emergency import tell_administrators
from stillroom.clinics.models import EmergencyAccess, Role, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.commands import StartInfusion
from stillroom.core.infusion.roles import EMERGENCY, MAY
from stillroom.core.infusion.state import Status
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in

WHY = "my PIN is refused, nobody else is here"


def opened(house: House, **said: str) -> Client:
    """The display of the room, on which somebody said who they are and why."""
    display = at_display(house.cast)
    answer = display.post(f"{house.href}emergency/", {"name": "Rosa Night", "reason": WHY} | said)
    assert answer.status_code == 302, answer.content.decode()
    return display


@pytest.fixture
def house(cast: Cast) -> House:
    return planned(cast, ago=timedelta(minutes=10)).start()


def test_whoever_cannot_sign_in_makes_it_safer_and_writes_down_what_they_see_under_their_name(house: House) -> None:
    display = opened(house)
    page = display.get(house.href).content.decode()
    assert "Emergency access: Rosa Night" in page
    house.done(display, "new-rate", rate_ml_per_h="90")
    house.done(display, "confirm", intent_seq=house.state.pending[-1].seq)
    assert house.state.rate_ml_per_h == 90
    house.done(display, "vitals", sbp_mmhg="118", dbp_mmhg="74", pulse_per_min="66", spo2_percent="98")
    house.done(display, "note", words="frightened, better with the light on")
    house.done(display, "stop")
    house.done(display, "clamp-closed")
    house.done(display, "end", left_in_bag_ml="40")
    mine = [entry for entry in house.log if entry.by.startswith("emergency:")]
    assert [entry.kind for entry in mine] == [
        *("NoteAdded", "RateIntended", "RateConfirmed", "VitalsCharted", "NoteAdded", "StopIntended"),
        *("InfusionStopped", "InfusionEnded"),
    ]
    assert WHY in mine[0].fact.words  # type: ignore[attr-defined]
    assert "Rosa Night, emergency access" in signed_in(house.cast.ben).get(house.href).content.decode()


FASTER = [
    ("new-rate", {"rate_ml_per_h": "160", "reason": "slow"}),
    ("resume", {}),
    ("correct", {"corrects_seq": "5", "reason": "slip", "how": "strike"}),
    ("change-limit", {"limit": "spo2_low_percent", "value": "90", "reason": "so"}),
    ("take-room", {}),
]


@pytest.mark.parametrize(("act", "typed"), FASTER)
def test_nothing_is_started_made_faster_corrected_or_signed_by_it(
    house: House, act: str, typed: dict[str, str]
) -> None:
    display, before = opened(house), len(house.log)
    answer = house.post(display, act, **typed)
    assert answer.status_code in {403, 422}
    assert len(house.log) == before
    assert display.post(f"{house.href}acts/sign", {}).status_code != 200


def test_a_paused_drip_stays_paused_and_a_start_in_doubt_is_not_confirmed(cast: Cast) -> None:
    house = planned(cast, ago=timedelta(minutes=10)).make_ready()
    display = at_display(cast)
    assert display.get(f"{house.href}emergency/").status_code == 404  # nothing hangs that could run
    intended = house.ask(StartInfusion(), house.ben).last_seq
    opened(house)
    assert house.post(display, "confirm", intent_seq=intended).status_code == 422
    assert house.state.status is Status.READY


def test_the_core_lets_nobody_start_resume_sign_or_send_home_in_it() -> None:
    may = {kind.__name__ for kind, roles in MAY.items() if EMERGENCY in roles}
    assert may.isdisjoint(
        {"StartInfusion", "ResumeInfusion", "MakeBag", "DeclareReady", "ChangeLimit", "CorrectEntry", "SignChart"}
        | {"SendHome", "OverrideDoor", "ReassignInfusion", "PlanInfusion", "AbandonInfusion", "AlarmsReviewed"}
        | {"AgreeToReassignment", "AgreeToOverride"}
    )


@pytest.mark.parametrize("said", [{"reason": " "}, {"name": " "}])
def test_it_asks_who_and_why(house: House, said: dict[str, str]) -> None:
    display = at_display(house.cast)
    answer = display.post(f"{house.href}emergency/", {"name": "Rosa Night", "reason": WHY} | said)
    assert answer.status_code == 422
    assert house.post(display, "note", words="x").status_code in {302, 403}


def test_it_is_for_one_room_for_half_an_hour_or_until_they_are_done(house: House) -> None:
    display = opened(house)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert _note(house, display).status_code in {302, 403}
    assert _note(house, display).status_code == 200
    assert display.post(f"{house.href}emergency/over").status_code == 302
    assert _note(house, display).status_code in {302, 403}


def test_no_display_no_emergency(house: House) -> None:
    answer = Client().post(f"{house.href}emergency/", {"name": "Rosa Night", "reason": WHY})
    assert answer.status_code == 403
    with clinic_scope(house.cast.clinic.pk):
        assert not EmergencyAccess.objects.exists()


def test_administrators_are_told_and_it_is_listed_until_somebody_has_looked(house: House, client: Client) -> None:
    cast = house.cast
    opened(house, name="", staff=str(_staff(cast).pk))
    with clinic_scope(cast.clinic.pk):
        Staff.objects.create(
            clinic=cast.clinic,
            person=cast.ada,
            role=Role.ADMINISTRATOR,
            short_name="A. Okafor",
            from_date=cast.clinic.today(),
        )
        assert tell_administrators(at=timezone.now(), origin="https://clinic.example") == (1, 0)
        assert tell_administrators(at=timezone.now(), origin="https://clinic.example") == (0, 0)  # once
    assert cast.ada.email in mail.outbox[-1].to
    assert "Ben" not in mail.outbox[-1].body
    assert "emergency_access" in client.get("/health").json()["degraded"]
    ada = signed_in(cast.ada)
    assert WHY in ada.get("/office/emergency-access/").content.decode()
    with clinic_scope(cast.clinic.pk):
        access = EmergencyAccess.objects.get()
    ada.post(f"/office/emergency-access/{access.pk}/review/", {"review": "asked Ben: his PIN had been locked"})
    assert "his PIN had been locked" in ada.get("/office/emergency-access/").content.decode()
    assert "emergency_access" not in client.get("/health").json()["degraded"]


def test_mail_that_is_down_keeps_nobody_from_it_and_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(house)
    with clinic_scope(house.cast.clinic.pk):
        monkeypatch.setattr("stillroom.clinics.emergency.EmailMessage.send", _refuse)
        assert tell_administrators(at=timezone.now(), origin="") == (0, 1)
        assert EmergencyAccess.objects.get().told_at is None


def test_a_display_keeps_its_own_name_beside_it(house: House) -> None:
    opened(house)
    with clinic_scope(house.cast.clinic.pk):
        authors = {entry.by for entry in house.log} | {f"device:{house.cast.display.pk}"}
        assert {"Rosa Night, emergency access", "Tablet 1"} <= set(names_of(authors, ()).values())


def _refuse(letter: object) -> int:
    raise ConnectionRefusedError


def _note(house: House, display: Client) -> HttpResponse:
    return house.post(display, "note", words="calm")


def _staff(cast: Cast) -> Staff:
    with clinic_scope(cast.clinic.pk):
        return Staff.objects.get(person=cast.ben)
