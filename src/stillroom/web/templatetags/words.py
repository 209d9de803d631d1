"""Figures into words, the same on every page. static/web/js/ago.js says the ages alike; tests/web compare the two."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone

from stillroom.core.drip import exact
from stillroom.core.drip.rates import lb_from_kg

register = template.Library()

NOW_S, MINUTE_S, HOUR_S = 10, 60, 3600


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """How long ago, as one says it: "now", "40 s ago", "2 min ago", "1 h 5 min ago"."""
    seconds = int((now - at) / timedelta(seconds=1))
    if seconds < NOW_S:
        return "now"
    return f"{_span(seconds)} ago"


@register.filter
def exactly(at: datetime) -> str:
    """For attributes that scripts read: with the clinic's offset. As the filter `date:"c"`, at a tenth of its cost."""
    return timezone.localtime(at).isoformat()


@register.filter
def until(at: datetime, now: datetime) -> str:
    """How long until: "in 3 min", "due now" for a minute after its time, then "2 min late"."""
    seconds = (at - now) / timedelta(seconds=1)
    if seconds > 0:
        return f"in {_span(max(MINUTE_S, int(seconds)))}"
    return "due now" if -seconds < MINUTE_S else f"{_span(int(-seconds))} late"


@register.filter
def clock(at: str) -> str:
    """The time of day of a finding's fact, on the clinic's clock; with its day when that is another."""
    then, now = timezone.localtime(datetime.fromisoformat(at)), timezone.localtime()
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%H:%M on %-d %B}"


@register.filter
def day(on: str) -> str:
    """The day of a finding's fact: "Thursday, 26 November"."""
    return f"{date.fromisoformat(on):%A, %-d %B}"


@register.filter
def when(at: datetime) -> str:
    """A day and a time on the clinic's clock: "26 November 2026, 10:00"."""
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}"


@register.filter
def lasting(seconds: float) -> str:
    """A running time as 23:14, or 1:05:00 from an hour on."""
    minutes, rest_s = divmod(int(seconds), MINUTE_S)
    hours, minutes_left = divmod(minutes, MINUTE_S)
    return f"{hours}:{minutes_left:02}:{rest_s:02}" if hours else f"{minutes}:{rest_s:02}"


@register.filter
def in_words(seconds: float) -> str:
    """A span as one says it: "1 second", "2 minutes", "3 minutes 10 seconds"."""
    minutes, rest_s = divmod(round(seconds), MINUTE_S)
    parts = ((minutes, "minute"), (rest_s, "second"))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "0 seconds"


@register.filter
def every(seconds: int) -> str:
    """An interval: "5 s", "90 s", "10 min"."""
    return f"{seconds // MINUTE_S} min" if seconds and seconds % MINUTE_S == 0 else f"{seconds} s"


@register.filter
def signed(number: int) -> str:
    """A change: "+14", "−3", "±0"."""
    if number == 0:
        return "±0"
    return f"+{number}" if number > 0 else f"\N{MINUS SIGN}{-number}"


@register.filter
def plain(number: Decimal | int | str | None) -> str:
    """A number without an exponent and without noughts at the end of its decimals; nothing for None."""
    if number is None:
        return ""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def shown(amount: exact.Amount, decimals: int) -> str:
    """An exact amount as a person reads it, to at most so many decimals."""
    return plain(exact.shown(amount, decimals=decimals))


@register.filter
def pounds(weight_kg: Decimal) -> str:
    """The same weight in pounds, to stand beside the kilograms."""
    return plain(lb_from_kg(weight_kg))


@register.filter
def per_minute(count: int, seconds: Decimal) -> int:
    """So many in so many seconds, as a whole number a minute."""
    return round(Fraction(count) * 60 / Fraction(seconds))


@register.filter
def seconds_until(since: datetime, now: datetime) -> int:
    """Whole seconds from one time to the other, for a running clock."""
    return int((now - since) / timedelta(seconds=1))


def _span(seconds: int) -> str:
    if seconds < MINUTE_S:
        return f"{seconds} s"
    minutes = seconds // MINUTE_S
    if seconds < HOUR_S:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
