"""What did a monitor really send? Its last messages, shown without what they say of the patient.

What may be shown of a message is known by the driver that reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stillroom.devices.drivers import driver_of
from stillroom.devices.models import Frame, Monitor
from stillroom.gateways.contract import Driver, Shown

LAST = 20
LONGEST_SHOWN = 4_000


@dataclass(frozen=True, slots=True)
class HeardMessage:
    received_at: datetime
    peer: str
    answer: str
    sentences: tuple[str, ...]
    lines: tuple[Shown, ...]
    is_cut: bool
    digest: str


def last_heard(monitor: Monitor, *, refused_alone: bool) -> list[HeardMessage]:
    """The last messages of a monitor, newest first; `refused_alone`: those of which something was not taken."""
    frames = Frame.objects.filter(monitor=monitor).order_by("-received_at")
    if refused_alone:
        frames = frames.exclude(reasons="")
    driver = driver_of(monitor.driver)
    return [_shown(frame, driver) for frame in frames[:LAST]]


def frame_of(monitor: Monitor, digest: str) -> Frame | None:
    """The message with this digest (hex), as it came last; none if there is none, or it is no digest."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        return None
    return Frame.objects.filter(monitor=monitor, frame_digest=wanted).order_by("-received_at").first()


def _shown(frame: Frame, driver: Driver) -> HeardMessage:
    text = frame.bytes_sent[: LONGEST_SHOWN + 1].decode("utf-8", "replace")
    return HeardMessage(
        frame.received_at,
        frame.peer,
        frame.answer,
        tuple(driver.sentences[reason] for reason in frame.reasons.split(",") if reason),
        tuple(driver.shows(text[:LONGEST_SHOWN])),
        len(text) > LONGEST_SHOWN,
        bytes(frame.frame_digest).hex(),
    )
