"""The addresses of the desk, under /office/."""

from __future__ import annotations

from django.urls import path

from stillroom.office import (
    appointments,
    concerns,
    forecast,
    library,
    outcomes,
    patient_known,
    patients,
    plan,
    protocols,
    reach,
    record,
    rooms,
    signing,
    staff,
    today,
)

app_name = "office"

urlpatterns = [
    path("", today.today, name="today"),
    path("infusions/<uuid:infusion_id>/arrived/", today.arrived, name="arrived"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.new_patient, name="new_patient"),
    path("patients/<uuid:patient_id>/", patients.patient, name="patient"),
    path("patients/<uuid:patient_id>/change/", patients.edit_patient, name="edit_patient"),
    path("patients/<uuid:patient_id>/forecast/", forecast.forecast, name="forecast"),
    path("patients/<uuid:patient_id>/weight/", patient_known.weigh_patient, name="weigh"),
    path("patients/<uuid:patient_id>/allergies/", patient_known.ask_allergies, name="allergies"),
    path("patients/<uuid:patient_id>/nausea/", patient_known.ask_nausea, name="nausea"),
    path("patients/<uuid:patient_id>/appointment/", appointments.new_appointment, name="new_appointment"),
    path("patients/<uuid:patient_id>/plan/", plan.plan, name="plan"),
    path("orders/", signing.orders, name="orders"),
    path("orders/<uuid:order_id>/sign/", signing.sign_order, name="sign_order"),
    path("orders/<uuid:order_id>/second/", signing.second_order, name="second_order"),
    path("protocols/", protocols.protocols, name="protocols"),
    path("protocols/new/", protocols.new_protocol, name="new_protocol"),
    path("protocols/<uuid:protocol_id>/", protocols.protocol, name="protocol"),
    path("protocols/<uuid:protocol_id>/next/", protocols.next_version, name="next_version"),
    path("protocols/sign/<uuid:protocol_version_id>/", protocols.sign_protocol, name="sign_protocol"),
    path("coming/", appointments.coming, name="coming"),
    path("appointments/<uuid:appointment_id>/cancel/", appointments.cancel_appointment, name="cancel_appointment"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/<uuid:room_id>/privacy/", rooms.change_privacy, name="change_privacy"),
    path("patients/<uuid:patient_id>/record/", record.record_paper, name="record_paper"),
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/<uuid:concern_id>/decide/", concerns.decide_concern, name="decide_concern"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/<uuid:patient_id>/", outcomes.outcomes_of, name="outcomes_of"),
    path("outcomes/<uuid:patient_id>/scores/", outcomes.add_score, name="add_score"),
    path("reach/", reach.reach, name="reach"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.invite, name="invite"),
    path("staff/<uuid:staff_id>/end/", staff.end, name="end_role"),
    path("staff/second/", staff.name_second, name="name_second"),
    path("staff/second/<uuid:signer_id>/end/", staff.end_second, name="end_second"),
    path("library/", library.library, name="library"),
    path("library/draft/", library.draft_library, name="draft_library"),
    path("library/limits/<uuid:limit_id>/", library.change_limit, name="change_limit"),
    path("library/<uuid:version_id>/approve/", library.approve_library, name="approve_library"),
]
