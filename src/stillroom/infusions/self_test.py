"""Is Stillroom itself fit to keep this infusion? Asked before each start; each thing that is not refuses it by name.

Nothing hurries before the drip, and what cannot keep a record or call for help is not begun with. Once the drip runs
none of this is asked: an infusion that runs is recorded as well as can be. Source: SR-19, and F8 for the disk. That the
database keeps what it says (fsync, synchronous commit) is asserted when Stillroom starts, and the start itself is a
write that is on the disk before anybody reads that it was recorded.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings

from stillroom.clinics import clock
from stillroom.clinics.clock import STEP, clock_set_by
from stillroom.core.errors import Finding, Severity
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from stillroom.infusions.reserve import reserve
from stillroom.infusions.standalone_verify import Verdict
from stillroom.protocols.library import digest
from stillroom.protocols.models import LibraryVersion

FREE_AT_LEAST_PERCENT = 10
FREE_ENOUGH_GIB = 4
"""A tenth of a small disk is little; of a large one, more than years of infusions take."""
GIB = 1024**3

CLOCK_SAID_OVER_S = 1
CLOCK_REFUSED_OVER_S = int(STEP.total_seconds())
"""From true time, ahead or behind: the first is said, the second refuses. Source: SR-59."""


def self_test(infusion: Infusion, *, is_watched: bool | None, clock_off_by_s: Decimal | None) -> tuple[Finding, ...]:
    """What is not as it must be. `is_watched` of None, which no watch ever was, is no better than False;
    `clock_off_by_s` of None, which nobody knows, refuses nothing.
    """
    off = judge_true_time(clock_off_by_s)
    return (*_failed(infusion, is_watched), *((off,) if off and off.severity is Severity.HARD else ()))


def judge_true_time(off_by_s: Decimal | None) -> Finding | None:
    """What there is to say of the computer's clock before a start; hard where it refuses. Source: SR-59."""
    if off_by_s is None:
        return Finding("clock_not_kept", Severity.NOTE, source="SR-59")
    if not is_off(off_by_s):
        return None
    facts = {"ahead_s" if off_by_s > 0 else "behind_s": str(abs(off_by_s))}
    if abs(off_by_s) <= CLOCK_REFUSED_OVER_S:
        return Finding("clock_is_off", Severity.NOTE, facts, "SR-59")
    return Finding("clock_is_off", Severity.HARD, facts | {"refused_over_s": str(CLOCK_REFUSED_OVER_S)}, "SR-59")


def is_off(off_by_s: Decimal | None) -> bool:
    """Known to be so far from true time that it is said."""
    return off_by_s is not None and abs(off_by_s) > CLOCK_SAID_OVER_S


def _failed(infusion: Infusion, is_watched: bool | None) -> Iterator[Finding]:
    if not _log_holds(infusion.pk, infusion.last_seq, bytes(infusion.head_hash)):
        yield Finding("log_does_not_hold", Severity.HARD, source="SR-19")
    if not _library_is_as_approved():
        yield Finding("library_not_as_approved", Severity.HARD, source="SR-19")
    if clock_set_by():
        yield Finding("clock_was_set", Severity.HARD, source="SR-19")
    if _is_nearly_full(settings.DATA_FOLDER):
        yield Finding("disk_nearly_full", Severity.HARD, {"percent": str(FREE_AT_LEAST_PERCENT)}, "F8")
    if not reserve().is_whole:
        yield Finding("disk_reserve_not_there", Severity.HARD, source="F8")
    if not is_watched:
        yield Finding("nobody_watches", Severity.HARD, source="SR-19")


def _log_holds(infusion_id: UUID, last_seq: int, head_hash: bytes) -> bool:
    """Every entry follows from the one before it, down to the head that the summary states."""
    verdict = Verdict(lines_of(infusion_id))
    verdict.hold_to_heads([[str(infusion_id), str(last_seq), head_hash.hex()]])
    return not verdict.wrong


def _library_is_as_approved() -> bool:
    """What it says now has the digest that its approver saw. Where none is in force, another check says so."""
    version = LibraryVersion.objects.in_force(clock.now())
    return version is None or digest(version) == version.digest


def _is_nearly_full(folder: Path) -> bool:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    disk = shutil.disk_usage(there)
    return disk.free * 100 < FREE_AT_LEAST_PERCENT * disk.total and disk.free < FREE_ENOUGH_GIB * GIB
