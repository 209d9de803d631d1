"""What a person is asked on a page: the fields of their wishes, and those of a questionnaire."""

from __future__ import annotations

from typing import Any

from django import forms

from stillroom.outcomes.models import Wishes
from stillroom.outcomes.wording import Worded


class WishesFields(forms.Form):
    """What somebody wants in the room, brings along, and how they get home."""

    kept = ("music", "with_me", "lights", "warmth", "talk", "intention", "to_bring", "way_home", "way_home_words")

    music = forms.CharField(required=False, max_length=200)
    with_me = forms.CharField(required=False, max_length=200)
    lights = forms.CharField(required=False, max_length=200)
    warmth = forms.CharField(required=False, max_length=200)
    talk = forms.CharField(required=False, max_length=200)
    intention = forms.CharField(required=False, max_length=1000, widget=forms.Textarea)
    to_bring = forms.CharField(required=False, max_length=1000, widget=forms.Textarea)
    way_home = forms.ChoiceField(required=False, choices=Wishes.WayHome.choices, widget=forms.RadioSelect)
    way_home_words = forms.CharField(required=False, max_length=200)

    @property
    def wishes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.kept}


class InstrumentFields(forms.Form):
    """The questions of an instrument. One left out is not refused: the form is then kept without a score, if wanted."""

    as_it_is = forms.BooleanField(required=False)

    def __init__(self, *args: Any, worded: Worded, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worded = worded
        for number, question in enumerate(worded.questions, start=1):
            choices = [(str(points), words) for points, words in question.answers]
            self.fields[f"q{number}"] = forms.ChoiceField(
                label=question.words, choices=choices, required=False, widget=forms.RadioSelect
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"q{number}"] for number in range(1, len(self.worded.questions) + 1)]

    @property
    def items(self) -> list[int | None]:
        answers = [self.cleaned_data.get(field.name, "") for field in self.questions]
        return [int(answer) if answer else None for answer in answers]

    @property
    def missing(self) -> int:
        """How many have no answer, once it was sent."""
        return self.items.count(None) if self.is_bound and self.is_valid() else 0

    @property
    def is_to_be_kept(self) -> bool:
        """Whole; or wanted as it is; or with a worry in it, which waits for no other answer."""
        if not self.is_bound or not self.is_valid() or self.missing == len(self.items):
            return False
        harm = self.worded.instrument.harm_item
        worries = harm is not None and bool(self.items[harm])
        return not self.missing or worries or bool(self.cleaned_data["as_it_is"])
