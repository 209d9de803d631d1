"""The protocol as data: what a prescriber orders for one intravenous ketamine infusion.

`Order` holds what was decided and nothing that follows from it: milligrams, millilitres and drops are worked out by
`core.drip` from the order and the weight of the day. Its numbers come from a signed protocol, never from code.
"""

from stillroom.core.order.alarms import UNSIGNED, AlarmSettings
from stillroom.core.order.changes import Change, changes
from stillroom.core.order.leaving import LeavingScore, Scale
from stillroom.core.order.observation import UNASKED, UNSIGNED_OBSERVATION, Observation
from stillroom.core.order.order import (
    Antiemetic,
    BagOrder,
    Delivery,
    Door,
    Intervals,
    Order,
    StartLimits,
    WatchLimits,
)

__all__ = [
    "UNASKED",
    "UNSIGNED",
    "UNSIGNED_OBSERVATION",
    "AlarmSettings",
    "Antiemetic",
    "BagOrder",
    "Change",
    "Delivery",
    "Door",
    "Intervals",
    "LeavingScore",
    "Observation",
    "Order",
    "Scale",
    "StartLimits",
    "WatchLimits",
    "changes",
]
