"""What is wrong with a sensor, by what the monitor says of its own alarms: the probe, the leads, the cuff, or itself.

What the alarm is about says which; where the monitor did not say, its event does, by its number in ISO/IEEE 11073-10101
(partition 3, so 196608 and the term: cuff faults as open lists of that standard have them, a lead that is disconnected
as DICOM's context group 3039 has it). An alarm that nobody placed is the monitor's own: it is never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

from stillroom.core.vitals import CUFF_SIGNALS, MonitorAlarm, Signal, Standing

CUFF_EVENTS = frozenset({"196834", "196836", "196838", "196840", "196848", "197038"})
LEAD_EVENTS = frozenset({"196876"})
SENSOR_EVENTS = CUFF_EVENTS | LEAD_EVENTS | {"196916", "196918", "196942", "196944", "196946"}
"""Events that are of a sensor, also where the monitor did not say that its alarm is technical."""

PROBE = frozenset({Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN})
LEADS = frozenset({Signal.HEART_RATE_PER_MIN, Signal.RESP_PER_MIN})


def sensor_faults(said: Iterable[MonitorAlarm]) -> frozenset[str]:
    """The conditions that these alarms of the monitor make; one that has passed there makes none."""
    active = (each for each in said if each.standing is Standing.ACTIVE)
    return frozenset(_condition(each) for each in active if each.is_technical or _event(each) in SENSOR_EVENTS)


def _condition(alarm: MonitorAlarm) -> str:
    event = _event(alarm)
    if alarm.signal in PROBE:
        return "probe_fault"
    if alarm.signal in LEADS or event in LEAD_EVENTS:
        return "leads_off"
    if alarm.signal in CUFF_SIGNALS or event in CUFF_EVENTS:
        return "cuff_fault"
    return "monitor_fault"


def _event(alarm: MonitorAlarm) -> str:
    return alarm.key.partition(" ")[0]
