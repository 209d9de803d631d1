"""By their link a patient reads how to come, on paper and in a calendar too, signs the consent, and takes it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from stillroom.intake.coming import ByWhom, before_page, consent_page
from stillroom.intake.models import Link
from stillroom.intake.views.own import by_own_link
from stillroom.patients.consents import withdraw
from stillroom.schedule.before import coming as expected
from stillroom.schedule.before import newest, paper
from stillroom.schedule.calendar import for_patient
from stillroom.web.files import as_calendar, as_pdf
from stillroom.web.posted import posted


@by_own_link
def coming(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    page = before_page(link.the_patient) | {
        "patient": link.the_patient,
        "token": token,
        "zone": link.the_patient.clinic.time_zone,
        "paper_href": reverse("intake:own_coming_paper", args=[token]),
        "calendar_href": reverse("intake:own_calendar", args=[token]),
    }
    return render(request, "intake/own/coming.html", page)


@by_own_link
def coming_paper(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    version = newest(link.the_patient.clinic)
    if version is None:
        return redirect("intake:own_coming", token)
    return as_pdf(paper(link.the_patient, version, at=timezone.now()), "before-you-come.pdf")


@by_own_link
def calendar(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    return as_calendar(for_patient(expected(link.the_patient)))


@by_own_link
def consent(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    whom = ByWhom(f"link:{link.pk}")
    page, signed = consent_page(link.the_patient, posted(request), whom, language=request.GET.get("language"))
    if signed:
        return redirect("intake:own_consent", token)
    page |= {"patient": link.the_patient, "token": token}
    is_asked_again = page["findings"] or page["form"].errors
    return render(request, "intake/own/consent.html", page, status=422 if is_asked_again else 200)


@by_own_link
def take_back(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """In one act, and no reason is asked for."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    withdraw(link.the_patient, by=f"link:{link.pk}")
    return redirect("intake:own_consent", token)
