"""Each request is one transaction, held to the rule of its view, that sees the rows of one clinic or of one person.

Last in MIDDLEWARE, so that the transaction holds the view and its template and nothing else, and ends before the
answer leaves: what a page says was saved, was. A view that raises loses all it wrote. An async view is admitted in the
same way, but what it streams afterwards is outside: it opens a `clinic_scope` for each look at the database. A public
view marked `@transaction.non_atomic_requests` is left alone: health must answer when the database does not.

Being synchronous is on purpose: Django then runs the middleware before it in one thread, with one hop per request.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from stillroom.clinics.access import rule_of
from stillroom.clinics.actor import Actor, Need, NotAdmitted, admit
from stillroom.clinics.rows import row_transaction

WHERE_TO_GO = {
    Need.SIGN_IN: "account_login",
    Need.STEP_UP: "account_reauthenticate",
    Need.SECOND_FACTOR: "mfa_index",
    Need.CHOOSE_CLINIC: "clinics:choose",
    Need.TAKE_OVER: "clinics:take_over",
    Need.ANOTHER_DISPLAY: "clinics:quiet",
}


class RequestTransaction:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as stack:
            request.until_answered = stack  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        rule = rule_of(request.resolver_match) if request.resolver_match else None
        is_outside = bool(getattr(view, "_non_atomic_requests", None))
        if rule is None or (is_outside and not rule.is_public):
            return _forbidden(request)
        if is_outside:
            return None
        try:
            request.until_answered.enter_context(row_transaction())  # type: ignore[attr-defined]
            actor = replace(admit(request, rule), page=request.resolver_match.view_name)  # type: ignore[union-attr]
        except NotAdmitted as refused:
            return _show_the_way(request, refused.need)
        request.actor = actor  # type: ignore[attr-defined]
        self._keep_clinic_time(request, actor)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """An exception takes back what was written, save allauth's way of answering early."""
        if hasattr(request, "actor") and not isinstance(exception, ImmediateHttpResponse):
            connection.set_rollback(True)

    def _keep_clinic_time(self, request: HttpRequest, actor: Actor) -> None:
        if actor.clinic:
            request.until_answered.enter_context(timezone.override(actor.clinic.time_zone))  # type: ignore[attr-defined]


def _show_the_way(request: HttpRequest, need: Need) -> HttpResponse:
    """A page that was asked for leads to what is missing; anything else is refused, as nothing of it can be kept."""
    if need is Need.ANOTHER_ROLE or request.method != "GET" or request.headers.get("HX-Request"):
        return _forbidden(request, need)
    return redirect(f"{reverse(WHERE_TO_GO[need])}?{urlencode({'next': request.get_full_path()})}")


def _forbidden(request: HttpRequest, need: Need = Need.ANOTHER_ROLE) -> HttpResponse:
    return render(request, "403.html", {"need": need.value}, status=403)
