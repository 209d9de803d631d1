"""Somebody who went home a while ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Door
from stillroom.patients.models import Patient
from tests.cast import Cast
from tests.examples import PLAN, infusing
from tests.stored import store


def gone_home(cast: Cast, *, ago: timedelta, fact: e.Fact | None = None, patient: Patient | None = None) -> UUID:
    """Pat's infusion, or somebody else's, over and left this long ago, with a sister who signed."""
    walk = infusing(replace(PLAN, patient=(patient or cast.patient).pk, room=cast.room.pk))
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(50)))
    home = fact or e.WentHome(
        door=Door.WITH_ADULT, travels_by="taxi", adult_name="Jo Example", adult_relation="sister", adult_phone="0555 22"
    )
    last = walk.log[-1]
    known = {"kind": type(home).__name__, "version": home.VERSION, "fact": home}
    walk.log.append(replace(last, seq=last.seq + 1, act=uuid4(), **known))
    shift = datetime.now(UTC) - ago - last.occurred_at
    walk.log = [
        replace(each, occurred_at=each.occurred_at + shift, recorded_at=each.recorded_at + shift) for each in walk.log
    ]
    with clinic_scope(cast.clinic.pk):
        return store(walk, clinic_id=cast.clinic.pk)
