"""What a clinic's first protocol is written from: the shipped template, which is nobody's order until it is signed."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from stillroom.core.order import (
    UNSIGNED,
    UNSIGNED_OBSERVATION,
    BagOrder,
    Delivery,
    Door,
    Intervals,
    Order,
    StartLimits,
    WatchLimits,
)


def template_order(doors: Sequence[Door]) -> Order:
    """The template with the ways home that the clinic opens; with each number that holds where an order is silent."""
    text = files("stillroom.protocols").joinpath("libraries", "protocol.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    return Order(
        dose_mg_per_kg=Decimal(said["dose_mg_per_kg"]),
        duration_min=Decimal(said["duration_min"]),
        bag=BagOrder(**_amounts(said["bag"])),
        delivery=Delivery(**_amounts(said["delivery"])),
        highest_rate_mg_per_kg_per_h=Decimal(said["highest_rate_mg_per_kg_per_h"]),
        start_limits=StartLimits(**said["start_limits"]),
        watch_limits=WatchLimits(**said["watch_limits"]),
        intervals=Intervals(**said["intervals"]),
        doors=tuple(doors),
        second_check=said["second_check"],
        may_start=tuple(said["may_start"]),
        alarms=UNSIGNED,
        observation=UNSIGNED_OBSERVATION,
    )


def _amounts(said: dict[str, Any]) -> dict[str, Any]:
    """Amounts stand as text, so that they are kept as written."""
    return {name: Decimal(value) if isinstance(value, str) else value for name, value in said.items()}
