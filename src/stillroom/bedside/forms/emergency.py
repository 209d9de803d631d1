"""What somebody says who cannot sign in: who they are, and why it cannot wait."""

from __future__ import annotations

from typing import Any

from django import forms

from stillroom.clinics.models import Staff


class EmergencyForm(forms.Form):
    staff = forms.ModelChoiceField(
        queryset=Staff.objects.none(),
        label="Choose yourself, if you are among these",
        required=False,
        widget=forms.RadioSelect,
        empty_label="Somebody else",
    )
    name = forms.CharField(label="Or write your name", required=False, max_length=80)
    reason = forms.CharField(
        label="Why can it not wait for a sign-in?",
        max_length=300,
        help_text="For example: my PIN is refused, and nobody else is here.",
    )

    def __init__(self, *args: Any, staff: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(pk__in=[row.pk for row in staff])  # type: ignore[attr-defined]
        self.fields["staff"].label_from_instance = lambda row: row.short_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("staff") and not said.get("name", "").strip():
            self.add_error("name", "Write your name, or choose it above.")
        return said
