"""What a device says in an example, whatever it speaks: each driver's `examples.py` writes it as its own wire does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

AT = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)

PERCENT = ("262688", "MDC_DIM_PERCENT")
MMHG = ("266016", "MDC_DIM_MMHG")
KPA = ("265987", "MDC_DIM_KILO_PASCAL")
NOT_IN_THE_TABLE = ("268738", "MDC_DIM_NOT_IN_THE_TABLE")

SPO2 = ("150456", "MDC_PULS_OXIM_SAT_O2")
SBP = ("150021", "MDC_PRESS_BLD_NONINV_SYS")
NOT_KEPT = ("153856", "MDC_PRESS_INTRA_CRAN")

WELL, INVALID, QUESTIONABLE, CALIBRATING, DEMONSTRATING = "well", "invalid", "questionable", "calibration", "demo"


@dataclass(frozen=True)
class Said:
    """One number. `validity` is one of the words above; `at` of None: it does not say when."""

    named: tuple[str, str] = SPO2
    value: str = "97"
    unit: tuple[str, str] = PERCENT
    at: datetime | None = AT
    validity: str = WELL
