"""The invented clinic in a database of its own, furnished once for a module of tests. Nothing in it is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from stillroom.rehearsal.demo import furnish
from tests.conftest import Clone, using


@dataclass(frozen=True)
class Furnished:
    clinic_id: UUID
    at: datetime
    database: Clone


@pytest.fixture(scope="module")
def furnished(clone: Callable[[], Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Furnished]:
    with clone() as database, using(database.url), django_db_blocker.unblock():
        at = datetime.now(UTC)
        yield Furnished(furnish(database.owner_url, now=at), at, database)
