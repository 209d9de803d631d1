"""The sound of one alarm, and from when on staff are called."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from django.forms import CharField, ChoiceField, UUIDField

from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, AlarmForm, PersonField
from stillroom.core.drip.quantities import Quantity, whole
from stillroom.core.order import WatchLimits
from stillroom.web.fields import WholeField

A_LIMIT = Quantity(
    name="limit",
    unit="",
    decimals=0,
    lowest=Decimal(1),
    highest=Decimal(350),
    source="the widest of core/vitals/plausible",
)


class PauseSoundForm(AlarmForm):
    """`screen` is the page it is asked from: with it gone, the sound is back."""

    for_s = WholeField(
        whole("for_s", "s", 1, 3600, "own decision: the core says how long a pause may be"), required=False
    )
    screen = UUIDField(required=False)


class LimitForm(ActForm):
    """Which limits there are is the order's; their words are in web/_limit_words.html."""

    limit = ChoiceField(choices=[(each.name, each.name) for each in fields(WatchLimits)])
    value = WholeField(A_LIMIT)
    prescriber = PersonField(required=False)
    reason = CharField(max_length=WORDS_AT_MOST)
