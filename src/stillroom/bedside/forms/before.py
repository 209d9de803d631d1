"""Before the drip: the questions, the line, the bag, and that this is the patient."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.forms import CharField, ChoiceField, IntegerField

from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, PersonField
from stillroom.core.drip.bag import VIAL_STRENGTHS_MG_PER_ML
from stillroom.core.drip.line import Priming
from stillroom.core.drip.quantities import whole
from stillroom.core.safety.preflight import PreflightItem, Reply
from stillroom.web.fields import DayField, QuantityField, WholeField

VIALS = whole("vials", "", 1, 50, "own decision: nobody opens more than fifty vials for one bag")


ANOTHER_STRENGTH = "This vial of the ledger is of another strength than the one named above."


class PreflightForm(ActForm):
    """One question of the list; each is answered, and logged, by itself."""

    item = ChoiceField(choices=[(item.value, item.value) for item in PreflightItem])
    reply = ChoiceField(choices=[(reply.value, reply.value) for reply in Reply])
    words = CharField(required=False, max_length=WORDS_AT_MOST)


class LineForm(ActForm):
    site = CharField(max_length=60)
    placed_by = CharField(required=False, max_length=80)


class BagForm(ActForm):
    vial_mg_per_ml = ChoiceField(choices=[(str(strength), str(strength)) for strength in VIAL_STRENGTHS_MG_PER_ML])
    drug_volume_ml = QuantityField("drug_volume_ml")
    fluid_volume_ml = QuantityField("volume_ml")
    overfill_ml = QuantityField("volume_ml")
    withdrawn_ml = QuantityField("volume_ml")
    lot = CharField(required=False, max_length=40)
    from_shelf = PersonField(required=False)  # of what the ledger has, where the clinic keeps one
    vials = WholeField(VIALS, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        shelf, vial_mg_per_ml = said.get("from_shelf"), said.get("vial_mg_per_ml")
        if shelf and vial_mg_per_ml and Decimal(shelf.split(" ", 2)[1]) != Decimal(vial_mg_per_ml):
            self.add_error("from_shelf", ANOTHER_STRENGTH)
        return said


class HangForm(ActForm):
    primed_with = ChoiceField(choices=[(each.value, each.value) for each in Priming])
    line_volume_ml = QuantityField("line_volume_ml")


class IdentifiersForm(ActForm):
    """Two identifiers, said by the patient and typed at the chair (SR-14); the view compares them."""

    said_family_name = CharField(max_length=100)
    said_born = DayField()


class ReadyForm(IdentifiersForm):
    prescriber = PersonField(required=False)
    reason = CharField(required=False, max_length=WORDS_AT_MOST)


class NamingForm(ActForm):
    """The entry that names whoever sends this."""

    named_seq = IntegerField(min_value=1)
