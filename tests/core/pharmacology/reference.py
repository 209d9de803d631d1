"""The concentrations that others computed (tests/scenarios/pk_reference.csv), and the infusions they belong to."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from stillroom.core.pharmacology import Body, RateSegment

SCENARIOS = Path(__file__).parents[2] / "scenarios"
_EFFECT_SITE = "__effect_site_thalf8.3min"

# Their name for a model -> ours.
OURS = {
    "kamp2020_allometric": "kamp2020",
    "kamp2020_linear": "kamp2020_linear",
    "domino_stanpumpr": "domino1984",
    "clements250": "clements1981",
    "hijazi": "hijazi2003",
    "perezruixo2021_S_ketamine": "perezruixo2021",
}


@dataclass(frozen=True)
class Infusion:
    """One of the four: a man of 40 years, 175 cm; the dose given at a constant rate."""

    weight_kg: float
    dose_mg_per_kg: float
    duration_min: float

    @property
    def body(self) -> Body:
        return Body(age_y=40, weight_kg=self.weight_kg)

    @property
    def segments(self) -> tuple[RateSegment, ...]:
        rate_mg_per_min = self.dose_mg_per_kg * self.weight_kg / self.duration_min
        return (RateSegment(0, self.duration_min, rate_mg_per_min),)


INFUSIONS = {
    "R1_70kg_0.5mgkg_40min": Infusion(70, 0.5, 40),
    "R2_50kg_0.5mgkg_40min": Infusion(50, 0.5, 40),
    "R3_120kg_0.5mgkg_40min": Infusion(120, 0.5, 40),
    "R4_70kg_1.0mgkg_60min": Infusion(70, 1.0, 60),
}


@dataclass(frozen=True)
class Curve:
    """All rows of one model, scenario and source, in the order of the file."""

    model: str
    scenario: str
    source: str
    is_effect_site: bool
    t_min: tuple[float, ...]
    conc_ng_per_ml: tuple[float, ...]

    @property
    def is_exact(self) -> bool:
        return self.source.startswith("exact")

    @property
    def infusion(self) -> Infusion:
        return INFUSIONS[self.scenario]

    def __str__(self) -> str:
        site = "effect site" if self.is_effect_site else "plasma"
        return f"{self.model}-{site}-{self.scenario[:2]}-{self.source.split()[0]}"


def curves() -> list[Curve]:
    """Every row of the file, gathered into curves."""
    gathered: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    with (SCENARIOS / "pk_reference.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            key = (row["model"], row["scenario"], row["source"])
            gathered.setdefault(key, []).append((float(row["t_min"]), float(row["conc_ng_per_ml"])))
    return [_curve(*key, rows) for key, rows in gathered.items()]


def _curve(model: str, scenario: str, source: str, rows: list[tuple[float, float]]) -> Curve:
    return Curve(
        model=model.removesuffix(_EFFECT_SITE),
        scenario=scenario,
        source=source,
        is_effect_site=model.endswith(_EFFECT_SITE),
        t_min=tuple(t_min for t_min, _ in rows),
        conc_ng_per_ml=tuple(conc_ng_per_ml for _, conc_ng_per_ml in rows),
    )
