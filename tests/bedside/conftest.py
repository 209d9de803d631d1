"""One database for all tests of a file whose rooms are read by other threads or by a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.cast import Cast, make_cast
from tests.conftest import Clone, using


@pytest.fixture(scope="module")
def database(clone: Callable[[], Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Clone]:
    """What is written stays; so each test has a room and a patient of its own (`elsewhere`)."""
    with clone() as made, using(made.url), django_db_blocker.unblock():
        yield made


@pytest.fixture(scope="module")
def everybody(database: Clone) -> Cast:
    return make_cast()
