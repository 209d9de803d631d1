"""A monitor that is heard and sends no saturation: one by hand answers, and the page says when it is due."""

from __future__ import annotations

from datetime import timedelta

from stillroom.core.vitals import Signal
from stillroom.devices.watch import Watching
from tests.cast import signed_in
from tests.conftest import Clone
from tests.devices.test_watch import alarms, begun, send

MISSING = "spo2_missing"
DUE = "Oxygen saturation, by hand"


def test_beside_leads_alone_a_saturation_is_due_by_hand_and_ends_the_alarm_until_a_probe_is_on(
    committed_db: Clone,
) -> None:
    house = begun(ago=timedelta(minutes=12))
    ben = signed_in(house.cast.ben)
    send(house, committed_db, "70", signals=(Signal.HEART_RATE_PER_MIN,))
    Watching().look()
    assert ("AlarmRaised", MISSING) in alarms(house)
    assert DUE in ben.get(house.href).content.decode()
    house.done(ben, "vitals", sbp_mmhg="118", dbp_mmhg="74", pulse_per_min="70", spo2_percent="98")
    Watching().look()
    assert ("AlarmCleared", MISSING) in alarms(house)
    send(house, committed_db, "97")
    Watching().look()
    assert DUE not in ben.get(house.href).content.decode()
