"""May somebody stop from a phone on which they are signed in no more? With the key that the room's page was drawn with.

Whoever stands at an enrolled display may stop, signed in or not: the display proves itself. A private phone cannot, so
the page of a room, drawn for somebody who is signed in, carries a key: ids and a signature, for this infusion and this
person. It opens nothing to look at, and is good for what is pressed in a hurry and for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Staff
from stillroom.clinics.rows import open_clinic
from stillroom.infusions.models import Infusion

SALT = "stillroom.bedside.stop"
LASTS = timedelta(hours=24)
"""From when the page was drawn: a long day of waiting, the infusion, and hours more."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose page it was, and of which infusion."""

    actor: Actor
    infusion: Infusion


def stop_key(actor: Actor, infusion: Infusion) -> str:
    """For the page of `infusion`; none for a display of the clinic, which needs none."""
    if actor.proof is not Proof.SIGN_IN:
        return ""
    return signing.dumps([str(infusion.clinic_id), str(infusion.pk), str(actor.the_person.pk)], salt=SALT)


def holder_of(key: str, infusion_id: UUID) -> Holder | None:
    """Who holds it, the rows of their clinic opened; None if it is not for this infusion, is old, or they have left."""
    try:
        clinic, infusion, person = map(UUID, signing.loads(key, salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return None
    if infusion != infusion_id:
        return None
    open_clinic(clinic, by=f"device:{person}")
    found = Infusion.objects.select_related("patient", "room", "clinic").filter(pk=infusion).first()
    members = Staff.objects.filter(person=person, person__is_active=True).select_related("person")
    member = next((each for each in members if found and each.counts_on(found.clinic.today())), None)
    if found is None or member is None:
        return None
    return Holder(Actor(Proof.STOP_KEY, member.person, found.clinic, short_name=member.short_name), found)
