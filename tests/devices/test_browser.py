"""The technician's pages in a real browser, at a desk and on a phone: nothing clipped, links that stay up to date."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.assignments import assign
from stillroom.devices.models import LinkState, Monitor, Stranger
from tests import chromium
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_frames import WORD, arrived, store
from tests.devices.test_gateway import now_message
from tests.e2e.looking import take_picture
from tests.gateways.hl7.messages import SPO2_97
from tests.web.conftest import DESK, PHONE
from tests.web.test_browser_look import AXE, CLIPPED, OVERFLOWING, SMALL

SHAPES = {"desk": DESK, "phone": PHONE}


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    """One monitor is well, one sends nonsense, one is silent, one never heard, one called in vain; and a stranger."""
    cast = make_cast()
    now = timezone.now()
    with clinic_scope(cast.clinic.pk):
        well, odd, silent, _ = (make_monitor(cast.clinic, name=name) for name in ("Window", "Door", "Corner", "Spare"))
        assign(well, cast.room, at=now, by=cast.tom)
        _hear(well, now)
        _hear(odd, now, clock_offset_s=-75.0, observed_interval_s=30.0, refusals=[_refusal(now.isoformat())])
        _hear(silent, now - timedelta(minutes=20))
        called = make_monitor(
            cast.clinic, name="Called", driver="sdc", address="https://192.0.2.30:6464/3f1c", peers=[]
        )
        _hear(called, now - timedelta(minutes=3), refusals=[_refusal(now.isoformat())])
        Stranger.objects.create(
            clinic=cast.clinic, peer="192.0.2.9", sending_application="VSP^080019FFFE134DE4^EUI-64", bed="ICU^^BED 3",
            last_heard_at=now,
        )  # fmt: skip
    return cast


def _hear(monitor: Monitor, at: Any, **more: Any) -> None:
    told = {"last_heard_at": at, "frames": 3600, "samples": 32_400, "lines": 1, "peer": "192.0.2.17"} | more
    LinkState.objects.create(monitor=monitor, clinic_id=monitor.clinic_id, **told)


def _refusal(at: str) -> dict[str, Any]:
    what = "150456^MDC_AWAY_CO2_ET^MDC"
    sentence = "The code and the name in OBX-3 do not belong together."
    return {"reason": "name_mismatch", "sentence": sentence, "where": "OBX 3", "what": what, "at": at, "times": 412}


@contextmanager
def served() -> Iterator[str]:
    """The pages with their static files, on a free port of loopback."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()
        connections.close_all()


@contextmanager
def opened(cast: Cast, path: str, **shape: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page of the technician's, and what the browser complained of."""
    cookie = signed_in(cast.tom).cookies[settings.SESSION_COOKIE_NAME].value
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        context = browser.new_context(**shape)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{url}{path}")
        yield page, complaints
        browser.close()


@pytest.mark.parametrize("shape", SHAPES)
def test_what_it_sent_stands_at_a_desk_and_on_a_phone(ward: Cast, committed_db: Clone, shape: str) -> None:
    """Of one message some codes are not kept, of the other nothing is; the page follows what comes."""
    now = timezone.now()
    with clinic_scope(ward.clinic.pk):
        monitor = Monitor.objects.get(name="Window")
    others = [WORD.replace("PVCs", f"{458752 + n}^TEMP_T{n}^EHC") for n in range(14)]
    store(committed_db, arrived(monitor, now_message(now, "ONE", SPO2_97, *others), now))
    with opened(ward, f"/devices/{monitor.pk}/heard/", **SHAPES[shape]) as (page, complaints):
        expect(page.get_by_text("and 2 more")).to_be_visible()
        later = arrived(monitor, now_message(now, "TWO", WORD), now + timedelta(seconds=1))
        with ThreadPoolExecutor(1) as beside:  # where the browser runs, a loop runs already
            beside.submit(store, committed_db, later).result()
        expect(page.get_by_text("Nothing in it is a sign that Stillroom reads.")).to_be_visible(timeout=8000)
        stands_well(page, complaints)
        take_picture(page, "devices-heard")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", ["/devices/", "/devices/enrol/", "/devices/enrol/?driver=sdc"])
def test_the_pages_stand_at_a_desk_and_on_a_phone(ward: Cast, path: str, shape: str) -> None:
    with opened(ward, path, **SHAPES[shape]) as (page, complaints):
        stands_well(page, complaints)


def stands_well(page: Page, complaints: list[str]) -> None:
    for found in (OVERFLOWING, CLIPPED, SMALL):
        assert page.evaluate(found) == []
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((said) => said.violations.map((each) => each.id + ': ' + each.help))")
    assert found == []
    assert complaints == []


def test_an_open_page_follows_its_links(ward: Cast) -> None:
    def hear_again() -> None:
        with clinic_scope(ward.clinic.pk):
            LinkState.objects.filter(monitor__name="Corner").update(last_heard_at=timezone.now())
        connections.close_all()

    with opened(ward, "/devices/", **DESK) as (page, complaints), ThreadPoolExecutor(1) as beside:
        corner = page.locator("section", has_text="Corner").locator(".link")
        expect(corner).to_have_attribute("data-state", "silent")
        chosen = page.locator("section", has_text="Corner").locator("select")
        chosen.select_option(label="Room 1")
        beside.submit(hear_again).result()
        expect(corner).to_have_attribute("data-state", "heard", timeout=8000)
        expect(chosen).to_have_value(str(ward.room.pk))
        assert complaints == []
