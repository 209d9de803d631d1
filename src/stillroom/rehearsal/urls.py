from __future__ import annotations

from django.urls import path

from stillroom.rehearsal import views

app_name = "rehearsal"
urlpatterns = [path("enter", views.enter, name="enter")]
