"""What staff are called to: the thresholds of safety.md 2.4, by the clock, and what silence and nonsense may not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.order import UNSIGNED, WatchLimits
from stillroom.core.safety.priority import CONDITIONS, Priority
from stillroom.core.safety.watch import Assessment, LinkSeen, Watched, assess
from stillroom.core.vitals import CUFF_SIGNALS, Sample, Signal, Validity

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LIMITS = WatchLimits(
    spo2_low_percent=93,
    sbp_high_mmhg=180,
    dbp_high_mmhg=110,
    sbp_low_mmhg=90,
    pulse_high_per_min=130,
    pulse_low_per_min=45,
    resp_low_per_min=10,
)
EVERY_5_S = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=NOW)


def readings(signal: Signal, *values: int, every_s: int = 5, validity: Validity = Validity.VALID) -> dict[Signal, Any]:
    """These values, the last of them now."""
    last = len(values) - 1
    times = [NOW - timedelta(seconds=every_s * (last - each)) for each in range(len(values))]
    return {signal: [Sample(signal, Decimal(value), at, at, validity) for value, at in zip(values, times, strict=True)]}


def watched(seen: dict[Signal, Any] | None = None, **known: Any) -> Watched:
    """A drip that has run ten minutes, with a good saturation unless another is given."""
    good = readings(Signal.SPO2_PERCENT, 98, 98, 98, 98)
    fields = {"link": EVERY_5_S, "readings": good | (seen or {}), "watched_since": NOW - timedelta(minutes=10)} | known
    return Watched(**{"at": NOW, "limits": LIMITS, "settings": UNSIGNED} | fields)  # type: ignore[arg-type]


def raised(asked: Watched) -> dict[str, tuple[str | None, str | None]]:
    return {each.condition: (each.value, each.limit) for each in assess(asked).present}


def test_a_quiet_patient_calls_nobody() -> None:
    assert assess(watched()) == Assessment((), frozenset())


@pytest.mark.parametrize(
    ("signal", "value", "condition", "limit"),
    [
        (Signal.SPO2_PERCENT, 92, "spo2_low", 93),
        (Signal.SPO2_PERCENT, 89, "spo2_grave", 90),
        (Signal.SBP_MMHG, 181, "sbp_high", 180),
        (Signal.SBP_MMHG, 201, "sbp_grave_high", 200),
        (Signal.DBP_MMHG, 111, "dbp_high", 110),
        (Signal.DBP_MMHG, 121, "dbp_grave_high", 120),
        (Signal.SBP_MMHG, 89, "sbp_low", 90),
        (Signal.SBP_MMHG, 79, "sbp_grave_low", 80),
        (Signal.PULSE_PER_MIN, 131, "pulse_high", 130),
        (Signal.PULSE_PER_MIN, 151, "pulse_grave_high", 150),
        (Signal.HEART_RATE_PER_MIN, 131, "pulse_high", 130),
        (Signal.PULSE_PER_MIN, 44, "pulse_low", 45),
        (Signal.PULSE_PER_MIN, 39, "pulse_grave_low", 40),
        (Signal.RESP_PER_MIN, 9, "resp_low", 10),
        (Signal.RESP_PER_MIN, 7, "resp_grave", 8),
    ],
)
def test_a_figure_beyond_a_limit_that_lasts_is_called_out_and_the_limit_itself_is_not(
    signal: Signal, value: int, condition: str, limit: int
) -> None:
    assert raised(watched(readings(signal, *[value] * 4))) == {condition: (str(value), str(limit))}
    assert condition not in raised(watched(readings(signal, *[limit] * 4)))


@pytest.mark.parametrize(("count", "is_raised"), [(2, False), (3, True)])
def test_a_grave_saturation_is_called_out_after_ten_seconds_not_before(count: int, is_raised: bool) -> None:
    seen = readings(Signal.SPO2_PERCENT, *[98] * 5, *[88] * count)
    assert ("spo2_grave" in raised(watched(seen))) is is_raised


def test_two_good_figures_in_a_row_begin_the_delay_anew_and_one_does_not_for_what_is_grave() -> None:
    assert raised(watched(readings(Signal.SPO2_PERCENT, 88, 88, 88, 98, 98, 88, 88))) == {}
    assert "spo2_grave" in raised(watched(readings(Signal.SPO2_PERCENT, 88, 88, 88, 98, 88)))
    assert raised(watched(readings(Signal.SPO2_PERCENT, 92, 92, 92, 92, 98, 92))) == {}


def test_a_figure_on_the_limit_or_within_its_margin_ends_no_run() -> None:
    """80 for two minutes, with one figure in nine on the limit itself: nobody was called."""
    flapping = [90 if each % 9 == 4 else 80 for each in range(119)]
    for every_s, link in ((1, LinkSeen(interval_s=1, cuff_interval_s=300, last_heard_at=NOW)), (5, EVERY_5_S)):
        asked = watched(readings(Signal.SPO2_PERCENT, *flapping, every_s=every_s), link=link)
        assert set(raised(asked)) == {"spo2_grave"}
    assert set(raised(watched(readings(Signal.SPO2_PERCENT, 92, 92, 93, 92, 93, 92)))) == {"spo2_low"}


def test_while_the_newest_good_figure_is_not_beyond_nobody_is_called() -> None:
    assert raised(watched(readings(Signal.SPO2_PERCENT, 98, 98, 88, 88, 98))) == {}


STREAMED = [
    (Signal.SPO2_PERCENT, 80, 98, "spo2_grave"),
    (Signal.PULSE_PER_MIN, 180, 70, "pulse_grave_high"),
    (Signal.HEART_RATE_PER_MIN, 30, 70, "pulse_grave_low"),
    (Signal.RESP_PER_MIN, 5, 14, "resp_grave"),
]


@given(
    sign=st.sampled_from(STREAMED),
    doubted=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 260)), max_size=6),
    validity=st.sampled_from([Validity.QUESTIONABLE, Validity.INVALID]),
)
def test_a_doubted_reading_anywhere_in_a_run_never_delays_its_alarm(
    sign: tuple[Signal, int, int, str], doubted: list[tuple[int, int]], validity: Validity
) -> None:
    """SR-34: what cannot clear an alarm cannot put it off either. It lies between two good ones, or after the last."""
    signal, beyond, good, condition = sign
    run = readings(signal, good, good, beyond, beyond, beyond)[signal]
    assert condition in raised(watched({signal: run}))
    between = [
        Sample(signal, Decimal(value), run[place].measured_at + timedelta(seconds=1), NOW, validity)
        for place, value in doubted
    ]
    noisy = sorted((*run, *between), key=lambda each: each.measured_at)
    assert condition in raised(watched({signal: noisy}))


@given(sign=st.sampled_from(STREAMED), before=st.integers(0, 5), silent_s=st.integers(0, 15))
def test_a_single_reading_of_a_stream_never_raises_also_when_silence_follows(
    sign: tuple[Signal, int, int, str], before: int, silent_s: int
) -> None:
    signal, beyond, good, condition = sign
    last = timedelta(seconds=silent_s)
    sent = readings(signal, *[good] * before, beyond)[signal]
    run = [Sample(signal, each.value, each.measured_at - last, each.measured_at) for each in sent]
    assert condition not in raised(watched({signal: run}))


def test_a_cuff_is_believed_at_once() -> None:
    assert "sbp_high" in raised(watched(readings(Signal.SBP_MMHG, 130, 185, every_s=300)))


def test_a_figure_written_by_hand_is_believed_at_once() -> None:
    seen = readings(Signal.PULSE_PER_MIN, 155)
    assert raised(watched(seen)) == {}
    assert "pulse_grave_high" in raised(watched(by_hand=seen))
    assert "pulse_grave_high" in raised(watched(by_hand=seen, link=None, readings={}))


def test_a_good_figure_by_hand_hides_nothing_that_the_monitor_says_and_clears_nothing_against_it() -> None:
    low = readings(Signal.SPO2_PERCENT, *[85] * 4)
    by_hand = readings(Signal.SPO2_PERCENT, 97, 97)
    assert "spo2_grave" in raised(watched(low, by_hand=by_hand))
    assert opened(low, "spo2_grave", by_hand=by_hand) == set()


def test_a_questionable_figure_raises_and_an_impossible_one_does_not() -> None:
    doubtful = readings(Signal.SPO2_PERCENT, *[85] * 4, validity=Validity.QUESTIONABLE)
    nonsense = readings(Signal.SPO2_PERCENT, *[0] * 4, validity=Validity.INVALID)
    assert "spo2_grave" in raised(watched(doubtful))
    assert set(raised(watched(nonsense))) == {"spo2_missing"}


def opened(seen: dict[Signal, Any], *conditions: str, **known: Any) -> frozenset[str]:
    """Which of these open conditions are over."""
    return assess(watched(seen, open=frozenset(conditions), **known)).over


def test_no_single_reading_clears_what_is_grave() -> None:
    assert opened(readings(Signal.SPO2_PERCENT, 86, 86, 86, 97), "spo2_grave") == set()
    assert opened(readings(Signal.SPO2_PERCENT, 86, 86, 97, 97), "spo2_grave") == {"spo2_grave"}
    assert opened(readings(Signal.SBP_MMHG, 205, 150, every_s=300), "sbp_grave_high", "sbp_high") == {"sbp_high"}


def test_what_hangs_about_the_limit_stays_open() -> None:
    """A margin lies between the limit and what counts as back: 93 is within the limit, 94 is back."""
    assert opened(readings(Signal.SPO2_PERCENT, 91, 93, 93, 93), "spo2_low") == set()
    assert opened(readings(Signal.SPO2_PERCENT, 91, 94, 94, 94), "spo2_low") == {"spo2_low"}


@pytest.mark.parametrize("validity", [Validity.QUESTIONABLE, Validity.INVALID])
def test_doubtful_and_impossible_figures_clear_nothing(validity: Validity) -> None:
    assert opened(readings(Signal.SPO2_PERCENT, *[98] * 4, validity=validity), "spo2_low", "spo2_grave") == set()


def test_silence_clears_nothing() -> None:
    before = NOW - timedelta(seconds=40)
    old = [Sample(Signal.SPO2_PERCENT, Decimal(98), at, at) for at in (before - timedelta(seconds=5), before)]
    assert opened({Signal.SPO2_PERCENT: old}, "spo2_low") == set()
    assert opened({Signal.SPO2_PERCENT: []}, "spo2_low") == set()


def test_a_silent_monitor_is_called_out_by_how_often_it_sends() -> None:
    def after(silent_s: float, interval_s: float) -> bool:
        link = LinkSeen(interval_s=interval_s, cuff_interval_s=300, last_heard_at=NOW - timedelta(seconds=silent_s))
        return "monitor_lost" in raised(watched(link=link))

    assert [after(20, 5), after(25, 5)] == [False, True]
    assert [after(200, 60), after(250, 60)] == [False, True]


def test_a_monitor_that_was_never_heard_is_called_out_too() -> None:
    link = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=None)
    assert set(raised(watched({Signal.SPO2_PERCENT: []}, link=link))) == {"spo2_missing"}
    assert set(raised(watched({Signal.SPO2_PERCENT: []}, link=link, watched_since=ago(0.5)))) == {"monitor_lost"}


def test_a_saturation_missing_for_a_minute_is_grave_whether_the_probe_is_off_or_the_monitor_silent() -> None:
    """Safety note 2.4: probe off for more than 60 s is the gravest level. One alarm, not two."""

    def probe_off(minutes: float, **known: Any) -> set[str]:
        last = Sample(Signal.SPO2_PERCENT, Decimal(98), ago(minutes), ago(minutes))
        return set(raised(watched({Signal.SPO2_PERCENT: [last]}, **known)))

    assert probe_off(0.9) == set()
    assert probe_off(1.1) == {"spo2_missing"}
    lost = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=NOW - timedelta(minutes=2))
    assert probe_off(0.9, link=lost) == {"monitor_lost"}
    assert probe_off(2, link=lost) == {"spo2_missing"}
    assert probe_off(2, link=lost, is_link_wanted=False) == set()


def test_a_silent_monitor_gives_way_to_the_missing_saturation_and_comes_back_when_a_hand_has_measured() -> None:
    lost = {"link": LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=ago(2))}
    none: dict[Signal, Any] = {Signal.SPO2_PERCENT: []}
    asked = watched(none, open=frozenset({"monitor_lost"}), **lost)
    assert (assess(asked).over, assess(asked).is_lost) == ({"monitor_lost"}, True)
    for until, conditions, over in ((ago(-8), {"monitor_lost"}, {"spo2_missing"}), (ago(0), {"spo2_missing"}, set())):
        by_hand = watched(none, open=frozenset({"spo2_missing"}), spo2_by_hand_until=until, **lost)
        assert set(raised(by_hand)) == conditions
        assert assess(by_hand).over == over
    open_ones, sent_before = frozenset({"spo2_missing"}), {Signal.SPO2_PERCENT: ago(5)}
    heard = watched(none, sent_before=sent_before, open=open_ones, spo2_by_hand_until=ago(-8))
    assert set(raised(heard)) == {"spo2_missing"}, "a monitor that has sent one and is heard is to have its probe on"
    assert assess(heard).over == set()


@pytest.mark.parametrize("sent_before", [{}, {Signal.SPO2_PERCENT: NOW - timedelta(hours=3)}])
@pytest.mark.parametrize("validity", [None, Validity.INVALID, Validity.QUESTIONABLE])
def test_where_the_monitor_has_sent_no_good_saturation_since_the_start_a_hand_stands_for_it(
    sent_before: dict[Signal, datetime], validity: Validity | None
) -> None:
    """A cuff or an ECG alone, a broken probe: heard, and never with a figure that counts."""
    doubted = [Sample(Signal.SPO2_PERCENT, Decimal(98), ago(0), ago(0), validity)] if validity else []

    def asked(until: datetime | None) -> Watched:
        known: dict[str, Any] = {"sent_before": sent_before, "spo2_by_hand_until": until}
        return watched({Signal.SPO2_PERCENT: doubted}, open=frozenset({"spo2_missing"}), **known)

    for until in (None, ago(0)):
        assert set(raised(asked(until))) == {"spo2_missing"}
        assert assess(asked(until)).over == set()
    assert set(raised(asked(ago(-8)))) == set()
    assert assess(asked(ago(-8))).over == {"spo2_missing"}


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("known", "conditions"),
    [
        ({"pressure_due_at": ago(1.9)}, set()),
        ({"pressure_due_at": ago(2)}, {"pressure_overdue"}),
        ({"pressure_due_at": ago(5)}, {"pressure_long_overdue"}),
        ({"watch_due_at": ago(2)}, {"watch_overdue"}),
        ({"watch_due_at": ago(5)}, {"watch_long_overdue"}),
        ({"saturation_due_at": ago(1.9), "link": None}, set()),
        ({"saturation_due_at": ago(2), "link": None}, {"saturation_overdue"}),
        ({"saturation_due_at": ago(5), "link": None}, {"saturation_long_overdue"}),
        ({"saturation_due_at": ago(5)}, set()),
        ({"saturation_due_at": ago(5), "link": None, "is_link_gone": True}, {"monitor_lost"}),
        ({"paused_at": ago(9.9)}, set()),
        ({"paused_at": ago(10)}, {"paused_long"}),
        ({"paused_at": ago(20)}, {"paused_too_long"}),
        ({"doubt_since": ago(0.9)}, set()),
        ({"doubt_since": ago(1)}, {"doubt_lasts"}),
        ({"ends_at": ago(1)}, set()),
        ({"ends_at": ago(2)}, {"end_overdue"}),
        ({"stream_seen_at": NOW}, {"stream_running"}),
        ({"is_hard_to_rouse": True}, {"hard_to_rouse"}),
        ({"cannot_be_roused": True}, {"cannot_be_roused"}),
        ({"anxious": 6, "nauseous": 6}, set()),
        ({"anxious": 7}, {"distress_high"}),
        ({"nauseous": 7}, {"nausea_high"}),
        ({"pressure_due_at": NOW + timedelta(minutes=1)}, set()),
    ],
)
def test_what_is_missing_or_lasts_is_called_out_in_its_time(known: dict[str, Any], conditions: set[str]) -> None:
    assert set(raised(watched(**known))) == conditions


def test_the_graver_of_two_takes_the_place_of_the_milder() -> None:
    both = watched(pressure_due_at=ago(6), open=frozenset({"pressure_overdue"}))
    assert set(raised(both)) == {"pressure_long_overdue"}
    assert assess(both).over == {"pressure_overdue"}


def test_what_only_time_raised_is_over_when_it_was_done() -> None:
    asked = watched(open=frozenset({"pressure_overdue", "paused_long", "doubt_lasts", "end_overdue"}))
    assert assess(asked).over == asked.open


def test_what_the_patient_says_is_over_when_they_say_less_and_not_when_nobody_asked() -> None:
    both = frozenset({"distress_high", "nausea_high"})
    assert assess(watched(open=both)).over == frozenset()
    assert assess(watched(open=both, anxious=6, nauseous=9)).over == {"distress_high"}


def test_an_order_says_from_which_score_somebody_is_called() -> None:
    calm = replace(UNSIGNED, anxious_from=5)
    assert set(raised(watched(settings=calm, anxious=5))) == {"distress_high"}


VALUES = st.integers(min_value=0, max_value=260)


@given(
    seen=st.dictionaries(st.sampled_from(Signal), st.lists(VALUES, max_size=8), max_size=5),
    validity=st.sampled_from(Validity),
    is_open=st.frozensets(st.sampled_from(sorted(CONDITIONS))),
    minutes=st.floats(min_value=-5, max_value=30),
)
def test_nothing_is_both_so_and_over_and_only_open_things_are_over(
    seen: dict[Signal, list[int]], validity: Validity, is_open: frozenset[str], minutes: float
) -> None:
    made: dict[Signal, Any] = {}
    for signal, values in seen.items():
        made |= readings(signal, *values, every_s=300 if signal in CUFF_SIGNALS else 5, validity=validity)
    asked = watched(made, open=is_open, paused_at=ago(minutes), pressure_due_at=ago(minutes))
    found = assess(asked)
    present = {each.condition for each in found.present}
    assert not present & found.over
    assert found.over <= is_open
    assert present <= set(CONDITIONS)
    assert assess(asked) == found


@given(validity=st.sampled_from([Validity.INVALID, Validity.QUESTIONABLE]), values=st.lists(VALUES, max_size=8))
def test_only_good_readings_end_a_grave_alarm(validity: Validity, values: list[int]) -> None:
    signs = {Signal.SPO2_PERCENT: "spo2_grave", Signal.RESP_PER_MIN: "resp_grave"}
    for signal, condition in signs.items():
        assert condition not in opened(readings(signal, *values, validity=validity), condition)


def test_every_grave_condition_is_high() -> None:
    grave = {name for name in CONDITIONS if "grave" in name} | {"cannot_be_roused", "stream_running", "spo2_missing"}
    assert {CONDITIONS[name].priority for name in grave} == {Priority.HIGH}


def test_a_delay_is_never_shorter_than_the_link_takes_between_two_readings() -> None:
    """A monitor that sends every 30 s: the first figure beyond a limit of 15 s is one figure, not a run."""
    slow = LinkSeen(interval_s=30, cuff_interval_s=300, last_heard_at=NOW)
    once = readings(Signal.SPO2_PERCENT, 98, 91, every_s=20)
    assert raised(watched(once, link=slow, at=NOW)) == {}
    assert raised(watched(readings(Signal.SPO2_PERCENT, 98, 91, 91, every_s=30), link=slow)) == {
        "spo2_low": ("91", "93")
    }


def test_while_the_patient_recovers_checks_are_missed_and_the_probe_may_come_off_once_awake() -> None:
    due = watched(check_due_at=NOW - timedelta(minutes=2))
    assert list(raised(due)) == ["check_overdue"]
    long_due = watched(check_due_at=NOW - timedelta(minutes=5))
    assert list(raised(long_due)) == ["check_long_overdue"]
    silent = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=NOW - timedelta(minutes=3))
    off = watched({Signal.SPO2_PERCENT: []}, link=silent, is_link_wanted=False)
    assert raised(off) == {}
    assert set(raised(watched({Signal.SPO2_PERCENT: []}, link=silent))) == {"spo2_missing"}


def test_a_room_that_no_screen_showed_for_ten_seconds_is_called_out() -> None:
    assert raised(watched(unseen_since=NOW - timedelta(seconds=9))) == {}
    assert list(raised(watched(unseen_since=NOW - timedelta(seconds=10)))) == ["no_screen"]
    over = watched(unseen_since=NOW, open=frozenset({"no_screen"}))
    assert assess(over).over == {"no_screen"}


def by_hand(signal: Signal, value: int, *, ago_s: float) -> dict[Signal, Any]:
    """Written down just now, of a moment before."""
    return {signal: [Sample(signal, Decimal(value), NOW - timedelta(seconds=ago_s), NOW)]}


@pytest.mark.parametrize(
    ("signal", "value", "grave"), [(Signal.SPO2_PERCENT, 84, "spo2_grave"), (Signal.RESP_PER_MIN, 5, "resp_grave")]
)
def test_a_figure_by_hand_of_this_minute_is_judged_beside_a_monitor(signal: Signal, value: int, grave: str) -> None:
    """The time of a sheet is cut to the minute; the monitor sends every five seconds and says that all is well."""
    well = readings(Signal.RESP_PER_MIN, 14, 14, 14, 14)
    assert grave in raised(watched(well, by_hand=by_hand(signal, value, ago_s=59)))


def test_a_monitor_that_goes_on_sending_the_sign_soon_says_more_than_an_older_figure_by_hand() -> None:
    old = by_hand(Signal.SPO2_PERCENT, 84, ago_s=120)
    assert raised(watched(by_hand=old)) == {}
    assert opened({}, "spo2_grave", by_hand=old) == {"spo2_grave"}


def test_where_the_monitor_does_not_send_the_sign_a_figure_by_hand_holds_as_long_as_a_cuffs() -> None:
    assert "resp_grave" in raised(watched(by_hand=by_hand(Signal.RESP_PER_MIN, 5, ago_s=240)))
    assert "resp_grave" not in raised(watched(by_hand=by_hand(Signal.RESP_PER_MIN, 5, ago_s=600)))


def test_what_a_hand_wrote_before_an_alarm_does_not_end_it_when_the_probe_falls_off() -> None:
    """98 and 97 by hand, then 84 of the monitor and an alarm, then silence."""
    at = [NOW - timedelta(minutes=minutes) for minutes in (6, 5)]
    before = {Signal.SPO2_PERCENT: [Sample(Signal.SPO2_PERCENT, Decimal(97), each, each) for each in at]}
    low_at = NOW - timedelta(seconds=60)
    low = {Signal.SPO2_PERCENT: [Sample(Signal.SPO2_PERCENT, Decimal(84), low_at, low_at)]}
    raised_at = {"spo2_grave": NOW - timedelta(minutes=1)}
    assert opened(low, "spo2_grave", by_hand=before, raised_at=raised_at) == set()
    long_silent: dict[Signal, Any] = {Signal.SPO2_PERCENT: []}
    assert opened(long_silent, "spo2_grave", by_hand=before, raised_at=raised_at) == set()
    since = readings(Signal.SPO2_PERCENT, 97, 97)
    assert opened(long_silent, "spo2_grave", by_hand=since, raised_at=raised_at) == {"spo2_grave"}


def test_a_figure_by_hand_that_the_monitor_has_answered_does_not_come_back_when_it_pauses() -> None:
    seen = by_hand(Signal.RESP_PER_MIN, 5, ago_s=200)
    answered_at = NOW - timedelta(seconds=60)
    answered = {Signal.RESP_PER_MIN: [Sample(Signal.RESP_PER_MIN, Decimal(14), answered_at, answered_at)]}
    assert "resp_grave" in raised(watched(by_hand=seen))
    assert "resp_grave" not in raised(watched(answered, by_hand=seen))


def test_no_single_reading_ends_that_the_saturation_was_missing() -> None:
    """Nor do two with a silence between them."""
    one = {Signal.SPO2_PERCENT: readings(Signal.SPO2_PERCENT, 97)[Signal.SPO2_PERCENT]}
    apart = readings(Signal.SPO2_PERCENT, 97, 97, every_s=80)
    two = readings(Signal.SPO2_PERCENT, 97, 97)
    assert opened(one, "spo2_missing") == set()
    assert opened(apart, "spo2_missing") == set()
    assert opened(two, "spo2_missing") == {"spo2_missing"}


def test_a_monitor_that_was_taken_away_is_called_out_and_ends_nothing() -> None:
    gone: dict[str, Any] = {"link": None, "readings": {}, "is_link_gone": True}
    assert set(raised(watched(**gone))) == {"spo2_missing"}
    assert set(raised(watched(**gone | {"readings": readings(Signal.SPO2_PERCENT, 98, 98)}))) == {"monitor_lost"}
    assert set(raised(watched(**gone, spo2_by_hand_until=ago(-5)))) == {"monitor_lost"}
    assert (
        opened(
            {}, "monitor_lost", "spo2_missing", "probe_fault", "probe_frozen", "leads_missing", "resp_missing", **gone
        )
        == {"monitor_lost"}  # the missing saturation says it too
    )
    assert raised(watched(**gone | {"is_link_gone": False})) == {}
    assert raised(watched(**gone | {"is_link_wanted": False})) == {}


SYMPTOM = {"has_symptom": True, "symptom_sbp_mmhg": 160, "symptom_dbp_mmhg": 100}
"""Safety note 2.4: any threshold with chest pain, headache or a nerve sign is the gravest; the mildest is 160/100."""


@pytest.mark.parametrize(
    ("signal", "value", "is_raised"),
    [
        (Signal.SBP_MMHG, 160, False),
        (Signal.SBP_MMHG, 161, True),
        (Signal.DBP_MMHG, 100, False),
        (Signal.DBP_MMHG, 101, True),
    ],
)
def test_a_pressure_worth_a_glance_is_grave_beside_a_symptom(signal: Signal, value: int, is_raised: bool) -> None:
    for seen in (
        watched(readings(signal, value), **SYMPTOM),
        watched(by_hand=by_hand(signal, value, ago_s=60), **SYMPTOM),
    ):
        assert ("pressure_with_symptom" in raised(seen)) is is_raised
    assert "pressure_with_symptom" not in raised(watched(readings(signal, 175)))
    assert CONDITIONS["pressure_with_symptom"].priority is Priority.HIGH


def test_it_says_the_figure_that_is_furthest_and_its_level() -> None:
    both = readings(Signal.SBP_MMHG, 168) | readings(Signal.DBP_MMHG, 104)
    assert raised(watched(both, **SYMPTOM))["pressure_with_symptom"] == ("168", "160")


def test_a_symptom_without_a_pressure_raises_and_ends_nothing() -> None:
    is_open = frozenset({"pressure_with_symptom"})
    assessment = assess(watched(open=is_open, **SYMPTOM))
    assert (assessment.present, assessment.over) == ((), frozenset())


def test_it_is_over_with_the_symptom_or_when_every_witness_is_back_by_the_margin() -> None:
    is_open = frozenset({"pressure_with_symptom"})

    def over(sbp: int, dbp: int, *, before: int = 0, validity: Validity = Validity.VALID, **known: Any) -> bool:
        seen = readings(Signal.SBP_MMHG, before or sbp, sbp, every_s=300, validity=validity)
        seen |= readings(Signal.DBP_MMHG, dbp, dbp, every_s=300, validity=validity)
        return "pressure_with_symptom" in assess(watched(seen, open=is_open, **known)).over

    assert over(170, 104)  # they have none any more
    assert not over(156, 90, **SYMPTOM)
    assert not over(150, 96, **SYMPTOM)
    assert over(155, 95, **SYMPTOM)
    assert not over(155, 95, before=170, **SYMPTOM)  # no single one ends what is grave (SR-35)
    assert not over(155, 95, validity=Validity.QUESTIONABLE, **SYMPTOM)
    assert not over(150, 90, by_hand=by_hand(Signal.SBP_MMHG, 172, ago_s=60), **SYMPTOM)


def test_who_pulls_at_the_line_is_called_out_gravely_until_a_look_says_otherwise() -> None:
    assert "line_endangered" in raised(watched(pulls_at_line=True))
    assert CONDITIONS["line_endangered"].priority is Priority.HIGH
    assert assess(watched(open=frozenset({"line_endangered"}))).over == {"line_endangered"}
