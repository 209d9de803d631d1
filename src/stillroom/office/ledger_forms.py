"""What is typed into the ledger: vials that came, and a form of its own for every other kind of line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from stillroom.clinics.models import Clinic
from stillroom.core.drip.bag import VIAL_STRENGTHS_MG_PER_ML
from stillroom.core.drip.quantities import Quantity, whole
from stillroom.core.stock import BY_TWO, BY_VIAL, OF_INFUSION, WITH_REASON, Kind
from stillroom.infusions.models import Infusion
from stillroom.ledger.models import LedgerLine
from stillroom.ledger.reading import Page, bags_without_vials
from stillroom.ledger.witnesses import witnesses_of
from stillroom.web.fields import DayField, QuantityField, WholeField

OWN = "own decision: no clinic takes in more at once"
VIALS = whole("vials", "vials", 0, 10000, OWN)
AMOUNT = Quantity(name="amount_mg", unit="mg", decimals=2, lowest=Decimal("0.01"), highest=Decimal(100_000), source=OWN)
VIAL_ML = Quantity(
    name="vial_ml",
    unit="mL",
    decimals=2,
    lowest=Decimal("0.5"),
    highest=Decimal(50),
    source="own decision: wider than the vials of the Ketalar prescribing information, 3 (5 to 20 mL)",
)

REASON = {
    Kind.RETURNED: "To whom, and why",
    Kind.DESTROYED: "Why: out of date, broken",
    Kind.LOST: "What happened",
    Kind.EXPLAINED: "Why count and ledger disagree",
    Kind.REVERSED: "Why this line is wrong",
}
OFFERED_AT_MOST = 60


class LineForm(forms.Form):
    """What every line carries: an id, so that a form sent twice is one line, and before whom it was done."""

    act_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, clinic: Clinic, writer: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act_id"].initial = uuid4
        self.clinic, self.writer = clinic, writer

    def _name_witness(self, *, required: bool) -> None:
        choices = [("", ""), *witnesses_of(self.clinic, but=self.writer)]
        self.fields["witness"] = forms.ChoiceField(
            label="Who else saw it",
            choices=choices,
            required=required,
            help_text="They say so themselves, on this page under their own name.",
        )

    def said(self) -> dict[str, Any]:
        """As the ledger takes it: what was left open is left out."""
        typed = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        witness, infusion = typed.pop("witness", None), typed.pop("infusion", None)
        if witness:
            typed["witness_id"] = UUID(witness)
        if infusion:
            typed["infusion_id"] = UUID(infusion)
        return typed


class Receive(LineForm):
    vial_mg_per_ml = forms.TypedChoiceField(
        label="Ketamine",
        choices=[("", ""), *((str(each), f"{each} mg/mL") for each in VIAL_STRENGTHS_MG_PER_ML)],
        coerce=Decimal,
    )
    vial_ml = QuantityField(VIAL_ML, label="Each vial holds")
    vials = WholeField(VIALS, label="How many vials")
    lot = forms.CharField(label="Lot", max_length=40, help_text="As it is printed on the box.")
    expires_on = DayField(
        label="Good until", help_text="As 31 May 2028; the last day of the month where only that is printed."
    )
    words = forms.CharField(label="From whom", max_length=400)

    def __init__(self, *args: Any, by_two: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_witness(required=by_two)


class Write(LineForm):
    """Every other kind. Which fields it has, its kind says."""

    def __init__(self, *args: Any, kind: Kind, page: Page, about: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.page, self.about = kind, page, about
        if kind in OF_INFUSION:
            self._choose_infusion()
        if kind in BY_VIAL:
            counted = kind is Kind.COUNTED
            label = "Vials that stand in the cupboard" if counted else "How many vials"
            self.fields["vials"] = WholeField(VIALS, label=label)
        elif kind in (Kind.USED, Kind.WASTED):
            self.fields["amount_mg"] = QuantityField(AMOUNT, label="How much")
        if kind in BY_VIAL and kind is not Kind.COUNTED:
            lots = sorted(lot for lot, left in page.book.lots.items() if left > 0 or kind is Kind.PUT_BACK)
            choices = [("", "not known"), *((lot, lot) for lot in lots)]
            self.fields["lot"] = forms.ChoiceField(label="Lot", choices=choices, required=False)
        if kind in WITH_REASON:
            self.fields["words"] = forms.CharField(label=REASON[kind], max_length=400)
        if kind in BY_TWO or kind is Kind.COUNTED:
            self._name_witness(required=kind in BY_TWO)

    def _choose_infusion(self) -> None:
        label = "For the infusion" if self.kind is Kind.OPENED else "Of the infusion"
        found = self._to_open_for() if self.kind is Kind.OPENED else self._in_hand()
        choices = [("", ""), *((str(each.pk), infusion_words(each)) for each in found)]
        self.fields["infusion"] = forms.ChoiceField(label=label, choices=choices)

    def _to_open_for(self) -> list[Infusion]:
        """Those without a vial first, then the newest."""
        newest = Infusion.objects.select_related("room", "patient").order_by("-created_at")[:OFFERED_AT_MOST]
        return list(dict.fromkeys((*bags_without_vials(), *newest)))

    def _in_hand(self) -> list[Infusion]:
        ids = [infusion for infusion, mg in self.page.book.in_hand_mg.items() if mg > 0]
        return list(Infusion.objects.filter(pk__in=ids).select_related("room", "patient").order_by("-created_at"))

    def said(self) -> dict[str, Any]:
        return super().said() | ({"about": self.about} if self.about else {})


def infusion_words(infusion: Infusion) -> str:
    """By the patient's number and the day: a ledger lies open where names should not."""
    at = timezone.localtime(infusion.started_at or infusion.created_at)
    return f"{infusion.patient.identifier}, {infusion.room.name}, {at:%-d %B %Y, %H:%M}"


def line_about(page: Page, number: str) -> LedgerLine | None:
    return next((row for row in page.rows if str(row.number) == number), None)
