"""What an editor decides: a judgement, a reason, a key, a statement of records."""

from __future__ import annotations

from django import forms

from stillroom.directory.document import Evidence
from stillroom.directory.forms import Plain
from stillroom.directory.models import Judgement


class Verdict(forms.Form):
    """What an editor makes of one statement."""

    verdict = forms.ChoiceField(label="What is it?", choices=Judgement.Verdict.choices, widget=forms.RadioSelect)
    evidence = forms.ChoiceField(
        label="Seen in",
        required=False,
        choices=[
            (Evidence.WORD.value, "the clinic’s word only"),
            (Evidence.DOCUMENT.value, "a document"),
            (Evidence.PHOTOGRAPH.value, "photographs"),
            (Evidence.VISIT.value, "a visit"),
            (Evidence.RECORDS.value, "the clinic’s own records, signed"),
        ],
    )
    reason = Plain(label="Reason, for the editors", required=False, max_length=500, lines=2)

    def clean_evidence(self) -> str:
        return self.cleaned_data["evidence"] or Evidence.WORD.value


class Reason(forms.Form):
    reason = Plain(label="Why?", max_length=500, lines=3, help_text="Kept for the editors. Not published.")


class Key(forms.Form):
    public_key = Plain(label="Public key", max_length=44, help_text="44 signs, as the clinic’s command printed them.")


class Records(forms.Form):
    text = forms.CharField(
        label="The statement file, as it is", max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )
