"""Does the patient show more than the order allows? Then slower, or a pause, may be wanted."""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Beyond, Code, Step, Sure


def advise_too_fast(beyond: tuple[Beyond, ...]) -> tuple[Advice, ...]:
    """One for all signs together, the more of them the worse; what was measured is surer than what was said."""
    if not beyond:
        return ()
    sure = Sure.SEEN if any(each.is_measured for each in beyond) else Sure.SAID
    steps = (Step.SLOWER, Step.PAUSE, Step.LOOK)
    return (Advice(code=Code.TOO_FAST, level=len(beyond), sure=sure, steps=steps, beyond=beyond),)
