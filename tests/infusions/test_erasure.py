"""Words can be erased for good, the erasure leaves a trace, and the chain still holds."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.infusions.append import erase_text
from stillroom.infusions.codec import ERASED
from stillroom.infusions.models import EntryText, TextErasure
from stillroom.infusions.standalone_verify import Verdict
from tests.cast import Cast
from tests.examples import BEN
from tests.infusions.rooms import Room, done, planned

GROUND = "Pat asked for it, 23 November"


def noted(cast: Cast) -> Room:
    room = planned(cast)
    done(room.record(e.NoteAdded(words="Pat spoke of her mother")))
    done(room.record(e.NoteAdded(words="calm")))
    return room


def erased(room: Room, seq: int = 2, field: str = "words", ground: str = GROUND) -> bool:
    with room.scope():
        return erase_text(infusion_id=room.infusion_id, seq=seq, field=field, by=BEN.by, ground=ground)


def test_erased_words_are_gone_and_the_log_says_that_they_were_there(cast: Cast) -> None:
    room = noted(cast)
    assert erased(room)
    assert [entry.fact for entry in room.log[1:]] == [e.NoteAdded(words=ERASED), e.NoteAdded(words="calm")]
    with room.scope():
        assert not EntryText.objects.filter(seq=2).exists()
    assert not any("mother" in line for line in room.lines)


def test_an_erasure_leaves_who_when_and_on_what_ground(cast: Cast) -> None:
    room = noted(cast)
    erased(room)
    with room.scope():
        trace = TextErasure.objects.get()
    assert (trace.infusion_id, trace.seq, trace.field, trace.by, trace.ground) == (
        *(room.infusion_id, 2, "words"),
        *(BEN.by, GROUND),
    )


def test_the_chain_holds_after_an_erasure(cast: Cast) -> None:
    room = noted(cast)
    before = Verdict(room.lines)
    erased(room)
    after = Verdict(room.lines)
    assert not after.wrong
    assert after.heads == before.heads


def test_words_that_go_without_an_erasure_are_missed(cast: Cast) -> None:
    lines = noted(cast).lines
    entry = json.loads(lines[1])
    lines[1] = json.dumps(entry | {"texts": []})
    assert "no erasure is on record" in next(iter(Verdict(lines).wrong.values()))


def test_what_is_not_there_cannot_be_erased_and_leaves_no_trace(cast: Cast) -> None:
    room = noted(cast)
    assert not erased(room, seq=1)
    assert not erased(room, field="reason")
    assert erased(room)
    assert not erased(room)
    with room.scope():
        assert TextErasure.objects.count() == 1


def test_an_erasure_needs_a_ground(cast: Cast) -> None:
    room = noted(cast)
    with pytest.raises(DatabaseError, match="needs a ground"):
        erased(room, ground="  ")


def test_another_clinic_erases_nothing(cast: Cast) -> None:
    room = noted(cast)
    with clinic_scope(cast.other_clinic.pk):
        assert not erase_text(infusion_id=room.infusion_id, seq=2, field="words", by=BEN.by, ground=GROUND)
    assert room.log[1].fact == e.NoteAdded(words="Pat spoke of her mother")
