"""What the summary row says, from the state that the log folds to."""

from __future__ import annotations

import json
from typing import Any

from stillroom.core.infusion.state import InfusionState
from stillroom.infusions.models import Infusion

Summary = dict[str, Any]


def summary_of(state: InfusionState) -> Summary:
    """The summary columns that follow from `state`; `append_entries` writes them with the entries."""
    return {
        "patient_id": str(state.patient) if state.patient else None,
        "status": state.status.value,
        "started_at": state.started_at.isoformat() if state.started_at else None,
        "ended_at": state.ended_at.isoformat() if state.ended_at else None,
        "rate_ml_per_h": str(state.rate_ml_per_h),
        "is_in_doubt": state.is_in_doubt,
        "open_alarms": len(state.alarms),
    }


def as_json(state: InfusionState) -> str:
    return json.dumps(summary_of(state))


def differences(infusion: Infusion, state: InfusionState) -> list[str]:
    """Where the stored row and the fold disagree, in words; empty when the log and its summary are one."""
    stored = {
        "patient_id": infusion.patient_id,
        "status": infusion.status,
        "started_at": infusion.started_at,
        "ended_at": infusion.ended_at,
        "rate_ml_per_h": infusion.rate_ml_per_h,
        "is_in_doubt": infusion.is_in_doubt,
        "open_alarms": infusion.open_alarms,
        "last_seq": infusion.last_seq,
    }
    folded = {
        "patient_id": state.patient or infusion.patient_id,
        "status": state.status.value,
        "started_at": state.started_at,
        "ended_at": state.ended_at,
        "rate_ml_per_h": state.rate_ml_per_h,
        "is_in_doubt": state.is_in_doubt,
        "open_alarms": len(state.alarms),
        "last_seq": state.last_seq,
    }
    return [
        f"{name}: the row says {stored[name]}, the log {folded[name]}"
        for name in stored
        if stored[name] != folded[name]
    ]
