"""From a situation to what its screen shows: pure, one module for each part of the page."""

from stillroom.bedside.fill.offered import NOBODY, offered
from stillroom.bedside.fill.room import fill_room

__all__ = ["NOBODY", "fill_room", "offered"]
