"""The hour's picture says what the models say, and claims nothing else."""

from __future__ import annotations

import re

import pytest

from stillroom.guide.curve import GROUND, HIGH, LEFT, WIDE_PER_MIN, the_hour
from stillroom.guide.markdown import html_of
from stillroom.guide.packaged import packaged_pages

HOUR = next(page for page in packaged_pages() if page.slug == "hour")

# Effect-site ng/mL of Kamp, 70 kg, 0.5 mg/kg over 40 min, t1/2ke0 8.3 min: pharmacology.md 2.4, not of our code.
OUTSIDE_NG_PER_ML = {
    5: 22.9711,
    10: 61.6196,
    20: 129.568,
    40: 214.695,
    50: 181.950,
    60: 138.033,
    80: 91.6641,
    120: 56.2631,
}


def heights(path: str) -> dict[float, float]:
    points = re.findall(r"([\d.]+) ([\d.]+)", path)
    return {(float(x) - LEFT) / WIDE_PER_MIN: GROUND - float(y) for x, y in points}


@pytest.mark.parametrize("minute", OUTSIDE_NG_PER_ML)
def test_the_line_has_the_shape_that_was_computed_elsewhere(minute: int) -> None:
    line = heights(the_hour().line)
    assert line[minute] / line[40] == pytest.approx(OUTSIDE_NG_PER_ML[minute] / OUTSIDE_NG_PER_ML[40], abs=0.002)


def test_the_line_lies_in_its_shade_and_the_shade_on_the_paper() -> None:
    outline = re.findall(r"([\d.]+) ([\d.]+)", the_hour().band)
    tops, bottoms = outline[:121], outline[:120:-1]
    line = heights(the_hour().line)
    for minute, ((_, top), (_, bottom)) in enumerate(zip(tops, bottoms, strict=True)):
        assert GROUND - float(bottom) - 0.1 <= line[minute] <= GROUND - float(top) + 0.1 <= HIGH + 0.2


def test_the_picture_says_that_it_is_estimated_and_that_yours_may_differ() -> None:
    html = html_of(HOUR.body)
    assert "Estimated, not measured" in html
    assert "Yours may differ" in html
    assert not re.search(r"%|ng/mL|clear-headed at", re.sub(r"<[^>]+>", "", html))


def test_the_list_under_it_says_the_same_without_scripts() -> None:
    html = html_of(HOUR.body)
    assert len(re.findall(r'<li data-from="\d+">', html)) == 4
    assert '<div class="scrub" hidden>' in html
