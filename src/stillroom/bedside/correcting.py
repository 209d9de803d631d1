"""Correcting an entry: which one, with which sheet's fields, and what stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from stillroom.bedside.forms import CORRECTING
from stillroom.bedside.forms.what import ActForm
from stillroom.bedside.people import People
from stillroom.bedside.said import CORRECTED_WITH, FACTS, Said, person_named
from stillroom.bedside.sheets import Act
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.correction import Rated, is_move
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.state import InfusionState

PREFIX = "right"


@dataclass(frozen=True, slots=True)
class Wrong:
    """The entry to be corrected, and the form of what is right; without one only its time can be wrong."""

    entry: e.Logged
    act: Act | None
    form: ActForm | None

    @property
    def fields_template(self) -> str | None:
        if isinstance(self.entry.fact, Rated):
            return "bedside/fields/was-set.html"
        return f"bedside/fields/{self.act}.html" if self.act else None

    @property
    def may_be_struck(self) -> bool:
        return not is_move(self.entry.fact)

    @property
    def is_of_a_set_rate(self) -> bool:
        """It says that something was done; how fast it runs stands in the line before."""
        return isinstance(self.entry.fact, e.StartConfirmed | e.RateConfirmed | e.InfusionResumed)

    def replacement(self) -> e.Fact:
        """What was said to be right; the same fact, at another time, where there are no fields."""
        if self.act is None or self.form is None:
            return self.entry.fact
        if isinstance(self.entry.fact, Rated):
            return _as_set(self.entry.fact, self.form.cleaned_data)
        right = FACTS[self.act](self.form.cleaned_data, InfusionState())
        if isinstance(right, e.MedicineGiven) and isinstance(self.entry.fact, e.MedicineGiven):
            return replace(right, before_start=self.entry.fact.before_start)
        return right


def _as_set(wrong: Rated, said: Said) -> Rated:
    """The same with another rate; the core works the drops out."""
    right = replace(wrong, rate_ml_per_h=said["rate_ml_per_h"])
    return replace(right, prescriber=person_named(said, "prescriber")) if isinstance(right, e.RateIntended) else right


def entry_to_correct(log: Iterable[e.Logged], seq: int) -> e.Logged | None:
    """Entry `seq` while it stands; None when there is none, or when it was corrected already."""
    return next((entry for entry in surviving(list(log)) if entry.seq == seq), None)


def wrong_entry(entry: e.Logged, people: People, data: Any = None) -> Wrong:
    """With `data` the form holds what was posted, else what stands in the entry."""
    act = CORRECTED_WITH.get(type(entry.fact))
    if act is None:
        return Wrong(entry, None, None)
    form = CORRECTING[act](data, prefix=PREFIX, initial=_as_typed(entry.fact))
    for name in ActForm.base_fields:
        del form.fields[name]
    people.offer(form)
    return Wrong(entry, act, form)


def _as_typed(fact: e.Fact) -> dict[str, Any]:
    """The fact's values by the names of its form's fields; a bag and a line are told in parts."""
    assert is_dataclass(fact)
    values = asdict(fact)
    if isinstance(fact, e.BagMade):
        values |= asdict(fact.bag)
    if isinstance(fact, e.BagHung):
        values |= {"line_volume_ml": fact.line.volume_ml, "primed_with": fact.line.primed_with}
    return {name: _yes_or_no(value) for name, value in values.items()}


def _yes_or_no(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
