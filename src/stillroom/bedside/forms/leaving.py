"""Coming back, and the two doors."""

from __future__ import annotations

from django.forms import BooleanField, CharField, ChoiceField, IntegerField, MultipleChoiceField

from stillroom.bedside.forms import measured as m
from stillroom.bedside.forms.seen import SymptomsField, same
from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, PersonField, ReasonForm
from stillroom.core.infusion.entries import Awake, OnFeet, Risk, Tired
from stillroom.core.order import Door
from stillroom.core.safety.recovery_scales import POINTS
from stillroom.web.fields import DotsField, QuantityField, WholeField, YesNoField

TRAVELS = ("car_with_them", "taxi_with_them", "tram_or_bus", "taxi", "on_foot", "drives")


class CheckForm(ActForm):
    """One timed look. What was not looked at stays empty and never counts as good."""

    awake = ChoiceField(choices=same(tuple(Awake)))
    oriented = YesNoField(required=False)
    breathing_steady = YesNoField(required=False)
    on_feet = ChoiceField(choices=same(tuple(OnFeet)), required=False)
    on_room_air = YesNoField(required=False)
    vomiting = YesNoField(required=False)
    effects_gone = YesNoField(required=False)
    detached = DotsField(required=False)
    anxious = DotsField(required=False)
    nauseous = DotsField(required=False)
    symptoms = SymptomsField()
    tired = ChoiceField(choices=same(tuple(Tired)), required=False)
    sbp_mmhg = WholeField(m.SBP_MMHG, required=False)
    dbp_mmhg = WholeField(m.DBP_MMHG, required=False)
    pulse_per_min = WholeField(m.PULSE_PER_MIN, required=False)
    spo2_percent = WholeField(m.SPO2_PERCENT, required=False)
    breaths_per_min = WholeField(m.BREATHS_PER_MIN, required=False)
    oxygen_l_per_min = QuantityField(m.OXYGEN_L_PER_MIN, required=False)


class PointsField(ChoiceField):
    """The points of one item, by one tap."""

    def __init__(self) -> None:
        super().__init__(choices=[(str(each), str(each)) for each in POINTS])

    def clean(self, value: object) -> int:
        return int(super().clean(value))


class AldreteForm(ActForm):
    """Each item that is tapped, by the code it has in core.safety.recovery_scales."""

    activity = PointsField()
    respiration = PointsField()
    circulation = PointsField()
    consciousness = PointsField()
    saturation = PointsField()


class PadssForm(ActForm):
    """Likewise; vital signs are reckoned."""

    walking_and_mind = PointsField()
    discomfort = PointsField()
    bleeding = PointsField()
    drink_and_water = PointsField()


class ConditionsField(MultipleChoiceField):
    """Which conditions there are is the core's, which refuses every other."""

    def valid_value(self, value: str) -> bool:
        return True


class HospitalForm(ReasonForm):
    """Where to, with whom, whether the cannula stays in, and why."""

    where = CharField(max_length=200)
    handed_to = CharField(required=False, max_length=200)
    line_stays = YesNoField()


class OverrideForm(ReasonForm):
    """Which door, although what; whether they insist on it and were advised otherwise; and who else says so."""

    door = ChoiceField(choices=same(tuple(Door)))
    conditions = ConditionsField()
    insists = BooleanField(required=False)
    advised = CharField(required=False, max_length=WORDS_AT_MOST)
    second = PersonField()


class AgreeForm(ActForm):
    overridden_seq = IntegerField(min_value=1)


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
