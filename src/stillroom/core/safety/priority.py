"""How urgent is a condition? Read from one table, by the harm that may come and how soon it may come.

IEC 60601-1-8, table 1, as quoted in Open PCA Pump Requirements 1.0.0, table 3. A condition's harm and onset are stated
beside its name; its priority is never written down anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Priority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Harm(StrEnum):
    """What may come of it if nobody does anything."""

    IRREVERSIBLE = "death or irreversible injury"
    REVERSIBLE = "reversible injury"
    MINOR = "minor injury or discomfort"


class Onset(StrEnum):
    """How soon."""

    IMMEDIATE = "immediate"  # no time for somebody to come
    PROMPT = "prompt"  # time to come, not to finish something else
    DELAYED = "delayed"


PRIORITIES: Mapping[tuple[Harm, Onset], Priority] = MappingProxyType(
    {
        (Harm.IRREVERSIBLE, Onset.IMMEDIATE): Priority.HIGH,
        (Harm.IRREVERSIBLE, Onset.PROMPT): Priority.HIGH,
        (Harm.IRREVERSIBLE, Onset.DELAYED): Priority.MEDIUM,
        (Harm.REVERSIBLE, Onset.IMMEDIATE): Priority.HIGH,
        (Harm.REVERSIBLE, Onset.PROMPT): Priority.MEDIUM,
        (Harm.REVERSIBLE, Onset.DELAYED): Priority.LOW,
        (Harm.MINOR, Onset.IMMEDIATE): Priority.MEDIUM,
        (Harm.MINOR, Onset.PROMPT): Priority.LOW,
        (Harm.MINOR, Onset.DELAYED): Priority.LOW,
    }
)


@dataclass(frozen=True, slots=True)
class Hazard:
    """What a condition may lead to, and how soon. `hazard` is its row in docs/clinical/alarms.md."""

    hazard: str
    harm: Harm
    onset: Onset

    @property
    def priority(self) -> Priority:
        return PRIORITIES[self.harm, self.onset]


CONDITIONS: Mapping[str, Hazard] = MappingProxyType(
    {
        "spo2_low": Hazard("H-01", Harm.REVERSIBLE, Onset.PROMPT),
        "spo2_grave": Hazard("H-01", Harm.IRREVERSIBLE, Onset.IMMEDIATE),
        "spo2_missing": Hazard("H-01", Harm.IRREVERSIBLE, Onset.PROMPT),
        "resp_low": Hazard("H-01", Harm.REVERSIBLE, Onset.PROMPT),
        "resp_grave": Hazard("H-01", Harm.IRREVERSIBLE, Onset.IMMEDIATE),
        "resp_missing": Hazard("H-01", Harm.REVERSIBLE, Onset.DELAYED),
        "sbp_high": Hazard("H-02", Harm.REVERSIBLE, Onset.PROMPT),
        "sbp_grave_high": Hazard("H-02", Harm.IRREVERSIBLE, Onset.PROMPT),
        "dbp_high": Hazard("H-02", Harm.REVERSIBLE, Onset.PROMPT),
        "dbp_grave_high": Hazard("H-02", Harm.IRREVERSIBLE, Onset.PROMPT),
        "sbp_low": Hazard("H-03", Harm.REVERSIBLE, Onset.PROMPT),
        "sbp_grave_low": Hazard("H-03", Harm.IRREVERSIBLE, Onset.PROMPT),
        "pressure_with_symptom": Hazard("H-02", Harm.IRREVERSIBLE, Onset.PROMPT),
        "pulse_high": Hazard("H-04", Harm.REVERSIBLE, Onset.PROMPT),
        "pulse_grave_high": Hazard("H-04", Harm.IRREVERSIBLE, Onset.PROMPT),
        "pulse_low": Hazard("H-04", Harm.REVERSIBLE, Onset.PROMPT),
        "pulse_grave_low": Hazard("H-04", Harm.IRREVERSIBLE, Onset.PROMPT),
        "hard_to_rouse": Hazard("H-05", Harm.REVERSIBLE, Onset.PROMPT),
        "cannot_be_roused": Hazard("H-05", Harm.IRREVERSIBLE, Onset.IMMEDIATE),
        "monitor_lost": Hazard("H-06", Harm.IRREVERSIBLE, Onset.DELAYED),
        "probe_fault": Hazard("H-06", Harm.IRREVERSIBLE, Onset.DELAYED),
        "probe_frozen": Hazard("H-06", Harm.IRREVERSIBLE, Onset.DELAYED),
        "leads_off": Hazard("H-06", Harm.REVERSIBLE, Onset.DELAYED),
        "leads_missing": Hazard("H-06", Harm.REVERSIBLE, Onset.DELAYED),
        "leads_frozen": Hazard("H-06", Harm.REVERSIBLE, Onset.DELAYED),
        "cuff_fault": Hazard("H-06", Harm.REVERSIBLE, Onset.DELAYED),
        "monitor_fault": Hazard("H-06", Harm.REVERSIBLE, Onset.DELAYED),
        "pressure_overdue": Hazard("H-07", Harm.REVERSIBLE, Onset.DELAYED),
        "pressure_long_overdue": Hazard("H-07", Harm.IRREVERSIBLE, Onset.DELAYED),
        "watch_overdue": Hazard("H-07", Harm.REVERSIBLE, Onset.DELAYED),
        "watch_long_overdue": Hazard("H-07", Harm.IRREVERSIBLE, Onset.DELAYED),
        "saturation_overdue": Hazard("H-07", Harm.REVERSIBLE, Onset.DELAYED),
        "saturation_long_overdue": Hazard("H-07", Harm.IRREVERSIBLE, Onset.DELAYED),
        "detached_overdue": Hazard("H-07", Harm.REVERSIBLE, Onset.DELAYED),
        "stream_running": Hazard("H-08", Harm.IRREVERSIBLE, Onset.IMMEDIATE),
        "doubt_lasts": Hazard("H-09", Harm.REVERSIBLE, Onset.PROMPT),
        "paused_long": Hazard("H-10", Harm.MINOR, Onset.PROMPT),
        "paused_too_long": Hazard("H-10", Harm.REVERSIBLE, Onset.PROMPT),
        "end_overdue": Hazard("H-11", Harm.REVERSIBLE, Onset.DELAYED),
        "check_overdue": Hazard("H-07", Harm.REVERSIBLE, Onset.DELAYED),
        "check_long_overdue": Hazard("H-07", Harm.IRREVERSIBLE, Onset.DELAYED),
        "distress_high": Hazard("H-13", Harm.REVERSIBLE, Onset.PROMPT),
        "line_endangered": Hazard("H-13", Harm.REVERSIBLE, Onset.IMMEDIATE),
        "nausea_high": Hazard("H-13", Harm.REVERSIBLE, Onset.PROMPT),
        "review_wanted": Hazard("H-14", Harm.REVERSIBLE, Onset.PROMPT),
        "drops_and_bag_differ": Hazard("H-15", Harm.REVERSIBLE, Onset.PROMPT),
        "disk_reserve_in_use": Hazard("H-16", Harm.IRREVERSIBLE, Onset.DELAYED),
        "no_screen": Hazard("H-12", Harm.IRREVERSIBLE, Onset.DELAYED),
    }
)
"""Every condition that Stillroom watches for, by its name. Names say the sign they are about first."""
