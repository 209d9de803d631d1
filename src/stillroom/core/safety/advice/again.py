"""May advice that was dismissed be said again? When it has got clearly worse, or after a while; and not for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stillroom.core.safety.advice.advice import OF_SIGNS, SIGN_WORSE_BY, WORSE_BY, Advice, Beyond, Code, Sign

AGAIN_AFTER = timedelta(minutes=15)
"""Own choice: about once between two looks at the patient, so two or three times in a drip of 40 minutes."""

DISMISSED_AT_MOST = 3
"""Own choice: who has waved it away three times has heard it. Alarms go on by themselves and know nothing of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissals:
    """One advice as it was dismissed: how often, when last, and how bad it was then."""

    times: int
    at: datetime
    level: int


def is_said(advice: Advice, dismissed: Mapping[str, Dismissals], *, at: datetime) -> bool:
    """Never dismissed; or dismissed fewer than `DISMISSED_AT_MOST` times and since then clearly worse, or long ago.

    `dismissed` by what each named (`Advice.dismissed_as`). Of several signs one that is to be said is enough.
    """
    if advice.code in OF_SIGNS:
        return any(_may_be_said_again(_of_sign(dismissed, advice.code, each), at=at) for each in advice.beyond)
    before, worse_by = dismissed.get(advice.code), WORSE_BY.get(advice.code)
    is_worse = before is not None and worse_by is not None and advice.level >= before.level + worse_by
    return _may_be_said_again(before, is_worse=is_worse, at=at)


def may_be_dismissed(named: str) -> bool:
    """Is it what some advice is dismissed as? A code of `OF_SIGNS` alone, as older pages say it, names no sign."""
    code, *signs = named.split(" ")
    return code in frozenset(Code) and all(_is_sign(each) for each in signs) and (not signs or code in OF_SIGNS)


def _may_be_said_again(before: Dismissals | None, *, is_worse: bool = False, at: datetime) -> bool:
    if before is None:
        return True
    return before.times < DISMISSED_AT_MOST and (is_worse or at - before.at >= AGAIN_AFTER)


def _is_sign(named: str) -> bool:
    sign, *level = named.split(":")
    return sign in frozenset(Sign) and (not level or (len(level) == 1 and level[0].isascii() and level[0].isdecimal()))


def _of_sign(dismissed: Mapping[str, Dismissals], code: Code, seen: Beyond) -> Dismissals | None:
    """Every dismissal that named it, alone or among others, unless it is clearly worse now than it was then.

    One of the older form names no sign, and hides none; one of between names no level, and hides each.
    """
    with_it = [each for named, each in dismissed.items() if _hides(named, code, seen)]
    if not with_it:
        return None
    last = max(with_it, key=lambda each: each.at)
    return replace(last, times=sum(each.times for each in with_it))


def _hides(named: str, code: Code, seen: Beyond) -> bool:
    first, *signs = named.split(" ")
    levels = dict(each.partition(":")[::2] for each in signs)
    if first != code or seen.sign not in levels:
        return False
    level = levels[seen.sign]
    return not level or seen.level < int(level) + SIGN_WORSE_BY.get(seen.sign, 1)
