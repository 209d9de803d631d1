"""How a table of patients is to be read: its letters, what stands between cells, its dates, and what each column is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stillroom.patients.file_meaning import COLUMNS, DAYS, LETTERS, NEEDED, columns_at_odds
from stillroom.patients.file_rows import ENCODINGS, SEPARATORS

LEFT_OUT = ("", "Leave it out")


class TableFile(forms.Form):
    table = forms.FileField(
        label="The table, as a CSV file", widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"})
    )


class Written(forms.Form):
    """How the file is written. Nothing is chosen that the file does not say of itself."""

    encoding = forms.ChoiceField(label="Which letters is it written in?", choices=[("", "Choose"), *ENCODINGS.items()])
    separator = forms.ChoiceField(label="What stands between two cells?", choices=list(SEPARATORS.items()))

    def clean_separator(self) -> str:
        return str(self.cleaned_data["separator"])


class Meanings(forms.Form):
    """What each column is, and how days and sex are written in the whole file."""

    days = forms.ChoiceField(label="Dates are taken", choices=list(DAYS.items()), required=False)
    letters = forms.ChoiceField(label="Sex is taken", choices=list(LETTERS.items()), required=False)

    def __init__(self, *args: Any, headings: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        for place, heading in enumerate(headings):
            label = heading or f"Column {place + 1}, without a heading"
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=label, choices=[LEFT_OUT, *COLUMNS.items()], required=False
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.headings))]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [said.get(f"column_{place}", "") for place in range(len(self.headings))]
        missing = [COLUMNS[name].lower() for name in NEEDED if name not in chosen]
        if missing:
            raise ValidationError(f"Say which column is the {' and which the '.join(missing)}.", code="needed")
        twice = [COLUMNS[name].lower() for name in COLUMNS if chosen.count(name) > 1]
        if twice:
            raise ValidationError(f"Two columns are said to be the {twice[0]}. Choose one.", code="twice")
        if odd := columns_at_odds(self.headings, chosen):
            raise ValidationError(
                f"“{odd[0]}” names another unit than you chose for it. Look again, or leave it out.", code="other_unit"
            )
        return said
