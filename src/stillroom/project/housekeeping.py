"""What falls due without anybody thinking of it: reminders at their hour, and names that have been kept long enough.

It is looked for every few minutes rather than at an hour of the night, so that a machine that was off then has missed
nothing. Each task may be done twice without being done twice over, by this process or by that of a second server: a
reminder is written down before it leaves, and a name that went is gone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from stillroom.clinics.emergency import tell_administrators
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.devices.outcalls import forget_calls
from stillroom.devices.screens import forget_screens
from stillroom.guide.critique.forgetting import forget_everywhere
from stillroom.outcomes.reminders import send_due

log = logging.getLogger(__name__)

LOOK_EVERY_S = 300.0


def run_housekeeping(*, until: threading.Event) -> None:
    """Look every few minutes until the event is set."""
    if not settings.PUBLIC_ADDRESS:
        log.warning("no reminders are sent: STILLROOM_PUBLIC_ADDRESS does not say where their links lead")
    while not until.is_set():
        look(at=timezone.now())
        close_old_connections()
        until.wait(LOOK_EVERY_S)


def look(*, at: datetime) -> None:
    """Everything that is due now. What goes wrong with one task stops no other, and is tried again next time."""
    for task in TASKS:
        try:
            task(at)
        except DatabaseError as fault:
            log.error("%s must wait: the database is away: %s", task.__name__, str(fault).strip())


def remind(at: datetime) -> None:
    if not settings.PUBLIC_ADDRESS:
        return
    sent, failed = send_due(at=at, origin=settings.PUBLIC_ADDRESS.rstrip("/"))
    if sent or failed:
        log.info("reminders: %d sent, %d could not be sent and will be tried again", sent, failed)


def forget(at: datetime) -> None:
    gone = forget_everywhere()
    if gone:
        log.info("names of readers that have been kept long enough: %d went", gone)


def forget_pages(at: datetime) -> None:
    """Signs of life of pages that were closed long ago, and calls of yesterday."""
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id):
            forget_screens(at)
            forget_calls(at)


def tell_of_emergencies(at: datetime) -> None:
    """Letters to administrators that could not leave when it was opened."""
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id, by="system:housekeeping"):
            told, failed = tell_administrators(at=at, origin=settings.PUBLIC_ADDRESS.rstrip("/"))
        if told or failed:
            log.warning("EMERGENCY ACCESS: administrators told of %d, not yet of %d", told, failed)


TASKS: tuple[Callable[[datetime], None], ...] = (tell_of_emergencies, remind, forget, forget_pages)
