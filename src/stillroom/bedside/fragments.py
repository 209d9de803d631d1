"""What of a room has changed, as fragments: one element each, drawn by the page's own templates (docs/stream.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from stillroom.bedside.board import BoardRoom, BoardView
from stillroom.bedside.fill.board import Call
from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm
from stillroom.bedside.people import People
from stillroom.bedside.room import RoomView
from stillroom.bedside.sheets import ONE_TAP, Act, Sheet
from stillroom.bedside.templatetags.tiles import drawn


@dataclass(frozen=True, slots=True)
class Piece:
    """An element of the page with an id, and what of the room it shows."""

    template: str
    shows: Callable[[RoomView], Any]

    def differs(self, room: RoomView, before: RoomView) -> bool:
        return bool(self.shows(room) != self.shows(before))


PIECES = (
    Piece("bedside/_alarms.html", lambda room: (room.acts, room.alarms)),
    Piece("bedside/_monitor_alarms.html", lambda room: room.monitor_alarms),
    Piece("bedside/_pump_said.html", lambda room: room.pump),
    Piece("bedside/_help.html", lambda room: (room.acts, room.help)),
    Piece("bedside/_doubt.html", lambda room: (room.acts, room.doubt)),
    Piece("bedside/_named.html", lambda room: (room.acts, room.named, room.reassigned, room.offer, room.who.name)),
    Piece("bedside/_who.html", lambda room: (room.acts, room.who, room.link.said, room.keeper)),
    Piece("bedside/_advice.html", lambda room: (room.acts, room.advice, room.slower)),
    Piece("bedside/_seems.html", lambda room: (room.acts, room.seems)),
    Piece("bedside/_before.html", lambda room: (room.acts, room.before)),
    Piece("bedside/_way_home.html", lambda room: (room.acts, room.home)),
    Piece("bedside/_drip.html", lambda room: (room.acts, room.drip, room.status)),
    Piece("bedside/_next.html", lambda room: (room.acts, room.next, room.keeper)),
    Piece("bedside/_comfort.html", lambda room: (room.acts, room.comfort, room.company, room.wishes)),
    Piece("bedside/_calming.html", lambda room: (room.talk, room.touch)),
    Piece("bedside/_course.html", lambda room: (room.course, room.began_at)),
    Piece("bedside/_vitals.html", lambda room: (room.vitals, room.began_at)),
)

RENEWED: dict[Act, Callable[[RoomView], Any]] = {
    Act.SCORE_ALDRETE: lambda room: room.home and room.home.scores,
    Act.SCORE_PADSS: lambda room: room.home and room.home.scores,
    Act.OVERRIDE_DOOR: lambda room: room.home and room.home.may_lift,
    Act.CHECK_BAG: lambda room: room.label,
    Act.CALM: lambda room: (room.slower, room.acts & {Act.NEW_RATE, Act.PAUSE, Act.COMFORT}),
    Act.CHANGE_LIMIT: lambda room: room.limits,
    Act.END: lambda room: room.in_hand,
    Act.NEW_RATE: lambda room: room.drip and (room.drip.rate_ml_per_h, room.drip.set_drops_per_min),
    Act.RESUME: lambda room: room.drip and room.drip.set_drops_per_min,
    Act.START: lambda room: (
        room.reassigned,
        room.drip and (room.drip.ordered_ml_per_h, room.drip.set_drops_per_min),
    ),
    Act.GO_WITH_ADULT: lambda room: room.reassigned,
    Act.GO_WHEN_CLEAR: lambda room: room.reassigned,
    Act.TO_HOSPITAL: lambda room: room.reassigned,
    Act.SIGN: lambda room: room.reassigned,
}
"""Sheets that show something of the room, and what. The others are the same while they are offered."""

CALLS_SHOWN = 4
"""Calls out of other rooms that one screen shows."""


def sheets_of(room: RoomView, people: People, acts: Iterable[Act] | None = None) -> tuple[Sheet, ...]:
    """Empty sheets of the acts that are offered and have one; corrections are drawn when they are wanted."""
    wanted = room.acts if acts is None else acts
    return tuple(
        Sheet(act, new_form(act, people)) for act in Act if act in wanted and act not in ONE_TAP | {Act.CORRECT}
    )


def new_form(act: Act, people: People) -> ActForm:
    form = FORMS[act]()
    people.offer(form)
    return form


def all_fragments(room: RoomView, people: People) -> list[str]:
    """The whole page; the log in its order, as each line goes on top of what is there."""
    return [*all_pieces(room, people), *(line_fragment(room, line.seq) for line in reversed(room.log))]


def all_pieces(room: RoomView, people: People) -> list[str]:
    """The whole page but the log, of which only corrected lines may look different from before."""
    return [
        *(_drawn(piece.template, room) for piece in PIECES),
        *tile_fragments(room),
        *_questions(room),
        *_rows(room),
        *_sheets(room, people, room.acts),
        *(line_fragment(room, line.seq) for line in reversed(room.log) if line.is_struck),
    ]


def changed_fragments(room: RoomView, before: RoomView, people: People) -> list[str]:
    """What differs from `before`: pieces, tiles, questions, sheets, corrected lines. New lines are not among them."""
    pieces = [_drawn(piece.template, room) for piece in PIECES if piece.differs(room, before)]
    struck = _struck(room) - _struck(before) if room.log is not before.log else frozenset()
    return [
        *pieces,
        *tile_fragments(room, before),
        *_questions(room, before),
        *_rows(room, before),
        *_sheets(room, people, _renewed(room, before)),
        *(line_fragment(room, seq) for seq in sorted(struck)),
    ]


def _struck(room: RoomView) -> frozenset[int]:
    return frozenset(line.seq for line in room.log if line.is_struck)


def tile_fragments(room: RoomView, before: RoomView | None = None) -> list[str]:
    old = before.tiles if before else ()
    return [drawn(tile, room.at) for tile in room.tiles if tile not in old]


def line_fragment(room: RoomView, seq: int) -> str:
    """The line of one entry; nothing for an entry without a line of its own."""
    line = next((line for line in room.log if line.seq == seq), None)
    return _drawn("bedside/_log_line.html", room, line=line) if line else ""


def paper_fragment(sheet: Mapping[str, Any]) -> str:
    return get_template("bedside/_paper.html").render({"sheet": sheet}).strip()


def calls_fragment(calls: Sequence[Call]) -> str:
    """Drawn once for all screens that show the same ones."""
    return _calls(tuple(calls[:CALLS_SHOWN]), len(calls), timezone.get_current_timezone_name())


@lru_cache(maxsize=256)
def _calls(shown: Sequence[Call], count: int, time_zone: str) -> str:
    """`time_zone` is that of the times in it, which the template takes from the thread."""
    return get_template("bedside/_calls.html").render(told_calls(shown, count)).strip()


def told_calls(calls: Sequence[Call], count: int | None = None) -> dict[str, Any]:
    """For the template: the first few, which are the gravest, and how many there are besides. A screen is for its own
    patient first, and the board has them all.
    """
    return {"calls": calls[:CALLS_SHOWN], "more_calls": max(0, (count or len(calls)) - CALLS_SHOWN)}


def board_fragments(board: BoardView, before: BoardView | None = None) -> list[str]:
    """Rooms that differ from `before` in more than the time at which they were looked at, and the top if it does."""
    old = {replace(room, at=board.at) for room in before.rooms} if before else frozenset()
    rooms: list[str] = [drawn_card(each) for each in board.rooms if replace(each, at=board.at) not in old]
    if before is None or (board.in_use, board.keepers) != (before.in_use, before.keepers):
        top = get_template("bedside/_board_top.html").render({"board": board, "is_demo": settings.DEMO})
        return [top.strip(), *rooms]
    return rooms


_cards: dict[tuple[str, str], tuple[tuple[BoardRoom, ...], SafeString]] = {}


def drawn_cards(board: BoardView) -> SafeString:
    """All rooms of a board, one after another: put together once for each look, for every page that shows it."""
    place = board.rooms[0].id, timezone.get_current_timezone_name()
    rooms, cards = _cards.get(place, ((), mark_safe("")))
    if rooms is not board.rooms:
        cards = mark_safe("".join(map(drawn_card, board.rooms)))  # noqa: S308
        _cards[place] = board.rooms, cards
    return cards


def drawn_card(room: BoardRoom) -> SafeString:
    """A room of the board. What says the same is drawn once, for pages and streams alike."""
    return _card(room, timezone.get_current_timezone_name())


@lru_cache(maxsize=1024)
def _card(room: BoardRoom, time_zone: str) -> SafeString:
    """`time_zone` is that of the times on it, which the template takes from the thread."""
    return mark_safe(get_template("bedside/_board_room.html").render({"room": room}).strip())  # noqa: S308


def _questions(room: RoomView, before: RoomView | None = None) -> Iterator[str]:
    old = before.questions if before else ()
    for question in room.questions:
        if Act.PREFLIGHT in room.acts and question not in old:
            yield _drawn("bedside/_question.html", room, question=question)


def _rows(room: RoomView, before: RoomView | None = None) -> Iterator[str]:
    """The rows of the two sheets that stay open while several of them are tapped."""
    comfort, calming = (before.comfort, before.calming) if before else ((), ())
    for row in room.comfort if Act.COMFORT in room.acts else ():
        if row not in comfort:
            yield _drawn("bedside/_comfort_row.html", room, row=row)
    for calm in room.calming if Act.CALM in room.acts else ():
        if calm not in calming:
            yield _drawn("bedside/_calm_row.html", room, row=calm)


def _renewed(room: RoomView, before: RoomView) -> frozenset[Act]:
    shown = {act for act, shows in RENEWED.items() if act in room.acts and shows(room) != shows(before)}
    return (room.acts - before.acts) | shown


def _sheets(room: RoomView, people: People, acts: Iterable[Act]) -> Iterator[str]:
    for sheet in sheets_of(room, people, acts):
        yield _drawn(sheet.template, room, act=sheet.act, form=sheet.form)


def _drawn(template: str, room: RoomView, **more: Any) -> str:
    context = {"room": room, "is_demo": settings.DEMO, **more}
    return get_template(template).render(context).strip()
