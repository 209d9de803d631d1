"""An act's id is for one content: sent again it counts once, and what is changed by then is shown what was recorded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from stillroom.infusions.acts import mark_of
from tests.bedside.house import planned
from tests.bedside.test_acts import body, kinds
from tests.cast import Cast, at_display, signed_in

ONDANSETRON = {"name": "ondansetron", "amount": "4", "unit": "mg", "route": "iv", "reason": "nausea"}


@pytest.mark.parametrize("amount", ["8", "8 mg or so"])
def test_something_else_under_the_id_of_an_act_is_shown_what_was_recorded_and_is_not(cast: Cast, amount: str) -> None:
    """No answer came, so the sheet was open still, and was changed before it was sent again."""
    house, ben, act_id = planned(cast).start(), signed_in(cast.ben), str(uuid4())
    house.done(ben, "medicine", act_id=act_id, **ONDANSETRON)
    for _ in range(2):
        answer = house.post(ben, "medicine", act_id=act_id, **ONDANSETRON | {"amount": amount})
        assert answer.status_code == 409
        assert body(answer)["outcome"] == "conflict"
        html = body(answer)["html"]
        assert "What you sent before was recorded" in html
        assert "ondansetron 4 mg" in re.sub(r"<[^>]+>", "", html)
        assert f'value="{amount}"' in html
    assert [each.fact.amount for each in house.state.medicines] == [Decimal(4)]
    house.done(ben, "medicine", **ONDANSETRON | {"amount": "8"})  # with the id of the sheet that came back
    assert [each.fact.amount for each in house.state.medicines] == [Decimal(4), Decimal(8)]


def test_an_id_that_brought_a_refusal_is_no_other_acts_either(cast: Cast) -> None:
    house, ben, act_id = planned(cast).start(), signed_in(cast.ben), str(uuid4())
    assert house.post(ben, "new-rate", act_id=act_id, rate_ml_per_h="190").status_code == 422
    before = house.state.last_seq
    answer = house.post(ben, "new-rate", act_id=act_id, rate_ml_per_h="120")
    assert answer.status_code == 409
    assert "Nothing of what you sent before was recorded" in body(answer)["html"]
    assert house.state.last_seq == before


def test_another_act_and_another_author_are_something_else_too(cast: Cast) -> None:
    house, ben, act_id = planned(cast).start(), signed_in(cast.ben), str(uuid4())
    house.done(ben, "note", act_id=act_id, words="smiled")
    assert house.post(signed_in(cast.nan), "note", act_id=act_id, words="smiled").status_code == 409
    assert house.post(ben, "medicine", act_id=act_id, **ONDANSETRON).status_code == 409
    assert kinds(house)[-1] == "NoteAdded"


def test_what_was_recorded_is_answered_so_though_it_could_not_be_asked_for_any_more(cast: Cast) -> None:
    """The line that was corrected is not there to be corrected a second time."""
    house, ben, act_id = planned(cast).start(), signed_in(cast.ben), str(uuid4())
    seq = house.done(ben, "read-bag", left_in_bag_ml="45")["seq"]
    struck = {"act_id": act_id, "corrects_seq": str(seq), "how": "strike", "reason": "misread"}
    answers = [house.done(ben, "correct", **struck) for _ in range(2)]
    assert answers[0] == answers[1]
    assert kinds(house).count("EntryCorrected") == 1


@pytest.mark.parametrize("act", ["stop", "pause", "help"])
def test_what_makes_it_safer_is_recorded_though_its_id_is_another_acts(cast: Cast, act: str) -> None:
    house, ben, act_id = planned(cast).start(), signed_in(cast.ben), str(uuid4())
    house.done(ben, "note", act_id=act_id, words="smiled")
    before = house.state.last_seq
    answers = [house.done(ben, act, act_id=act_id) for _ in range(2)]
    assert answers[0] == answers[1]
    assert house.state.last_seq == answers[0]["seq"] == before + 1


@pytest.mark.parametrize("act", ["stop", "pause", "help"])
def test_what_was_pressed_once_is_recorded_once_whoever_is_signed_in_when_it_is_sent_again(
    cast: Cast, act: str
) -> None:
    house, pressed_at = planned(cast).start(), timezone.now().isoformat()
    pressed = {"act_id": str(uuid4()), "pressed_at": pressed_at}
    first = house.done(signed_in(cast.ben), act, **pressed)
    assert house.done(at_display(cast), act, **pressed, seen_seq=0) == first
    assert house.state.last_seq == first["seq"]


def test_what_was_typed_cannot_be_found_out_by_trying_from_what_an_act_keeps(cast: Cast, settings: Any) -> None:
    """Words can be erased from the log, and must not be told by what is kept beside it."""
    act_id = uuid4()
    mark = mark_of(act_id, "note", "smiled")
    assert mark == mark_of(act_id, "note", "smiled") != mark_of(uuid4(), "note", "smiled")
    settings.SECRET_KEY = "another house's key"
    assert mark != mark_of(act_id, "note", "smiled")
