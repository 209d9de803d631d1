"""What is typed about an appointment: the day, the time, how long, and which room."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from stillroom.clinics.models import Clinic, Room
from stillroom.core.drip.quantities import Quantity
from stillroom.web.fields import ClockField, DayField, WholeField

LENGTH = Quantity(
    name="appointment_min",
    unit="min",
    decimals=0,
    lowest=Decimal(15),
    highest=Decimal(720),
    source="own decision: a quarter of an hour to a long day",
)
USUAL_MIN = 150  # made ready, the drip, and staying until the doors home open


class RoomChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django is not made generic here
    """Every room, so that why one cannot be taken is said and not guessed at."""

    def label_from_instance(self, room: Any) -> str:
        return room.name if room.is_private else f"{room.name}: not private, so no infusion can be held there"


class NewAppointment(forms.Form):
    day = DayField(label="Day", help_text="Such as 4 May 2026 or 04.05.2026, the day first.")
    clock = ClockField(label="Time", help_text="Such as 09:30.")
    length_min = WholeField(
        LENGTH, label="How long", initial=USUAL_MIN, help_text="Making ready, the drip, and time to come round."
    )
    room = RoomChoice(queryset=Room.objects.none(), label="Room", widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()  # type: ignore[attr-defined]

    def span(self, clinic: Clinic) -> tuple[datetime, datetime]:
        """From when to when, by the clinic's clock."""
        said = self.cleaned_data
        starts_at = datetime.combine(said["day"], said["clock"], ZoneInfo(clinic.time_zone))
        return starts_at, starts_at + timedelta(minutes=said["length_min"])


class Cancel(forms.Form):
    because = forms.CharField(label="Why it is cancelled", max_length=200)


class NewRoom(forms.Form):
    name = forms.CharField(label="What is it called?", max_length=60)
    is_private = forms.BooleanField(
        label="Private: no other patient can see or hear whoever is in it", required=False, initial=True
    )
