"""Facts become exact text, words go beside it, and both come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import count
from typing import Any, get_args, get_type_hints

import pytest

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.upcast import STEPS
from stillroom.infusions.codec import ERASED, Encoded, Text, decode, encode
from stillroom.infusions.standalone_verify import text_digest
from tests.examples import Walk, recovering

MEDICINE = e.MedicineGiven(
    name="ondansetron", amount=Decimal("4.0"), unit="mg", route="IV", before_start=True, reason="sick last time"
)


def _salts() -> Any:
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16, "big")


def _words(encoded: Encoded) -> dict[str, str]:
    return {text.field: text.words for text in encoded.texts}


def _whole_walk() -> Iterator[e.Fact]:
    walk: Walk = recovering()
    yield from (entry.fact for entry in walk.log)
    yield MEDICINE
    yield e.NoteAdded(words="“Łódź”\nand a second line")
    yield e.LineRemoved()


def test_a_fact_has_exactly_this_payload() -> None:
    encoded = encode(MEDICINE, new_salt=_salts())
    salt = "0" * 31 + "1"
    assert encoded.texts == (Text("reason", bytes.fromhex(salt), "sick last time"),)
    assert encoded.payload == (
        '{"against_nausea":null,"amount":"4.0","before_start":true,"name":"ondansetron",'
        f'"reason":{{"digest":"{text_digest(salt, "sick last time")}"}},"route":"IV","unit":"mg"}}'
    )


def test_every_fact_of_a_whole_infusion_comes_back_as_it_was() -> None:
    for fact in _whole_walk():
        encoded = encode(fact, new_salt=_salts())
        back = decode(encoded.kind, encoded.version, encoded.payload, _words(encoded))
        assert back == fact
        assert encode(back, new_salt=_salts()) == encoded


def test_words_are_nowhere_in_the_payload() -> None:
    encoded = encode(e.NoteAdded(words="Pat says it is like snow"), new_salt=_salts())
    assert "snow" not in encoded.payload
    assert encoded.texts[0].words == "Pat says it is like snow"


def test_the_same_words_have_another_digest_each_time() -> None:
    """Else a short note could be guessed from its digest, or two patients' notes compared, after the erasure."""
    new_salt = _salts()
    first, second = (encode(e.NoteAdded(words="calm"), new_salt=new_salt).payload for _ in range(2))
    assert first != second


def test_erased_words_are_marked_and_the_rest_stays() -> None:
    encoded = encode(MEDICINE, new_salt=_salts())
    back = decode(encoded.kind, encoded.version, encoded.payload, {})
    assert isinstance(back, e.MedicineGiven)
    assert back.reason == ERASED
    assert back.amount == Decimal("4.0")


def test_words_that_were_never_given_are_none_and_not_erased() -> None:
    fact = e.PreflightAnswered(item=next(iter(e.PreflightItem)), reply=e.Reply.FINE)
    encoded = encode(fact, new_salt=_salts())
    assert encoded.texts == ()
    assert decode(encoded.kind, encoded.version, encoded.payload) == fact


@pytest.mark.parametrize(
    ("kind", "version", "payload"),
    [
        ("SomethingElse", 1, "{}"),
        ("LineRemoved", 2, "{}"),
        ("LineRemoved", 0, "{}"),
        ("LineRemoved", 1, '{"why":"not"}'),
        ("DropsCounted", 1, '{"drops":"20","seconds":"24"}'),
        ("DropsCounted", 1, '{"drops":20}'),
    ],
)
def test_what_this_release_never_wrote_is_not_read_as_something_else(kind: str, version: int, payload: str) -> None:
    with pytest.raises(ValueError, match=r"unknown entry|is not a"):
        decode(kind, version, payload)


def test_an_older_payload_is_lifted_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e.DropsCounted, "VERSION", 2)
    monkeypatch.setitem(
        STEPS, ("DropsCounted", 1), lambda old: {"drops": old["drops"], "seconds": f"{old['time_s']}.0"}
    )
    assert decode("DropsCounted", 1, '{"drops":20,"time_s":24}') == e.DropsCounted(drops=20, seconds=Decimal("24.0"))


def test_free_words_stand_at_the_top_of_a_fact_and_are_words() -> None:
    """The codec keeps apart the fields of a fact itself; a field further down would stay in the log for ever."""
    for kind in e.KINDS.values():
        for name, hint in get_type_hints(kind).items():
            for inner in filter(is_dataclass, (hint, *get_args(hint))):
                assert not [each for each in fields(inner) if each.metadata.get("text")], f"{kind.__name__}.{name}"
    marked = [(kind, each) for kind in e.KINDS.values() for each in fields(kind) if each.metadata.get("text")]  # type: ignore[arg-type]
    assert marked
    assert {get_type_hints(kind)[each.name] for kind, each in marked} <= {str, str | None}
