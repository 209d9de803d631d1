"""What stands at the head of a clinic's paper: its name, how it is reached, and whom a patient calls at once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from stillroom.bedside.paper.contents import Letterhead
from stillroom.clinics.models import Clinic
from stillroom.outcomes.models import Reach


def letterhead_of(clinic: Clinic) -> Letterhead:
    reach = Reach.objects.filter(clinic=clinic).first()
    return Letterhead(
        name=clinic.name,
        phone=clinic.phone,
        after_hours_phone=clinic.after_hours_phone,
        zone=ZoneInfo(clinic.time_zone),
        call_now=reach.call_now if reach else "",
        call_now_is=reach.call_now_is if reach else "",
    )
