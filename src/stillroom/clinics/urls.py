"""The addresses of this room, under /clinics/."""

from __future__ import annotations

from django.urls import path

from stillroom.clinics import views

app_name = "clinics"

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("takeover/", views.take_over_display, name="take_over"),
    path("takeover/end/", views.hand_back_display, name="hand_back"),
    path("quiet/", views.quiet, name="quiet"),
    path("displays/", views.displays, name="displays"),
    path("displays/enrol/", views.enrol_display, name="enrol_display"),
    path("displays/<uuid:display_id>/revoke/", views.revoke_display, name="revoke_display"),
    path("pin/", views.pin, name="pin"),
]
