"""Vital signs: what a reading is, how far it may be believed, how old it is, and what the world calls it."""

from stillroom.core.vitals.freshness import Freshness, Lifetime, age_s, freshness_at, freshness_of, lifetime_of
from stillroom.core.vitals.monitor_alarm import MonitorAlarm, Silenced, Standing, Urgency, still_standing
from stillroom.core.vitals.plausible import SPANS, Span, flagged, is_possible
from stillroom.core.vitals.sample import Sample, Validity
from stillroom.core.vitals.signals import CUFF_SIGNALS, NOT_JUDGED, Signal

__all__ = [
    "CUFF_SIGNALS",
    "NOT_JUDGED",
    "SPANS",
    "Freshness",
    "Lifetime",
    "MonitorAlarm",
    "Sample",
    "Signal",
    "Silenced",
    "Span",
    "Standing",
    "Urgency",
    "Validity",
    "age_s",
    "flagged",
    "freshness_at",
    "freshness_of",
    "is_possible",
    "lifetime_of",
    "still_standing",
]
