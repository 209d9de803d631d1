"""Every address, room by room. A room adds one line here and keeps its own urls.py."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from stillroom.project.front import front
from stillroom.project.health import health
from stillroom.project.public import not_here, not_read, robots, sitemap

handler400, handler404 = not_read, not_here

urlpatterns = [
    path("", front, name="front"),
    path("health", health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("accounts/", include("allauth.urls")),
    path("clinics/", include("stillroom.clinics.urls")),
    path("devices/", include("stillroom.devices.urls")),
    path("office/", include("stillroom.office.urls")),
    path("intake/", include("stillroom.intake.urls")),
    path("journal/", include("stillroom.journal.urls")),
    path("guide/", include("stillroom.guide.urls")),
    path("directory/", include("stillroom.directory.urls")),
    path("", include("stillroom.bedside.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("stillroom.rehearsal.urls")))
