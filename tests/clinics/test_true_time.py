"""SR-59: how far the computer's clock is from true time, as chrony says it; what cannot be told is not zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.clinics import true_time
from tests.chrony import TRACKING, Chronyc, tracking

D = Decimal


@pytest.mark.parametrize(
    ("slow_by_s", "off_by_s"),
    [
        ("0.200000000", "-0.200"),
        ("-0.200000000", "0.200"),
        ("-1.500000000", "1.500"),
        ("6.000000000", "-6.000"),
        ("1557.763061523", "-1557.764"),
        ("-0.000023456", "0.001"),
        ("-5.000000001", "5.001"),
        ("0.000000000", "0.000"),
        ("-0.000000000", "0.000"),
    ],
)
def test_what_chrony_has_to_add_is_what_the_clock_is_behind(chronyc: Chronyc, slow_by_s: str, off_by_s: str) -> None:
    chronyc.says(tracking(slow_by_s))
    assert str(true_time.off_by_s()) == off_by_s


@pytest.mark.parametrize("leap", ["Insert second", "Delete second"])
def test_a_leap_second_to_come_changes_nothing(chronyc: Chronyc, leap: str) -> None:
    chronyc.says(tracking("-2.000000000", leap=leap))
    assert true_time.off_by_s() == D(2)


def test_without_chronyc_nobody_knows(chronyc: Chronyc) -> None:
    assert true_time.off_by_s() is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "506 Cannot talk to daemon",
        "System time : 0.000000113 seconds slow of NTP time",
        tracking("-0.200000000", leap="Not synchronised"),
        tracking("-6.000000000", leap="Not synchronised"),
        tracking("-0.200000000", leap="Invalid"),
        tracking("0.200000000 seconds slow"),
        tracking(""),
        tracking("NaN"),
        tracking("Infinity"),
        tracking("-1e40"),
        tracking("0.2", dispersion_s="NaN"),
        tracking("-0.000000000").rsplit(",", 1)[0],
        tracking("0.2") + "\n" + tracking("0.2"),
        tracking("0.000000000").replace("C0248F97,192.36.143.151", "7F7F0101,127.127.1.1"),
        "zwölf," + tracking("0.2"),
    ],
)
def test_what_is_not_kept_or_cannot_be_read_is_not_known(chronyc: Chronyc, line: str) -> None:
    chronyc.says(line)
    assert true_time.off_by_s() is None


@pytest.mark.parametrize(
    ("slow_by_s", "delay_s", "dispersion_s", "off_by_s"),
    [
        ("0.2", "0.4", "0.8", D("-0.200")),
        ("0.2", "0.4", "0.801", None),
        ("6.0", "0.4", "5.8", D("-6.000")),
        ("6.0", "0.4", "5.801", None),
    ],
)
def test_what_no_server_has_confirmed_for_long_is_not_known(
    chronyc: Chronyc, slow_by_s: str, delay_s: str, dispersion_s: str, off_by_s: Decimal | None
) -> None:
    """Half of the delay and the dispersion are how far it can be wrong, chronyc(1): a second, or all that it is off."""
    chronyc.says(tracking(slow_by_s, delay_s=delay_s, dispersion_s=dispersion_s))
    assert true_time.off_by_s() == off_by_s


@pytest.mark.parametrize(
    "script",
    ["exit 1", "kill -9 $$", f"echo '{tracking('0.2')}'\nexit 1", "printf '\\377\\376,'"],
    ids=["fails", "dies", "speaks and fails", "no text"],
)
def test_one_that_fails_is_not_believed(chronyc: Chronyc, script: str) -> None:
    chronyc.does(script)
    assert true_time.off_by_s() is None


def test_one_that_does_not_answer_is_not_waited_for(chronyc: Chronyc, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have answered in the end, and is gone by then."""
    monkeypatch.setattr(true_time, "ANSWERS_WITHIN_S", 0.05)
    chronyc.does(f"/bin/sleep 5\necho '{tracking('0.2')}'")
    assert true_time.off_by_s() is None


def test_it_is_waited_for_a_second_and_no_longer() -> None:
    assert true_time.ANSWERS_WITHIN_S <= 1


def test_one_that_may_not_be_run_is_not_there(chronyc: Chronyc) -> None:
    chronyc.says(tracking("0.2"))
    chronyc._program.chmod(0o644)
    assert true_time.off_by_s() is None


def test_the_fake_says_as_many_things_as_chrony_does() -> None:
    assert TRACKING.count(",") == 13
