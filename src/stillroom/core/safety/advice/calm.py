"""Fright, and high anxiety before the start: what calms first, before anything is given or changed."""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Code, Step, Sure

ANXIOUS_FROM = 5
"""Of ten: where a patient's distress is worth a glance. Source: safety note 2.4, the lowest of its three levels."""


def advise_fright(score: int | None) -> tuple[Advice, ...]:
    """While the drip is in use. Each thing that calms is a step of one sheet; slower and pause are among them."""
    if score is None or score < ANXIOUS_FROM:
        return ()
    steps = (Step.CALM, Step.SLOWER, Step.PAUSE)
    return (Advice(code=Code.FRIGHT, level=score, sure=Sure.SAID, steps=steps, saw={"score": str(score)}),)


def advise_anxious_before(score: int | None) -> tuple[Advice, ...]:
    """Before the start there is time: high anxiety then makes a fright more likely."""
    if score is None or score < ANXIOUS_FROM:
        return ()
    steps = (Step.CALM, Step.WAIT)
    return (Advice(code=Code.ANXIOUS_BEFORE, level=score, sure=Sure.SAID, steps=steps, saw={"score": str(score)}),)
