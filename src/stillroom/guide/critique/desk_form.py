"""What an editor does with a critique: a step, with words where it needs some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from stillroom.guide.critique.form import Lines
from stillroom.guide.critique.inbox import Kind

WORDS_MOST = 5_000


class StepForm(forms.Form):
    step = forms.ChoiceField()
    words = Lines(most=WORDS_MOST, required=False)

    def __init__(self, *args: Any, may: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(kind, kind.label) for kind in may]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("step") == Kind.ANSWERED and not said.get("words"):
            self.add_error("words", forms.ValidationError("", code="required"))
        return said
