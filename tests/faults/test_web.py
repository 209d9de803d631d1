"""One death of each part of a served clinic, with four browsers posting; `make faults` has more."""

from __future__ import annotations

from pathlib import Path

from pytest_django import DjangoDbBlocker

from tests.cast import make_cast
from tests.conftest import using
from tests.e2e.served import PARTS, serving
from tests.faults.web import WebCampaign


def test_every_act_a_browser_was_answered_survives_kill_minus_nine(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with serving() as served, using(served.database_url), django_db_blocker.unblock():
        killed = list(WebCampaign(served, make_cast(), tmp_path, seed=20261123).run(len(PARTS)))
    assert {each.part for each in killed} == set(PARTS)
    assert all(each.answered for each in killed)
    assert all(each.sent_again for each in killed if each.part != "gateway"), "nothing was in flight when it died"
