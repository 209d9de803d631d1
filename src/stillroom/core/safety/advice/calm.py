"""Fright, and high anxiety before the start: what calms first, before anything is given or changed."""

from __future__ import annotations

from stillroom.core.safety.advice.advice import Advice, Beyond, Code, Step, Sure


def advise_fright(
    score: int | None, beyond: Beyond | None = None, *, anxious_from: int, is_dripping: bool = True
) -> tuple[Advice, ...]:
    """While the drip is in use, and afterwards. Each thing that calms is a step of one sheet; of a drip, slower and
    pause are among them.

    `anxious_from`: the order's, of ten. `beyond`: it is more than the order allows, so it may be too fast too. That is
    said here, and nowhere else besides.
    """
    if score is None or (score < anxious_from and beyond is None):
        return ()
    steps, saw = (Step.CALM, *((Step.SLOWER, Step.PAUSE) if is_dripping else ())), {"score": str(score)}
    found = (beyond,) if beyond else ()
    return (Advice(code=Code.FRIGHT, level=score, sure=Sure.SAID, steps=steps, saw=saw, beyond=found),)


def advise_anxious_before(score: int | None, *, anxious_from: int) -> tuple[Advice, ...]:
    """Before the start there is time: high anxiety then makes a fright more likely."""
    if score is None or score < anxious_from:
        return ()
    steps = (Step.CALM, Step.WAIT)
    return (Advice(code=Code.ANXIOUS_BEFORE, level=score, sure=Sure.SAID, steps=steps, saw={"score": str(score)}),)
