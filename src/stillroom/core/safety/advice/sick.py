"""Nausea: asked about before the start, met before it and during. What is given, and how much, is the order's."""

from __future__ import annotations

from stillroom.core.order import Antiemetic
from stillroom.core.safety.advice.advice import Advice, Code, Step, Sure
from stillroom.core.safety.nausea import EasilySick, not_asked, reasons_of


def advise_sick_before(known: EasilySick, ordered: Antiemetic | None, *, was_given: bool) -> tuple[Advice, ...]:
    """Before the start: easily sick and nothing is in against it, or nobody has asked."""
    reasons = reasons_of(known)
    if reasons and not was_given:
        step = Step.MEDICINE if ordered else Step.ASK_PRESCRIBER
        saw = {"because": " ".join(reasons), "most": str(known.most_nauseous or 0)} | _ordered(ordered)
        return (Advice(code=Code.SICK_BEFORE, level=0, sure=Sure.ON_RECORD, steps=(step,), saw=saw),)
    asked = not_asked(known)
    if asked and not reasons:
        saw = {"what": " ".join(asked)}
        return (Advice(code=Code.SICK_NOT_ASKED, level=0, sure=Sure.UNKNOWN, steps=(Step.ASK,), saw=saw),)
    return ()


def advise_sick(
    score: int | None,
    ordered: Antiemetic | None,
    *,
    was_given: bool,
    nauseous_from: int,
    is_dripping: bool = True,
) -> tuple[Advice, ...]:
    """While the drip is in use, and afterwards: a score that is worth doing something about.

    None: nobody asked, which is not zero.
    """
    if score is None or score < nauseous_from:
        return ()
    first = Step.MEDICINE if ordered and not was_given else Step.ASK_PRESCRIBER
    saw = {"score": str(score)} | ({"was_given": "yes"} if was_given else _ordered(ordered))
    steps = (first, *((Step.SLOWER, Step.PAUSE) if is_dripping else ()))
    return (Advice(code=Code.SICK, level=score, sure=Sure.SAID, steps=steps, saw=saw),)


def _ordered(ordered: Antiemetic | None) -> dict[str, str]:
    return {"name": ordered.name, "dose_mg": f"{ordered.dose_mg.normalize():f}"} if ordered else {}
