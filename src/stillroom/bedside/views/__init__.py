"""The bedside's pages, one module for each thing that is asked for."""

from stillroom.bedside.views.acts import act, act_by_display, act_by_key, sign
from stillroom.bedside.views.alarms import alarms
from stillroom.bedside.views.board import board, board_stream
from stillroom.bedside.views.calls import calls
from stillroom.bedside.views.emergency import emergency, emergency_over
from stillroom.bedside.views.handover import handover
from stillroom.bedside.views.room import label, room, snapshot, stream
from stillroom.bedside.views.shown import board_shown, room_shown
from stillroom.bedside.views.what_if import what_if

__all__ = [
    "act",
    "act_by_display",
    "act_by_key",
    "alarms",
    "board",
    "board_shown",
    "board_stream",
    "calls",
    "emergency",
    "emergency_over",
    "handover",
    "label",
    "room",
    "room_shown",
    "sign",
    "snapshot",
    "stream",
    "what_if",
]
