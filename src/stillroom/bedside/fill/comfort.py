"""Comfort: how each item stands, what was wished for, what was tried for somebody frightened, and whether it helped."""

from __future__ import annotations

from stillroom.bedside import parts as p
from stillroom.bedside.situation import Situation
from stillroom.core.infusion.comfort import CHOICES, FELT, LIVELY, Calming, may_stay


def fill_comfort(now: Situation) -> tuple[p.ComfortRow, ...]:
    wished = dict(now.patient.wishes)
    return tuple(_row(now, item, wished.get(item)) for item in CHOICES)


def fill_calming(now: Situation) -> tuple[p.CalmRow, ...]:
    """What fits what was agreed: no hand where no touch is wanted, nobody called in who may not stay."""
    touch = now.state.comfort.get("touch")
    company = fill_company(now)
    hidden = {Calming.HAND} if touch and touch.fact.choice == "no" else set()
    hidden |= {Calming.COMPANION} if company.may_stay is False else set()
    return tuple(_calm(now, step) for step in Calming if step not in hidden)


def fill_company(now: Situation) -> p.Company:
    wish, leave = (_choice(now, item) for item in ("companion_wish", "companion_leave"))
    return p.Company(may_stay=may_stay(wish, leave), wish=wish, leave=leave)


def _choice(now: Situation, item: str) -> str | None:
    seen = now.state.comfort.get(item)
    return seen.fact.choice if seen else None


def _row(now: Situation, item: str, wished: str | None) -> p.ComfortRow:
    seen = now.state.comfort.get(item)
    if seen is None:
        return p.ComfortRow(item=item, codes=CHOICES[item], wished=wished)
    return p.ComfortRow(
        item=item,
        codes=CHOICES[item],
        choice=seen.fact.choice,
        seq=seen.seq,
        at=seen.occurred_at,
        by=now.name_of(seen.by),
        effect=now.state.effects.get(seen.seq),
        wished=wished,
        is_felt=item in FELT,
        is_lively=(item, seen.fact.choice) in LIVELY,
    )


def _calm(now: Situation, step: Calming) -> p.CalmRow:
    last = next((each for each in reversed(now.state.calmed) if each.fact.step == step), None)
    if last is None:
        return p.CalmRow(step=step)
    return p.CalmRow(step=step, seq=last.seq, at=last.occurred_at, effect=now.state.effects.get(last.seq))
