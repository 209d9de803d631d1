"""For whom was help called after they had left? The rest of the house shows it as it shows any other call."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from stillroom.core.infusion.state import OVER
from stillroom.infusions.models import Entry, Infusion

LASTS = timedelta(days=1)
"""A call that nobody has ended is shown for so long. Own choice."""


def heads_called_after_leaving(*, at: datetime) -> dict[UUID, int]:
    """Infusions that are over and had a call for help within the last day, ended or not, and their last number."""
    calls = Entry.objects.filter(kind="HelpCalled", recorded_at__gt=at - LASTS)
    rows = Infusion.objects.filter(status__in=OVER, pk__in=calls.values("infusion")).order_by()
    return dict(rows.values_list("pk", "last_seq"))
