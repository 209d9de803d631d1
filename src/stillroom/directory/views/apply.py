"""A clinic applies, confirms, asks to renew, renews, or leaves. By form and by link, without an account or a cookie.

Nothing here acts in anybody's name, so no token guards a form against other sites: a signed time stands in its place,
or the secret of the link.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import public
from stillroom.directory import applying
from stillroom.directory.forms import Clinic
from stillroom.directory.keeper import at_desk, is_run_here, keeper_id
from stillroom.directory.languages import View, address, in_language
from stillroom.directory.models import Listing
from stillroom.web.guard import Guard, came_too_often
from stillroom.web.public import lasting_address

SALT = "stillroom.directory.form"
ACTION = "directory_form"
TOO_OFTEN = 429


def form_page(view: View) -> View:
    """A page with a form that anybody may send."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(public(in_language(view))))


@form_page
def apply(request: HttpRequest) -> HttpResponse:
    if not is_run_here():
        return render(request, "directory/none.html", status=404)
    form, guard = Clinic(request.POST or None), Guard(request.POST or None, salt=SALT)
    page: dict[str, Any] = {"form": form, "guard": guard}
    if request.method != "POST":
        return render(request, "directory/apply.html", page)
    if came_too_often(request, ACTION):
        return render(request, "directory/apply.html", page | {"came_too_often": True}, status=TOO_OFTEN)
    if not (form.is_valid() and guard.is_valid()):
        return render(request, "directory/apply.html", page, status=422)
    return _handed_in(request, form)


@form_page
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the link shows the page; the button on it confirms, as programs that read mail open links too."""
    if not is_run_here():
        return render(request, "directory/none.html", status=404)
    with at_desk():
        application = applying.with_key(key)
        if application is None:
            return render(request, "directory/no_link.html", status=404)
        if request.method == "POST":
            applying.confirm(application)
        return render(request, "directory/confirm.html", {"application": application})


@form_page
def ask_renewal(request: HttpRequest, slug: str) -> HttpResponse:
    """Mails a link to the address the clinic gave. The answer is the same whether it left or not."""
    if not is_run_here():
        return render(request, "directory/none.html", status=404)
    with at_desk():
        listing = Listing.objects.filter(slug=slug).first()
        if listing is None:
            return render(request, "directory/not_here.html", status=404)
        guard = Guard(request.POST or None, salt=SALT)
        page: dict[str, Any] = {"listing": listing, "guard": guard}
        if request.method != "POST":
            return render(request, "directory/ask_renewal.html", page)
        if came_too_often(request, ACTION):
            return render(request, "directory/ask_renewal.html", page | {"came_too_often": True}, status=TOO_OFTEN)
        if not guard.is_valid():
            return render(request, "directory/ask_renewal.html", page, status=422)
        link = lasting_address(request, address("renew", applying.renewal_token(listing)))
        letter = {"link": link, "name": listing.name}
        applying.mail("directory/renewal.txt", gettext("Your clinic in the directory"), listing.contact_email, letter)
        return render(request, "directory/ask_renewal.html", page | {"is_sent": True, "shown_link": _in_demo(link)})


@form_page
def renew(request: HttpRequest, token: str) -> HttpResponse:
    if not is_run_here():
        return render(request, "directory/none.html", status=404)
    with at_desk():
        listing = applying.listing_of_token(token)
        if listing is None:
            return render(request, "directory/no_link.html", status=404)
        if request.method == "POST" and applying.LEAVES in request.POST:
            applying.hand_in_renewal(listing, {"name": listing.name, applying.LEAVES: True})
            return render(request, "directory/confirm.html", {"leaves": True})
        form = Clinic(request.POST or None, initial=applying.said_now(listing), is_renewal=True)
        if form.is_valid():
            return render(
                request, "directory/confirm.html", {"application": applying.hand_in_renewal(listing, form.typed)}
            )
        page = {"form": form, "listing": listing}
        return render(request, "directory/apply.html", page, status=422 if form.is_bound else 200)


def _handed_in(request: HttpRequest, form: Clinic) -> HttpResponse:
    email = form.cleaned_data["contact_email"].lower()
    with at_desk():
        application, key = applying.hand_in(form.typed, email, keeper=keeper_id())
        link = lasting_address(request, address("confirm", key)) if key else ""
        letter = {"link": link, "name": application.typed["name"]}
        left = not key or applying.mail(
            "directory/confirmation.txt", gettext("Your clinic in the directory"), email, letter
        )
    page = {"email": email, "left": left, "is_again": not key, "shown_link": _in_demo(link)}
    return render(request, "directory/sent.html", page)


def _in_demo(link: str) -> str:
    """No mail leaves the demo: there the letter's link stands on the page."""
    return link if settings.DEMO else ""
