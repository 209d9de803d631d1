"""GET /health."""

from __future__ import annotations

import pytest
from django.test import Client

from stillroom import __version__


@pytest.mark.django_db
def test_health_answers_with_status_and_version_and_nothing_else(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": __version__, "degraded": []}
    assert answer.headers["Cache-Control"] == "no-store"
