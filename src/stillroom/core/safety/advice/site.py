"""Does the drip run into the vein? A doubtful line site may mean that it runs beside it."""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Code, Step, Sure


def advise_line_site(*, is_doubtful: bool, may_run: bool) -> tuple[Advice, ...]:
    """What runs is paused first; whether the line stays, whoever looks at the arm decides."""
    if not is_doubtful:
        return ()
    first = (Step.PAUSE,) if may_run else ()
    steps = (*first, Step.LOOK_AT_ARM, Step.NEW_LINE, Step.LOOK)
    return (Advice(code=Code.LINE_SITE, level=0, sure=Sure.SAID, steps=steps),)
