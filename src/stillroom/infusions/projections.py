"""What the summary row says, from the state that the log folds to; and whether every row still says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from stillroom.clinics.rows import clinic_ids
from stillroom.core import canonical
from stillroom.core.infusion.state import InfusionState, Status
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import one_moment, state_of
from stillroom.patients.merging import kept_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The columns of `Infusion` that follow from its log; `append_entries` writes them with the entries."""

    patient_id: UUID | None
    status: Status
    started_at: datetime | None
    ended_at: datetime | None
    rate_ml_per_h: Decimal
    is_in_doubt: bool
    open_alarms: int


def summary_of(state: InfusionState) -> Summary:
    return Summary(
        patient_id=state.patient,
        status=state.status,
        started_at=state.started_at,
        ended_at=state.ended_at,
        rate_ml_per_h=state.rate_ml_per_h,
        is_in_doubt=state.is_in_doubt,
        open_alarms=len(state.open_conditions),
    )


def as_json(state: InfusionState) -> str:
    return canonical.written(summary_of(state))


def differences(infusion: Infusion, state: InfusionState) -> list[str]:
    """Where the stored row and the fold disagree, in words; none when the log and its summary are one.

    A log names the record as it was then; since a merge, the row names the one that this is part of now.
    """
    folded = {field.name: getattr(summary_of(state), field.name) for field in fields(Summary)}
    folded |= {"last_seq": state.last_seq}
    if state.patient is None:  # opened, and nothing logged yet
        del folded["patient_id"]
    elif infusion.patient_id != state.patient:
        folded["patient_id"] = kept_id(state.patient)
    return [
        f"{name}: the row says {getattr(infusion, name)}, the log {value}"
        for name, value in folded.items()
        if getattr(infusion, name) != value
    ]


def refold_all() -> Iterator[tuple[UUID, str]]:
    """Every disagreement there is, with its infusion."""
    for clinic_id in clinic_ids():
        with one_moment(clinic_id):
            for infusion in Infusion.objects.order_by("created_at"):
                for difference in differences(infusion, state_of(infusion.pk)):
                    yield infusion.pk, difference
