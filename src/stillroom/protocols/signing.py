"""Protocols from draft to signature. Once signed, the database refuses every change."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.core.errors import refuse
from stillroom.core.order import Change, Order, changes
from stillroom.protocols.document import digest_of, read_order, write_order
from stillroom.protocols.models import Protocol, ProtocolVersion

MEANING = "I prescribe this protocol for use in this clinic."


def draft(protocol: Protocol, order: Order, actor: Actor, *, why: str = "") -> ProtocolVersion:
    """A new version to be read and signed; earlier ones stay as they are. What changed has a reason."""
    text = write_order(order)
    last = protocol.versions.order_by("-number").first()
    if last and not why.strip():
        raise refuse("change_without_reason", protocol=str(protocol))
    return ProtocolVersion.objects.create(
        clinic=protocol.clinic,
        protocol=protocol,
        number=last.number + 1 if last else 1,
        document=text,
        digest=digest_of(text),
        why=why.strip(),
        drafted_by=actor.the_person,
    )


@transaction.atomic
def sign(version: ProtocolVersion, actor: Actor, *, seen_digest: str) -> ProtocolVersion:
    """A prescriber signs what was on their screen: the text with this digest and no other."""
    if actor.proof is not Proof.SIGN_IN or not actor.has_role(Role.PRESCRIBER):
        raise refuse("signer_is_no_prescriber", protocol=str(version))
    version = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
    if version.signed_at or version.digest != seen_digest:
        raise refuse("protocol_changed_since_shown", protocol=str(version))
    version.signed_by = actor.the_person
    version.signed_at = timezone.now()
    version.signed_name = actor.the_person.display_name
    version.signed_meaning = MEANING
    version.save(update_fields=["signed_by", "signed_at", "signed_name", "signed_meaning"])
    return version


def newest_signed(protocol: Protocol) -> ProtocolVersion | None:
    return protocol.versions.filter(signed_at__isnull=False).order_by("-number").first()


def changes_of(version: ProtocolVersion) -> tuple[Change, ...]:
    """What a version says otherwise than the one before it; nothing for the first."""
    before = version.protocol.versions.filter(number__lt=version.number).order_by("-number").first()
    return changes(read_order(before.document), read_order(version.document)) if before else ()


def signed_order(version: ProtocolVersion) -> Order:
    """The order of a signed version. A draft is nobody's order."""
    if version.signed_at is None:
        raise refuse("protocol_not_signed", protocol=str(version))
    return read_order(version.document)
