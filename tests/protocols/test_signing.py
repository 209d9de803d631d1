"""Who signs a protocol, what they sign, and that nothing changes it afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.protocols.signing import changes_of, draft, sign, signed_order
from tests.cast import Cast
from tests.examples import ORDER

FORTY_MINUTES = "0.5 mg/kg over 40 min"


@pytest.fixture
def ada(cast: Cast) -> Actor:
    return Actor(Proof.SIGN_IN, cast.ada, cast.clinic, frozenset({Role.PRESCRIBER}))


@pytest.fixture
def drafted(cast: Cast, ada: Actor) -> ProtocolVersion:
    with clinic_scope(cast.clinic.pk):
        return draft(Protocol.objects.create(clinic=cast.clinic, name=FORTY_MINUTES), ORDER, ada)


def test_a_signed_version_is_the_order_that_was_drafted(cast: Cast, ada: Actor, drafted: ProtocolVersion) -> None:
    with clinic_scope(cast.clinic.pk):
        signed = sign(drafted, ada, seen_digest=drafted.digest)
        assert signed_order(signed) == ORDER
    assert (signed.signed_by, signed.signed_name) == (cast.ada, "Ada Okafor")
    assert signed.signed_meaning


def test_a_draft_is_nobodys_order(cast: Cast, drafted: ProtocolVersion) -> None:
    with pytest.raises(Refused, match="protocol_not_signed"):
        signed_order(drafted)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.PRESCRIBER])
def test_only_a_prescriber_signs(cast: Cast, drafted: ProtocolVersion, role: str) -> None:
    actor = Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({role}))
    with clinic_scope(cast.clinic.pk), pytest.raises(Refused, match="signer_is_no_prescriber"):
        sign(drafted, actor, seen_digest=drafted.digest)


def test_a_pin_signs_nothing(cast: Cast, ada: Actor, drafted: ProtocolVersion) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(Refused, match="signer_is_no_prescriber"):
        sign(drafted, replace(ada, proof=Proof.PIN), seen_digest=drafted.digest)


def test_what_was_not_on_the_screen_is_not_signed(cast: Cast, ada: Actor, drafted: ProtocolVersion) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(Refused, match="protocol_changed_since_shown"):
        sign(drafted, ada, seen_digest="0" * 64)


def test_a_second_version_leaves_the_first_alone(cast: Cast, ada: Actor, drafted: ProtocolVersion) -> None:
    with clinic_scope(cast.clinic.pk):
        signed = sign(drafted, ada, seen_digest=drafted.digest)
        second = draft(signed.protocol, replace(ORDER, dose_mg_per_kg=Decimal("0.4")), ada, why="gentler")
        assert [(each.field, each.after) for each in changes_of(second)] == [("dose_mg_per_kg", Decimal("0.4"))]
        assert second.number == 2
        assert signed_order(ProtocolVersion.objects.get(pk=signed.pk)) == ORDER


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE protocols_protocolversion SET document = '{}'",
        "UPDATE protocols_protocolversion SET signed_by_id = drafted_by_id, signed_at = now()",
        "UPDATE protocols_protocolversion SET drafted_at = now()",
        "DELETE FROM protocols_protocolversion",
    ],
)
def test_nobody_changes_what_is_signed(cast: Cast, ada: Actor, drafted: ProtocolVersion, statement: str) -> None:
    with clinic_scope(cast.clinic.pk):
        sign(drafted, ada, seen_digest=drafted.digest)
        with pytest.raises(DatabaseError, match=r"never changes|permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_text_that_does_not_match_its_digest_is_not_kept(cast: Cast, drafted: ProtocolVersion) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(IntegrityError, match="digest"):
        ProtocolVersion.objects.filter(pk=drafted.pk).update(document="{}")


@pytest.mark.parametrize("why", ["", "  "])
def test_the_next_version_says_why(cast: Cast, ada: Actor, drafted: ProtocolVersion, why: str) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(Refused, match="change_without_reason"):
        draft(drafted.protocol, replace(ORDER, dose_mg_per_kg=Decimal("0.4")), ada, why=why)
