"""The bedside's pages, one module for each thing that is asked for."""

from stillroom.bedside.views.acts import act, act_by_display, sign
from stillroom.bedside.views.board import board, board_stream
from stillroom.bedside.views.room import label, room, snapshot, stream
from stillroom.bedside.views.what_if import what_if

__all__ = ["act", "act_by_display", "board", "board_stream", "label", "room", "sign", "snapshot", "stream", "what_if"]
