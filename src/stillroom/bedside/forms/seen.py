"""What was seen, given and said."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import (
    BooleanField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    HiddenInput,
    IntegerField,
    MultipleChoiceField,
)

from stillroom.bedside.forms import measured as m
from stillroom.bedside.forms.what import WORDS_AT_MOST, ActForm, PersonField
from stillroom.bedside.sheets import HELP_STEPS
from stillroom.core.infusion.comfort import CHOICES, Calming
from stillroom.core.infusion.entries import Awake, Effect, LineSite, Symptom
from stillroom.core.safety.advice import may_be_dismissed
from stillroom.web.fields import DotsField, QuantityField, WholeField, YesNoField

UNITS = ("mg", "mcg", "g", "mL", "L/min")
WISH_AT_MOST = 200  # as long as a wish from beforehand may be
ROUTES = ("iv", "by_mouth", "under_tongue", "into_muscle", "inhaled")


def same(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(each, each) for each in values]


def advice_there_can_be(named: str) -> None:
    if not may_be_dismissed(named):
        raise ValidationError("", code="invalid_choice")


NONE_OF_THESE = "none"


class SymptomsField(MultipleChoiceField):
    """What they say they have, or that it is none of these; without a tick nobody has asked: None."""

    def __init__(self) -> None:
        choices = same((*Symptom, NONE_OF_THESE))
        super().__init__(choices=choices, required=False, widget=CheckboxSelectMultiple)

    def prepare_value(self, value: Any) -> Any:
        return [NONE_OF_THESE] if value == () else value

    def clean(self, value: Any) -> tuple[Symptom, ...] | None:
        ticked = super().clean(value)
        if NONE_OF_THESE in ticked and len(ticked) > 1:
            raise ValidationError("Either none of these, or what they have.", code="none_and_some")
        return tuple(Symptom(each) for each in ticked if each != NONE_OF_THESE) if ticked else None


class VitalsForm(ActForm):
    """One set by hand. Empty is not measured; nothing is ever filled in beforehand."""

    sbp_mmhg = WholeField(m.SBP_MMHG, required=False)
    dbp_mmhg = WholeField(m.DBP_MMHG, required=False)
    pulse_per_min = WholeField(m.PULSE_PER_MIN, required=False)
    spo2_percent = WholeField(m.SPO2_PERCENT, required=False)
    resp_per_min = WholeField(m.RESP_PER_MIN, required=False)
    temperature_cel = QuantityField(m.TEMPERATURE_CEL, required=False)


class WatchForm(ActForm):
    """How awake, or that they were not woken: which of the two is missing, or one too many, the core says."""

    awake = ChoiceField(choices=same(tuple(Awake)), required=False)
    not_woken = BooleanField(required=False)
    breaths_per_min = WholeField(m.BREATHS_PER_MIN, required=False)
    detached = DotsField(required=False)
    anxious = DotsField(required=False)
    nauseous = DotsField(required=False)
    oxygen_l_per_min = QuantityField(m.OXYGEN_L_PER_MIN, required=False)
    line_site = ChoiceField(choices=same(tuple(LineSite)), required=False)
    symptoms = SymptomsField()
    pulls_at_line = YesNoField(required=False)


class MedicineForm(ActForm):
    name = CharField(max_length=80)
    amount = QuantityField(m.AMOUNT)
    unit = ChoiceField(choices=same(UNITS))
    route = ChoiceField(choices=same(ROUTES))
    against_nausea = BooleanField(required=False)
    reason = CharField(max_length=WORDS_AT_MOST)


class ComfortForm(ActForm):
    """A choice of the table, or free words; whoever taps a choice means that, whatever is half written beside it."""

    item = ChoiceField(choices=same(tuple(CHOICES)))
    choice = CharField(max_length=WISH_AT_MOST, required=False)
    words = CharField(max_length=WISH_AT_MOST, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("choice") and not said.get("words"):
            self.add_error("choice", ValidationError("", code="required"))
        return said


class CalmForm(ActForm):
    step = ChoiceField(choices=same(tuple(Calming)))


class EffectForm(ActForm):
    of_seq = IntegerField(min_value=1)
    effect = ChoiceField(choices=same(tuple(Effect)))


class DismissForm(ActForm):
    """Which advice, how bad it stood on the screen, and why it is waved away, if somebody wants to say.

    A level has no upper bound: whatever advice came to can be dismissed.
    """

    code = CharField(max_length=200, validators=[advice_there_can_be])
    level = IntegerField(min_value=0, widget=HiddenInput)
    reason = CharField(max_length=WORDS_AT_MOST, required=False)


class HelpStepForm(ActForm):
    """A line of the list. No other words: a display with nobody signed in ticks it too."""

    step = ChoiceField(choices=same(HELP_STEPS))


class NoteForm(ActForm):
    words = CharField(max_length=WORDS_AT_MOST)


class CorrectForm(ActForm):
    """Which entry, why, and whether what stands beside it takes its place; those fields are the entry's own form's."""

    corrects_seq = IntegerField(min_value=1)
    how = ChoiceField(choices=same(("replace", "strike")))
    reason = CharField(max_length=WORDS_AT_MOST)


class HandOverForm(ActForm):
    """To whom the room is to be handed, and what they should know that stands nowhere else."""

    colleague = PersonField()
    words = CharField(max_length=WORDS_AT_MOST, required=False)


class ReassignForm(ActForm):
    patient = PersonField()
    second_person = PersonField()
    reason = CharField(max_length=WORDS_AT_MOST)


class AgreeReassignmentForm(ActForm):
    """The entry that names whoever sends this."""

    reassigned_seq = IntegerField(min_value=1)


class NameSecondForm(ActForm):
    """Who else says whose infusion this is, and why it is somebody else."""

    second_person = PersonField()
    reason = CharField(max_length=WORDS_AT_MOST)
