"""Messages as they came: kept whole for some days, shown without people, dropped with their day."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.arriving import Arrival, kept
from stillroom.devices.gateway import prepare_days, prepare_months
from stillroom.devices.models import Frame, Monitor, Sample
from stillroom.gateways.contract import Heard, SetAside
from stillroom.gateways.hl7.frames import MAX_FRAME_BYTES
from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.shown import without_people
from stillroom.gateways.hl7.wire import read, refusal
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import make_monitor, written
from tests.devices.test_gateway import gateway, link_of, now_message, open_line, said_to, soon
from tests.gateways.hl7.messages import SPO2_97

NAMED = "Doe^John"
SENT_AT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
BAD_UNIT = SPO2_97.replace("262688^MDC_DIM_PERCENT^MDC", "percent")


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    prepare_months()
    prepare_days()
    return make_cast()


@pytest.fixture
def monitor(ward: Cast) -> Monitor:
    return make_monitor(ward.clinic)


def arrived(monitor: Monitor, frame: bytes, at: datetime) -> Arrival:
    heard = Heard(frame, "192.0.2.17", at, read(open_message(frame), received_at=at, zone=None))
    return Arrival(monitor.clinic_id, monitor.pk, heard.report.samples, heard.digest, kept(heard))


def store(database: Clone, *arrivals: Arrival) -> None:
    asyncio.run(written(database.url, *arrivals))


def frames_of(monitor: Monitor) -> list[Frame]:
    with clinic_scope(monitor.clinic_id):
        return list(Frame.objects.filter(monitor=monitor).order_by("received_at"))


def days() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'devices_frame'::regclass")
        return {name.removeprefix("devices_frame_") for (name,) in cursor.fetchall()}


def test_what_was_taken_and_what_was_refused_is_kept_byte_for_byte(ward: Cast, monitor: Monitor) -> None:
    now = timezone.now()
    taken, refused, garbage = now_message(now, "ONE"), now_message(now, "TWO", BAD_UNIT), b"no message at all"
    with gateway() as port, open_line(port) as line:
        assert [said_to(line, frame) for frame in (taken, refused, garbage)] == ["AA", "AE", "AR"]
    found = frames_of(monitor)
    assert [frame.bytes_sent for frame in found] == [taken, refused, garbage]
    assert [(frame.answer, frame.reasons) for frame in found] == [
        ("AA", ""),
        ("AE", "unit_unknown"),
        ("AR", "not_hl7"),
    ]
    assert {frame.peer for frame in found} == {"127.0.0.1"}


@pytest.mark.parametrize("size", [0, 1, 255, 256, 1_800, 32_767, 32_768, MAX_FRAME_BYTES])
@pytest.mark.parametrize("some", [now_message(SENT_AT, "ONE"), Random(1).randbytes(5_000)], ids=["said", "noise"])
def test_what_is_packed_is_read_back_whatever_it_is_and_however_long(some: bytes, size: int) -> None:
    frame = (some * (size // len(some) + 1))[:size]
    heard = Heard(frame, "192.0.2.17", SENT_AT, refusal(SetAside(Reason.NOT_HL7, "MSH")))
    assert Frame(packed=kept(heard).packed).bytes_sent == frame


def test_what_was_packed_by_an_earlier_version_is_read_too() -> None:
    assert Frame(packed=zlib.compress(b"MSH|^~", 1)).bytes_sent == b"MSH|^~"


def test_a_message_takes_less_room_than_it_had_on_the_wire() -> None:
    frame = now_message(SENT_AT, "ONE", *[SPO2_97] * 10)
    heard = Heard(frame, "192.0.2.17", SENT_AT, read(open_message(frame), received_at=SENT_AT, zone=None))
    assert len(kept(heard).packed) <= len(zlib.compress(frame, 1)) < len(frame) / 2


def test_garbage_of_an_address_that_two_share_is_kept_for_neither(ward: Cast) -> None:
    two = [make_monitor(ward.clinic, bed=bed) for bed in ("BED 1", "BED 2")]
    with gateway() as port, open_line(port) as line:
        assert said_to(line, b"no message at all") == "AR"
    assert [frames_of(each) for each in two] == [[], []]


def test_none_is_kept_where_none_shall_be(ward: Cast, monitor: Monitor, settings: Any) -> None:
    settings.HL7_KEPT_DAYS = 0
    with gateway() as port, open_line(port) as line:
        assert said_to(line, now_message(timezone.now())) == "AA"
    assert frames_of(monitor) == []
    with clinic_scope(ward.clinic.pk):
        assert Sample.objects.count() == 2


def test_another_clinic_sees_nothing_of_it(ward: Cast, monitor: Monitor, committed_db: Clone) -> None:
    store(committed_db, arrived(monitor, now_message(timezone.now()), timezone.now()))
    with clinic_scope(ward.other_clinic.pk):
        assert not Frame.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE devices_frame SET answer = 'AA'", "DELETE FROM devices_frame"])
def test_the_application_cannot_change_what_was_sent(monitor: Monitor, committed_db: Clone, statement: str) -> None:
    with psycopg.connect(committed_db.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)  # type: ignore[arg-type]


def test_a_day_is_dropped_when_it_need_not_be_kept(monitor: Monitor, committed_db: Clone) -> None:
    today = timezone.now()
    store(committed_db, arrived(monitor, now_message(today), today))
    for ahead in range(1, 9):
        prepare_days(today + timedelta(days=ahead))
        is_there = f"{today:%Y_%m_%d}" in days()
        assert is_there is (ahead <= 7)
    assert frames_of(monitor) == []


def test_what_a_segment_says_of_people_is_not_shown() -> None:
    assert without_people("PID|||789567^^^Imaginary Hospital^PI||Doe^John").text == "PID"
    assert without_people("PV1||I|CHAIR^^2||||Kildare^Dr").text == "PV1||I|CHAIR^^2"
    assert (
        without_people("OBR|1|||182777000^monitoring|||2026|||Nurse^Joy").text == "OBR|1|||182777000^monitoring|||2026|"
    )
    assert without_people("OBX|1|ST|1^NOTE^L|1|John is well").text == "OBX|1|ST|1^NOTE^L|1"
    assert without_people(SPO2_97).text == SPO2_97
    assert without_people("John Doe, born 1950").text == ""


def test_the_technician_sees_what_was_sent_and_no_name(ward: Cast, monitor: Monitor, committed_db: Clone) -> None:
    now = timezone.now()
    store(committed_db, *(arrived(monitor, now_message(now, *said), now) for said in (("ONE",), ("TWO", BAD_UNIT))))
    tom = signed_in(ward.tom)
    page = tom.get(f"/devices/{monitor.pk}/heard/").content.decode()
    assert "150456^MDC_PULS_OXIM_SAT_O2^MDC" in page
    assert "The unit in OBX-6 is not known here." in page
    assert "Doe" not in page
    alone = tom.get(f"/devices/{monitor.pk}/heard/?refused=yes").content.decode()
    assert ("|ONE|" in alone, "|TWO|" in alone) == (False, True)


EDAN_TEMPERATURE = SPO2_97.replace("150456^MDC_PULS_OXIM_SAT_O2^MDC", "458752^TEMP_T1^EHC")
WORD = SPO2_97.replace("150456^MDC_PULS_OXIM_SAT_O2^MDC", "PVCs")


def heard_page(ward: Cast, monitor: Monitor, database: Clone, *observations: str) -> str:
    """What the technician sees of one message, in one line."""
    now = timezone.now()
    store(database, arrived(monitor, now_message(now, "ONE", *observations), now))
    return " ".join(signed_in(ward.tom).get(f"/devices/{monitor.pk}/heard/").content.decode().split())


def test_what_was_not_kept_of_a_message_is_told_by_its_code(ward: Cast, monitor: Monitor, committed_db: Clone) -> None:
    page = heard_page(ward, monitor, committed_db, SPO2_97, EDAN_TEMPERATURE, WORD, WORD)
    assert "Not kept: <code>458752^TEMP_T1^EHC</code>, <code>PVCs</code></p>" in page
    assert "taken (AA)" in page
    assert "Nothing in it is a sign" not in page
    assert "Doe" not in page


def test_of_a_message_that_was_kept_whole_nothing_is_told(ward: Cast, monitor: Monitor, committed_db: Clone) -> None:
    page = heard_page(ward, monitor, committed_db, SPO2_97)
    assert "taken (AA)" in page
    assert "Not kept" not in page
    assert "Nothing in it" not in page


def test_a_message_of_which_nothing_is_kept_does_not_look_well(
    ward: Cast, monitor: Monitor, committed_db: Clone
) -> None:
    page = heard_page(ward, monitor, committed_db, EDAN_TEMPERATURE, WORD)
    assert "Nothing in it is a sign that Stillroom reads." in page
    assert "nothing in it is read (AA)" in page
    assert "taken (AA)" not in page


def test_of_many_that_were_not_kept_a_dozen_is_told_and_the_number_of_the_rest(
    ward: Cast, monitor: Monitor, committed_db: Clone
) -> None:
    """Also those that stand beyond the beginning of the message, which alone is shown."""
    page = heard_page(ward, monitor, committed_db, SPO2_97, *[WORD.replace("PVCs", f"W{n}") for n in range(60)])
    assert "It goes on. Only its beginning is shown." in page
    assert "<code>W11</code>, and 48 more</p>" in page


def test_a_sign_that_came_without_a_value_is_one_that_is_read(
    ward: Cast, monitor: Monitor, committed_db: Clone
) -> None:
    page = heard_page(ward, monitor, committed_db, SPO2_97.replace("|97|", "||"), WORD)
    assert "Not kept: <code>PVCs</code></p>" in page
    assert "Nothing in it is a sign" not in page


def test_bytes_outside_a_frame_are_told_on_the_link_of_the_one_that_sends_from_there(
    ward: Cast, monitor: Monitor
) -> None:
    with gateway() as port, open_line(port) as line:
        line.sendall(now_message(timezone.now()))
        refusals = soon(lambda: getattr(link_of(ward), "refusals", None))
        assert said_to(line, now_message(timezone.now())) == "AA"
    assert [(said["reason"], said["where"], said["what"]) for said in refusals] == [("outside_frame", "line", "")]
    page = signed_in(ward.tom).get("/devices/").content.decode()
    assert "Bytes outside an MLLP frame were skipped." in page


def test_a_frame_without_an_end_is_told_on_the_link_of_the_one_that_sends_from_there(
    ward: Cast, monitor: Monitor
) -> None:
    with gateway() as port, open_line(port) as line:
        with suppress(ConnectionError):
            line.sendall(b"\x0b" + b"x" * (MAX_FRAME_BYTES + 65_536))
        refusals = soon(lambda: getattr(link_of(ward), "refusals", None))
    assert [(said["reason"], said["where"]) for said in refusals] == [("frame_too_long", "line")]
    assert "longer than 2 MiB" in signed_in(ward.tom).get("/devices/").content.decode()


def test_bytes_outside_a_frame_from_where_two_send_are_told_of_neither(ward: Cast) -> None:
    for bed in ("BED 1", "BED 2"):
        make_monitor(ward.clinic, bed=bed)
    with gateway() as port, open_line(port) as line:
        line.sendall(b"no message at all")
        assert said_to(line, b"no message either") == "AR"
    assert link_of(ward) is None


def test_an_administrator_saves_one_whole(ward: Cast, monitor: Monitor, committed_db: Clone) -> None:
    now = timezone.now()
    frame = now_message(now)
    came = arrived(monitor, frame, now)
    store(committed_db, came)
    ann = signed_in(ward.ann)
    answer = ann.get(f"/devices/{monitor.pk}/heard/{came.frame_digest.hex()}/")
    assert answer.content == frame
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    for no_digest in ("00", "no-digest"):
        assert ann.get(f"/devices/{monitor.pk}/heard/{no_digest}/").status_code == 404
