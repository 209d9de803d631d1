"""One page of what is known: for the ambulance, and for when the power fails. Nothing unasked stands as no."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from stillroom.bedside.paper.known import known
from stillroom.bedside.paper.pdf import pdf
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.vitals import Signal, Validity
from tests.bedside.rooms import ALDER, EVERY_5_S, seen, sent
from tests.bedside.test_paper import LETTERHEAD
from tests.examples import BEN, Walk, arrived, infusing

D = Decimal
ADRENALINE = e.MedicineGiven(
    name="adrenaline", amount=D("0.5"), unit="mg", route="into_muscle", before_start=False, reason="Help was called"
)


def read(walk: Walk, **about: object) -> str:
    contents = known(seen(walk, **about), LETTERHEAD)  # type: ignore[arg-type]
    pages = PdfReader(io.BytesIO(pdf("ambulance", contents))).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def helped() -> Walk:
    """Ten minutes of drip, then help: a step, and adrenaline half a minute later."""
    walk = infusing()
    walk.record(e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="iv", before_start=False, reason="x"))
    walk.record(e.HelpCalled(), after_min=10)
    walk.record(e.HelpStepDone(step="airway"), after_min=0.25)
    walk.record(ADRENALINE, after_min=0.25)
    return walk


def test_it_fits_one_page_and_says_who_what_ran_how_they_are_and_what_was_given_since_the_call() -> None:
    """Open since some moment of 11.5 to 10.5 min ago, at 2.5 mL/min of 0.35 mg/mL: 9.2 to 10.1 mg, likely 9.6."""
    patient = replace(ALDER, allergies=("penicillin",), conditions=("asthma",), takes=("sertraline 50 mg",))
    text = read(helped(), patient=patient)
    for words in (
        *("Allergies: penicillin", "Conditions: asthma", "sertraline 50 mg", "Weight 70 kg"),
        *("running", "150 mL/h, 0.75 mg/kg/h", "about 10 mg, 0.14 mg/kg", "Ordered 0.5 mg/kg"),
        *("on arrival 118/74 66 98", "adrenaline 0.5 mg, into a muscle", "Airway open"),
    ):
        assert words in text
    since = text[text.index("Given since") : text.index("All medicines of today")]
    assert "adrenaline" in since
    assert "ondansetron" not in since


def test_what_nobody_asked_is_said_not_to_have_been_asked() -> None:
    assert "Allergies: NOT ASKED" in read(arrived(), patient=replace(ALDER, allergies=None))
    text = read(arrived(), patient=replace(ALDER, allergies=()))
    for words in ("Allergies: none known", "Conditions: none on record", "nothing", "nobody has seen yet how awake"):
        assert words in text


def test_the_last_minutes_are_what_the_monitor_sent_and_nothing_that_cannot_be() -> None:
    """Whichever came last of hand and monitor; what the monitor itself calls doubtful counts for nothing."""
    walk = infusing()
    at = walk.at
    odd = sent(Signal.SPO2_PERCENT, 12, at - timedelta(minutes=1))._replace(validity=Validity.QUESTIONABLE)
    readings = [
        sent(Signal.SPO2_PERCENT, 91, at - timedelta(minutes=4)),
        sent(Signal.SPO2_PERCENT, 96, at - timedelta(minutes=1.5)),
        odd,
    ]
    rows = known(seen(walk, monitor=EVERY_5_S, readings=readings), LETTERHEAD)["signs"]  # type: ignore[arg-type]
    assert [row[3] for row in rows[-2:]] == ["91", "96"]


def test_the_last_fifteen_minutes_are_shown_each_reading_once() -> None:
    walk = infusing()
    minutes_ago = {88: 15.0, 91: 14.9, 93: 12.0, 97: 0.0}
    readings = [
        sent(Signal.SPO2_PERCENT, value, walk.at - timedelta(minutes=ago)) for value, ago in minutes_ago.items()
    ]

    def saturations(count: int) -> list[str]:
        now = seen(walk, monitor=EVERY_5_S, readings=readings[:count])  # type: ignore[arg-type]
        return [row[3] for row in known(now, LETTERHEAD)["signs"][1:] if row[3] != "-"]

    by_hand = saturations(0)
    assert saturations(1) == by_hand
    assert saturations(2) == ["91", *by_hand]
    assert saturations(3) == ["93", *by_hand]
    assert saturations(4)[-1] == "97"


def test_a_drip_in_doubt_counts_at_the_most_it_may_be() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), BEN)
    assert "in doubt, at most 150 mL/h" in read(walk)


@pytest.mark.parametrize("walk", [arrived(), infusing(), helped()])
def test_the_page_of_the_room_and_the_pdf_say_the_same(walk: Walk) -> None:
    from django.template.loader import render_to_string

    sheet = known(seen(walk), LETTERHEAD)
    html = " ".join(render_to_string("bedside/_paper.html", {"sheet": sheet}).split())
    for words in (sheet["patient"], sheet["allergies"], sheet["running"], sheet["given"]["ordered"], sheet["seems"]):
        assert words in html
