from __future__ import annotations

from django.urls import path

from stillroom.journal import checkins, looks, views

app_name = "journal"
urlpatterns = [
    path("", views.my_record, name="my_record"),
    path("infusions/<uuid:infusion_id>/", views.infusion, name="infusion"),
    path("looks/", looks.looks, name="looks"),
    path("check-in/", checkins.check_in, name="check_in"),
    path("check-in/kept/", checkins.checked_in, name="checked_in"),
    path("questionnaire/", checkins.phq9, name="phq9"),
    path("days/", checkins.days, name="days"),
]
