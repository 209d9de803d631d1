"""Advice: what an experienced pair of eyes would say now. It says what it saw and how sure it is, and it never acts.

A person reads it, does something or not, and dismisses it with one tap. It raises, clears, answers and silences no
alarm, and no alarm knows of it. What may say that a drip runs too slowly is `pace` alone, which is never told how
anybody feels.
Sources and choices: docs/clinical/advice.md.
"""

from stillroom.core.safety.advice.advice import WORSE_BY, Advice, Beyond, Code, Sign, Step, Sure
from stillroom.core.safety.advice.again import Dismissals, is_said, may_be_dismissed
from stillroom.core.safety.advice.calm import advise_anxious_before, advise_fright
from stillroom.core.safety.advice.fast import advise_too_fast
from stillroom.core.safety.advice.glance import advise_glance
from stillroom.core.safety.advice.pace import advise_pace
from stillroom.core.safety.advice.sick import advise_sick, advise_sick_before
from stillroom.core.safety.advice.site import advise_line_site

__all__ = [
    "WORSE_BY",
    "Advice",
    "Beyond",
    "Code",
    "Dismissals",
    "Sign",
    "Step",
    "Sure",
    "advise_anxious_before",
    "advise_fright",
    "advise_glance",
    "advise_line_site",
    "advise_pace",
    "advise_sick",
    "advise_sick_before",
    "advise_too_fast",
    "is_said",
    "may_be_dismissed",
]
