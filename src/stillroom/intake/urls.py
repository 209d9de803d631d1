"""Under /intake/: a patient's own part by their link, and the clinic's side of it."""

from __future__ import annotations

from django.urls import path

from stillroom.intake.views import desk, own

app_name = "intake"
urlpatterns = [
    path("own/<str:token>/", own.overview, name="own"),
    path("own/<str:token>/health/", own.questions, {"page": "health"}, name="own_health"),
    path("own/<str:token>/medicines/", own.questions, {"page": "medicines"}, name="own_medicines"),
    path("own/<str:token>/sick/", own.questions, {"page": "sick"}, name="own_sick"),
    path("own/<str:token>/worries/", own.questions, {"page": "worries"}, name="own_worries"),
    path("own/<str:token>/wishes/", own.wishes, name="own_wishes"),
    path("own/<str:token>/questionnaire/", own.questionnaire, name="own_questionnaire"),
    path("patients/<uuid:patient_id>/", desk.before_visit, name="before_visit"),
    path("patients/<uuid:patient_id>/invite/", desk.invite, name="invite"),
    path("links/<uuid:link_id>/revoke/", desk.revoke_link, name="revoke_link"),
]
