"""What templates cannot do by themselves: an id for an act, and the board's cards, which may have been drawn before."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.safestring import SafeString

from stillroom.bedside.board import BoardView
from stillroom.bedside.fragments import drawn_cards

register = template.Library()


@register.simple_tag
def new_act_id() -> str:
    """For a browser without scripts: made with the page, so that an act that is sent twice counts once."""
    return str(uuid4())


@register.simple_tag
def board_cards(board: BoardView) -> SafeString:
    return drawn_cards(board)
