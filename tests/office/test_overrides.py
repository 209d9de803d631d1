"""Each month: how many infusions stayed within the library, what went beyond and why, exactly (SR-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.infusions.overrides import Month, month_of
from tests.bedside.house import House, elsewhere, planned
from tests.cast import Cast, signed_in
from tests.examples import LIMITS, ORDER, D

EVER = datetime(2020, 1, 1, tzinfo=UTC)


def month(cast: Cast) -> Month:
    with clinic_scope(cast.clinic.pk):
        return month_of(EVER, timezone.now() + timedelta(days=1))


def seeded(cast: Cast) -> dict[str, House]:
    """Four that ran: one within; one ordered for 25 min (soft below 30); one set to 1.05 mg/kg/h (soft above 1.0) in
    35 mg of 100 mL at 70 kg, and asked for 1.55 (hard above 1.5); one set to 0.95, which only the signed range minds.
    """
    ada = c.Author(by=f"person:{cast.ada.pk}", role="prescriber", person=cast.ada.pk)
    within, short = planned(cast).start(), elsewhere(cast)
    order = replace(ORDER, duration_min=D(38), highest_rate_mg_per_kg_per_h=D("1.4"))
    tight = replace(LIMITS, duration_min=replace(LIMITS.duration_min, soft_low=D(39)))
    ordered = planned(short, order=order, limits=tight, reason="a short visit").start()
    fast, signed = planned(elsewhere(cast)).start(), planned(elsewhere(cast)).start()
    fast.ask(c.SetRate(rate_ml_per_h=D(210), reason="drip stood for ten minutes"), ada)
    fast.refused(c.SetRate(rate_ml_per_h=D(310), reason="faster still"), ada)
    signed.ask(c.SetRate(rate_ml_per_h=D(190), reason="behind"), ada)
    planned(elsewhere(cast))  # nobody came: counted in no month
    return {"within": within, "ordered": ordered, "fast": fast, "signed": signed}


def test_the_report_is_exact_on_seeded_data(cast: Cast) -> None:
    houses, found = seeded(cast), month(cast)
    assert (found.started, found.within, found.within_percent) == (4, 2, 50)
    told = {
        each.infusion.pk: [(one.kind, one.finding.code, dict(one.finding.facts), one.reason) for one in each.bypasses]
        for each in found.crossed
    }
    assert told == {
        houses["ordered"].infusion_id: [
            ("InfusionPlanned", "duration_min_below_soft", {"value": "38", "limit": "39"}, "a short visit")
        ],
        houses["fast"].infusion_id: [
            (
                "RateIntended",
                "rate_mg_per_kg_per_h_above_soft",
                {"value": "1.050", "limit": "1.0"},
                "drip stood for ten minutes",
            )
        ],
    }
    assert found.refused == {"rate_mg_per_kg_per_h_above_hard": 1}


def test_the_page_says_it_to_whoever_orders_and_whoever_approves(cast: Cast) -> None:
    seeded(cast)
    told = signed_in(cast.pia).get("/office/library/overrides/").content.decode()
    assert "2 of 4 infusions" in told
    assert "Ada Okafor: drip stood for ten minutes" in told
    assert "1 time: rate above" in told
    assert "No infusion was started in this month." in (
        signed_in(cast.ada).get("/office/library/overrides/?month=2024-02").content.decode()
    )


def test_a_month_is_the_clinics_own_and_begins_at_its_midnight(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        assert month_of(EVER, EVER + timedelta(days=31)) == Month(0, [], {})
        assert month_of(EVER, EVER).within_percent is None
    seeded(cast)
    with clinic_scope(cast.other_clinic.pk):
        assert month_of(EVER, timezone.now() + timedelta(days=1)).started == 0
