"""The drip: what is set by hand, and what was seen of it."""

from __future__ import annotations

from django.forms import BooleanField, CharField, IntegerField

from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, PersonField
from stillroom.web.fields import DayField, QuantityField, WholeField


class StartForm(ActForm):
    """The identifiers where they are asked once more: both, or neither."""

    said_family_name = CharField(max_length=100, required=False)
    said_born = DayField(required=False)
    reason = CharField(required=False, max_length=WORDS_AT_MOST)


class IntentForm(ActForm):
    intent_seq = IntegerField(min_value=1)


class RateForm(ActForm):
    rate_ml_per_h = QuantityField("rate_ml_per_h")
    prescriber = PersonField(required=False)
    reason = CharField(required=False, max_length=WORDS_AT_MOST)


class ResumeForm(ActForm):
    """At the rate before the pause, or slower."""

    rate_ml_per_h = QuantityField("rate_ml_per_h", required=False)


class WasSetForm(ActForm):
    """What a start or a resumption was really set to."""

    rate_ml_per_h = QuantityField("rate_ml_per_h")


class RateWasSetForm(WasSetForm):
    """And who had ordered it, if it was faster than a nurse may set."""

    prescriber = PersonField(required=False)


class CountForm(ActForm):
    """Drops in a time: `n` taps span `n - 1` drops, which the page has already taken off."""

    drops = WholeField("drops_counted")
    seconds = QuantityField("count_s")


class PumpForm(ActForm):
    """As the pump shows it."""

    rate_ml_per_h = QuantityField("rate_ml_per_h")


class BagReadForm(ActForm):
    left_in_bag_ml = QuantityField("volume_ml")


class EndForm(BagReadForm):
    """The last reading; where the clinic keeps a ledger, before whom the rest was destroyed, and if the line was.

    Both sheets stand on one page, and a label must find its own field.
    """

    waste_witness = PersonField(required=False)
    line_destroyed = BooleanField(required=False)


class FlushForm(ActForm):
    volume_ml = QuantityField("volume_ml")
    duration_min = QuantityField("duration_min")
