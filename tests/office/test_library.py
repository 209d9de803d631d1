"""The drug library's pages: a draft is written, changed and read; somebody else approves exactly what they read."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.protocols.models import LibraryLimit, LibraryVersion
from tests.cast import Cast, signed_in

BOUNDS = {"hard_low": "", "soft_low": "0.1", "typical": "0.5", "soft_high": "0.75", "hard_high": "1.0", "source": "us"}


@pytest.fixture
def draft(cast: Cast) -> LibraryVersion:
    signed_in(cast.ada).post("/office/library/draft/")
    with clinic_scope(cast.clinic.pk):
        return LibraryVersion.objects.get()


def seen_digest(page: str) -> str:
    found = re.search(r'name="seen_digest" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def limit_of(cast: Cast, quantity: str = "dose_mg_per_kg") -> LibraryLimit:
    with clinic_scope(cast.clinic.pk):
        return LibraryLimit.objects.filter(quantity=quantity).order_by("drug__concentration_mg_per_ml")[0]


def test_the_approver_approves_what_stands_on_the_page(cast: Cast, draft: LibraryVersion) -> None:
    pia = signed_in(cast.pia)
    seen = seen_digest(pia.get("/office/library/").content.decode())
    pia.post(f"/office/library/{draft.pk}/approve/", {"seen_digest": seen})
    assert "In force: version 1" in pia.get("/office/library/").content.decode()


def test_the_author_is_not_asked_to_approve(cast: Cast) -> None:
    signed_in(cast.pia).post("/office/library/draft/")
    assert seen_digest(signed_in(cast.pia).get("/office/library/").content.decode()) == ""
    assert seen_digest(signed_in(cast.sig).get("/office/library/").content.decode())


def test_what_changed_since_it_was_read_is_not_approved(cast: Cast, draft: LibraryVersion) -> None:
    pia = signed_in(cast.pia)
    seen = seen_digest(pia.get("/office/library/").content.decode())
    signed_in(cast.ada).post(f"/office/library/limits/{limit_of(cast).pk}/", {**BOUNDS, "hard_high": "9"})
    answer = pia.post(f"/office/library/{draft.pk}/approve/", {"seen_digest": seen})
    assert answer.status_code == 409
    assert "changed since" in answer.content.decode()


@pytest.mark.parametrize("person", ["pia", "ann"])
def test_nobody_changes_a_draft_of_somebody_elses(cast: Cast, draft: LibraryVersion, person: str) -> None:
    """Else an approver could put in a number of their own and approve it: one person where there must be two."""
    limit, somebody = limit_of(cast), signed_in(getattr(cast, person))
    assert somebody.post(f"/office/library/limits/{limit.pk}/", {**BOUNDS, "hard_high": "9"}).status_code == 404
    assert "Change" not in somebody.get("/office/library/").content.decode()
    assert limit_of(cast).hard_high == Decimal("1.0")


def test_a_number_is_kept_as_it_was_typed(cast: Cast, draft: LibraryVersion) -> None:
    limit = limit_of(cast)
    signed_in(cast.ada).post(f"/office/library/limits/{limit.pk}/", {**BOUNDS, "hard_high": "0.9"})
    changed = limit_of(cast)
    assert (changed.hard_high, changed.hard_low, changed.source) == (Decimal("0.9"), None, "us")


@pytest.mark.parametrize("typed", [",5", ".5", "1e0", "0,9", "many", "-1"])
def test_what_is_no_number_is_refused_and_never_changed(cast: Cast, draft: LibraryVersion, typed: str) -> None:
    limit = limit_of(cast)
    answer = signed_in(cast.ada).post(f"/office/library/limits/{limit.pk}/", {**BOUNDS, "hard_high": typed})
    assert answer.status_code == 200
    assert limit_of(cast).hard_high == Decimal("1.0")


def test_bounds_that_do_not_rise_are_refused(cast: Cast, draft: LibraryVersion) -> None:
    limit = limit_of(cast)
    answer = signed_in(cast.ada).post(f"/office/library/limits/{limit.pk}/", {**BOUNDS, "soft_high": "2"})
    assert "must rise" in answer.content.decode()
    assert limit_of(cast).soft_high == Decimal("0.75")


def test_an_approved_number_has_no_page_to_change_it(cast: Cast, draft: LibraryVersion) -> None:
    limit, pia = limit_of(cast), signed_in(cast.pia)
    seen = seen_digest(pia.get("/office/library/").content.decode())
    pia.post(f"/office/library/{draft.pk}/approve/", {"seen_digest": seen})
    assert signed_in(cast.ada).get(f"/office/library/limits/{limit.pk}/").status_code == 404
