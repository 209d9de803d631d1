from __future__ import annotations

from django.urls import path

from stillroom.rehearsal import chair, views

app_name = "rehearsal"
urlpatterns = [
    path("enter", views.enter, name="enter"),
    path("chair", chair.chair, name="chair"),
    path("result", chair.result, name="result"),
]
