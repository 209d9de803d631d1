"""What does one order say otherwise than another?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from stillroom.core.order.order import Order


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `field` is its path in the order, as "bag.fluid_volume_ml"; both values as they stand."""

    field: str
    before: Any
    after: Any


def changes(before: Order, after: Order) -> tuple[Change, ...]:
    """Everything that differs, in the order of the fields; 40 and 40.0 are the same."""
    return tuple(_differences("", before, after))


def _differences(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if type(before) is type(after) and is_dataclass(before):
        for field in fields(before):
            inner = f"{path}.{field.name}" if path else field.name
            yield from _differences(inner, getattr(before, field.name), getattr(after, field.name))
        return
    yield Change(path, before, after)
