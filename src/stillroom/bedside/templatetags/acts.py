"""An id for an act that a browser without scripts posts: made with the page, so that sending it twice counts once."""

from __future__ import annotations

from uuid import uuid4

from django import template

register = template.Library()


@register.simple_tag
def new_act_id() -> str:
    return str(uuid4())
