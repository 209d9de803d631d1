"""Under /intake/: a patient's own part by their link, and the clinic's side of it."""

from __future__ import annotations

from django.urls import path

from stillroom.intake.views import coming, consultation, desk, own, records, self_referral

app_name = "intake"
urlpatterns = [
    path("own/<str:token>/", own.overview, name="own"),
    path("own/<str:token>/health/", own.questions, {"page": "health"}, name="own_health"),
    path("own/<str:token>/medicines/", own.questions, {"page": "medicines"}, name="own_medicines"),
    path("own/<str:token>/sick/", own.questions, {"page": "sick"}, name="own_sick"),
    path("own/<str:token>/worries/", own.questions, {"page": "worries"}, name="own_worries"),
    path("own/<str:token>/wishes/", own.wishes, name="own_wishes"),
    path("own/<str:token>/questionnaire/", own.questionnaire, name="own_questionnaire"),
    path("own/<str:token>/questionnaire/<str:instrument>/", own.questionnaire, name="own_instrument"),
    path("own/<str:token>/coming/", coming.coming, name="own_coming"),
    path("own/<str:token>/coming/paper/", coming.coming_paper, name="own_coming_paper"),
    path("own/<str:token>/calendar/", coming.calendar, name="own_calendar"),
    path("own/<str:token>/consent/", coming.consent, name="own_consent"),
    path("own/<str:token>/consent/back/", coming.take_back, name="own_take_back"),
    path("patients/<uuid:patient_id>/", desk.before_visit, name="before_visit"),
    path("patients/<uuid:patient_id>/invite/", desk.invite, name="invite"),
    path("patients/<uuid:patient_id>/consultation/", consultation.consult, name="consult"),
    path("patients/<uuid:patient_id>/call/", consultation.note_call, name="note_call"),
    path("patients/<uuid:patient_id>/ask/<str:instrument>/", consultation.ask, name="ask"),
    path("consultations/<uuid:consultation_id>/", consultation.read, name="consultation"),
    path("consultations/<uuid:consultation_id>/letter/", consultation.letter_back, name="letter"),
    path("consultations/<uuid:consultation_id>/sign/", consultation.sign_consultation, name="sign_consultation"),
    path("concerns/<uuid:concern_id>/risk/", consultation.risk, name="risk"),
    path("send/<str:token>/", records.send, name="send"),
    path("sent/", records.sent, name="sent"),
    path("sent/new/", records.ask_for_records, name="ask_for_records"),
    path("sent/<uuid:sent_id>/", records.read_sent, name="read_sent"),
    path("sent/files/<uuid:file_id>/", records.sent_file, name="sent_file"),
    path("come/<slug:address>/", self_referral.self_referral, name="self_referral"),
    path("come/<slug:address>/received/", self_referral.received, name="self_referral_received"),
    path("self-referral/", self_referral.page_of_the_clinic, name="self_referral_page"),
    path("links/<uuid:link_id>/revoke/", desk.revoke_link, name="revoke_link"),
]
