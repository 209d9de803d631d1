"""The addresses of this room, under /devices/."""

from __future__ import annotations

from django.urls import path

from stillroom.devices import views

app_name = "devices"

urlpatterns = [
    path("", views.monitors, name="monitors"),
    path("links/", views.links, name="links"),
    path("enrol/", views.enrol, name="enrol"),
    path("<uuid:monitor_id>/", views.change, name="change"),
    path("<uuid:monitor_id>/heard/", views.heard, name="heard"),
    path("<uuid:monitor_id>/heard/<str:digest>/", views.frame, name="frame"),
    path("<uuid:monitor_id>/place/", views.place, name="place"),
]
