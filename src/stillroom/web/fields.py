"""Fields that check that what was typed is a number, in the one form the core accepts; clinical limits come after.

What is wrong comes back as the core's finding: its code is the error's code, its facts are the error's params, and
web/forms/_error_words.html says what to do.
"""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, DateField, DateInput, Field, RadioSelect, TextInput

from stillroom.core.drip.numerals import read_number
from stillroom.core.drip.quantities import QUANTITIES, Quantity
from stillroom.core.errors import Refused

DAY_FORMATS = ["%d.%m.%Y", "%d/%m/%Y", "%d %m %Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d"]
DAY_SHOWN = "%-d %B %Y"
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class QuantityField(Field):
    """A quantity as a Decimal, exactly as written. `quantity` is a Quantity, or the name of one that the core lists.

    `short` is its label where a legend says the rest of it; empty: there is no shorter one.
    """

    widget = TextInput
    short = ""

    def __init__(self, quantity: Quantity | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.quantity = QUANTITIES[quantity] if isinstance(quantity, str) else quantity
        self.widget.attrs |= {"inputmode": "decimal" if self.quantity.decimals else "numeric", "autocomplete": "off"}

    @property
    def unit(self) -> str:
        return self.quantity.unit

    @property
    def is_whole(self) -> bool:
        return self.quantity.decimals == 0

    def to_python(self, value: Any) -> Decimal | None:
        text = "" if value is None else str(value)
        if not text.strip():
            return None
        try:
            return read_number(text, self.quantity)
        except Refused as refused:
            finding = refused.findings[0]
            raise ValidationError("", code=finding.code, params=dict(finding.facts)) from refused


class WholeField(QuantityField):
    """A whole number, as an int."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        number = super().to_python(value)
        return None if number is None else int(number)


class DotsField(ChoiceField):
    """A score from 0 to 10 by one tap, as an int; None where it was not asked."""

    widget = RadioSelect
    marks = tuple(str(n) for n in range(11))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(mark, mark) for mark in self.marks], **kwargs)

    def clean(self, value: Any) -> int | None:
        mark = super().clean(value)
        return int(mark) if mark else None


class YesNoField(ChoiceField):
    """Yes, no, or not looked at, which is None and never counts as either."""

    widget = RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("yes", "Yes"), ("no", "No")], **kwargs)

    def clean(self, value: Any) -> bool | None:
        said = super().clean(value)
        return said == "yes" if said else None


class ClockField(CharField):
    """A time of day as 09:05, hours and minutes of the clinic's clock."""

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        if not text:
            return None
        match = CLOCK.fullmatch(text)
        if match is None:
            raise ValidationError("", code="not_a_time")
        return time(int(match[1]), int(match[2]))


class DayField(DateField):
    """A day as people write it, day before month; shown again with the month in letters, which nobody misreads."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateInput(format=DAY_SHOWN, attrs={"autocomplete": "off"}))
        super().__init__(input_formats=DAY_FORMATS, **kwargs)
