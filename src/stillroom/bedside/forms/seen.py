"""What was seen, given and said."""

from __future__ import annotations

from django.forms import BooleanField, CharField, ChoiceField, IntegerField

from stillroom.bedside.forms import measured as m
from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, PersonField
from stillroom.core.infusion.entries import Awake, LineSite
from stillroom.web.fields import DotsField, QuantityField, WholeField

COMFORT_ITEMS = ("lights", "music", "with_them", "mask", "warmth", "going_home")
UNITS = ("mg", "mcg", "g", "mL", "L/min")
ROUTES = ("iv", "by_mouth", "under_tongue", "into_muscle", "inhaled")


def same(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(each, each) for each in values]


class VitalsForm(ActForm):
    """One set by hand. Empty is not measured; nothing is ever filled in beforehand."""

    sbp_mmhg = WholeField(m.SBP_MMHG, required=False)
    dbp_mmhg = WholeField(m.DBP_MMHG, required=False)
    pulse_per_min = WholeField(m.PULSE_PER_MIN, required=False)
    spo2_percent = WholeField(m.SPO2_PERCENT, required=False)
    resp_per_min = WholeField(m.RESP_PER_MIN, required=False)
    temperature_cel = QuantityField(m.TEMPERATURE_CEL, required=False)


class WatchForm(ActForm):
    awake = ChoiceField(choices=same(tuple(Awake)))
    not_woken = BooleanField(required=False)
    breaths_per_min = WholeField(m.BREATHS_PER_MIN, required=False)
    detached = DotsField(required=False)
    anxious = DotsField(required=False)
    nauseous = DotsField(required=False)
    oxygen_l_per_min = QuantityField(m.OXYGEN_L_PER_MIN, required=False)
    line_site = ChoiceField(choices=same(tuple(LineSite)), required=False)


class MedicineForm(ActForm):
    name = CharField(max_length=80)
    amount = QuantityField(m.AMOUNT)
    unit = ChoiceField(choices=same(UNITS))
    route = ChoiceField(choices=same(ROUTES))
    reason = CharField(max_length=WORDS_AT_MOST)


class ComfortForm(ActForm):
    item = ChoiceField(choices=same(COMFORT_ITEMS))
    choice = CharField(max_length=120)


class NoteForm(ActForm):
    words = CharField(max_length=WORDS_AT_MOST)


class CorrectForm(ActForm):
    """Which entry, why, and whether what stands beside it takes its place; those fields are the entry's own form's."""

    corrects_seq = IntegerField(min_value=1)
    how = ChoiceField(choices=same(("replace", "strike")))
    reason = CharField(max_length=WORDS_AT_MOST)


class ReassignForm(ActForm):
    patient = PersonField()
    second_person = PersonField()
    reason = CharField(max_length=WORDS_AT_MOST)
