"""The addresses of the directory, under /directory/. What the public reads stands once more under each language."""

from __future__ import annotations

from django.urls import path

from stillroom.directory.languages import IN
from stillroom.directory.views import apply, desk, public

app_name = "directory"

PUBLIC = (
    ("", public.clinics, "clinics"),
    ("clinics/<slug:slug>/", public.clinic, "clinic"),
    ("criteria/", public.what_is_asked, "criteria"),
    ("apply/", apply.apply, "apply"),
    ("apply/<str:key>/", apply.confirm, "confirm"),
    ("clinics/<slug:slug>/renew/", apply.ask_renewal, "ask_renewal"),
    ("renew/<str:token>/", apply.renew, "renew"),
)

urlpatterns = [
    *(path(where, view, name=name) for where, view, name in PUBLIC),
    *(path(f"<language:language>/{where}", view, name=f"{name}{IN}") for where, view, name in PUBLIC),
    path("clinics.json", public.clinics_json, name="json"),
    path("clinics.csv", public.clinics_csv, name="csv"),
    path("desk/", desk.desk, name="desk"),
    path("desk/applications/<uuid:application_id>/", desk.application, name="desk_application"),
    path("desk/clinics/<uuid:listing_id>/", desk.clinic, name="desk_clinic"),
    path("desk/clinics/<uuid:listing_id>/key/", desk.register_key, name="register_key"),
    path("desk/clinics/<uuid:listing_id>/records/", desk.take_records, name="take_records"),
    path("desk/clinics/<uuid:listing_id>/remove/", desk.propose, name="propose_removal"),
    path("desk/statements/<uuid:said_id>/", desk.judge_statement, name="judge"),
    path("desk/statements/<uuid:said_id>/remove/", desk.propose_for_statement, name="propose_statement_removal"),
    path("desk/removals/<uuid:removal_id>/agree/", desk.agree, name="agree_to_removal"),
    path("desk/removals/<uuid:removal_id>/drop/", desk.drop, name="drop_removal"),
]
