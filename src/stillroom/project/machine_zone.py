"""Which time zone does this machine keep? For the demo, whose clinic stands wherever it is started."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import available_timezones

LOCALTIME = Path("/etc/localtime")
ZONES = "zoneinfo/"


def zone_of_this_machine(localtime: Path = LOCALTIME) -> str:
    """Its name in the IANA database, from TZ or from where /etc/localtime leads; UTC where neither says."""
    _, _, linked = str(localtime.resolve()).rpartition(ZONES)
    said = (os.environ.get("TZ", "").removeprefix(":"), linked)
    return next((name for name in said if name in available_timezones()), "UTC")
