"""Letting a drip run again that was paused or stopped: what is asked where it stood still for too long (SR-26)."""

from __future__ import annotations

from datetime import datetime, timedelta

from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion.state import InfusionState, settings_of


def must_say_rate_again(state: InfusionState, command: c.ResumeInfusion, at: datetime) -> None:
    """Shut for longer than the order's too long a pause, the rate is said, not taken over from before it."""
    too_long = timedelta(minutes=settings_of(state).pause_too_long_after_min)
    if command.rate_ml_per_h is None and state.shut_at is not None and at - state.shut_at > too_long:
        raise refuse("say_the_rate_again", rate_ml_per_h=str(state.rate_ml_per_h))
