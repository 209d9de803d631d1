"""A tile of a vital sign, drawn. It is told each second for every sign of every room, so the template (`_tile.html`) is
asked once for tiles that look alike, and the words of each are put where they stand in it.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from stillroom.bedside.parts import Etco2, Tile, TileKind
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import Freshness, Signal
from stillroom.web.templatetags.words import ago, exactly, plain, signed, until

register = template.Library()

HEADINGS = {
    TileKind.PRESSURE: mark_safe("Blood pressure <span>mmHg</span>"),
    TileKind.PULSE: mark_safe("Pulse <span>per min</span>"),
    TileKind.OXYGEN: mark_safe("Oxygen saturation"),
    TileKind.BREATHING: mark_safe("Breathing <span>per min</span>"),
}
RANGE = "\N{WORD JOINER}–\N{WORD JOINER}"
AND = "\N{NO-BREAK SPACE}· "
"""Between two things that are said of a figure: ends a line, where the tile is narrow, and begins none."""
FROM, TO = "\ue000", "\ue001"
"""Around the name of a word, where it stands in a tile that was drawn without its words. Of no language."""
SENSORS = {Signal.HEART_RATE_PER_MIN: ", by ECG", Signal.CUFF_PULSE_PER_MIN: ", by cuff"}


@register.filter
def drawn(tile: Tile, at: datetime) -> SafeString:
    """The tile as HTML, as it is said at a time."""
    words = _words(tile, at)
    given = tuple((name, bool(word)) for name, word in words.items())
    pieces = _without_words(tile.kind, tile.alarm, tile.state, tile.is_shown, given)
    return mark_safe("".join(words[piece] if number % 2 else piece for number, piece in enumerate(pieces)))  # noqa: S308


def _words(tile: Tile, at: datetime) -> dict[str, str]:
    """Each by its name in the template, safe to stand in HTML; "" where there is none."""
    measured_at, next_at = tile.measured_at, tile.next_due_at
    words = {
        "heading": HEADINGS[tile.kind],
        "figure": tile.figure or "",
        "measured_at": exactly(measured_at) if measured_at else "",
        "good_for_s": str(tile.good_for_s),
        "spark": tile.spark,
        "mean": f"mean {tile.mean_mmhg}{AND}" if tile.mean_mmhg else "",
        "ago": ago(measured_at, at) if measured_at else "",
        "how": _how(tile),
        "next_at": exactly(next_at) if next_at else "",
        "until": until(next_at, at) if next_at else "",
        "beside": _beside(tile),
        "impossible": tile.impossible or "",
        "when_old": _when_old(tile),
    }
    return {name: word if isinstance(word, SafeString) else escape(word) for name, word in words.items()}


@lru_cache(maxsize=512)
def _without_words(
    kind: TileKind, alarm: Priority | None, state: Freshness, is_shown: bool, given: tuple[tuple[str, bool], ...]
) -> tuple[str, ...]:
    """What stands on all tiles of a kind on which these words are given: HTML, the name of a word, HTML, and so on."""
    tile = {"kind": kind, "alarm": alarm, "state": state, "is_shown": is_shown}
    names = {name: f"{FROM}{name}{TO}" if is_given else "" for name, is_given in given}
    html = get_template("bedside/_tile.html").render({"tile": tile, **names}).strip()
    return tuple(re.split(f"{FROM}(.*?){TO}", html))


def _how(tile: Tile) -> str:
    """By what it was measured, and what another sensor says: ", by ECG · finger 71"."""
    said = ", by hand" if tile.is_by_hand else SENSORS.get(tile.signal, "") if tile.signal else ""
    if tile.other_rate:
        said += f"{AND}{'finger' if tile.signal is Signal.HEART_RATE_PER_MIN else 'ECG'} {tile.other_rate}"
    said += f", from {tile.source}" if tile.source else ""
    return f"{said}{AND}{_etco2(tile.etco2)}" if tile.etco2 else said


def _etco2(etco2: Etco2) -> str:
    """A value in doubt, as 0 is, with a question mark: "EtCO\N{SUBSCRIPT TWO} 0 mmHg?"."""
    said = f"EtCO\N{SUBSCRIPT TWO} {etco2.mmhg} mmHg{'?' if etco2.is_doubted else ''}"
    return f"{said}, from {etco2.source}" if etco2.source else said


def _beside(tile: Tile) -> str:
    """What the figure is held against: the oxygen that is given, the change since arrival, the limit."""
    said = []
    if tile.kind is TileKind.OXYGEN:
        said.append(f"oxygen {plain(tile.oxygen_l_per_min)} L/min" if tile.oxygen_l_per_min else "room air")
        said += _limit(tile)
    if tile.since_arrival is not None:
        said.append(f"{signed(tile.since_arrival)} since arrival")
        said += _limit(tile) if tile.kind is not TileKind.OXYGEN else []
    words = AND.join(said)
    if tile.kind is TileKind.PRESSURE:
        return format_html("<br>{}", words) if words else ""
    return f"{AND}{words}" if words else ""


def _limit(tile: Tile) -> list[str]:
    """A range stays in one line, however narrow the tile is; with its word before it, it is wider than some are."""
    return [f"limit {tile.limit.replace('–', RANGE)}"] if tile.limit else []


def _when_old(tile: Tile) -> str:
    if tile.measured_at is None:
        return "Not measured yet."
    return f"Nothing since {timezone.localtime(tile.measured_at):%H:%M}. Look at the patient."
