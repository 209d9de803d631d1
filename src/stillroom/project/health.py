"""GET /health: is it up, which version, what is degraded. Never a name, never a secret."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from stillroom import __version__
from stillroom.clinics.access import public


@require_safe
@public
@transaction.non_atomic_requests
def health(request: HttpRequest) -> JsonResponse:
    """200 while it can answer from its database; 503, with what is degraded, while it cannot."""
    degraded = [name for name, holds in CONDITIONS.items() if not holds()]
    answer = {"status": "degraded" if degraded else "ok", "version": __version__, "degraded": degraded}
    return JsonResponse(answer, status=503 if degraded else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


CONDITIONS = {"database": _database_answers}
