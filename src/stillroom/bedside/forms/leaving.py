"""Coming back, and the two doors."""

from __future__ import annotations

from django.forms import CharField, ChoiceField

from stillroom.bedside.forms import measured as m
from stillroom.bedside.forms.seen import same
from stillroom.bedside.forms.what import ActForm, PersonField, ReasonForm
from stillroom.core.infusion.entries import Awake, OnFeet, Risk
from stillroom.web.fields import QuantityField, WholeField, YesNoField

TRAVELS = ("car_with_them", "taxi_with_them", "tram_or_bus", "taxi", "on_foot", "drives")


class CheckForm(ActForm):
    """One timed look. What was not looked at stays empty and never counts as good."""

    awake = ChoiceField(choices=same(tuple(Awake)))
    oriented = YesNoField(required=False)
    breathing_steady = YesNoField(required=False)
    on_feet = ChoiceField(choices=same(tuple(OnFeet)), required=False)
    vomiting = YesNoField(required=False)
    effects_gone = YesNoField(required=False)
    sbp_mmhg = WholeField(m.SBP_MMHG, required=False)
    dbp_mmhg = WholeField(m.DBP_MMHG, required=False)
    pulse_per_min = WholeField(m.PULSE_PER_MIN, required=False)
    spo2_percent = WholeField(m.SPO2_PERCENT, required=False)
    oxygen_l_per_min = QuantityField(m.OXYGEN_L_PER_MIN, required=False)


class PressureForm(ReasonForm):
    """Why a pressure is accepted."""


class RiskForm(ActForm):
    outcome = ChoiceField(choices=same(tuple(Risk)))
    decided_by = PersonField(required=False)


class AdultForm(ActForm):
    """The named adult who signs at the door, and who of the staff saw it."""

    adult_name = CharField(max_length=120)
    adult_relation = CharField(max_length=60)
    adult_phone = CharField(max_length=40)
    travels_by = ChoiceField(choices=same(TRAVELS))
    witness = PersonField()


class ClearForm(ActForm):
    travels_by = ChoiceField(choices=same(TRAVELS))


class SignForm(ActForm):
    meaning = CharField(max_length=200)
