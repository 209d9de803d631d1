"""GET /health: is it up, which version, what is degraded. Never a name, never a secret."""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from stillroom import __version__
from stillroom.clinics import true_time
from stillroom.clinics.access import public
from stillroom.clinics.clock import clock_set_by
from stillroom.clinics.emergency import not_reviewed
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.devices.outcalls import failing_since
from stillroom.infusions.reserve import reserve
from stillroom.infusions.self_test import is_off

DAMAGED_PAGES = "(SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database)"
"""How often a page was found not to be what was written, since somebody who looked into it called pg_stat_reset()."""


@require_safe
@public
@transaction.non_atomic_requests
def health(request: HttpRequest) -> JsonResponse:
    """200 while it can answer from its database, whatever else is degraded; 503 while it cannot."""
    degraded = _degraded()
    answer = {"status": "degraded" if degraded else "ok", "version": __version__, "degraded": degraded}
    return JsonResponse(answer, status=503 if "database" in degraded else 200)


def _degraded() -> list[str]:
    try:
        degraded = [name for name, query in DEGRADED_WHEN.items() if _is_true(query)]
        calls = ["calls"] if any(map(_calls_fail, clinic_ids())) else []
        emergencies = ["emergency_access"] if any(map(_is_not_reviewed, clinic_ids())) else []
    except DatabaseError:
        return ["database"]
    return [
        *degraded,
        *calls,
        *(["clock"] if clock_set_by() or is_off(true_time.off_by_s()) else []),
        *emergencies,
        *(["disk"] if reserve().is_given_up else []),
    ]


def _calls_fail(clinic_id: UUID) -> bool:
    """A call to people who have no page open was tried, and is not taken."""
    with clinic_scope(clinic_id):
        return failing_since() is not None


def _is_not_reviewed(clinic_id: UUID) -> bool:
    """Somebody acted without signing in, and nobody has looked at it yet."""
    with clinic_scope(clinic_id):
        return not_reviewed().exists()


def _is_true(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return bool(row and row[0])


DEGRADED_WHEN = {
    # The last piece of the log that was to be archived could not be: a lost disk would cost more than a minute.
    "archive": "SELECT last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver",
    # A page was read that is not what was written.
    "pages": f"SELECT {DAMAGED_PAGES} > 0",
}
