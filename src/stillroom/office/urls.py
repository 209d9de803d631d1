"""The addresses of the desk, under /office/."""

from __future__ import annotations

from django.urls import path

from stillroom.office import library, staff, today

app_name = "office"

urlpatterns = [
    path("", today.today, name="today"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.invite, name="invite"),
    path("staff/<uuid:staff_id>/end/", staff.end, name="end_role"),
    path("library/", library.library, name="library"),
    path("library/draft/", library.draft_library, name="draft_library"),
    path("library/limits/<uuid:limit_id>/", library.change_limit, name="change_limit"),
    path("library/<uuid:version_id>/approve/", library.approve_library, name="approve_library"),
]
