"""What every act carries: its own id, what its author had in view, and when it happened if not now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.forms import CharField, ChoiceField, Form, IntegerField, UUIDField

from stillroom.web.fields import ClockField

WORDS_AT_MOST = 2000


HALF_A_DAY = timedelta(hours=12)


class ActForm(Form):
    """`act_id` is made by the browser, so that the same act sent twice is one act. `happened_at` is a time of day."""

    act_id = UUIDField(required=False)
    seen_seq = IntegerField(min_value=0)
    happened_at = ClockField(required=False)
    late_reason = CharField(required=False, max_length=WORDS_AT_MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}_%s")
        super().__init__(*args, **kwargs)

    def occurred_at(self, now: datetime) -> datetime | None:
        """When the clock of `now` showed `happened_at`: the nearest such time; None for an act of this moment.

        A little ahead of now is not yesterday: the core then says that it has not come yet.
        """
        clock = self.cleaned_data["happened_at"]
        if clock is None:
            return None
        today = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
        return today if today - now <= HALF_A_DAY else today - timedelta(days=1)


class ReasonForm(ActForm):
    reason = CharField(max_length=WORDS_AT_MOST)


class AlarmForm(ActForm):
    condition = CharField(max_length=100)


class PersonField(ChoiceField):
    """One of the people whom the view names by `offer`; nobody until then."""

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        self.choices = [("", ""), *people]
