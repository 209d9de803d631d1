"""Two who wrote one order: what stands and what lies beside it, line by line, where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stillroom.infusions.models import OrderSetAside, PatientOrder
from stillroom.office.order_words import Otherwise, otherwise
from stillroom.protocols.document import read_order
from stillroom.web.templatetags.words import when

WHEN_AND_WHERE, PROTOCOL, WHY = "When and where", "Begun from", "Why"


@dataclass(frozen=True, slots=True)
class Both:
    """`before` of a line is what stands, `after` what was set aside. `is_signed`: theirs is an order by now."""

    their_name: str
    their_time: datetime
    my_name: str
    my_time: datetime
    lines: list[Otherwise]
    is_signed: bool


def both(theirs: PatientOrder, mine: OrderSetAside) -> Both:
    lines = otherwise(read_order(theirs.document), read_order(mine.document))
    besides = [
        Otherwise(WHEN_AND_WHERE, _time(theirs), _time(mine)),
        Otherwise(PROTOCOL, str(theirs.protocol_version), str(mine.protocol_version)),
        *(
            Otherwise(_why(key), str(theirs.reasons.get(key) or "no word"), str(mine.reasons.get(key) or "no word"))
            for key in sorted({*theirs.reasons, *mine.reasons})
        ),
    ]
    lines += [each for each in besides if each.before != each.after]
    name = str(theirs.signed_by or theirs.drafted_by)
    at = theirs.signed_at or theirs.drafted_at
    return Both(name, at, str(mine.written_by), mine.written_at, lines, theirs.signed_at is not None)


def beside(draft: PatientOrder | None) -> list[Both]:
    """What lies beside a draft, newest first."""
    if draft is None:
        return []
    related = ("written_by", "appointment__room", "protocol_version__protocol")
    return [both(draft, each) for each in draft.set_aside.select_related(*related)]


def _why(key: str) -> str:
    """Which of the findings it answers, as its code reads."""
    return f"{WHY}, {key.replace('_', ' ')}"


def _time(order: PatientOrder | OrderSetAside) -> str:
    return f"{when(order.appointment.starts_at)}, {order.appointment.room.name}"
