from __future__ import annotations

from django.urls import path

from stillroom.journal import (
    asking,
    brought,
    checkins,
    erasing,
    helped,
    looks,
    preparing,
    reminding,
    shared,
    sharing,
    taking,
    views,
)

app_name = "journal"
urlpatterns = [
    path("", views.my_record, name="my_record"),
    path("infusions/<uuid:infusion_id>/", views.infusion, name="infusion"),
    path("looks/", looks.looks, name="looks"),
    path("check-in/", checkins.check_in, name="check_in"),
    path("check-in/kept/", checkins.checked_in, name="checked_in"),
    path("questionnaire/", checkins.phq9, name="phq9"),
    path("days/", checkins.days, name="days"),
    path("infusions/<uuid:infusion_id>/paper/", taking.infusion_paper, name="infusion_paper"),
    path("take-along/", taking.take_along, name="take_along"),
    path("take-along/paper/<uuid:patient_id>/", taking.record_paper, name="record_paper"),
    path("bring/", brought.bring_along, name="bring"),
    path("bring/<uuid:part_id>/", brought.brought_part, name="brought"),
    path("bring/<uuid:part_id>/remove/", brought.let_go, name="let_go"),
    path("bring/<uuid:part_id>/infusions/<uuid:infusion_id>/", brought.brought_infusion, name="brought_infusion"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("sharing/<uuid:share_id>/revoke/", sharing.revoke, name="revoke_share"),
    path("shared/<str:token>/", shared.shared, name="shared"),
    path("shared/<str:token>/infusions/<uuid:infusion_id>/", shared.shared_infusion, name="shared_infusion"),
    path("erase/", erasing.erase, name="erase"),
    path("erase/ask/", asking.ask_erasure, name="ask_erasure"),
    path("signing-keys/", taking.signing_keys, name="signing_keys"),
    path("verify-page/", taking.verify_page, name="verify_page"),
    path("helped/", helped.helped, name="helped"),
    path("helped/not/", helped.if_not, name="if_not"),
    path("helped/fades/", helped.if_it_fades, name="if_it_fades"),
    path("prepare/", preparing.prepare, name="prepare"),
    path("after/", preparing.after, name="after"),
    path("reminders/", reminding.reminders, name="reminders"),
    path("reminders/<str:token>/stop/", reminding.stop, name="stop_reminders"),
    path("reminders/<str:token>/snooze/", reminding.snooze, name="snooze_reminders"),
]
