"""A clinic with one doctor, who is its administrator too, does all of it with the second signer she named.

Ada is that doctor here; Ben is the nurse; Sig, a colleague outside, is named on the page. What one person cannot do
alone is refused in words, whoever they are.
"""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from stillroom.clinics.models import Role, SecondSigner, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.infusions.models import Infusion
from stillroom.protocols.models import LibraryVersion
from tests.cast import Cast, signed_in
from tests.examples import ADA, BEN
from tests.infusions.rooms import arrived, done
from tests.office.test_plan import earlier, expected, fields_of, kept, sign_at

NAMED = {"email": "sig@clinic.test", "display_name": "Sig Halloran", "position": "pharmacist"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    """The only doctor, and nobody else to prescribe, approve or look after accounts."""
    with clinic_scope(cast.clinic.pk):
        Staff.objects.exclude(person__in=[cast.ada, cast.ben]).update(from_date="2020-01-01", until_date="2020-01-02")
        Staff.objects.create(
            clinic=cast.clinic, person=cast.ada, role=Role.ADMINISTRATOR, short_name="A. Okafor", from_date="2020-01-01"
        )
        SecondSigner.objects.all().update(ended_at="2020-01-01T00:00Z")
    return signed_in(cast.ada)


def the_draft(cast: Cast) -> LibraryVersion:
    with clinic_scope(cast.clinic.pk):
        return LibraryVersion.objects.get(approved_at=None)


def approves(client: Client, cast: Cast) -> int:
    found = re.search(r'name="seen_digest" value="([^"]+)"', client.get("/office/library/").text)
    seen = {"seen_digest": found[1] if found else ""}
    return client.post(f"/office/library/{the_draft(cast).pk}/approve/", seen).status_code


def test_alone_she_approves_no_library_and_the_page_says_who_does(cast: Cast, ada: Client) -> None:
    ada.post("/office/library/draft/")
    page = " ".join(ada.get("/office/library/").text.split())
    assert "second signer" in page
    assert "I have read every number" not in page
    assert approves(ada, cast) == 403


def test_as_approver_too_she_still_approves_nothing_of_her_own(cast: Cast, ada: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        Staff.objects.create(
            clinic=cast.clinic,
            person=cast.ada,
            role=Role.LIBRARY_APPROVER,
            short_name="A. Okafor",
            from_date="2020-01-01",
        )
    ada.post("/office/library/draft/")
    assert approves(ada, cast) == 409
    with clinic_scope(cast.clinic.pk):
        assert not LibraryVersion.objects.exclude(approved_at=None).exists()


def test_she_is_no_second_to_herself(cast: Cast, ada: Client) -> None:
    answer = ada.post("/office/staff/second/", NAMED | {"email": cast.ada.email})
    assert answer.status_code == 422
    assert "That is you" in answer.text


def test_with_the_second_signer_she_named_library_order_and_checks_are_done(
    cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.post("/office/staff/second/", NAMED)
    assert mail.outbox == []  # Sig has an account already
    sig = signed_in(cast.sig)
    ada.post("/office/library/draft/")
    assert approves(sig, cast) == 302
    written = ada.post("/office/protocols/new/", fields_of(ada.get("/office/protocols/new/").text) | {"name": "Usual"})
    assert sign_at(ada, str(written.headers["Location"])).status_code == 302
    with clinic_scope(cast.clinic.pk):
        expected(cast)
    earlier(cast, days_ago=4)
    reasons = {"reason_far_from_last_order": "begun anew, gently", "reason_order_changed": "begun anew, gently"}
    to_sign = kept(ada, cast, dose_mg_per_kg="0.1", **reasons)
    alone = sign_at(ada, to_sign)
    assert alone.status_code == 409
    assert "second" in alone.text
    looks = to_sign.replace("/sign/", "/second/")
    assert ada.get(looks).status_code in (200, 403, 409)
    assert sign_at(ada, looks).status_code == 409
    assert sign_at(sig, looks).status_code == 302
    assert sign_at(ada, to_sign).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert Infusion.objects.filter(patient_order__second_by=cast.sig).exists()


def test_the_second_signer_sees_the_order_and_the_library_and_no_more(cast: Cast, ada: Client) -> None:
    ada.post("/office/staff/second/", NAMED)
    sig = signed_in(cast.sig)
    answers = {
        page: sig.get(f"/office/{page}").status_code for page in ("library/", "orders/", "patients/", "staff/", "")
    }
    assert answers == {"library/": 200, "orders/": 200, "patients/": 403, "staff/": 403, "": 403}


def test_whoever_makes_the_bag_does_not_check_it_and_the_doctor_may(cast: Cast, ada: Client) -> None:
    room = arrived(cast)
    plan = room.state.planned
    assert plan is not None
    done(room.act(c.MakeBag(bag=plan.bag), BEN))
    alone = room.act(c.CheckBag(), BEN)
    assert (alone.outcome, alone.findings[0].code) == ("refused", "checker_made_the_bag")
    done(room.act(c.CheckBag(), ADA))
