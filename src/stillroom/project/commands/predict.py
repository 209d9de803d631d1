"""`stillroom predict`: ketamine in the blood and at the effect site, by published models, for one adult."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.pharmacology import MODELS, Body, Course, Line, course
from stillroom.project.commands.predict_inputs import (
    Dosing,
    chosen_models,
    height_within_reason,
    sex_named,
    times_min,
)
from stillroom.project.commands.predict_words import ESTIMATED, said

REFUSED = 2
COLUMNS = ("model", "t_min", "plasma_ng_per_ml", "effect_site_ng_per_ml")
BAND_COLUMNS = ("t_min", "lower_ng_per_ml", "upper_ng_per_ml")


class Layout(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def predict(
    model: Annotated[
        list[str] | None,
        typer.Option(help=f"{', '.join(MODELS)}, or all. Repeat for several; without it the three of the room."),
    ] = None,
    weight_kg: Annotated[float | None, typer.Option(help="Used by every model but perezruixo2021.")] = None,
    age_y: Annotated[float | None, typer.Option(help="Adults only. perezruixo2021 uses it above 60.")] = None,
    sex: Annotated[str | None, typer.Option(help="male, female, other or unknown. No model uses it.")] = None,
    height_cm: Annotated[float | None, typer.Option(help="No model uses it.")] = None,
    dose_mg_per_kg: Annotated[float | None, typer.Option(help="Racemic ketamine base, at a constant rate.")] = None,
    duration_min: Annotated[float | None, typer.Option(help="How long that dose runs, from minute 0.")] = None,
    rates: Annotated[
        Path | None, typer.Option(help="Instead: a CSV file with start_min,end_min,rate_mg_per_min.")
    ] = None,
    at: Annotated[str, typer.Option(help="Minutes from the start, parted by commas.")] = "0,5,10,20,30,40,60,80,120",
    layout: Annotated[Layout, typer.Option("--format", help="12 significant digits in csv and json.")] = Layout.TABLE,
) -> None:
    """Estimate ketamine in plasma and at the effect site (half-life 8.3 min) by published models. Not a measurement.

    Refused, with a reason and exit code 2: children, what cannot be true, rates that make no sense.
    """
    dosing = Dosing(dose_mg_per_kg=dose_mg_per_kg, duration_min=duration_min, rates=rates)
    try:
        names = chosen_models(model or [])
        unused = _unused(names, sex=sex, height_cm=height_cm, weight_kg=weight_kg if rates else None)
        found = course(names, dosing.segments(weight_kg), _patient(age_y, weight_kg), times_min(at))
    except Refused as refused:
        for finding in refused.findings:
            typer.echo(said(finding), err=True)
        raise typer.Exit(REFUSED) from None
    _WRITERS[layout](found, [*unused, *_uses(found), *found.findings])


def _patient(age_y: float | None, weight_kg: float | None) -> Body:
    if age_y is None:
        raise refuse("age_missing")
    return Body(age_y=age_y, weight_kg=weight_kg)


def _unused(names: list[str], *, sex: str | None, height_cm: float | None, weight_kg: float | None) -> list[Finding]:
    """One note for every input that was given and changes nothing; a dose per kilogram always uses the weight."""
    fields = []
    if sex is not None:
        sex_named(sex)
        fields.append("sex")
    if height_cm is not None:
        height_within_reason(height_cm)
        fields.append("height_cm")
    if weight_kg is not None and not any("weight_kg" in MODELS[name].inputs for name in names if name in MODELS):
        fields.append("weight_kg")
    return [Finding("input_not_used", Severity.NOTE, {"field": field}) for field in fields]


def _uses(found: Course) -> list[Finding]:
    return [
        Finding("model_uses", Severity.NOTE, {"model": line.model, "inputs": ", ".join(MODELS[line.model].inputs)})
        for line in found.lines
    ]


def _rows(found: Course) -> list[tuple[str, float, float, float]]:
    """Model by model, times as asked for: model, t_min, plasma and effect site in ng/mL."""
    return [
        (line.model, *_twelve_digits(values))
        for line in found.lines
        for values in zip(found.t_min, line.plasma_ng_per_ml, line.effect_site_ng_per_ml, strict=True)
    ]


def _band(found: Course) -> list[tuple[float, float, float]]:
    """t_min and the plasma band, from and to, in ng/mL; none without a model of racemic ketamine."""
    if found.plasma_band is None:
        return []
    lower, upper = found.plasma_band.lower_ng_per_ml, found.plasma_band.upper_ng_per_ml
    return [_twelve_digits(values) for values in zip(found.t_min, lower, upper, strict=True)]


def _twelve_digits(values: tuple[float, float, float]) -> tuple[float, float, float]:
    first, second, third = (float(f"{value:.12g}") for value in values)
    return first, second, third


def _write_csv(found: Course, notes: list[Finding]) -> None:
    """The numbers alone on standard output; what must be said beside them on standard error."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((name, *(f"{value:.12g}" for value in values)) for name, *values in _rows(found))
    _say([note for note in notes if note.code != "spread_assumed"], err=True)  # these columns hold no band


def _write_json(found: Course, notes: list[Finding]) -> None:
    answer = {
        "estimated_not_measured": ESTIMATED,
        "rows": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(found)],
        "plasma_band": [dict(zip(BAND_COLUMNS, row, strict=True)) for row in _band(found)],
        "models": [_told(line) for line in found.lines],
        "notes": [{"code": note.code, "says": said(note)} for note in notes],
    }
    typer.echo(json.dumps(answer, indent=2))


def _told(line: Line) -> dict[str, object]:
    model = MODELS[line.model]
    return {"model": model.name, "drug": model.drug, "sampling": model.sampling, "source": model.source}


def _write_table(found: Course, notes: list[Finding]) -> None:
    typer.echo(f"{'model':<16} {'min':>7} {'plasma ng/mL':>14} {'effect site ng/mL':>19}")
    for name, t_min, plasma_ng_per_ml, effect_site_ng_per_ml in _rows(found):
        typer.echo(f"{name:<16} {t_min:>7g} {plasma_ng_per_ml:>14.1f} {effect_site_ng_per_ml:>19.1f}")
    for t_min, lower_ng_per_ml, upper_ng_per_ml in _band(found):
        typer.echo(f"{'band':<16} {t_min:>7g} {f'{lower_ng_per_ml:.0f} to {upper_ng_per_ml:.0f}':>14}")
    typer.echo("")
    _say(notes, err=False)


def _say(notes: list[Finding], *, err: bool) -> None:
    typer.echo(ESTIMATED, err=err)
    for note in notes:
        typer.echo(said(note), err=err)


_WRITERS = {Layout.TABLE: _write_table, Layout.CSV: _write_csv, Layout.JSON: _write_json}
