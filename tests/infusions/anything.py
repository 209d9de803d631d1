"""Anything that could be asked at the bedside: every kind of command and fact, with values that seldom make sense."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.examples import TEN, VITALS, an_id

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=0, max_size=12)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(0, 220),
    bool: st.booleans(),
    float: st.sampled_from([1.0, 5.0, 60.0]),
    Decimal: st.decimals(0, 400, places=2) | st.sampled_from([Decimal(150), Decimal(120), Decimal("0.5")]),
    datetime: st.integers(-90, 600).map(lambda minutes: TEN + timedelta(minutes=minutes)),
    UUID: st.sampled_from([an_id("one"), an_id("two")]),
}


@cache
def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type as its fields declare it."""
    if get_origin(kind) in (Union, types.UnionType):
        (other,) = (each for each in get_args(kind) if each is not type(None))
        return st.none() | anything(other)
    if get_origin(kind) is tuple:
        first, *others = get_args(kind)
        return (
            st.lists(anything(first), max_size=2).map(tuple)
            if others == [...]
            else st.tuples(*map(anything, get_args(kind)))
        )
    if get_origin(kind) is Mapping:
        return st.dictionaries(*map(anything, get_args(kind)), max_size=2)
    if kind is e.Fact:
        return facts
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: anything(hints[field.name]) for field in fields(kind)})
    return PLAIN[kind]


PLANNED_ONCE = {"InfusionPlanned"}  # a whole order: the walks plan with a sensible one
facts: st.SearchStrategy[e.Fact] = st.deferred(
    lambda: st.sampled_from([kind for name, kind in e.KINDS.items() if name not in PLANNED_ONCE]).flatmap(anything)
)
COMMANDS: list[type[c.Command]] = [
    each
    for each in vars(c).values()
    if isinstance(each, type) and issubclass(each, c.Command) and each not in (c.Command, c.PlanInfusion)
]
commands: st.SearchStrategy[c.Command] = st.sampled_from(COMMANDS).flatmap(anything)

usual: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.SetRate, rate_ml_per_h=st.integers(30, 150).map(Decimal)),
    st.just(c.PauseInfusion()),
    st.just(c.ResumeInfusion()),
    st.just(c.StopInfusion()),
    st.builds(c.ConfirmDone, intent_seq=st.integers(20, 60)),
    st.builds(c.ReportNotDone, intent_seq=st.integers(20, 60)),
    st.builds(
        c.CorrectEntry,
        corrects_seq=st.integers(2, 60),
        reason=st.just("wrong"),
        replacement=st.sampled_from([None, VITALS, e.NoteAdded(words="better"), e.BagRead(left_in_bag_ml=Decimal(50))]),
    ),
    st.sampled_from(
        [
            VITALS,
            e.DropsCounted(drops=25, seconds=Decimal(30)),
            e.BagRead(left_in_bag_ml=Decimal(60)),
            e.StreamSeen(),
            e.DripDisturbed(),
            e.PumpRateRead(rate_ml_per_h=Decimal("149.9")),
            e.NoteAdded(words="calm"),
            e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="91", limit="92"),
            e.AlarmAcknowledged(condition="spo2_low"),
            e.AlarmCleared(condition="spo2_low"),
            e.HelpCalled(),
            e.LineRemoved(),
        ]
    ).map(lambda fact: c.Record(fact=fact)),
)
