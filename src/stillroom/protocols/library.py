"""The drug library: drafted from a template or the last version, approved by somebody else, then frozen.

The templates are files beside this module, each number with its source. They ship inactive: a number counts in a clinic
only when one of its people drafted it and another approved it. With no approved version nothing can be started.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stillroom.clinics.access import SECOND_SIGNER
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Clinic, Person, Role
from stillroom.core.errors import refuse
from stillroom.core.safety import Band, CourseLimits, Limits
from stillroom.protocols.document import digest_of
from stillroom.protocols.models import LibraryDrug, LibraryLimit, LibraryVersion

TEMPLATES = {"ketamine": "ketamine.toml"}
BOUNDS = ("hard_low", "soft_low", "typical", "soft_high", "hard_high")
APPROVERS = (Role.LIBRARY_APPROVER, SECOND_SIGNER)


def read_template(name: str) -> dict[str, Any]:
    text = files("stillroom.protocols").joinpath("libraries", TEMPLATES[name]).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@transaction.atomic
def draft_from_template(clinic: Clinic, by: Person, *, name: str = "ketamine") -> LibraryVersion:
    """A draft with the template's drugs and limits: read, changed and approved by people before it counts."""
    template = read_template(name)
    last = LibraryVersion.objects.order_by("-number").first()
    version = LibraryVersion.objects.create(clinic=clinic, number=last.number + 1 if last else 1, drafted_by=by)
    for drug in template["drug"]:
        row = LibraryDrug.objects.create(clinic=clinic, version=version, **drug)
        LibraryLimit.objects.bulk_create(
            LibraryLimit(clinic=clinic, drug=row, quantity=quantity, **limit)
            for quantity, limit in template["limits"].items()
        )
    return version


def changeable_limits(actor: Actor) -> QuerySet[LibraryLimit]:
    """The numbers an actor may change: of their own drafts. Else an approver could approve a number of their own."""
    return LibraryLimit.objects.filter(drug__version__approved_at=None, drug__version__drafted_by=actor.the_person)


@transaction.atomic
def approve(
    version: LibraryVersion, actor: Actor, *, seen_digest: str, effective_at: datetime | None = None
) -> LibraryVersion:
    """Somebody who did not write it approves what was on their screen; it counts from now, or from a later time."""
    if actor.proof is not Proof.SIGN_IN or not actor.has_role(*APPROVERS):
        raise refuse("approver_has_no_such_role", library=str(version))
    version = LibraryVersion.objects.select_for_update().get(pk=version.pk)
    if version.drafted_by_id == actor.the_person.pk:
        raise refuse("approver_is_the_author", library=str(version))
    if version.approved_at or digest(version) != seen_digest:
        raise refuse("library_changed_since_shown", library=str(version))
    now = timezone.now()
    version.approved_by = actor.the_person
    version.approved_at = now
    version.effective_at = max(effective_at or now, now)
    version.digest = seen_digest
    version.save(update_fields=["approved_by", "approved_at", "effective_at", "digest"])
    return version


def is_any_in_force(at: datetime) -> bool:
    return LibraryVersion.objects.in_force(at) is not None


def limits_in_force(*, drug: str, vial_mg_per_ml: Decimal, at: datetime) -> Limits:
    """What the approved library says of one drug at one concentration; refused where it says nothing.

    Of the clinic whose rows are open. An infusion keeps the limits it was planned with: they are copied into its first
    entry. Until it starts it is judged by those in force as well.
    """
    version = LibraryVersion.objects.in_force(at)
    if version is None:
        raise refuse("no_approved_library")
    found = version.drugs.filter(name=drug, concentration_mg_per_ml=vial_mg_per_ml).first()
    if found is None:
        raise refuse("drug_not_in_library", drug=drug, vial_mg_per_ml=str(vial_mg_per_ml))
    bands = _bands(found)
    judged = ("dose_mg_per_kg", "dose_mg", "rate_mg_per_kg_per_h", "duration_min")
    return Limits(
        library_version=_named(version),
        drug=found.name,
        vial_mg_per_ml=found.concentration_mg_per_ml,
        **{quantity: bands.get(quantity, Band()) for quantity in judged},
    )


def course_limits_in_force(*, drug: str, vial_mg_per_ml: Decimal, at: datetime) -> CourseLimits:
    """What the same library says of several infusions of one patient; no limits where it says nothing."""
    version = LibraryVersion.objects.in_force(at)
    found = version.drugs.filter(name=drug, concentration_mg_per_ml=vial_mg_per_ml).first() if version else None
    if version is None or found is None:
        return CourseLimits()
    bands = _bands(found)
    judged = ("dose_mg_in_24_h", "dose_mg_in_7_days", "infusions_per_day", "infusions_per_week")
    return CourseLimits(library_version=_named(version), **{each: bands.get(each, Band()) for each in judged})


def vials_in_force(*, drug: str, at: datetime) -> list[Decimal]:
    """The concentrations of a drug that the approved library knows, mg/mL; none without one."""
    version = LibraryVersion.objects.in_force(at)
    drugs = version.drugs.filter(name=drug) if version else ()
    return [found.concentration_mg_per_ml for found in drugs]


def _bands(drug: LibraryDrug) -> dict[str, Band]:
    return {limit.quantity: Band(**{name: getattr(limit, name) for name in BOUNDS}) for limit in drug.limits.all()}


def _named(version: LibraryVersion) -> str:
    return f"{version.number} ({version.digest[:12]})"


def digest(version: LibraryVersion) -> str:
    """Of everything a version says, whatever order its rows are in."""
    said = [
        {
            "name": drug.name,
            "concentration_mg_per_ml": str(drug.concentration_mg_per_ml),
            "must_be_diluted": drug.must_be_diluted,
            "source": drug.source,
            "limits": {limit.quantity: _said(limit) for limit in drug.limits.all()},
        }
        for drug in version.drugs.prefetch_related("limits")
    ]
    return digest_of(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _said(limit: LibraryLimit) -> dict[str, str | None]:
    bounds = {name: getattr(limit, name) for name in BOUNDS}
    return {"source": limit.source} | {name: None if bound is None else str(bound) for name, bound in bounds.items()}
