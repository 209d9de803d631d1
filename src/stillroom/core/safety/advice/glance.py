"""Is a figure worth a glance, though nobody is called for it?"""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Beyond, Code, Sign, Step, Sure

PRESSURES = frozenset({Sign.SBP, Sign.SBP_LOW, Sign.DBP, Sign.SBP_RISEN, Sign.DBP_RISEN})


def advise_glance(seen: tuple[Beyond, ...]) -> tuple[Advice, ...]:
    """One for all signs together. A pressure may be measured again by hand; a look tells the rest."""
    if not seen:
        return ()
    measure = (Step.MEASURE,) if any(each.sign in PRESSURES for each in seen) else ()
    return (Advice(code=Code.GLANCE, level=len(seen), sure=Sure.SEEN, steps=(Step.LOOK, *measure), beyond=seen),)
