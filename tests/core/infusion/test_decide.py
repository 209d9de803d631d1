from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.safety import ITEMS, PreflightItem, Reply
from tests.examples import ADA, BEN, BY_PUMP, DEE, DISPLAY, PLAN, TEN, VITALS, Walk, an_id, arrived, infusing, ready

D = Decimal


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def kinds(entries: tuple[e.Logged, ...]) -> list[str]:
    return [entry.kind for entry in entries]


def test_the_usual_order_gives_the_numbers_a_nurse_works_out() -> None:
    """100 mL in 40 min through 20 drops/mL is 150 mL/h and 50 drops/min; 0.5 mg/kg of 70 kg is 35 mg, 0.7 mL of 50."""
    planned = arrived().state.planned
    assert planned is not None
    assert planned.dose_mg == D(35)
    assert planned.bag.drug_volume_ml == D("0.7")
    assert planned.bag.final_volume_ml == 100
    assert (planned.rate_ml_per_h, planned.drops_per_min) == (D(150), 50)


def test_it_walks_from_planned_to_ended() -> None:
    walk = Walk()
    assert walk.state.status is Status.NEW
    walk = infusing()
    assert walk.state.status is Status.INFUSING
    assert walk.state.rate_ml_per_h == D(150)
    walk.ask(c.PauseInfusion(), after_min=5)
    assert walk.state.is_in_doubt
    walk.confirm()
    assert walk.state.status is Status.PAUSED
    walk.ask(c.ResumeInfusion(), after_min=2)
    walk.confirm()
    assert walk.state.status is Status.INFUSING
    walk.ask(c.StopInfusion(), after_min=30)
    walk.confirm()
    assert walk.state.status is Status.STOPPED
    walk.ask(c.EndInfusion(left_in_bag_ml=D(3)))
    assert walk.state.status is Status.ENDED


@pytest.mark.parametrize("item", ITEMS)
def test_each_preflight_item_left_out_blocks_the_start_by_its_name(item: PreflightItem) -> None:
    walk = arrived()
    for other in ITEMS:
        if other is not item:
            walk.record(e.PreflightAnswered(item=other, reply=Reply.FINE))
    with pytest.raises(Refused) as refused:
        walk.ask(c.DeclareReady())
    missing = [f.facts["item"] for f in refused.value.findings if f.code == "preflight_not_asked"]
    assert missing == [item]


def test_unknown_is_not_no() -> None:
    walk = ready()
    walk.record(e.PreflightAnswered(item=PreflightItem.ALLERGIES, reply=Reply.UNKNOWN))
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion())
    assert codes(refused) == {"preflight_unknown"}


def test_a_preflight_grows_old() -> None:
    walk = ready()
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(), after_min=61)
    assert {"preflight_out_of_date", "vitals_out_of_date"} == codes(refused)


def test_a_start_needs_a_pressure_that_is_not_too_high() -> None:
    walk = ready()
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=182, dbp_mmhg=96))
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(reason="he is always so"), ADA)
    assert codes(refused) == {"pressure_too_high_to_start"}


def test_a_high_pressure_before_the_start_is_a_prescribers_decision() -> None:
    walk = ready()
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=165, dbp_mmhg=96))
    with pytest.raises(Refused):
        walk.ask(c.StartInfusion(reason="rechecked"), BEN)
    (started,) = walk.ask(c.StartInfusion(reason="rechecked twice, no symptoms"), ADA)
    assert isinstance(started.fact, e.StartIntended)
    assert started.fact.findings == ("pressure_high_before_start",)


def test_whoever_made_the_bag_does_not_check_it() -> None:
    walk = arrived()
    planned = walk.state.planned
    assert planned is not None
    walk.ask(c.MakeBag(bag=planned.bag), BEN)
    with pytest.raises(Refused) as refused:
        walk.ask(c.CheckBag(), BEN)
    assert codes(refused) == {"checker_made_the_bag"}
    walk.ask(c.CheckBag(), DEE)


def test_a_bag_holds_no_more_than_the_ordered_dose() -> None:
    walk = arrived()
    planned = walk.state.planned
    assert planned is not None
    stronger = type(planned.bag)(
        vial_mg_per_ml=D(50), drug_volume_ml=D("0.8"), fluid_volume_ml=D(100), overfill_ml=D(0)
    )
    with pytest.raises(Refused) as refused:
        walk.ask(c.MakeBag(bag=stronger))
    assert codes(refused) == {"more_drug_than_ordered"}


@pytest.mark.parametrize(
    ("rate_ml_per_h", "refusal"),
    [
        ("180", set()),  # 0.9 mg/kg/h: the signed range
        ("183", {"faster_than_signed", "needs_prescriber_and_reason"}),
        ("200", {"faster_than_signed", "needs_prescriber_and_reason"}),  # 1.0: on the soft limit, not over it
        ("203", {"rate_mg_per_kg_per_h_above_soft", "needs_prescriber_and_reason"}),
        ("300", {"rate_mg_per_kg_per_h_above_soft", "needs_prescriber_and_reason"}),  # 1.5: on the hard limit
        ("303", {"rate_mg_per_kg_per_h_above_hard"}),
    ],
)
def test_a_nurse_raises_the_rate_within_the_signed_range_only(rate_ml_per_h: str, refusal: set[str]) -> None:
    """35 mg in 100 mL at 70 kg: mL/h times 0.005 is mg/kg/h."""
    walk = infusing()
    command = c.SetRate(rate_ml_per_h=D(rate_ml_per_h), reason="behind the plan")
    if not refusal:
        walk.ask(command)
        return
    with pytest.raises(Refused) as refused:
        walk.ask(command)
    assert codes(refused) == refusal


def test_over_the_hard_limit_nobody() -> None:
    walk = infusing()
    with pytest.raises(Refused) as refused:
        walk.ask(c.SetRate(rate_ml_per_h=D(303), reason="I know what I do", prescriber=an_id("ada")), ADA)
    assert codes(refused) == {"rate_mg_per_kg_per_h_above_hard"}


def test_a_prescriber_crosses_a_soft_limit_with_a_reason() -> None:
    walk = infusing()
    with pytest.raises(Refused):
        walk.ask(c.SetRate(rate_ml_per_h=D(210)), ADA)
    (intended,) = walk.ask(c.SetRate(rate_ml_per_h=D(210), reason="drip stood for ten minutes"), ADA)
    assert isinstance(intended.fact, e.RateIntended)
    assert intended.fact.findings == ("rate_mg_per_kg_per_h_above_soft",)


def test_a_rate_is_rounded_to_drops_and_never_up() -> None:
    walk = infusing()
    (intended,) = walk.ask(c.SetRate(rate_ml_per_h=D(125)))
    assert isinstance(intended.fact, e.RateIntended)
    assert (intended.fact.rate_ml_per_h, intended.fact.drops_per_min) == (D(123), 41)


@pytest.mark.parametrize("rate_ml_per_h", ["150", "149", "90", "3", "0.5"])
def test_slower_is_never_refused_whoever_watches_and_whenever_it_was(rate_ml_per_h: str) -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(180)))  # somebody's faster rate is still in doubt
    yesterday = walk.at - timedelta(days=1)
    walk.ask(c.SetRate(rate_ml_per_h=D(rate_ml_per_h), occurred_at=yesterday))
    assert walk.state.pending[-1].rate_ml_per_h <= D(rate_ml_per_h)


@pytest.mark.parametrize("author", [ADA, BEN, DISPLAY])
def test_stop_is_never_refused_from_any_state(author: c.Author) -> None:
    for make in (arrived, ready, infusing):
        walk = make()
        walk.ask(c.StopInfusion(occurred_at=walk.at + timedelta(hours=3)), author)
        assert any(entry.kind == "StopIntended" for entry in walk.log)
        assert walk.log[-1].occurred_at <= walk.at


def test_stop_while_the_start_is_in_doubt_counts_from_the_intended_start() -> None:
    walk = ready()
    (intended,) = walk.ask(c.StartInfusion())
    walk.ask(c.StopInfusion(), DISPLAY, after_min=1)
    assert walk.state.highest_rate_ml_per_h == D(150)
    walk.confirm(DISPLAY)
    assert walk.state.status is Status.STOPPED
    assert walk.state.started_at == intended.occurred_at
    assert not walk.state.is_in_doubt


def test_in_doubt_counts_at_its_maximum_until_settled() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(180)))
    assert walk.state.highest_rate_ml_per_h == D(180)
    walk.ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq))
    assert walk.state.highest_rate_ml_per_h == D(150)
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))
    assert walk.state.highest_rate_ml_per_h == D(150)
    walk.confirm()
    assert walk.state.highest_rate_ml_per_h == D(90)


def test_a_closed_clamp_settles_every_doubt() -> None:
    walk = infusing()
    walk.ask(c.StopInfusion())
    stop = walk.state.pending[-1]
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))
    walk.ask(c.ConfirmDone(intent_seq=stop.seq))
    assert walk.state.status is Status.STOPPED
    assert walk.state.pending == ()


def test_only_the_newest_intent_can_be_confirmed() -> None:
    walk = infusing()
    (older,) = walk.ask(c.SetRate(rate_ml_per_h=D(120)))
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))
    with pytest.raises(Refused) as refused:
        walk.ask(c.ConfirmDone(intent_seq=older.seq))
    assert codes(refused) == {"newer_intent"}


def test_after_a_stop_only_a_prescriber_resumes_and_never_faster() -> None:
    walk = infusing()
    walk.ask(c.StopInfusion())
    walk.confirm()
    with pytest.raises(Refused) as refused:
        walk.ask(c.ResumeInfusion(), BEN)
    assert codes(refused) == {"stopped_needs_prescriber"}
    with pytest.raises(Refused) as refused:
        walk.ask(c.ResumeInfusion(rate_ml_per_h=D(180)), ADA)
    assert codes(refused) == {"resume_not_faster"}
    walk.ask(c.ResumeInfusion(), ADA)
    walk.confirm()
    assert walk.state.rate_ml_per_h == D(150)


def test_a_device_stops_but_does_not_start() -> None:
    walk = ready()
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion(), DISPLAY)
    assert codes(refused) == {"role_not_allowed"}


def test_a_start_is_not_confirmed_by_nobody() -> None:
    walk = ready()
    walk.ask(c.StartInfusion())
    with pytest.raises(Refused) as refused:
        walk.confirm(DISPLAY)
    assert codes(refused) == {"role_not_allowed"}


def test_what_was_long_ago_needs_a_reason_and_is_marked_late() -> None:
    walk = infusing()
    walk.at += timedelta(minutes=10)
    earlier = walk.at - timedelta(minutes=6)
    counted = e.DropsCounted(drops=25, seconds=D(30))
    with pytest.raises(Refused) as refused:
        walk.ask(c.Record(fact=counted, occurred_at=earlier))
    assert codes(refused) == {"late_needs_a_reason"}
    late = walk.ask(c.Record(fact=counted, occurred_at=earlier, late_reason="hands were full"))
    assert kinds(late) == ["RecordedLate", "DropsCounted"]
    assert late[1].occurred_at == earlier
    assert late[1].recorded_at == walk.at


def test_the_future_is_refused() -> None:
    walk = infusing()
    with pytest.raises(Refused) as refused:
        walk.ask(c.Record(fact=VITALS, occurred_at=walk.at + timedelta(minutes=1)))
    assert codes(refused) == {"in_the_future"}


def arrived_twenty_minutes_after_the_plan() -> Walk:
    walk = Walk()
    walk.ask(PLAN, ADA)
    walk.record(e.PatientArrived(), after_min=20)
    walk.at += timedelta(minutes=10)
    return walk


@pytest.mark.parametrize(
    ("asked", "minutes_ago", "code"),
    [
        (c.Record(fact=VITALS), 11, "before_arrival"),
        (c.Record(fact=VITALS), 24 * 60, "before_planned"),
        (c.Record(fact=e.NoteAdded(words="rang")), 31, "before_planned"),
        (c.AbandonInfusion(reason="fever"), 12, "before_arrival"),
    ],
)
def test_nothing_happened_before_there_was_a_plan_or_somebody_there(
    asked: c.Command, minutes_ago: int, code: str
) -> None:
    walk = arrived_twenty_minutes_after_the_plan()
    then = walk.at - timedelta(minutes=minutes_ago)
    with pytest.raises(Refused) as refused:
        walk.ask(replace(asked, occurred_at=then, late_reason="hands were full"))
    assert codes(refused) == {code}


def test_what_needs_no_patient_may_be_older_than_the_arrival() -> None:
    walk = arrived_twenty_minutes_after_the_plan()
    planned = walk.state.planned
    assert planned is not None
    made = c.MakeBag(bag=planned.bag, occurred_at=walk.at - timedelta(minutes=15), late_reason="made in the pharmacy")
    assert kinds(walk.ask(made)) == ["RecordedLate", "BagMade"]


def test_the_minute_of_the_arrival_is_not_before_it() -> None:
    """Times are written in whole minutes; who came at 10:20:40 was measured at 10:20."""
    walk = Walk(at=TEN + timedelta(seconds=40))
    walk.ask(PLAN, ADA)
    walk.record(e.PatientArrived(), after_min=20)
    walk.at += timedelta(minutes=2)
    (charted,) = walk.ask(c.Record(fact=VITALS, occurred_at=TEN + timedelta(minutes=20)))
    assert charted.occurred_at == TEN + timedelta(minutes=20)


@pytest.mark.parametrize("command", [c.StopInfusion(), c.PauseInfusion(), c.SetRate(rate_ml_per_h=D(90))])
def test_a_clock_that_cannot_be_right_never_keeps_a_stop_away(command: c.Command) -> None:
    """A screen whose clock was never set: what it sends counts as now, and says so."""
    walk = infusing()
    logged = walk.ask(replace(command, occurred_at=datetime(1970, 1, 1, tzinfo=UTC)))
    assert logged[0].kind == "RecordedLate"
    assert logged[-1].occurred_at == walk.at


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=101), "cannot_be_true"),
        (e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=80, dbp_mmhg=80), "diastolic_not_below_systolic"),
        (e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=80), "half_a_pressure"),
        (e.VitalsCharted(source=e.Source.BY_HAND), "nothing_measured"),
        (e.PatientWatched(awake=e.Awake.ALERT, detached=11), "cannot_be_true"),
        (e.BagRead(left_in_bag_ml=D(101)), "more_than_the_bag_held"),
        (e.BagRead(left_in_bag_ml=D(-1)), "more_than_the_bag_held"),
        (e.NoteAdded(words="  "), "nothing_written"),
        (e.DropsCounted(drops=20, seconds=D(0)), "cannot_be_true"),
        (e.LineRemoved(), "drip_may_be_running"),
        (e.PumpRateRead(rate_ml_per_h=D(150)), "no_pump_ordered"),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_reason(fact: e.Fact, code: str) -> None:
    with pytest.raises(Refused) as refused:
        infusing().record(fact)
    assert code in codes(refused)


@pytest.mark.parametrize("shown", [D(-1), D("1200.1")])
def test_a_pump_cannot_show_what_no_pump_runs_at(shown: D) -> None:
    with pytest.raises(Refused, match="cannot_be_true"):
        infusing(BY_PUMP).record(e.PumpRateRead(rate_ml_per_h=shown))


@pytest.mark.parametrize("shown", [D(0), D("149.9"), D(1200)])
def test_what_a_pump_shows_is_recorded_though_it_is_not_what_was_set(shown: D) -> None:
    (read,) = infusing(BY_PUMP).record(e.PumpRateRead(rate_ml_per_h=shown))
    assert read.fact == e.PumpRateRead(rate_ml_per_h=shown)


def test_what_is_only_worrying_is_recorded() -> None:
    walk = infusing()
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=220, dbp_mmhg=130, spo2_percent=71))
    assert walk.state.vitals is not None


def test_an_order_over_a_hard_limit_is_not_planned_by_anyone() -> None:
    ten_fold = c.PlanInfusion(**{f: getattr(PLAN, f) for f in PLAN.__slots__} | {"weight_kg": D(700)})
    with pytest.raises(Refused) as refused:
        Walk().ask(ten_fold, ADA)
    assert "dose_mg_above_hard" in codes(refused)


def test_the_wrong_patient_takes_two_staff() -> None:
    walk = infusing()
    command = c.ReassignInfusion(patient=an_id("other"), second_person=an_id("ben"), reason="wrong chart opened")
    with pytest.raises(Refused) as refused:
        walk.ask(command, BEN)
    assert codes(refused) == {"second_person_is_the_first"}
    walk.ask(command, DEE)
    assert walk.state.patient == an_id("other")


def test_nothing_but_words_after_the_patient_went_home() -> None:
    walk = arrived()
    walk.ask(c.AbandonInfusion(reason="fever"))
    with pytest.raises(Refused) as refused:
        walk.record(VITALS)
    assert codes(refused) == {"not_now"}
    walk.record(e.NoteAdded(words="rang in the evening, fever gone"))
