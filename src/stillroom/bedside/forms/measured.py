"""What is measured on a patient, as it is typed: bounds are the core's, which only stop slips of the finger."""

from __future__ import annotations

from decimal import Decimal

from stillroom.core.drip.quantities import Quantity
from stillroom.core.infusion.plausible import BOUNDS

SOURCE = "core/infusion/plausible.py: wider than the extremes survived in published case reports"


def measured(name: str, unit: str, decimals: int = 0) -> Quantity:
    """The quantity that the field `name` of a fact holds."""
    lowest, highest = map(Decimal, BOUNDS[name])
    return Quantity(name=name, unit=unit, decimals=decimals, lowest=lowest, highest=highest, source=SOURCE)


SBP_MMHG = measured("sbp_mmhg", "mmHg")
DBP_MMHG = measured("dbp_mmhg", "mmHg")
PULSE_PER_MIN = measured("pulse_per_min", "per min")
SPO2_PERCENT = measured("spo2_percent", "%")
RESP_PER_MIN = measured("resp_per_min", "per min")
BREATHS_PER_MIN = measured("breaths_per_min", "per min")
TEMPERATURE_CEL = measured("temperature_cel", "°C", decimals=1)
OXYGEN_L_PER_MIN = measured("oxygen_l_per_min", "L/min", decimals=1)
AMOUNT = measured("amount", "", decimals=4)
