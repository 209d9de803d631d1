"""The words on a tile: told each second for every sign of every room, so they are put together here and not by tags."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from stillroom.bedside.parts import Tile, TileKind
from stillroom.core.vitals import Signal
from stillroom.web.templatetags.words import plain, signed

register = template.Library()

HEADINGS = {
    TileKind.PRESSURE: mark_safe("Blood pressure <span>mmHg</span>"),
    TileKind.PULSE: mark_safe("Pulse <span>per min</span>"),
    TileKind.OXYGEN: mark_safe("Oxygen saturation"),
    TileKind.BREATHING: mark_safe("Breathing <span>per min</span>"),
}
RANGE = "\N{WORD JOINER}–\N{WORD JOINER}"
SENSORS = {Signal.HEART_RATE_PER_MIN: ", by ECG", Signal.CUFF_PULSE_PER_MIN: ", by cuff"}


@register.filter
def heading(tile: Tile) -> SafeString:
    return HEADINGS[tile.kind]


@register.filter
def how(tile: Tile) -> str:
    """By what it was measured, and what the other sensor says: ", by ECG · finger 71"."""
    said = ", by hand" if tile.is_by_hand else SENSORS.get(tile.signal, "") if tile.signal else ""
    if tile.other_rate:
        said += f" · {'finger' if tile.signal is Signal.HEART_RATE_PER_MIN else 'ECG'} {tile.other_rate}"
    return f"{said}, from {tile.source}" if tile.source else said


@register.filter
def beside(tile: Tile) -> str:
    """What the figure is held against: the oxygen that is given, the change since arrival, the limit."""
    said = []
    if tile.kind is TileKind.OXYGEN:
        said.append(f"oxygen {plain(tile.oxygen_l_per_min)} L/min" if tile.oxygen_l_per_min else "room air")
        said += _limit(tile)
    if tile.since_arrival is not None:
        said.append(f"{signed(tile.since_arrival)} since arrival")
        said += _limit(tile) if tile.kind is not TileKind.OXYGEN else []
    words = " · ".join(said)
    if tile.kind is TileKind.PRESSURE:
        return format_html("<br>{}", words) if words else ""
    return f" · {words}" if words else ""


def _limit(tile: Tile) -> list[str]:
    """A range stays in one line, however narrow the tile is."""
    return [f"limit {tile.limit.replace('–', RANGE)}"] if tile.limit else []


@register.filter
def when_old(tile: Tile) -> str:
    if tile.measured_at is None:
        return "Not measured yet."
    return f"Nothing since {timezone.localtime(tile.measured_at):%H:%M}. Look at the patient."
