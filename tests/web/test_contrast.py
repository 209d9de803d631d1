"""Ink on ground: every pair that is used, in both lights, by WCAG 2.2 (1.4.3: 4.5 to 1 for text; 1.4.11: 3 to 1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import stillroom

CSS = Path(stillroom.__file__).parent / "web/static/web/css/tokens.css"
TEXTS = ("ink", "soft", "accent", "high", "medium", "low", "ok", "note", "line-a", "line-b", "line-c")
GROUNDS = ("paper", "sheet")
ON = (("ink", "accent-soft"), ("soft", "accent-soft"), ("on-accent", "accent"), ("paper", "ink"))
EDGES = (("edge", "sheet"), ("edge", "paper"), ("accent", "sheet"), ("accent", "paper"))
LIGHTS = ("day", "dim")


def tokens(light: str) -> dict[str, str]:
    """The colours in a light: dim has only those that differ from day."""
    day, dim = CSS.read_text().split('[data-light="dim"]')
    read = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", day))
    return read if light == "day" else read | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", dim))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2, definitions."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize(("ink", "ground"), [*((t, g) for t in TEXTS for g in GROUNDS), *ON])
def test_text_can_be_read(light: str, ink: str, ground: str) -> None:
    colours = tokens(light)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edge_of_a_field_can_be_seen(light: str, edge: str, ground: str) -> None:
    colours = tokens(light)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_the_colours_of_alarms_are_for_alarms_alone() -> None:
    """Red, yellow and cyan of IEC 60601-1-8: no chart line, finding or advice has one of them."""
    for light in LIGHTS:
        colours = tokens(light)
        alarms = {colours[name] for name in ("high", "medium", "low")}
        assert alarms.isdisjoint(colours[name] for name in set(colours) - {"high", "medium", "low"})
