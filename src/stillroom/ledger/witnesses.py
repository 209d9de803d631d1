"""Who may be named as witness of a line: whoever treats or approves drugs here, and the clinic's second signers."""

from __future__ import annotations

from uuid import UUID

from stillroom.clinics.access import CLINICAL
from stillroom.clinics.models import Clinic, Role, SecondSigner, Staff

Named = tuple[str, str]


def second_signers_of(clinic_id: UUID) -> list[Named]:
    """Ids and names: a clinic with one doctor named them for what takes two."""
    signers = SecondSigner.objects.filter(clinic_id=clinic_id, ended_at=None).select_related("person")
    return [(str(each.person_id), each.person.display_name) for each in signers]


def witnesses_of(clinic: Clinic, *, but: UUID) -> list[Named]:
    """Everybody who may be named, each once, but for whoever writes the line."""
    today = clinic.today()
    members = Staff.objects.filter(role__in=[*CLINICAL, Role.LIBRARY_APPROVER]).order_by("short_name")
    staff = [(str(each.person_id), each.short_name) for each in members if each.counts_on(today)]
    return [each for each in dict.fromkeys((*staff, *second_signers_of(clinic.pk))) if each[0] != str(but)]
