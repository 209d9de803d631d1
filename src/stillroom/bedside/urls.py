"""The addresses of the bedside: /board/ and /bedside/<infusion>/ (docs/stream.md)."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from stillroom.bedside import views
from stillroom.bedside.doing import PRESSED
from stillroom.bedside.sheets import Act
from stillroom.bedside.views import paper

BY_DISPLAY = (
    Act.STOP,
    Act.CLAMP_CLOSED,
    Act.PAUSE,
    Act.CONFIRM,
    Act.HELP,
    Act.HELP_STEP,
    Act.ACKNOWLEDGE,
    Act.PAUSE_SOUND,
    Act.SOUND_BACK,
)
"""What whoever stands at an enrolled display may do, signed in or not. The core allows no more (infusion/roles.py)."""


class DisplayAct(StringConverter):
    regex = "|".join(BY_DISPLAY)


class PressedAct(StringConverter):
    regex = "|".join(sorted(PRESSED))


register_converter(DisplayAct, "display_act")
register_converter(PressedAct, "pressed_act")

app_name = "bedside"

one_room = [
    path("", views.room, name="room"),
    path("stream", views.stream, name="stream"),
    path("snapshot", views.snapshot, name="snapshot"),
    path("what-if/<str:act>", views.what_if, name="what_if"),
    path("emergency/", views.emergency, name="emergency"),
    path("emergency/over", views.emergency_over, name="emergency_over"),
    path("label/", views.label, name="label"),
    path("shown", views.room_shown, name="room_shown"),
    path("alarms/", views.alarms, name="alarms"),
    path("chart/", paper.chart, name="chart"),
    path("slip/", paper.slip, name="slip"),
    path("ambulance/", paper.ambulance, name="ambulance"),
    path("acts/sign", views.sign, name="sign"),
    path("acts/<display_act:act>", views.act_by_display, name="act_by_display"),
    path("acts/<str:act>", views.act, name="act"),
    path("acts-by-key/<pressed_act:act>", views.act_by_key, name="act_by_key"),
]

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/handover/", views.handover, name="handover"),
    path("board/calls", views.calls, name="calls"),
    path("board/shown", views.board_shown, name="board_shown"),
    path("board/stream", views.board_stream, name="board_stream"),
    path("bedside/<uuid:infusion_id>/", include(one_room)),
]
