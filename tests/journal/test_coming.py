"""In their journal a patient reads how to come, signs and takes back the consent: at any time, and only their own."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.consent import Consented
from stillroom.patients.consents import consented
from stillroom.patients.models import Consent
from stillroom.schedule.models import Appointment
from tests.cast import Cast, signed_in
from tests.intake.links import link_of, opened
from tests.intake.test_coming import told
from tests.patients.test_consents import text_of

AUCKLAND = ZoneInfo("Pacific/Auckland")


def expected_in_auckland(cast: Cast) -> datetime:
    """Half past nine there, whatever clock this server has."""
    starts_at = datetime.combine(datetime.now(AUCKLAND).date() + timedelta(days=9), time(9, 30), AUCKLAND)
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.update(time_zone="Pacific/Auckland")
        Appointment.objects.create(
            clinic=cast.clinic, patient=cast.patient, room=cast.room, made_by=cast.fay,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        )  # fmt: skip
    return starts_at


def test_when_they_come_is_said_by_the_clinics_clock_in_journal_and_by_link(cast: Cast) -> None:
    told(cast)
    starts_at = expected_in_auckland(cast)
    said = f"{starts_at:%A, %-d %B}, 09:30"
    pat = signed_in(cast.pat)
    assert said in pat.get("/journal/coming/").content.decode()
    assert said in opened(link := link_of(cast)).get(f"{link}coming/").content.decode()
    (event,) = Calendar.from_ical(pat.get(f"/journal/coming/{cast.patient.pk}/calendar/").content).walk("VEVENT")
    assert event.decoded("dtstart") == starts_at
    assert pat.get(f"/journal/coming/{cast.patient.pk}/paper/")["Content-Type"] == "application/pdf"


def test_they_sign_and_take_it_back_when_no_link_stands_any_more(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
    pat, address = signed_in(cast.pat), f"/journal/coming/{cast.patient.pk}/consent/"
    assert "The words have changed since you signed" in pat.get(address).content.decode()
    assert pat.post(address, {"text": text.pk, "name": "Pat Example"}).status_code == 302
    assert "You signed this on" in pat.get(address).content.decode()
    with clinic_scope(cast.clinic.pk):
        assert (Consent.objects.get(text=text).by, Consent.objects.get(text=text).how) == (
            f"person:{cast.pat.pk}", "alone",
        )  # fmt: skip
    assert pat.post(f"{address}back/").status_code == 302
    assert "You took your consent back" in pat.get(address).content.decode()
    with clinic_scope(cast.clinic.pk):
        assert consented(cast.patient) is Consented.WITHDRAWN
        assert consented(cast.neighbour) is Consented.OF_EARLIER_TEXT


def test_nobody_signs_or_takes_back_anothers(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
    kim, address = signed_in(cast.kim), f"/journal/coming/{cast.patient.pk}/consent/"
    answers = [kim.get(address), kim.post(address, {"text": text.pk, "name": "Kim"}), kim.post(f"{address}back/")]
    assert [each.status_code for each in answers] == [404] * 3
