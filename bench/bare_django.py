"""A bare Django template view, to compare the guide with: what `startproject` makes, and one page of the same size.

Nothing of Stillroom is in it but the words of the page. It renders the page for each request, as such a view does.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY=os.environ["STILLROOM_SECRET_KEY"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent]}],
    USE_TZ=True,
)
django.setup()

BODY = Path(os.environ["BARE_BODY"]).read_text()


def page(request: HttpRequest) -> HttpResponse:
    said = {"title": "What the hour is like", "lead": "You lie in a quiet room.", "body": BODY}
    return render(request, "bare_page.html", said)


urlpatterns = [path("guide/hour/", page)]
application = get_asgi_application()
