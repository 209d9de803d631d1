"""One death of each part of a served clinic, with four browsers and two monitors posting; `make faults` has more."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.cast import make_cast
from tests.conftest import using
from tests.e2e.served import PARTS, serving
from tests.faults.web import WebCampaign


@pytest.mark.timeout(900)  # patience for a busy machine: four browsers, three deaths
def test_whatever_was_answered_survives_kill_minus_nine(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with serving() as served, using(served.database_url), django_db_blocker.unblock():
        killed = list(WebCampaign(served, make_cast(), tmp_path, seed=20261123).run(len(PARTS)))
    assert {each.part for each in killed} == set(PARTS)
    assert all(each.acts and each.messages for each in killed)
    of = {each.part: each for each in killed}
    assert of["web"].acts_again, "no note was in flight when the web server died"
    assert of["gateway"].messages_again, "no message was in flight when the gateway died"
