"""What a page says of itself: its own id, whether it can be heard, and whether it has just been hidden."""

from __future__ import annotations

from django.forms import BooleanField, Form, UUIDField


class ShownForm(Form):
    screen = UUIDField()
    can_sound = BooleanField(required=False)
    is_hidden = BooleanField(required=False)
