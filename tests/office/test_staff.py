"""The administrator's page: inviting a colleague, and ending a role."""

from __future__ import annotations

import re
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from stillroom.clinics import staffing
from stillroom.clinics.models import Person, Role, Staff, StaffHistory
from stillroom.clinics.rows import clinic_scope
from tests.cast import Cast, signed_in

NEW = {"email": "Nor@clinic.test", "display_name": "Nor Ismail", "short_name": "N. Ismail", "role": "nurse"}
CHOSEN = "eight herons in the reeds"


def roles_of(cast: Cast, person: Person) -> set[str]:
    with clinic_scope(cast.clinic.pk):
        return {row.role for row in Staff.objects.filter(person=person) if row.counts_on(cast.clinic.today())}


def end(cast: Cast, person: Person, by: Person) -> None:
    with clinic_scope(cast.clinic.pk):
        row = Staff.objects.get(person=person)
    signed_in(by).post(f"/office/staff/{row.pk}/end/")


def test_an_invited_person_chooses_a_password_by_the_link_and_works_here(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", NEW)
    (message,) = mail.outbox
    assert message.to == ["nor@clinic.test"]
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", message.body)
    assert link
    client = Client()
    page = client.get(link[1])
    client.post(page.headers["Location"], {"password1": CHOSEN, "password2": CHOSEN})
    client.post("/accounts/login/", {"login": "nor@clinic.test", "password": CHOSEN})
    assert client.get("/clinics/pin/").status_code == 200


def test_where_no_letter_can_be_sent_a_password_is_chosen_all_the_same(
    cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A clinic on a laptop has no mail server; the link is shown to whoever invited."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = signed_in(cast.ann).post("/office/staff/invite/", NEW, follow=True).content.decode()
    link = re.search(r"http://testserver(/accounts/password/reset/key/[^\s<]+)", page)
    assert link is not None
    client = Client()
    choosing = client.get(link[1])
    done = client.post(choosing.headers["Location"], {"password1": CHOSEN, "password2": CHOSEN}, follow=True)
    assert "Your password is kept" in done.content.decode()
    assert "a letter about an account was not sent" in caplog.text
    client.post("/accounts/login/", {"login": "nor@clinic.test", "password": CHOSEN})
    assert client.get("/clinics/pin/").status_code == 200


def test_before_that_no_password_opens_the_account(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", NEW)
    client = Client()
    client.post("/accounts/login/", {"login": "nor@clinic.test", "password": ""})
    assert client.get("/clinics/pin/").status_code == 302


def test_the_link_is_shown_once_where_no_mail_can_be_sent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SMTPException("no server")

    monkeypatch.setattr(staffing, "send_mail", fail)
    page = signed_in(cast.ann).post("/office/staff/invite/", NEW).content.decode()
    assert "/accounts/password/reset/key/" in page


def test_somebody_with_an_account_keeps_it_and_nobody_gets_a_link_to_it(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", {**NEW, "email": cast.cleo.email})
    assert mail.outbox == []
    cast.cleo.refresh_from_db()
    assert cast.cleo.display_name == "Cleo Farrow"
    assert roles_of(cast, cast.cleo) == {"nurse"}


def test_a_second_role_is_a_second_row(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", {**NEW, "email": cast.ben.email, "role": "technician"})
    assert roles_of(cast, cast.ben) == {"nurse", "technician"}


def test_a_role_that_is_held_already_is_left_as_it_is(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", {**NEW, "email": cast.ben.email})
    with clinic_scope(cast.clinic.pk):
        assert StaffHistory.objects.filter(person=cast.ben).count() == 1


def test_who_left_may_come_back_and_the_history_keeps_both(cast: Cast) -> None:
    signed_in(cast.ann).post("/office/staff/invite/", {**NEW, "email": cast.lea.email})
    assert roles_of(cast, cast.lea) == {"nurse"}
    with clinic_scope(cast.clinic.pk):
        spans = StaffHistory.objects.filter(person=cast.lea).order_by("pgh_id").values_list("until_date", "changed_by")
        assert [(bool(until), by) for until, by in spans] == [(True, ""), (False, f"person:{cast.ann.pk}")]


def test_a_role_that_was_ended_opens_nothing_from_the_next_request(cast: Cast) -> None:
    ben = signed_in(cast.ben)
    assert ben.get("/clinics/pin/").status_code == 200
    end(cast, cast.ben, by=cast.ann)
    assert ben.get("/clinics/pin/").status_code == 403


def test_the_last_administrator_stays(cast: Cast) -> None:
    end(cast, cast.ann, by=cast.ann)
    assert roles_of(cast, cast.ann) == {Role.ADMINISTRATOR}
    signed_in(cast.ann).post("/office/staff/invite/", {**NEW, "email": cast.ada.email, "role": Role.ADMINISTRATOR})
    end(cast, cast.ann, by=cast.ann)
    assert roles_of(cast, cast.ann) == set()


@pytest.mark.parametrize("field", list(NEW))
def test_what_is_missing_is_asked_for(cast: Cast, field: str) -> None:
    assert signed_in(cast.ann).post("/office/staff/invite/", {**NEW, field: ""}).status_code == 422
