"""What the public pages' frame asks of a request."""

from __future__ import annotations

from django import template
from django.template import Context

from stillroom.web import public

register = template.Library()


@register.simple_tag(takes_context=True)
def lasting_address(context: Context, path: str = "") -> str:
    return public.lasting_address(context["request"], path)
