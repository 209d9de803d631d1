"""Safety judges: limits of the drug library, findings, what must be answered before a start.

Every order passes `judge_order` and `judge_known`, every rate `judge_rate`; there is no other enforcement point.
Hard limits refuse, soft limits ask for a reason and a prescriber, nothing is clamped. Slower, pause and stop are never
judged.
"""

from stillroom.core.safety.known import Known, judge_known
from stillroom.core.safety.library import Band, CourseLimits, Limits
from stillroom.core.safety.limits import judge_order, judge_protocol, judge_rate
from stillroom.core.safety.preflight import ITEMS, PreflightItem, Reply, judge_preflight

__all__ = [
    "ITEMS",
    "Band",
    "CourseLimits",
    "Known",
    "Limits",
    "PreflightItem",
    "Reply",
    "judge_known",
    "judge_order",
    "judge_preflight",
    "judge_protocol",
    "judge_rate",
]
