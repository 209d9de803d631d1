"""SR-59: a clock that is far from true time is said before a start, and further refuses it; nothing else waits."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from stillroom.bedside.paper.contents import chart
from stillroom.clinics import true_time
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.bedside.house import BY_METER, House, planned
from tests.bedside.rooms import seen
from tests.bedside.test_acts import DURING
from tests.bedside.test_paper import LETTERHEAD
from tests.cast import Cast, signed_in
from tests.chrony import Chronyc, tracking
from tests.examples import ready

D = Decimal


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def about_to_start(cast: Cast) -> House:
    house = planned(cast).make_ready()
    house.let_it_be_heard()
    house.let_it_be_watched()
    return house


def said_before(house: House, client: Client, act: str = "start", rate: str = "") -> str:
    """What the sheet shows of the clock when it is opened; the course that it also shows is left out."""
    answer = client.get(f"{house.href}what-if/{act}", {"rate_ml_per_h": rate}).content.decode()
    return text_of(answer.partition("what-if-head")[0].rpartition("<p")[0])


def started_with(house: House) -> Decimal | None:
    (fact,) = (entry.fact for entry in house.log if isinstance(entry.fact, e.StartIntended))
    assert fact.findings == ("saturation_not_sent",)
    return fact.clock_off_by_s


@pytest.mark.parametrize("seconds", ["0.2", "-0.2", "1.0", "-1.0"])
def test_a_clock_that_is_right_to_a_second_is_not_spoken_of(cast: Cast, chronyc: Chronyc, seconds: str) -> None:
    house, ben = about_to_start(cast), signed_in(cast.ben)
    chronyc.ahead_by(seconds)
    assert said_before(house, ben) == ""
    house.done(ben, "start", reason=BY_METER)
    assert started_with(house) == D(seconds)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("1.001", "1.001 s ahead of true time"),
        ("1.5", "1.5 s ahead of true time"),
        ("-1.5", "1.5 s behind true time"),
        ("5.0", "5 s ahead of true time"),
        ("-5.0", "5 s behind true time"),
    ],
)
def test_over_a_second_is_said_before_the_start_and_nothing_is_asked_for(
    cast: Cast, chronyc: Chronyc, seconds: str, said: str
) -> None:
    house, ben = about_to_start(cast), signed_in(cast.ben)
    chronyc.ahead_by(seconds)
    assert f"The computer’s clock is {said}" in said_before(house, ben)
    assert "the drip can be started" in said_before(house, ben)
    house.done(ben, "start", reason=BY_METER)
    assert started_with(house) == D(seconds)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("5.001", "5.001 s ahead of true time"),
        ("6", "6 s ahead of true time"),
        ("-6", "6 s behind true time"),
        ("3600", "3600 s ahead of true time"),
    ],
)
def test_over_five_seconds_refuses_the_start_by_name_whoever_gives_a_reason(
    cast: Cast, chronyc: Chronyc, seconds: str, said: str
) -> None:
    house = about_to_start(cast)
    chronyc.ahead_by(seconds)
    for client in (signed_in(cast.ben), signed_in(cast.ada)):
        assert f"{said}. With more than 5 s nothing is started" in said_before(house, client)
        refused = house.post(client, "start", reason="I have a watch")
        assert refused.status_code == 422
        assert f"The computer’s clock is {said}" in text_of(json.loads(refused.content)["html"])
    assert house.state.pending == ()
    chronyc.ahead_by("0.1")
    house.done(signed_in(cast.ben), "start", reason=BY_METER)


@pytest.mark.parametrize(
    "script",
    [
        None,
        "/bin/sleep 5",
        "echo nonsense",
        "echo '506 Cannot talk to daemon'\nexit 1",
        f"echo '{tracking('-6.0', leap='Not synchronised')}'",
    ],
    ids=["no chrony", "no answer", "nonsense", "no daemon", "not synchronised"],
)
def test_a_clock_that_nobody_keeps_is_not_called_right_and_the_drip_starts_without_a_word(
    cast: Cast, chronyc: Chronyc, script: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(true_time, "ANSWERS_WITHIN_S", 0.1)
    house, ben = about_to_start(cast), signed_in(cast.ben)
    if script:
        chronyc.does(script)
    assert "Nothing says whether the computer’s clock is right" in said_before(house, ben)
    house.done(ben, "start", reason=BY_METER)
    assert started_with(house) is None


def test_while_it_is_far_off_all_else_is_recorded_and_does_not_ask_how_far(
    cast: Cast, chronyc: Chronyc, tmp_path: Path
) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    asked = tmp_path / "asked"
    chronyc.does(f": > {asked}\necho '{tracking('6.0')}'")
    assert said_before(house, ben, "new-rate", "99") == ""
    stop = next(each for each in DURING if each[0] == "stop")
    for act, typed, kind in (*(each for each in DURING if each is not stop), stop):
        seq = house.done(ben, act, **typed)["seq"]
        assert house.log[seq - 1].kind == kind
        if kind in ("RateIntended", "PauseIntended"):
            house.done(ben, "confirm", intent_seq=seq)
        if kind == "PauseIntended":
            again = house.done(ben, "resume", rate_ml_per_h="100")["seq"]
            house.done(ben, "confirm", intent_seq=again)
    house.done(ben, "clamp-closed")
    assert ben.get(house.href).status_code == 200
    assert not asked.exists()
    assert "6 s behind" not in said_before(house, ben)  # a start is not for now: nothing is said, and nothing asked
    assert not asked.exists()


@pytest.mark.parametrize(
    ("off_by_s", "said"),
    [
        (D("0.300"), "the computer’s clock 0.3 s ahead of true time"),
        (D("-1.500"), "the computer’s clock 1.5 s behind true time"),
        (D("0.000"), "the computer’s clock 0 s ahead of true time"),
        (None, "the computer’s clock not known to be right"),
    ],
)
def test_the_printed_chart_says_how_right_the_clock_was(off_by_s: Decimal | None, said: str) -> None:
    walk = ready()
    walk.ask(c.StartInfusion(clock_off_by_s=off_by_s))
    printed = chart(seen(walk), LETTERHEAD, head_seq=len(walk.log), head_hash="c0ffee" * 10)
    words = [line["words"] for line in printed["entries"]]
    assert any(said in line for line in words), words[-1]
