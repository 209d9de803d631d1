"""An order as text and back: nothing is lost, nothing is guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.infusion.upcast import ALARMS_ADDED, CALLS, REPEATED, SYMPTOMS
from stillroom.core.order import UNSIGNED, UNSIGNED_OBSERVATION, Antiemetic, Door, Order
from stillroom.protocols.document import digest_of, read_order, write_order
from stillroom.protocols.starting import template_order
from tests.examples import ORDER

amounts = st.decimals(min_value="0.001", max_value="9999", places=3)
antiemetics = st.none() | st.builds(Antiemetic, name=st.text(min_size=1), dose_mg=amounts, before_start=st.booleans())
orders = st.builds(replace, st.just(ORDER), dose_mg_per_kg=amounts, duration_min=amounts, antiemetic=antiemetics)


@given(orders)
def test_an_order_comes_back_as_it_was_written(order: Order) -> None:
    assert read_order(write_order(order)) == order


def test_amounts_stay_as_the_prescriber_wrote_them() -> None:
    order = replace(ORDER, dose_mg_per_kg=Decimal("0.50"))
    assert str(read_order(write_order(order)).dose_mg_per_kg) == "0.50"
    assert digest_of(write_order(order)) != digest_of(write_order(replace(ORDER, dose_mg_per_kg=Decimal("0.5"))))


def test_the_text_has_one_form() -> None:
    text = write_order(ORDER)
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text


@pytest.mark.parametrize(
    "change",
    [
        {"route": "IM"},
        {"dose_mg_per_kg": 0.5},
        {"dose_mg_per_kg": None},
        {"doors": ["through_the_window"]},
        {"second_check": "yes"},
        {"bag": {}},
    ],
    ids=str,
)
def test_a_text_that_is_no_order_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_order(json.dumps(json.loads(write_order(ORDER)) | change))


@pytest.mark.parametrize("gone", [list(CALLS), list(SYMPTOMS), list(REPEATED), list(ALARMS_ADDED)])
def test_an_order_of_a_time_that_asked_less_of_alarms_is_read_with_what_held_then(gone: list[str]) -> None:
    order = replace(ORDER, alarms=replace(UNSIGNED, limit_delay_s=20))
    earlier = json.loads(write_order(order))
    earlier["alarms"] = {name: value for name, value in earlier["alarms"].items() if name not in gone}
    assert read_order(json.dumps(earlier)) == order


def test_the_template_says_each_number_that_holds_where_an_order_is_silent() -> None:
    template = template_order([Door.WITH_ADULT])
    assert (template.alarms, template.observation) == (UNSIGNED, UNSIGNED_OBSERVATION)


def test_an_order_of_before_there_was_an_observation_says_nothing_of_it() -> None:
    told = json.loads(write_order(ORDER))
    del told["observation"]
    assert read_order(json.dumps(told)) == replace(ORDER, observation=None)
