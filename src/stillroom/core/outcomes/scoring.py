"""What does a filled-in questionnaire score? A form with a question left out has no score: none is made up for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.core.errors import refuse
from stillroom.core.outcomes.instruments import QIDS_SR16, Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A total with the band it fell into under the instrument's version. `total` is None for a partial form."""

    total: int | None
    band: str
    touches_harm: bool


def score_items(instrument: Instrument, items: Sequence[int | None]) -> Scored:
    """Score the answers, in the order of the form; None is a question that was not answered.

    Refused where there are more or fewer places than the form has, or an answer that is not on it. A partial form is
    kept without a total; its harm question still counts, as a worry waits for no other answer.
    """
    _require_answers(instrument, items)
    harm = items[instrument.harm_item] if instrument.harm_item is not None else None
    answered = [item for item in items if item is not None]
    if len(answered) < instrument.items:
        return Scored(total=None, band="", touches_harm=bool(harm))
    total = _qids_total(answered) if instrument is QIDS_SR16 else sum(answered)
    return Scored(total=total, band=instrument.band_of(total), touches_harm=bool(harm))


def score_total(instrument: Instrument, total: int) -> Scored:
    """A total that somebody read off a form; refused where the instrument cannot reach it."""
    if not 0 <= total <= instrument.highest:
        raise refuse("score_out_of_range", instrument=instrument.name, highest=str(instrument.highest))
    return Scored(total=total, band=instrument.band_of(total), touches_harm=False)


def _require_answers(instrument: Instrument, items: Sequence[int | None]) -> None:
    if len(items) != instrument.items:
        raise refuse("items_miscounted", instrument=instrument.name, items=str(instrument.items), given=str(len(items)))
    if any(item is not None and not 0 <= item <= instrument.item_highest for item in items):
        raise refuse("item_out_of_range", instrument=instrument.name, highest=str(instrument.item_highest))


def _qids_total(items: Sequence[int]) -> int:
    """Nine domains of 0 to 3, each counted once by its worst item: sleep 1 to 4, appetite and weight 6 to 9,
    movement 15 and 16; 5 and 10 to 14 stand for themselves. Source: Rush AJ et al. Biol Psychiatry 2003;54:573.
    """
    domains = (items[0:4], items[4:5], items[5:9], *(items[i : i + 1] for i in range(9, 14)), items[14:16])
    return sum(max(domain) for domain in domains)
