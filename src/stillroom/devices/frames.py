"""What did a monitor really send? Its last messages, shown without what they say of the patient.

What may be shown of a message is known by the driver that reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from stillroom.devices.drivers import driver_of
from stillroom.devices.enrolment import enrolment_of
from stillroom.devices.models import Frame, Monitor
from stillroom.gateways.contract import Driver, Report, Shown

LAST = 20
LONGEST_SHOWN = 4_000
NOT_KEPT = "not_kept"
"""As every driver calls it (docs/drivers.md)."""
MAX_PASSED_OVER = 12


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What of a message is no sign that is kept: its codes as sent, each once, how many more; whether that is all."""

    codes: tuple[str, ...]
    more: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class HeardMessage:
    received_at: datetime
    peer: str
    answer: str
    sentences: tuple[str, ...]
    lines: tuple[Shown, ...]
    is_cut: bool
    digest: str
    passed_over: PassedOver


def last_heard(monitor: Monitor, *, refused_alone: bool) -> list[HeardMessage]:
    """The last messages of a monitor, newest first; `refused_alone`: those of which something was not taken."""
    frames = Frame.objects.filter(monitor=monitor).order_by("-received_at")
    if refused_alone:
        frames = frames.exclude(reasons="")
    driver, zone = driver_of(monitor.driver), enrolment_of(monitor).zone
    return [_shown(frame, driver, zone) for frame in frames[:LAST]]


def frame_of(monitor: Monitor, digest: str) -> Frame | None:
    """The message with this digest (hex), as it came last; none if there is none, or it is no digest."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        return None
    return Frame.objects.filter(monitor=monitor, frame_digest=wanted).order_by("-received_at").first()


def _shown(frame: Frame, driver: Driver, zone: ZoneInfo | None) -> HeardMessage:
    """With what was not kept of it, told by reading it once more as it came."""
    text = frame.bytes_sent[: LONGEST_SHOWN + 1].decode("utf-8", "replace")
    report = driver.reads(frame.bytes_sent, received_at=frame.received_at, zone=zone)
    return HeardMessage(
        frame.received_at,
        frame.peer,
        frame.answer,
        tuple(driver.sentences[reason] for reason in frame.reasons.split(",") if reason),
        tuple(driver.shows(text[:LONGEST_SHOWN])),
        len(text) > LONGEST_SHOWN,
        bytes(frame.frame_digest).hex(),
        _passed_over(report),
    )


def _passed_over(report: Report) -> PassedOver:
    codes = tuple(dict.fromkeys(item.what for item in report.set_aside if item.reason == NOT_KEPT))
    is_all = bool(codes) and not report.samples and all(item.reason == NOT_KEPT for item in report.set_aside)
    return PassedOver(codes[:MAX_PASSED_OVER], len(codes[MAX_PASSED_OVER:]), is_all)
