"""What is asked of an adverse event, of the emergency list, and of the clinic's days to report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from stillroom.adverse.models import Account
from stillroom.adverse.words import ACTIONS, CRITERIA, GRADES, OUTCOMES
from stillroom.adverse.writing import Said
from stillroom.core.drip.quantities import Quantity, whole
from stillroom.core.infusion.plausible import BOUNDS
from stillroom.core.safety.adverse import Action, Criterion, Grade, Outcome
from stillroom.web.fields import ClockField, DayField, QuantityField, WholeField

LOWEST, HIGHEST = BOUNDS["amount"]
AMOUNT = Quantity(
    name="amount", unit="", decimals=4, lowest=LOWEST, highest=HIGHEST, source="core/infusion/plausible.py"
)
DAYS = whole("days", "days", 0, 365, "own decision: a year is longer than any such rule")
UNITS = ("mg", "mcg", "g", "mL", "L/min")
ROUTES = {
    "iv": "into the line",
    "into_muscle": "into a muscle",
    "by_mouth": "by mouth",
    "under_tongue": "under the tongue",
    "inhaled": "breathed in",
}


class AccountForm(forms.Form):
    """One account of an event, whole: what was said before stands beside it as it was."""

    what = forms.CharField(label="What happened", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    grade = forms.TypedChoiceField(
        label="How bad it was",
        choices=[(str(int(each)), words) for each, words in GRADES.items()],
        coerce=lambda value: Grade(int(value)),
        widget=forms.RadioSelect(attrs={"class": "list"}),
    )
    criteria = forms.TypedMultipleChoiceField(
        label="What it led to",
        choices=[(each.value, words) for each, words in CRITERIA.items()],
        coerce=Criterion,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "list"}),
        help_text="Any of these makes it serious, which is another question than how bad it was.",
    )
    actions = forms.TypedMultipleChoiceField(
        label="What was done",
        choices=[(each.value, words) for each, words in ACTIONS.items()],
        coerce=Action,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    action_words = forms.CharField(label="In words", max_length=400, required=False)
    outcome = forms.TypedChoiceField(
        label="How it stands",
        choices=[(each.value, words) for each, words in OUTCOMES.items()],
        coerce=Outcome,
        widget=forms.RadioSelect,
    )
    is_reported = forms.BooleanField(label="It was reported, or decided against", required=False)
    report_words = forms.CharField(label="To whom and when, or why not", max_length=400, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("is_reported") and not typed.get("report_words"):
            self.add_error("report_words", "Say to whom it was reported, or why it was not.")
        return typed

    @property
    def said(self) -> Said:
        typed = self.cleaned_data
        return Said(
            what=typed["what"],
            grade=typed["grade"],
            criteria=tuple(typed["criteria"]),
            actions=tuple(typed["actions"]),
            action_words=typed["action_words"],
            outcome=typed["outcome"],
            is_reported=typed["is_reported"],
            report_words=typed["report_words"],
        )


class EventForm(AccountForm):
    """A new one: also when it happened."""

    happened_on = DayField(label="Day")
    happened_clock = ClockField(label="Time, as 14:05")
    field_order = ("what", "happened_on", "happened_clock")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and self.happened_at > timezone.now():
            self.add_error("happened_clock", "That time has not come yet.")
        return typed

    @property
    def happened_at(self) -> datetime:
        at = datetime.combine(self.cleaned_data["happened_on"], self.cleaned_data["happened_clock"])
        return timezone.make_aware(at)


def as_typed(account: Account) -> dict[str, Any]:
    """The newest account as the form shows it."""
    return {
        "what": account.what,
        "grade": str(account.grade),
        "criteria": account.criteria,
        "actions": account.actions,
        "action_words": account.action_words,
        "outcome": account.outcome,
        "is_reported": account.reported_at is not None,
        "report_words": account.report_words,
    }


class MedicineForm(forms.Form):
    """One line of the emergency list, as the clinic gives it."""

    name = forms.CharField(label="Medicine", max_length=80)
    amount = QuantityField(AMOUNT, label="Amount")
    unit = forms.ChoiceField(label="Unit", choices=[("", "which unit"), *((each, each) for each in UNITS)])
    route = forms.ChoiceField(label="How", choices=[("", "which way in"), *ROUTES.items()])

    @property
    def line(self) -> dict[str, str]:
        return {**self.cleaned_data, "amount": str(self.cleaned_data["amount"])}


class DaysForm(forms.Form):
    """Within how many days the clinic reports. Empty: it does not."""

    gravest_within_days = WholeField(DAYS, label="Somebody died, or was in danger of death: within", required=False)
    serious_within_days = WholeField(DAYS, label="Otherwise serious: within", required=False)
    any_within_days = WholeField(DAYS, label="Any other: within", required=False)
    to_whom = forms.CharField(label="To whom", max_length=200, required=False)
