"""Of many things that happened at once, which is written down first, and which is told first?"""

from __future__ import annotations

from stillroom.core.infusion import entries as e
from stillroom.core.safety.priority import Priority

GRAVE = list(Priority).index(Priority.HIGH)


def urgency(fact: e.Fact) -> int:
    """The lower, the sooner: alarms that begin by their priority, a call for help with the gravest; what people did,
    calls and what became of monitors with the medium ones; that an alarm was shown or is over, last.
    """
    if isinstance(fact, e.AlarmRaised):
        return list(Priority).index(fact.priority)
    if isinstance(fact, e.HelpCalled):
        return GRAVE
    return len(Priority) if isinstance(fact, e.AlarmShown | e.AlarmCleared) else GRAVE + 1
