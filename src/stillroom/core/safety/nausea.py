"""Should a medicine against nausea go in before the start? Suggested where the history says so; a clinician decides.

No dose is suggested here: what is given, and how much, stands in the protocol (safety note 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import Order

APFEL = (
    "Apfel et al., Anesthesiology 1999;91:693: adults after a general anaesthetic with inhaled agents. "
    "Not validated for ketamine at these doses"
)


ASKED = ("motion_sickness", "nausea_after_anaesthesia")


class Said(StrEnum):
    """What somebody answered: four things."""

    NOT_ASKED = "not_asked"
    UNKNOWN = "unknown"
    NO = "no"
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class EasilySick:
    """What is known of a patient's stomach. `most_nauseous` is the highest score of earlier infusions, None if none."""

    motion_sickness: Said = Said.NOT_ASKED
    nausea_after_anaesthesia: Said = Said.NOT_ASKED
    smokes: Said = Said.NOT_ASKED
    is_female: bool | None = None
    most_nauseous: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApfelItem:
    """One of the items, as context; None where nobody knows. No sum and no percentage: this is another population."""

    name: str
    counts: bool | None


def judge_antiemetic(order: Order, known: EasilySick) -> tuple[Finding, ...]:
    """A note that suggests one before the start with its reasons, and a note where nobody has asked."""
    found = []
    reasons = reasons_of(known)
    if reasons and not (order.antiemetic and order.antiemetic.before_start):
        facts = {"because": " ".join(reasons), "most_nauseous": str(known.most_nauseous or 0)}
        found.append(Finding("antiemetic_suggested", Severity.NOTE, facts))
    if open_questions := not_asked(known):
        found.append(Finding("nausea_not_asked", Severity.NOTE, {"what": " ".join(open_questions)}))
    return tuple(found)


def apfel_items(known: EasilySick) -> tuple[ApfelItem, ...]:
    """The three items that can be known here; opioids after surgery have no place at an infusion."""
    earlier = (known.motion_sickness, known.nausea_after_anaesthesia)
    sick_before = True if Said.YES in earlier else False if set(earlier) == {Said.NO} else None
    smokes = {Said.YES: True, Said.NO: False}.get(known.smokes)
    return (
        ApfelItem(name="female", counts=known.is_female),
        ApfelItem(name="does_not_smoke", counts=None if smokes is None else not smokes),
        ApfelItem(name="sick_before", counts=sick_before),
    )


def not_asked(known: EasilySick) -> list[str]:
    """Which of the two questions nobody has asked."""
    return [name for name in ASKED if getattr(known, name) is Said.NOT_ASKED]


def reasons_of(known: EasilySick) -> list[str]:
    """Why this patient may be sick, by what was told or seen before."""
    told = {
        "motion_sickness": known.motion_sickness is Said.YES,
        "nausea_after_anaesthesia": known.nausea_after_anaesthesia is Said.YES,
        "nauseous_before": bool(known.most_nauseous),
    }
    return [reason for reason, is_so in told.items() if is_so]
