"""The addresses of the directory, under /directory/."""

from __future__ import annotations

from django.urls import path

from stillroom.directory.views import apply, desk, public

app_name = "directory"

urlpatterns = [
    path("", public.clinics, name="clinics"),
    path("clinics/<slug:slug>/", public.clinic, name="clinic"),
    path("criteria/", public.what_is_asked, name="criteria"),
    path("clinics.json", public.clinics_json, name="json"),
    path("clinics.csv", public.clinics_csv, name="csv"),
    path("apply/", apply.apply, name="apply"),
    path("apply/<str:key>/", apply.confirm, name="confirm"),
    path("clinics/<slug:slug>/renew/", apply.ask_renewal, name="ask_renewal"),
    path("renew/<str:token>/", apply.renew, name="renew"),
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
