"""Which kinds of device can be enrolled? Every folder of `gateways` that holds a driver: one more folder, one more."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from stillroom import gateways
from stillroom.gateways.contract import Driver

LISTENED_FOR = "hl7"
"""The driver of devices that call us, which is what a monitor is enrolled under unless more is said."""


@cache
def drivers() -> dict[str, Driver]:
    """Every driver, by the name of its folder."""
    folders = sorted(path.parent.name for path in Path(gateways.__path__[0]).glob("*/driver.py"))
    found = {name: import_module(f"stillroom.gateways.{name}.driver").DRIVER for name in folders}
    return {name: driver for name, driver in found.items() if driver.name == name}


def called_drivers() -> list[Driver]:
    """Of devices that we call."""
    return [driver for driver in drivers().values() if driver.is_called]


def driver_of(name: str) -> Driver:
    """The driver a device was enrolled under. Raises KeyError where its folder is gone."""
    return drivers()[name]
