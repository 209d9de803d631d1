"""The addresses that the demo has."""

from __future__ import annotations

from django.urls import include, path

from stillroom.project.urls import urlpatterns as everywhere

urlpatterns = [*everywhere, path("demo/", include("stillroom.rehearsal.urls"))]
