"""What a pump says it did, from the wire to the room, and through the spool."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.template.loader import get_template
from django.utils import timezone

from stillroom.bedside.fill.room import fill_room
from stillroom.bedside.reading import read_situation
from stillroom.bedside.told import NOBODY
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.pump import PumpDid, PumpEvent
from stillroom.devices.arriving import Arrival
from stillroom.devices.assignments import assign, devices_in
from stillroom.devices.models import PumpSaid
from stillroom.devices.pump_said import pump_said_in
from stillroom.devices.spool import Spool
from stillroom.gateways.hl7.times import written
from stillroom.infusions.models import Infusion
from tests.bedside.house import planned
from tests.cast import an_id, make_cast
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import gateway, open_line, said_to
from tests.gateways.hl7.messages import frame_of


def test_a_pumps_event_goes_from_the_wire_to_the_room_as_the_pumps(committed_db: Clone) -> None:
    cast = make_cast()
    house = planned(cast).start()
    pump = make_monitor(cast.clinic, name="Pump", is_beside=True)
    at = timezone.now()
    with clinic_scope(cast.clinic.pk):
        assign(pump, house.row.room, at=at - timedelta(minutes=1), by=None)
    text = frame_of("ihe__pcd10-delivery-start.hl7").decode()
    frame = text.replace("20151015132106-0500", written(at)).replace("|AL|NE|", "|NE|AL|").encode()
    entries_before = len(house.log)
    with gateway() as port, open_line(port) as line:
        assert said_to(line, frame) == "AA"
        assert said_to(line, frame) == "AA"  # sent again, stored once
    with clinic_scope(cast.clinic.pk):
        assert PumpSaid.objects.count() == 1
        infusion = Infusion.objects.select_related("room", "clinic").get(pk=house.row.pk)
        room = fill_room(read_situation(infusion, at=timezone.now()), href="", roles=NOBODY)
        later = at + timedelta(hours=13)
        assert pump_said_in(devices_in([infusion.room_id], later), later) == {}
    assert room.pump is not None
    assert (room.pump.did, room.pump.rate_ml_per_h, room.pump.left_ml) == (PumpDid.STARTED, Decimal("15.4"), 250)
    shown = " ".join(get_template("bedside/_pump_said.html").render({"room": room}).split())
    assert "The pump says" in shown
    assert "it delivers, 15.4 mL/h" in shown
    assert "0 mL given · 250 mL left" in shown
    assert "not counted here" in shown
    assert len(house.log) == entries_before, "what a pump says is no entry of the infusion"


def test_what_a_pump_said_waits_on_disk_as_it_was_said(tmp_path: Path) -> None:
    at = timezone.now()
    event = PumpEvent(PumpDid.STOPPED, "", Decimal("0"), Decimal("12.5"), None, at, at)
    arrival = Arrival(an_id("clinic"), an_id("pump"), (), b"1", pump_events=(event,))
    spool = Spool(tmp_path, max_bytes=10_000)
    spool.append([arrival])
    assert spool.next(1) == (arrival,) or spool.next(1)[0].pump_events == (event,)
    spool.close()
