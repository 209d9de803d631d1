"""What is typed about a course: its days by a rule, then each time by itself, to be changed or left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from stillroom.clinics.models import Clinic, Room
from stillroom.core.drip.quantities import Quantity
from stillroom.office.appointment_forms import LENGTH, USUAL_MIN, RoomChoice
from stillroom.schedule.booking import Slot, days_of_course
from stillroom.web.fields import DAY_SHOWN, ClockField, DayField, WholeField

WEEKDAYS = [(str(n), name) for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]
HOW_MANY = Quantity(
    name="infusions",
    unit="times",
    decimals=0,
    lowest=Decimal(2),
    highest=Decimal(12),
    source="own decision: what fits on one page; safety.md 2.2 has two or three a week for two or three weeks",
)
USUAL_TIMES = 6
FARTHEST_Y = 5


class Course(forms.Form):
    """The first day, on which days of the week, and how often: what comes of it is shown before anything is booked."""

    first = DayField(label="From", help_text="Such as 4 May 2026, the day first.")
    clock = ClockField(label="Time", help_text="Such as 09:30.")
    weekdays = forms.MultipleChoiceField(
        label="On", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, initial=["0", "3"]
    )
    how_many = WholeField(HOW_MANY, label="How often", initial=USUAL_TIMES)
    length_min = WholeField(LENGTH, label="How long each", initial=USUAL_MIN)
    room = RoomChoice(queryset=Room.objects.none(), label="Room", widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()  # type: ignore[attr-defined]

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first.year > timezone.localdate().year + FARTHEST_Y:
            raise forms.ValidationError("This is years away. Look at the year again.", code="far_away")
        return first

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What each time begins with."""
        said = self.cleaned_data
        weekdays = {int(each) for each in said["weekdays"]}
        days = days_of_course(said["first"], weekdays=weekdays, how_many=said["how_many"])
        same = {"clock": f"{said['clock']:%H:%M}", "room": said["room"].pk, "length_min": said["length_min"]}
        return [{**same, "day": day} for day in days]


class OneTime(forms.Form):
    """One time of a course, as it may be changed on the page."""

    leave_out = forms.BooleanField(label="Leave out", required=False)
    day = DayField(label="Day")
    clock = ClockField(label="Time")
    length_min = WholeField(LENGTH, label="Minutes")
    room = RoomChoice(queryset=Room.objects.none(), label="Room", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()  # type: ignore[attr-defined]

    def slot(self, clinic: Clinic) -> Slot:
        said = self.cleaned_data
        starts_at = datetime.combine(said["day"], said["clock"], ZoneInfo(clinic.time_zone))
        return Slot(said["room"], starts_at, starts_at + timedelta(minutes=said["length_min"]))

    @property
    def weekday(self) -> str:
        """Of the day as it is written now; nothing while it cannot be read."""
        day = self.cleaned_data.get("day") if self.is_bound and hasattr(self, "cleaned_data") else self.initial["day"]
        return f"{day:%A}" if isinstance(day, date) else ""


Times = forms.formset_factory(OneTime, extra=0, min_num=1, max_num=12, absolute_max=12, validate_min=True)


def as_posted(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Those rows as a form would send them: so that they are looked at in one way from the first."""
    found = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        found |= {f"form-{number}-{name}": str(value) for name, value in row.items() if name != "day"}
        found[f"form-{number}-day"] = f"{row['day']:{DAY_SHOWN}}"
    return found
