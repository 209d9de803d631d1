"""The tables of docs/clinical/pharmacology.md, drawn from where the numbers live.

`python -m tests.core.pharmacology.clinical_page` writes them anew between their marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import log
from pathlib import Path

import numpy as np

from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, ParameterSet, course
from stillroom.core.pharmacology.below import below
from stillroom.core.pharmacology.calibration import COVERAGE, holds_as_stated
from stillroom.core.pharmacology.compartments import modes_of
from stillroom.core.pharmacology.effects import perception
from stillroom.core.pharmacology.models import compartments_of
from stillroom.core.pharmacology.parameters import EFFECT_SITE_HALF_LIFE, NORESKETAMINE2021, Parameter, Range
from stillroom.core.pharmacology.prior import ASSUMED, Belief
from stillroom.core.pharmacology.series import SERIES, Measure, Rise, Series

PAGE = Path(__file__).parents[3] / "docs" / "clinical" / "pharmacology.md"
USUAL = Body(age_y=40, weight_kg=70)
TRUTHS = tuple(dict.fromkeys(each.truth for each in COVERAGE))
TIMES_MIN = (5, 20, 40, 45, 60, 120, 240)
DRIP_MIN = 40
DRIP = ((0.0, float(DRIP_MIN), 0.5 * 70 / DRIP_MIN),)
LEVELS_NG_PER_ML = (100.0, 50.0, 25.0)
PERCEPTION_MIN = (10, 20, 40, 60, 80, 120, 180)


def tables() -> dict[str, str]:
    """Name of a mark in the page -> the table that stands there."""
    return {
        "models": _table(
            ("model", "substance", "sampling", "made from", "uses", "age", "weight"), map(_model, MODELS.values())
        ),
        "parameters": _table(("model", "parameters (spread between people, where published)"), _parameters()),
        "sources": _table(("model", "source", "transcribed from", "checked by"), map(_source, MODELS.values())),
        "derived": _table(("model", "clearance, L/h", "half-lives, min"), map(_derived, MODELS.values())),
        "coverage": _table(("learned by", *(f"true: `{name}`" for name in TRUTHS), "90 % stated"), _coverage()),
        "traits": _table(("what may move", "unit", "before any score: median and 90 % of belief", "why"), _traits()),
        "levels": _table(("model", *(f"{t_min} min" for t_min in TIMES_MIN)), _levels()),
    }


def tables_of_effects() -> dict[str, str]:
    """The same for what is not of one model."""
    return {
        "below": _table(
            ("level, plasma", *(MODELS[name].title for name in ROOM_MODELS), "with 30 % assumed"), _below()
        ),
        "perception": _table(("minute", "at least", "at most"), _perception()),
        "series": _table(
            ("series", "what it measured", "pressure", "pulse", "in whom", "source"), map(_series, SERIES)
        ),
    }


def drawn(page: str) -> str:
    """The page with every table as it must be."""
    for name, table in (tables() | tables_of_effects()).items():
        page, count = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", rf"\g<1>{_plain(table)}\n\g<2>", page, flags=re.DOTALL
        )
        if count != 1:
            raise ValueError(f"the page has {count} places for {name}")
    return page


def _plain(table: str) -> str:
    return table.replace("\\", r"\\")


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (header, tuple("---" for _ in header), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _model(model: ParameterSet) -> tuple[str, ...]:
    drawn_in_room = " (drawn in the room)" if model.name in ROOM_MODELS else ""
    uses = ", ".join(name.split("_")[0] for name in model.inputs)
    return (
        f"`{model.name}`{drawn_in_room}",
        str(model.drug),
        str(model.sampling),
        model.population,
        uses,
        _range(model.age_y, "y"),
        _range(model.weight_kg, "kg"),
    )


def _range(span: Range, unit: str) -> str:
    return f"{span.lower:g} to {span.upper:g} {unit}, {'stated' if span.is_stated else 'assumed'}"


def _parameters() -> Iterable[tuple[str, ...]]:
    for model in MODELS.values():
        yield f"`{model.name}`", "; ".join(map(_parameter, model.parameters))
    yield "noresketamine, shape only", "; ".join(map(_parameter, NORESKETAMINE2021))
    yield "effect site", _parameter(EFFECT_SITE_HALF_LIFE)


def _parameter(parameter: Parameter) -> str:
    said = f"{parameter.name} {parameter.value:g}" + ("" if parameter.unit == "1" else f" {parameter.unit}")
    if parameter.interval:
        said += f" ({parameter.lower:g} to {parameter.upper:g}, {parameter.interval})"
    if parameter.cv_percent is not None:
        said += f" (CV {parameter.cv_percent:g} %)"
    return said


def _source(model: ParameterSet) -> tuple[str, ...]:
    return f"`{model.name}`", model.source, model.transcribed_from, model.checked_by


def _derived(model: ParameterSet) -> tuple[str, ...]:
    modes = modes_of(compartments_of(model, USUAL))
    clearance_l_per_h = 60 / float(np.sum(modes.share_per_l[0] / modes.decay_per_min))
    half_lives = ", ".join(f"{log(2) / rate:.3g}" for rate in modes.decay_per_min)
    return f"`{model.name}`", f"{clearance_l_per_h:.1f}", half_lives


def _levels() -> Iterable[tuple[str, ...]]:
    for line in course(MODELS, [(0, 40, 0.5 * 70 / 40)], USUAL, TIMES_MIN).lines:
        yield f"`{line.model}`", *(f"{value:.0f}" for value in line.plasma_ng_per_ml)


def _below() -> Iterable[tuple[str, ...]]:
    """Minutes after the end of the drip."""
    for found in below(ROOM_MODELS, DRIP, USUAL, LEVELS_NG_PER_ML):
        span = found.spread_span
        times = (f"{each.from_min - DRIP_MIN:.0f} min" for each in found.models if each.from_min is not None)
        assert span is not None
        wide = f"{span.earliest_min - DRIP_MIN:.0f} to {span.latest_min - DRIP_MIN:.0f} min"
        yield f"{found.level_ng_per_ml:g} ng/mL", *times, wide


def _perception() -> Iterable[tuple[str, ...]]:
    found = perception(DRIP, USUAL, PERCEPTION_MIN)
    for t_min, lower, upper in zip(PERCEPTION_MIN, found.lower, found.upper, strict=True):
        yield f"{t_min}", f"{lower * 100:.0f} %", f"{upper * 100:.0f} %"


MEASURED = {
    Measure.MEAN_AT_ONE_TIME: "mean rise of all at fixed times, the largest",
    Measure.MEAN_OF_PEAKS: "mean of each one's peak",
    Measure.SHARE_ABOVE: "share of people who came to a line",
    Measure.BACK_TO_BASELINE: "when all were back",
}


def _series(series: Series) -> tuple[str, ...]:
    rises = {rise.sign: rise for rise in series.rises}
    pressure = [_rise(rises[sign], word) for sign, word in (("sbp_mmhg", "SBP"), ("dbp_mmhg", "DBP")) if sign in rises]
    pulse = _rise(rises["pulse_per_min"], "") if "pulse_per_min" in rises else "-"
    if series.share_percent is not None:
        treated = f"{series.share_treated_percent:g} % of them needed a medicine"
        pressure.append(f"{series.share_percent:g} % came to {series.line_mmhg}; {treated}")
    if series.back_within_h is not None:
        pressure, pulse = [f"within {series.back_within_h:g} h"], f"within {series.back_within_h:g} h"
    if series.at_min is not None:
        pressure.append(f"at {series.at_min} min")
    if not series.is_read:
        pressure = ["its peaks are not read yet, so not here"]
    return series.title, MEASURED[series.measure], ", ".join(pressure), pulse, series.people, series.source


def _rise(rise: Rise, word: str) -> str:
    interval = "" if rise.lower is None else f" ({rise.lower:g} to {rise.upper:g})"
    return f"{word} +{rise.value:g}{interval}".strip()


def _coverage() -> Iterable[tuple[str, ...]]:
    found = {(each.fitted, each.truth): each.percent for each in COVERAGE}
    for name in ROOM_MODELS:
        stated = "yes" if holds_as_stated(name) else "no"
        yield f"`{name}`", *(f"{found[name, truth]:.1f} %" for truth in TRUTHS), stated


def _traits() -> Iterable[tuple[str, ...]]:
    for assumed in ASSUMED:
        belief = Belief.of_log(log(assumed.median), assumed.sd_log)
        spread = f"{belief.median:.3g} ({belief.lower:.3g} to {belief.upper:.3g})"
        yield f"`{assumed.trait}`", assumed.unit, spread, assumed.basis


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text()))
