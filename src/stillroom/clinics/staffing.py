"""Who works here: inviting a colleague, and ending a role. A row of staff is never deleted; it ends."""

from __future__ import annotations

from datetime import date, timedelta
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person, Role, SecondSigner, Staff


@transaction.atomic
def employ(clinic: Clinic, *, email: str, display_name: str, short_name: str, role: str) -> tuple[Staff, bool]:
    """A role from today, and whether the person is new to Stillroom: then they have no password yet.

    Who has an account already, here or in another clinic, keeps it, under the name they gave it. A role that had ended
    begins again; its history keeps both spans.
    """
    person, is_new = _known_as(email, display_name)
    staff = Staff.objects.filter(clinic=clinic, person=person, role=role).first()
    if staff is None or not staff.counts_on(clinic.today()):
        began = {"from_date": clinic.today(), "until_date": None, "short_name": short_name}
        staff, _ = Staff.objects.update_or_create(clinic=clinic, person=person, role=role, defaults=began)
    return staff, is_new


@transaction.atomic
def name_second_signer(
    clinic: Clinic, *, email: str, display_name: str, position: str, by: Person
) -> tuple[SecondSigner | None, bool]:
    """Who signs where two must, and whether they are new to Stillroom. None: nobody is a second to themselves."""
    person, is_new = _known_as(email, display_name)
    if person == by:
        return None, False
    named = {"position": position, "named_by": by}
    signer, _ = SecondSigner.objects.get_or_create(clinic=clinic, person=person, ended_at=None, defaults=named)
    return signer, is_new


def end_second_signer(signer: SecondSigner) -> None:
    signer.ended_at = timezone.now()
    signer.save(update_fields=["ended_at"])


def _known_as(email: str, display_name: str) -> tuple[Person, bool]:
    return Person.objects.get_or_create(
        email=email.strip().lower(), defaults={"display_name": display_name, "password": Person.no_password()}
    )


def send_invitation(person: Person, clinic: Clinic, *, origin: str) -> str | None:
    """Mails the link by which a new person chooses a password; the link itself where no mail could be sent."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    link = f"{origin}{path}"
    words = render_to_string("clinics/invitation.txt", {"person": person, "clinic": clinic, "link": link})
    try:
        send_mail("Your Stillroom account", words, None, [person.email])
    except (SMTPException, OSError):
        return link
    return None


@transaction.atomic
def end_role(staff: Staff) -> bool:
    """The role counts no more, from now on. False, and nothing done, where nobody would be left to do this."""
    today = staff.clinic.today()
    if staff.role == Role.ADMINISTRATOR and not _administrators_but(staff, today):
        return False
    staff.until_date = today - timedelta(days=1)
    staff.from_date = min(staff.from_date, staff.until_date)
    staff.save(update_fields=["from_date", "until_date"])
    return True


def _administrators_but(staff: Staff, today: date) -> list[Staff]:
    """The others, all locked in one order: two administrators cannot end each other at the same moment."""
    rows = Staff.objects.filter(role=Role.ADMINISTRATOR, clinic=staff.clinic).order_by("pk").select_for_update()
    active = {row.pk for row in Staff.objects.filter(role=Role.ADMINISTRATOR, person__is_active=True)}
    return [row for row in rows if row.pk != staff.pk and row.pk in active and row.counts_on(today)]
