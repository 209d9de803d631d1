from __future__ import annotations

from django.urls import path

from stillroom.journal import looks, views

app_name = "journal"
urlpatterns = [
    path("", views.my_record, name="my_record"),
    path("infusions/<uuid:infusion_id>/", views.infusion, name="infusion"),
    path("looks/", looks.looks, name="looks"),
]
