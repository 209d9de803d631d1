"""Signed statements out of a clinic's own records: what is counted, and what a verifier takes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ValidationError
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.directory import counting, proving
from stillroom.directory.counting import TooFew, count, longest_gap_min
from stillroom.directory.publishing import today
from stillroom.directory.records import (
    FORMAT,
    NotProved,
    RecordsStatement,
    is_public_key,
    new_key,
    public_key_of,
    signed,
    verified,
)
from tests.cast import LONG_AGO, Cast
from tests.directory.listed import taken_up
from tests.infusions.rooms import done, infusing

SAID = RecordsStatement(
    format=FORMAT, clinic="Alder", from_day=date(2026, 8, 1), until_day=date(2026, 10, 31), every_min=10, rooms=3,
    private_rooms=3, infusions=40, pressure_kept=39, pulse_kept=40, saturation_kept=40, in_private_rooms=40,
    slips_given=40, drops_counted=0,
)  # fmt: skip
KEY = new_key()
PUBLIC = public_key_of(KEY)
LONG_AHEAD = date(2040, 1, 1)
BEGAN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_statement_signed_with_the_key_is_read_back() -> None:
    assert verified(signed(SAID, KEY), PUBLIC) == SAID


def test_a_statement_holds_counts_and_nothing_about_a_person() -> None:
    assert {each.type for each in fields(RecordsStatement)} == {"str", "date", "int"}
    assert [each.name for each in fields(RecordsStatement) if each.type == "str"] == ["format", "clinic"]


def test_the_signature_is_ed25519_of_the_text_after_its_format() -> None:
    """Verified by the library itself, apart from our code."""
    file = json.loads(signed(SAID, KEY))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert (
        public_key_of(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        == base64.b64encode(bytes.fromhex("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29")).decode()
    )  # the public key of thirty-two noughts, as other implementations have it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(base64.b64decode(PUBLIC)).verify(
        base64.b64decode(file["signature"]), b"stillroom-records/1\n" + file["statement"].encode()
    )


@given(st.data())
def test_no_sign_can_be_changed(data: st.DataObject) -> None:
    file = json.loads(signed(SAID, KEY))
    part = data.draw(st.sampled_from(["statement", "signature"]))
    at = data.draw(st.integers(0, len(file[part]) - 1))
    sign = data.draw(st.sampled_from("0123456789abcXYZ"))
    if file[part][at] == sign or (part == "signature" and at >= len(file[part]) - 3):
        return
    file[part] = file[part][:at] + sign + file[part][at + 1 :]
    with pytest.raises(NotProved):
        verified(json.dumps(file), PUBLIC)


@pytest.mark.parametrize(
    "file",
    [
        "",
        "[]",
        "null",
        "1",
        "{}",
        '{"statement": 1, "signature": ""}',
        '{"statement": "x", "signature": "!"}',
        "[" * 9000,
        "x" * 30_000,
    ],
)
def test_what_is_no_statement_proves_nothing(file: str) -> None:
    with pytest.raises(NotProved):
        verified(file, PUBLIC)


def test_another_key_proves_nothing() -> None:
    with pytest.raises(NotProved, match="not that of the registered key"):
        verified(signed(SAID, new_key()), PUBLIC)


@pytest.mark.parametrize(
    "changes",
    [
        {"pressure_kept": 41},
        {"slips_given": -1},
        {"private_rooms": 4},
        {"until_day": date(2026, 7, 1)},
        {"every_min": 0},
        {"format": "x"},
    ],
)
def test_signed_numbers_that_cannot_all_be_true_prove_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(NotProved):
        verified(signed(replace(SAID, **changes), KEY), PUBLIC)


def test_only_an_ed25519_key_signs_and_only_its_public_half_is_registered() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(ValueError, match="not an Ed25519 key"):
        signed(SAID, other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert is_public_key(PUBLIC)
    assert not is_public_key("x")
    assert not is_public_key(KEY.decode())


@given(st.lists(st.integers(0, 120), min_size=1))
def test_the_longest_gap_is_never_shorter_than_the_mean_one(minutes: list[int]) -> None:
    moments = [BEGAN + timedelta(minutes=each) for each in sorted([0, *minutes])]
    mean_min = (moments[-1] - moments[0]) / timedelta(minutes=1) / (len(moments) - 1)
    assert longest_gap_min(moments) >= mean_min - 1e-9


class TestAtTheDesk:
    @pytest.fixture(autouse=True)
    def kept_by_alder(self, cast: Cast) -> Iterator[None]:
        with (
            override_settings(DIRECTORY_RUN_BY="T", PUBLIC_CLINIC=str(cast.clinic.pk)),
            clinic_scope(cast.clinic.pk),
        ):
            yield

    def test_a_statement_is_taken_in_once_a_key_is_registered_and_says_what_it_proves(self, cast: Cast) -> None:
        listing = taken_up(cast)
        file = signed(replace(SAID, from_day=today() - timedelta(days=30), until_day=today()), KEY)
        with pytest.raises(ValidationError, match="key first"):
            proving.receive(listing, text=file, by=cast.edi)
        proving.register(listing, public_key=PUBLIC, by=cast.edi)
        kept = proving.receive(listing, text=file, by=cast.edi)
        assert proving.receive(listing, text=file, by=cast.edi) == kept
        proofs = {proof.criterion: (proof.kept, proof.of) for proof in proving.proved(kept.text)}
        assert proofs["pressure"] == (39, 40)

    def test_a_statement_of_long_ago_is_not_taken(self, cast: Cast) -> None:
        listing = taken_up(cast)
        proving.register(listing, public_key=PUBLIC, by=cast.edi)
        old = replace(SAID, from_day=date(2020, 1, 1), until_day=date(2020, 2, 1))
        with pytest.raises(ValidationError, match="too long ago"):
            proving.receive(listing, text=signed(old, KEY), by=cast.edi)

    def test_a_new_key_ends_the_one_before(self, cast: Cast) -> None:
        listing = taken_up(cast)
        proving.register(listing, public_key=PUBLIC, by=cast.edi)
        proving.register(listing, public_key=public_key_of(new_key()), by=cast.edi)
        with pytest.raises(ValidationError, match="registered key"):
            proving.receive(listing, text=signed(replace(SAID, until_day=today()), KEY), by=cast.edi)
        with pytest.raises(ValidationError, match="not a public key"):
            proving.register(listing, public_key="hello", by=cast.edi)


def test_fewer_than_ten_infusions_are_not_counted_out_loud(cast: Cast) -> None:
    an_ended_infusion(cast)
    with clinic_scope(cast.clinic.pk), pytest.raises(TooFew, match="There were 1 infusions"):
        count(cast.clinic, from_day=LONG_AGO, until_day=LONG_AHEAD, every_min=10)


def test_what_the_log_says_is_counted_once_for_each_infusion(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One infusion of forty minutes, its pressure charted at 9, 18, 27 and 36 min: no gap over 9."""
    monkeypatch.setattr(counting, "FEWEST", 1)
    an_ended_infusion(cast)
    with clinic_scope(cast.clinic.pk):
        within_9 = count(cast.clinic, from_day=LONG_AGO, until_day=LONG_AHEAD, every_min=9)
        within_8 = count(cast.clinic, from_day=LONG_AGO, until_day=LONG_AHEAD, every_min=8)
    assert (within_9.infusions, within_9.pressure_kept, within_8.pressure_kept) == (1, 1, 0)
    assert (within_9.pulse_kept, within_9.saturation_kept) == (1, 0)
    assert (within_9.in_private_rooms, within_9.rooms, within_9.slips_given, within_9.drops_counted) == (1, 1, 0, 1)


def test_an_infusion_outside_the_days_is_not_counted(cast: Cast) -> None:
    an_ended_infusion(cast)
    with clinic_scope(cast.clinic.pk), pytest.raises(TooFew, match="There were 0 infusions"):
        count(cast.clinic, from_day=LONG_AGO, until_day=LONG_AGO, every_min=10)


def an_ended_infusion(cast: Cast) -> None:
    room = infusing(cast)
    done(room.record(e.DropsCounted(drops=25, seconds=Decimal("30.5"))))
    for _ in range(4):
        charted = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=131, dbp_mmhg=82, pulse_per_min=70)
        done(room.record(charted, after_min=9))
    done(room.act(c.StopInfusion(), after_min=3))
    done(room.confirm(after_min=1))
    done(room.act(c.EndInfusion(left_in_bag_ml=Decimal(5))))
