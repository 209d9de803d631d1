"""What a patient's history says to an order: judged each time, not only in the consultation.

A "yes" asks a prescriber for a word of their own, so does what nobody asked or nobody knew: neither is a "no". What
came into the record after the last order is counted and asked about, as nobody here reads words for a clinician.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import Order
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import LABEL, QUESTIONS, Question, judge_screening

KETAMINE = "ketamine"
ITS_NAMES = ("ketamin", "ketalar", "spravato")
"""As the letters of an allergy that somebody wrote down hold them: esketamine and S-ketamine are ketamine too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`asked_on`: the day of the oldest answer of the screening that counts, good for `good_for_days`. `new_items`: how
    many conditions, medicines and allergies no order of this patient was signed with. `allergies`: in the words of who
    told.
    """

    screening: Mapping[Question, Said] = field(default_factory=dict)
    asked_on: date | None = None
    good_for_days: int = 0
    new_items: int = 0
    allergies: Sequence[str] = ()


def judge_told(order: Order, told: Told, *, on: date) -> tuple[Finding, ...]:
    """One soft finding for each "yes" of the screening; one each for what is open, old, new, or an allergy to what is
    ordered.
    """
    against = [each for each in judge_screening(told.screening) if each.severity is Severity.SOFT]
    return (*against, *_open(told), *_old(told, on), *_new(told), *_allergic(order, told))


def _open(told: Told) -> tuple[Finding, ...]:
    """Together, as one word answers for all of them: what nobody asked, and what was asked and is not known."""
    said = {question: told.screening.get(question, Said.NOT_ASKED) for question in QUESTIONS}
    facts = {
        "not_asked": " ".join(question for question in QUESTIONS if said[question] is Said.NOT_ASKED),
        "unknown": " ".join(question for question in QUESTIONS if said[question] is Said.UNKNOWN),
    }
    if not told.screening:
        facts["nothing_asked"] = "yes"
    return (Finding("screening_open", Severity.SOFT, facts),) if any(facts.values()) else ()


def _old(told: Told, on: date) -> tuple[Finding, ...]:
    days = (on - told.asked_on).days if told.asked_on else 0
    if days <= told.good_for_days:
        return ()
    return (Finding("screening_out_of_date", Severity.SOFT, {"days": str(days), "good_for": str(told.good_for_days)}),)


def _new(told: Told) -> tuple[Finding, ...]:
    return (Finding("new_in_record", Severity.SOFT, {"number": str(told.new_items)}),) if told.new_items else ()


def _allergic(order: Order, told: Told) -> tuple[Finding, ...]:
    """By the letters of a name alone: what is spelt otherwise is not found, and a person reads the list besides."""
    written = [_letters_of(each) for each in told.allergies]
    names: dict[str, tuple[str, ...]] = {KETAMINE: ITS_NAMES}
    if order.antiemetic:
        names[order.antiemetic.name] = (_letters_of(order.antiemetic.name),)
    return tuple(
        Finding("allergic_to_ordered", Severity.SOFT, {"medicine": medicine}, LABEL)
        for medicine, letters in names.items()
        if any(name and name in each for name in letters for each in written)
    )


def _letters_of(words: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", words.casefold()) if letter.isalpha())
