"""What is ordered: dose, time, bag, drip set, limits, observation, antiemetic, and the ways home."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.core.order.alarms import AlarmSettings
from stillroom.core.order.leaving import LeavingScore
from stillroom.core.order.observation import Observation


class Door(StrEnum):
    """The two ways out, and no third (safety requirement: discharge)."""

    WITH_ADULT = "with_adult"
    WHEN_CLEAR = "when_clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the drug reaches the vein: a gravity set of `drops_per_ml`, or a pump with its step and tolerance.

    `line_volume_ml` is what the tubing from bag to vein holds. `pump_tolerance` is a share, as the maker states it.
    """

    line_volume_ml: Decimal
    drops_per_ml: int | None = None
    pump_step_ml_per_h: Decimal | None = None
    pump_tolerance: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.drops_per_ml is None) == (self.pump_step_ml_per_h is None or self.pump_tolerance is None):
            raise ValueError("either a gravity set's drops_per_ml, or a pump's step and tolerance")


@dataclass(frozen=True, slots=True, kw_only=True)
class BagOrder:
    """How the bag is made: vial, fluid and its overfill, whether room is made for the drug, the syringe's mark."""

    vial_mg_per_ml: Decimal
    fluid_volume_ml: Decimal
    overfill_ml: Decimal
    makes_room: bool
    syringe_step_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLimits:
    """Pressure before the start: from `hold` a prescriber decides, with a reason; from `no_start` nobody starts."""

    hold_sbp_mmhg: int
    hold_dbp_mmhg: int
    no_start_sbp_mmhg: int
    no_start_dbp_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLimits:
    """What staff want to be told about while the drip runs; absolute values."""

    spo2_low_percent: int
    sbp_high_mmhg: int
    dbp_high_mmhg: int
    sbp_low_mmhg: int
    pulse_high_per_min: int
    pulse_low_per_min: int
    resp_low_per_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How often, in minutes, and how long the answers of a preflight or a set of vital signs stay good."""

    pressure_every_min: int
    watched_every_min: int
    recovery_check_every_min: int
    clear_checks_apart_min: int
    stay_at_least_min: int
    preflight_good_for_min: int
    vitals_good_for_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Antiemetic:
    """A medicine against nausea, and when: before the start, or held ready."""

    name: str
    dose_mg: Decimal
    before_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One infusion as ordered. Amounts are decimals as the prescriber wrote them; ketamine is mg of base.

    `alarms` of None: the order says nothing of its own, and `order.alarms.UNSIGNED` holds; likewise `observation`, and
    `UNASKED`. `leaving_score` of None: no score is asked for before a door opens. `second_check` is of the
    bag, `second_patient_check` of who sits there: a second person asks for name and birth date once more.
    """

    dose_mg_per_kg: Decimal
    duration_min: Decimal
    bag: BagOrder
    delivery: Delivery
    highest_rate_mg_per_kg_per_h: Decimal
    start_limits: StartLimits
    watch_limits: WatchLimits
    intervals: Intervals
    doors: tuple[Door, ...]
    second_check: bool
    may_start: tuple[str, ...]
    antiemetic: Antiemetic | None = None
    alarms: AlarmSettings | None = None
    leaving_score: LeavingScore | None = None
    second_patient_check: bool = False
    observation: Observation | None = None
