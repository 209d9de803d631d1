"""An order as exact text, and back: what is signed is text, so that the same text can be shown and checked for ever."""

from __future__ import annotations

import hashlib
import json

from stillroom.core import canonical
from stillroom.core.infusion.upcast import ALARMS_ADDED, NO_OBSERVATION, NO_SCORE, ONE_CHECK
from stillroom.core.order import Order


def write_order(order: Order) -> str:
    """One text for one order, amounts as the prescriber wrote them: 0.50 stays 0.50."""
    return canonical.written(order)


def read_order(text: str) -> Order:
    """The order of a text that `write_order` wrote. ValueError where anything is missing, added or of another kind.

    What was signed before orders said when staff are called, what is asked when, or for which score, says nothing of it
    still.
    """
    found = json.loads(text)
    if not isinstance(found, dict):
        return canonical.read_plain(Order, found)
    alarms = found.get("alarms")
    known = {"alarms": ALARMS_ADDED | alarms if isinstance(alarms, dict) else alarms}
    return canonical.read_plain(Order, NO_SCORE | ONE_CHECK | NO_OBSERVATION | found | known)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
