"""What was done, as lines, newest first. A line that was corrected stays, marked; late and replacing ones say so."""

from __future__ import annotations

from itertools import pairwise

from stillroom.bedside.parts import LogLine
from stillroom.bedside.situation import Situation
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.correction import NEVER_CORRECTED


def fill_log(now: Situation) -> tuple[LogLine, ...]:
    """One line for each entry but the marks of lateness, which stand on the line they are about."""
    standing = {entry.seq for entry in now.surviving}
    before = {later.seq: earlier for earlier, later in pairwise(now.log)}
    lines = (line_of(now, entry, before.get(entry.seq), entry.seq in standing) for entry in now.log)
    return tuple(line for line in reversed(list(lines)) if line.kind != e.RecordedLate.__name__)


def line_of(now: Situation, entry: e.Logged, before: e.Logged | None, is_standing: bool) -> LogLine:
    """The line of `entry`; `before` is the entry that precedes it in the log."""
    mark = before.fact if before is not None and before.act == entry.act else None
    is_mark = isinstance(entry.fact, e.EntryCorrected)
    return LogLine(
        seq=entry.seq,
        kind=entry.kind,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=now.name_of(entry.by),
        fact=entry.fact,
        named=named_in(now, entry.fact),
        is_late=isinstance(mark, e.RecordedLate),
        is_struck=not is_standing and not is_mark,
        corrects=mark.corrects_seq if isinstance(mark, e.EntryCorrected) and mark.replaced else None,
        may_correct=not isinstance(entry.fact, NEVER_CORRECTED),
    )


def _what_had_it(now: Situation, noted: e.EffectNoted) -> str | None:
    """The item of comfort, the calming step or the medicine that had an effect."""
    about = _entry(now, noted.of_seq)
    match about:
        case e.ComfortSet():
            return about.item
        case e.CalmingTried():
            return about.step
        case e.MedicineGiven():
            return about.name
    return None


def _entry(now: Situation, seq: int) -> e.Fact | None:
    return next((each.fact for each in now.log if each.seq == seq), None)


def named_in(now: Situation, fact: e.Fact) -> str | None:
    """What a line needs a name for: what had an effect, the kind of what was not done, or who else was there.

    That is a prescriber, a second person or who decided, by the short name that everybody knows.
    """
    if isinstance(fact, e.EffectNoted):
        return _what_had_it(now, fact)
    if isinstance(fact, e.IntentNotDone):
        return type(_entry(now, fact.intent_seq)).__name__
    names = ("prescriber", "second", "second_person", "decided_by")
    person = next(filter(None, (getattr(fact, name, None) for name in names)), None)
    return now.name_of(f"person:{person}") if person else None
