"""What a picture asks for when it is drawn."""

from __future__ import annotations

from django import template

from stillroom.guide import curve

register = template.Library()


@register.simple_tag
def the_hour() -> curve.Curve:
    return curve.the_hour()
