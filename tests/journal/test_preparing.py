"""Before and after: wishes reach those who treat, notes reach nobody."""

from __future__ import annotations

import re
from dataclasses import replace

from django.test import Client

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.outcomes.asking import WishesFields
from stillroom.outcomes.models import Note, Wishes
from stillroom.outcomes.reading import wishes_of
from tests.cast import Cast, signed_in
from tests.examples import PLAN, infusing
from tests.stored import store

WISHES = {"music": "slow strings", "with_me": "Jo, quiet", "way_home": "with_adult", "way_home_words": "Jo, by taxi"}


def test_wishes_are_kept_and_what_was_wished_before_stays(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    pat.post("/journal/prepare/", WISHES)
    pat.post("/journal/prepare/", {**WISHES, "music": "none"})
    with clinic_scope(cast.clinic.pk):
        assert [row.music for row in Wishes.objects.all()] == ["none", "slow strings"]
    assert 'value="none"' in pat.get("/journal/prepare/").content.decode()


def mark(browser: Client) -> dict[str, str]:
    """What the page carries about the wishes that it shows."""
    return dict(re.findall(r'name="(seen_wishes)" value="([^"]*)"', browser.get("/journal/prepare/").content.decode()))


def test_of_two_phones_none_undoes_the_other_and_who_treats_reads_both(cast: Cast) -> None:
    one, other = signed_in(cast.pat), signed_in(cast.pat)
    old = mark(other)
    one.post("/journal/prepare/", {**mark(one), "music": "piano", "lights": "low"})
    answer = other.post("/journal/prepare/", {**old, "music": "rain", "warmth": "a blanket"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "<dt>There</dt><dd>piano</dd><dt>Here</dt><dd>rain</dd>" in text
    with clinic_scope(cast.clinic.pk):
        stands = wishes_of(cast.patient)
        assert stands
        assert (stands.music, stands.lights, stands.warmth) == ("piano", "low", "a blanket")
    pages = (f"/intake/patients/{cast.patient.pk}/", f"/office/outcomes/{cast.patient.pk}/")
    for path in pages:
        page = signed_in(cast.ben).get(path).content.decode()
        assert "Wished at the same time somewhere else" in page, path
        assert "<dt>Music</dt><dd>rain " in page, path
    assert other.post("/journal/prepare/", {**mark(other), **stands_as(stands), "music": "rain"}).status_code == 302
    for path in pages:
        assert "somewhere else" not in signed_in(cast.ben).get(path).content.decode(), path


def test_a_phone_that_changed_nothing_leaves_what_the_other_wrote(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    pat.post("/journal/prepare/", WISHES)
    old = mark(pat)
    pat.post("/journal/prepare/", {**old, **WISHES, "music": "none"})
    assert pat.post("/journal/prepare/", {**old, **WISHES}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert [row.music for row in Wishes.objects.all()] == ["none", "slow strings"]


def stands_as(row: Wishes) -> dict[str, str]:
    return {name: getattr(row, name) for name in WishesFields.kept}


def test_what_was_not_said_is_not_said_for_them(cast: Cast) -> None:
    signed_in(cast.pat).post("/journal/prepare/", {"music": "none"})
    with clinic_scope(cast.clinic.pk):
        row = Wishes.objects.get()
    assert (row.with_me, row.lights, row.way_home) == ("", "", "")


def test_the_nurse_reads_the_wishes_in_the_room_and_beside_the_weeks(cast: Cast) -> None:
    signed_in(cast.pat).post("/journal/prepare/", WISHES)
    with clinic_scope(cast.clinic.pk):
        infusion_id = store(
            infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)), clinic_id=cast.clinic.pk
        )
    ben = signed_in(cast.ben)
    for path in (f"/bedside/{infusion_id}/", f"/office/outcomes/{cast.patient.pk}/"):
        page = ben.get(path).content.decode()
        assert "slow strings" in page, path
        assert "Jo, by taxi" in page, path


def test_a_note_is_read_by_its_writer_only(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    pat.post("/journal/after/", {"words": "the sea was calm"})
    assert "the sea was calm" in pat.get("/journal/after/").content.decode()
    assert "the sea was calm" not in signed_in(cast.kim).get("/journal/after/").content.decode()
    page = signed_in(cast.ben).get(f"/office/outcomes/{cast.patient.pk}/").content.decode()
    assert "the sea was calm" not in page
    with clinic_scope(cast.clinic.pk):
        assert not Note.objects.exists()
    with person_scope(cast.pat.pk):
        assert Note.objects.count() == 1


def test_the_pages_say_when_to_call_whom_and_how_one_gets_home(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    assert "do not drive until you have slept" in pat.get("/journal/prepare/").content.decode()
    page = pat.get("/journal/after/").content.decode()
    assert "When to call" in page
    assert "Nobody watches this page" in page
