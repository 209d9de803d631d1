"""What can be asked for at the bedside, by the name it has in addresses and templates, and the sheet that asks for it.

An act of one tap is posted at once. Every other act has a sheet: a dialog (bedside/acts/<act>.html) around a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.forms import Form


class Act(StrEnum):
    # before the drip
    ARRIVE = "arrive"
    PREFLIGHT = "preflight"
    PLACE_LINE = "place-line"
    MAKE_BAG = "make-bag"
    CHECK_BAG = "check-bag"
    CHECK_PATIENT = "check-patient"
    HANG_BAG = "hang-bag"
    READY = "ready"
    CONFIRM_NAMING = "confirm-naming"
    ABANDON = "abandon"
    # the drip
    START = "start"
    CONFIRM = "confirm"
    NOT_DONE = "not-done"
    COUNT_DROPS = "count-drops"
    READ_PUMP = "read-pump"
    STREAM_SEEN = "stream-seen"
    DISTURBED = "disturbed"
    READ_BAG = "read-bag"
    NEW_RATE = "new-rate"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CLAMP_CLOSED = "clamp-closed"
    FLUSH_LINE = "flush-line"
    END = "end"
    # seen, given, said
    VITALS = "vitals"
    WATCH = "watch"
    MEDICINE = "medicine"
    COMFORT = "comfort"
    AS_WISHED = "as-wished"
    CALM = "calm"
    EFFECT = "effect"
    DISMISS_ADVICE = "dismiss-advice"
    NOTE = "note"
    CORRECT = "correct"
    HAND_OVER = "hand-over"
    TAKE_ROOM = "take-room"
    REASSIGN = "reassign"
    AGREE_REASSIGNMENT = "agree-reassignment"
    NAME_SECOND = "name-second"
    # alarms and help
    ACKNOWLEDGE = "acknowledge"
    PAUSE_SOUND = "pause-sound"
    SOUND_BACK = "sound-back"
    REVIEW = "review-alarms"
    CHANGE_LIMIT = "change-limit"
    HELP = "help"
    HELP_STEP = "help-step"
    HELP_OVER = "help-over"
    # going home
    CHECK = "check"
    SCORE_ALDRETE = "score-aldrete"
    SCORE_PADSS = "score-padss"
    ACCEPT_PRESSURE = "accept-pressure"
    LINE_OUT = "line-out"
    SETTLE_RISK = "settle-risk"
    INSTRUCTIONS = "instructions"
    OVERRIDE_DOOR = "override-door"
    AGREE_OVERRIDE = "agree-override"
    GO_WITH_ADULT = "go-with-adult"
    GO_WHEN_CLEAR = "go-when-clear"
    TO_HOSPITAL = "to-hospital"
    SIGN = "sign"


ONE_TAP = frozenset(
    {
        *(Act.ARRIVE, Act.CONFIRM_NAMING, Act.CONFIRM, Act.NOT_DONE, Act.STREAM_SEEN, Act.PAUSE, Act.STOP),
        *(Act.CLAMP_CLOSED, Act.TAKE_ROOM, Act.DISTURBED),
        *(Act.AS_WISHED, Act.EFFECT, Act.DISMISS_ADVICE),
        *(Act.PAUSE_SOUND, Act.SOUND_BACK, Act.REVIEW),
        *(Act.ACKNOWLEDGE, Act.HELP, Act.HELP_STEP, Act.HELP_OVER, Act.LINE_OUT, Act.INSTRUCTIONS),
        *(Act.AGREE_OVERRIDE, Act.AGREE_REASSIGNMENT),
    }
)

HELP_STEPS = (
    "compressions",
    "clamp",
    "leader",
    "airway",
    "breathing",
    "oxygen",
    "position",
    "pressure",
    "kit",
    "prescriber",
    "ambulance",
)
"""Gone through when help was called: no pulse comes before all, then the drip shut, one who leads, airway, breathing,
circulation, people."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dialog to be drawn: its act and its form, bound when it comes back with something to look at."""

    act: Act
    form: Form

    @property
    def template(self) -> str:
        return f"bedside/acts/{self.act}.html"
