"""What if: the course a rate would give is that which the log gives once it is done; and looking records nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stillroom.bedside.fill.what_if import WhatIf, fill_what_if
from stillroom.bedside.sheets import Act
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions.models import Act as AskedAct
from tests.bedside.house import House, planned
from tests.bedside.rooms import ALDER, seen, shown
from tests.cast import Cast, signed_in
from tests.examples import Walk, infusing, ready
from tests.web.test_charts import points

D = Decimal


def what_if(walk: Walk, act: Act, rate: str | None = None) -> WhatIf:
    found = fill_what_if(seen(walk), act, D(rate) if rate else None)
    assert found is not None
    return found


def do(walk: Walk, command: c.Command) -> None:
    walk.ask(command)
    walk.ask(c.ConfirmDone(intent_seq=walk.log[-1].seq))


# --- what is drawn


def test_it_is_the_course_that_the_log_gives_once_it_is_done() -> None:
    walk = infusing()
    found = what_if(walk, Act.NEW_RATE, "99")
    at = walk.at
    do(walk, c.SetRate(rate_ml_per_h=D(99)))
    then = shown(seen(walk, at=at)).course
    assert then is not None
    one, other = points(found.course.lines[0].path), points(then.plasma.lines[0].path)
    highest = found.course.beside_band  # the what-if has the taller scale of two courses
    assert highest
    ratio = {
        round((1000 - y) / (1000 - other_y), 2)
        for (_, y), (_, other_y) in zip(one, other, strict=True)
        if other_y < 990
    }
    assert max(ratio) - min(ratio) <= 0.02  # the same curve, on another scale
    assert found.supposed.peaks_ng_per_ml == (then.plasma.peak_from_ng_per_ml, then.plasma.peak_to_ng_per_ml)


def test_slower_ends_later_and_lower_by_a_nurses_arithmetic() -> None:
    """Of 100 mL, 15 fill the line and 2.5 ran in the first minute: 82.5 mL left. At 99 mL/h 50 min, at 150 33 min."""
    walk = infusing()
    found = what_if(walk, Act.NEW_RATE, "100")
    assert (found.rate_ml_per_h, found.drops_per_min) == (D("99.00"), 33)
    assert found.supposed.ends_at == pytest.approx(walk.at + timedelta(minutes=50), abs=timedelta(seconds=1))
    assert found.present is not None
    assert found.present.ends_at == pytest.approx(walk.at + timedelta(minutes=33), abs=timedelta(seconds=1))
    assert found.supposed.peaks_ng_per_ml < found.present.peaks_ng_per_ml
    assert found.present_rate_ml_per_h == D(150)


def test_what_was_before_now_is_the_same_in_both() -> None:
    walk = infusing()
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=15)
    now = seen(walk, at=walk.at + timedelta(minutes=5))
    found = fill_what_if(now, Act.NEW_RATE, D(60))
    assert found is not None
    supposed, present = points(found.course.lines[0].path), points(found.course.beside_line)
    past = [pair for pair in zip(supposed, present, strict=True) if pair[0][0] <= float(found.course.now_units)]
    assert len(past) > 15
    assert all(one == other for one, other in past)
    assert supposed[-60] != present[-60]


def test_before_a_start_the_whole_course_is_drawn_and_nothing_beside_it() -> None:
    found = what_if(ready(), Act.START)
    assert (found.rate_ml_per_h, found.drops_per_min) == (D("150.00"), 50)
    assert (found.present, found.present_rate_ml_per_h, found.course.beside_band) == (None, None, "")
    assert found.course.now is None
    walk = infusing()
    started = shown(seen(walk)).course
    assert started is not None
    assert found.supposed.peaks_ng_per_ml == pytest.approx(
        (started.plasma.peak_from_ng_per_ml, started.plasma.peak_to_ng_per_ml), abs=2
    )


def test_to_resume_is_drawn_beside_the_pause_at_the_rate_before_or_slower_never_faster() -> None:
    walk = infusing()
    do(walk, c.PauseInfusion())
    found = what_if(walk, Act.RESUME)
    assert (found.rate_ml_per_h, found.is_paused) == (D(150), True)
    assert found.course.beside_band
    assert what_if(walk, Act.RESUME, "60").rate_ml_per_h == D(60)
    assert fill_what_if(seen(walk), Act.RESUME, D(180)) is None


def test_nothing_is_drawn_beside_it_while_nobody_can_say_how_the_drip_goes_on() -> None:
    walk = infusing()
    walk.record(e.DripDisturbed())
    found = what_if(walk, Act.NEW_RATE, "99")
    assert (found.present, found.present_rate_ml_per_h, found.course.beside_band) == (None, None, "")
    assert max(x for x, _ in points(found.course.lines[0].path)) == 1000


def test_without_a_rate_and_where_no_model_may_speak_nothing_is_drawn() -> None:
    walk = infusing()
    assert fill_what_if(seen(walk), Act.NEW_RATE, None) is None
    assert fill_what_if(seen(walk), Act.NEW_RATE, D(0)) is None
    child = replace(ALDER, born=date(2015, 1, 1))
    assert fill_what_if(seen(walk, patient=child), Act.NEW_RATE, D(90)) is None


# --- the page's question


def look(house: House, client: Client, act: str = "new-rate", rate: str = "") -> str:
    response = client.get(f"{house.href}what-if/{act}", {"rate_ml_per_h": rate})
    assert response.status_code == 200
    return response.content.decode().strip()


def test_looking_records_nothing(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    before = house.row.last_seq
    html = look(house, ben, rate="99")
    assert "99 mL/h" in html
    assert "33 drops/min" in html
    assert "Looking records nothing" in html
    assert (house.row.last_seq, house.state.pending) == (before, ())
    with clinic_scope(cast.clinic.pk):
        assert AskedAct.objects.filter(infusion=house.infusion_id, seen_seq=before).count() == 0


def test_it_says_what_it_is_and_names_every_line(cast: Cast) -> None:
    words = re.sub(r"<[^>]+>", " ", look(planned(cast).start(), signed_in(cast.ben), rate="99"))
    for said in ("Kamp 2020", "Domino 1984", "Clements 1981", "Estimated, not measured", "assumed spread of 30 %"):
        assert said in words
    assert "150 mL/h" in words  # what it would be instead of


@pytest.mark.parametrize("rate", ["", "x", "12,5,5", "-3", "1e9", "0"])
def test_what_is_no_rate_yet_draws_nothing_and_is_no_error(cast: Cast, rate: str) -> None:
    assert look(planned(cast).start(), signed_in(cast.ben), rate=rate) == ""


def test_an_act_that_is_not_for_now_has_nothing_to_draw(cast: Cast) -> None:
    house, ben = planned(cast).make_ready(), signed_in(cast.ben)
    assert "150 mL/h" in look(house, ben, "start")
    assert look(house, ben, "new-rate", "99") == ""
    assert look(house, ben, "resume") == ""
    assert ben.get(f"{house.href}what-if/stop").status_code == 404


def test_no_page_of_the_bedside_loads_a_compiler() -> None:
    """A first request must not wait for one: numba belongs to simulate and bench alone."""
    asked = (
        "import sys, django; from stillroom.project.running import set_up_django; set_up_django();"
        "import stillroom.bedside.urls, stillroom.office.urls;"
        "sys.exit('numba' in sys.modules or 'llvmlite' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_it_asks_the_database_for_the_log_and_who_asks_and_no_more(cast: Cast) -> None:
    """It is asked at every stroke of a key: what is on record of the patient would be read for nothing."""
    house, ben = planned(cast).start(), signed_in(cast.ben)
    look(house, ben, rate="98")
    with CaptureQueriesContext(connection) as asked:
        look(house, ben, rate="99")
    assert len(asked) <= 11, [each["sql"][:90] for each in asked]
    read = " ".join(each["sql"] for each in asked)
    assert not any(
        f'FROM "{table}"' in read for table in ("patients_weight", "patients_allergystatement", "patients_historyitem")
    )
