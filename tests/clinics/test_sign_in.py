"""Signing in: what opens an account, what does not, and what nobody learns by trying."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.test import Client

from stillroom.clinics.models import Person
from tests.cast import PASSWORD, Cast, signed_in

LOGIN = "/accounts/login/"
WRONG = "a long password of nobody's"


def sign_in(client: Client, email: str, password: str, **extra: str) -> bool:
    """Whether the browser is signed in afterwards, a second factor given where one is asked for."""
    client.post(LOGIN, {"login": email, "password": password}, **extra)
    return "_auth_user_id" in client.session


def error_of(client: Client, email: str, password: str = WRONG) -> str:
    page = client.post(LOGIN, {"login": email, "password": password}).content.decode()
    return re.sub(r"\s+", " ", "".join(re.findall(r'<div class="errors".*?</div>', page, flags=re.DOTALL)))


def test_the_right_password_opens_the_account(cast: Cast) -> None:
    assert sign_in(Client(), cast.ben.email, PASSWORD)
    assert sign_in(Client(), cast.ben.email.upper(), PASSWORD)


def test_a_wrong_one_does_not(cast: Cast) -> None:
    assert not sign_in(Client(), cast.ben.email, WRONG)


def test_the_session_is_a_new_one_after_signing_in(cast: Cast) -> None:
    client = Client()
    client.session.save()
    before = client.session.session_key
    assert sign_in(client, cast.ben.email, PASSWORD)
    assert client.session.session_key != before


def test_nobody_learns_whether_an_account_exists(cast: Cast) -> None:
    known, unknown = error_of(Client(), cast.ben.email), error_of(Client(), "nobody@clinic.test")
    assert known
    assert known == unknown


def test_nobody_learns_it_by_asking_for_a_new_password(cast: Cast) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}) for email in (cast.ben.email, "nobody@clinic.test")
    ]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert [message.to for message in mail.outbox] == [[cast.ben.email]]


def test_nobody_learns_it_by_the_time_it_takes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is what takes time; an unknown address costs as many hashes as a known one."""
    hashes: list[str] = []

    def counted(name: str) -> None:
        really = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda self, *args: hashes.append(name) or really(self, *args))

    counted("encode")
    counted("verify")
    spent = []
    for email in (cast.ben.email, "nobody@clinic.test"):
        hashes.clear()
        sign_in(Client(), email, WRONG)
        spent.append(len(hashes))
    assert spent == [1, 1]


def test_a_closed_account_does_not_open(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert not sign_in(Client(), cast.ben.email, PASSWORD)


def test_guessing_is_slowed_down_for_the_guesser_and_not_for_the_person(cast: Cast) -> None:
    guesser, ben = {"REMOTE_ADDR": "10.0.0.66"}, {"REMOTE_ADDR": "10.0.0.7"}
    for _ in range(5):
        assert not sign_in(Client(), cast.ben.email, WRONG, **guesser)
    assert not sign_in(Client(), cast.ben.email, PASSWORD, **guesser)
    assert sign_in(Client(), cast.ben.email, PASSWORD, **ben)
    assert sign_in(Client(), cast.ada.email, PASSWORD, **guesser)


def test_guessing_does_not_end_a_sign_in_that_is_open(cast: Cast) -> None:
    client = signed_in(cast.ben)
    for _ in range(6):
        sign_in(Client(), cast.ben.email, WRONG)
    assert client.get("/clinics/pin/").status_code == 200


def test_nobody_signs_up(cast: Cast) -> None:
    form = {"email": "new@clinic.test", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post("/accounts/signup/", form).status_code == 403
    assert not Person.objects.filter(email="new@clinic.test").exists()


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("fourteen chars", False),
        ("fifteen letters", True),
        ("x" * 15 + " é 12345 " + "y" * 60, True),
        ("1q2w3e4r5t6y7u8i9o0p", False),
        ("ben@clinic.test", False),
    ],
)
def test_a_password_is_long_and_uncommon_and_nothing_else_is_asked(cast: Cast, password: str, is_taken: bool) -> None:
    client = signed_in(cast.ben)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post("/accounts/password/change/", form)
    cast.ben.refresh_from_db()
    assert cast.ben.check_password(password) is is_taken


def test_passwords_are_kept_with_argon2id(cast: Cast) -> None:
    assert cast.ben.password.startswith("argon2$argon2id$")


@time_machine.travel("2026-11-23T10:41:07Z", tick=False)
def test_a_second_factor_is_asked_for_and_a_code_works_once(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.ben, secret)
    client = Client()
    assert not sign_in(client, cast.ben.email, PASSWORD)
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in client.session
    again = Client()
    sign_in(again, cast.ben.email, PASSWORD)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in again.session


def test_a_recovery_code_works_once(cast: Cast) -> None:
    TOTP.activate(cast.ben, generate_totp_secret())
    code = RecoveryCodes.activate(cast.ben).get_unused_codes()[0]
    opened = []
    for _ in range(2):
        client = Client()
        sign_in(client, cast.ben.email, PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append("_auth_user_id" in client.session)
    assert opened == [True, False]


def test_a_new_password_does_not_get_around_the_second_factor(cast: Cast) -> None:
    TOTP.activate(cast.ben, generate_totp_secret())
    key = f"{user_pk_to_url_str(cast.ben)}-{default_token_generator.make_token(cast.ben)}"
    client = Client()
    page = client.get(f"/accounts/password/reset/key/{key}/")
    client.post(page.headers["Location"], {"password1": "another long one", "password2": "another long one"})
    cast.ben.refresh_from_db()
    assert cast.ben.check_password("another long one")
    assert "_auth_user_id" not in client.session
    assert not sign_in(client, cast.ben.email, "another long one")


def test_a_person_sees_and_ends_their_other_sign_ins(cast: Cast) -> None:
    here, there = Client(HTTP_USER_AGENT="Here"), Client(HTTP_USER_AGENT="There")
    for client in (here, there):
        sign_in(client, cast.ben.email, PASSWORD)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Here" in page
    assert "There" in page
    here.post("/accounts/sessions/")
    assert there.get("/accounts/sessions/").status_code == 302
    assert here.get("/accounts/sessions/").status_code == 200
    assert UserSession.objects.filter(user=cast.ben).count() == 1


def test_a_new_password_ends_the_sign_ins_elsewhere(cast: Cast) -> None:
    here, there = signed_in(cast.ben), signed_in(cast.ben)
    form = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    here.post("/accounts/password/change/", form)
    assert there.get("/clinics/pin/").status_code == 302
    assert here.get("/clinics/pin/").status_code == 200


def test_confirming_who_one_is_opens_what_asks_for_it(cast: Cast) -> None:
    client = signed_in(cast.ben, recently=False)
    asked = client.get("/clinics/pin/").headers["Location"]
    assert asked == "/accounts/reauthenticate/?next=%2Fclinics%2Fpin%2F"
    assert client.post("/accounts/reauthenticate/", {"password": WRONG, "next": "/clinics/pin/"}).status_code == 200
    assert client.get("/clinics/pin/").status_code == 302
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/clinics/pin/"})
    assert done.headers["Location"] == "/clinics/pin/"
    assert client.get("/clinics/pin/").status_code == 200


def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": cast.ben.email, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/reset/"])
def test_the_page_stands_on_the_base_and_needs_no_inline_script(cast: Cast, path: str) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert 'data-light="day"' in page
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
    assert not re.findall(r"\son\w+=", page)
    assert "no-store" in answer.headers["Cache-Control"]
