"""What is typed at the desk: the bounds of one quantity in a draft of the drug library, and a new colleague."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from stillroom.clinics.models import Role, SecondSigner
from stillroom.core.drip.quantities import Quantity
from stillroom.core.safety import Band
from stillroom.protocols.library import BOUNDS
from stillroom.protocols.models import LibraryLimit
from stillroom.web.fields import QuantityField

UNITS = {
    "dose_mg_per_kg": "mg/kg",
    "dose_mg": "mg",
    "rate_mg_per_kg_per_h": "mg/kg/h",
    "duration_min": "min",
    "dose_mg_in_24_h": "mg",
    "dose_mg_in_7_days": "mg",
    "infusions_per_day": "in a day",
    "infusions_per_week": "in seven days",
}
LABELS = {
    "hard_low": "Never below",
    "soft_low": "Below needs a reason",
    "typical": "Typical",
    "soft_high": "Above needs a reason",
    "hard_high": "Never above",
}


class Bounds(forms.Form):
    """One band. A bound left empty does not exist. The source says where the numbers come from."""

    source = forms.CharField(
        label="Where the numbers come from", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, limit: LibraryLimit, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(limit, name) for name in (*BOUNDS, "source")}
        super().__init__(*args, **kwargs)
        quantity = Quantity(
            name=limit.quantity,
            unit=UNITS[limit.quantity],
            decimals=4,
            lowest=Decimal(0),
            highest=Decimal(10_000),
            source="own decision: wide enough for any of these quantities",
        )
        bounds = {name: QuantityField(quantity, label=LABELS[name], required=False) for name in BOUNDS}
        self.fields = bounds | self.fields

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        try:
            Band(**{name: typed.get(name) for name in BOUNDS})
        except ValueError:
            self.add_error(None, "The five bounds must rise from the first to the last.")
        return typed


class Colleague(forms.Form):
    email = forms.EmailField(label="Email", help_text="They sign in with it.")
    display_name = forms.CharField(label="Name", max_length=120)
    short_name = forms.CharField(label="As the bedside shows it", max_length=40, help_text="Such as “B. Osei”.")
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class Second(forms.Form):
    email = forms.EmailField(label="Email", help_text="They sign in with it.")
    display_name = forms.CharField(label="Name", max_length=120)
    position = forms.ChoiceField(label="Who they are", choices=SecondSigner.Position.choices)
