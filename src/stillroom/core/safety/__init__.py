"""Safety judges: limits of the drug library, findings, what must be answered before a start.

Every order and every rate passes `judge_order` or `judge_rate`; there is no other enforcement point. Hard limits
refuse, soft limits ask for a reason and a prescriber, nothing is clamped. Slower, pause and stop are never judged.
"""

from stillroom.core.safety.library import Band, Limits
from stillroom.core.safety.limits import judge_order, judge_rate
from stillroom.core.safety.preflight import ITEMS, PreflightItem, Reply, judge_preflight

__all__ = ["ITEMS", "Band", "Limits", "PreflightItem", "Reply", "judge_order", "judge_preflight", "judge_rate"]
