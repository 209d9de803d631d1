"""Fright, and high anxiety before the start: what calms first, before anything is given or changed."""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Beyond, Code, Step, Sure

ANXIOUS_FROM = 5
"""Of ten: where a patient's distress is worth a glance. Source: safety note 2.4, the lowest of its three levels."""


def advise_fright(score: int | None, beyond: Beyond | None = None) -> tuple[Advice, ...]:
    """While the drip is in use. Each thing that calms is a step of one sheet; slower and pause are among them.

    `beyond`: it is more than the order allows, so it may be too fast too. That is said here, and nowhere else besides.
    """
    if score is None or (score < ANXIOUS_FROM and beyond is None):
        return ()
    steps, saw = (Step.CALM, Step.SLOWER, Step.PAUSE), {"score": str(score)}
    found = (beyond,) if beyond else ()
    return (Advice(code=Code.FRIGHT, level=score, sure=Sure.SAID, steps=steps, saw=saw, beyond=found),)


def advise_anxious_before(score: int | None) -> tuple[Advice, ...]:
    """Before the start there is time: high anxiety then makes a fright more likely."""
    if score is None or score < ANXIOUS_FROM:
        return ()
    steps = (Step.CALM, Step.WAIT)
    return (Advice(code=Code.ANXIOUS_BEFORE, level=score, sure=Sure.SAID, steps=steps, saw={"score": str(score)}),)
