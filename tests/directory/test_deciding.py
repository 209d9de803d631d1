"""What editors do, what follows from it, and what one of them cannot do alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.directory import applying, deciding
from stillroom.directory.criteria import criteria
from stillroom.directory.document import Unreadable, read
from stillroom.directory.models import Judgement, Listing, Publication, Removal, Said
from stillroom.directory.publishing import publish, today
from stillroom.directory.standing import standing_of
from tests.cast import Cast
from tests.directory.listed import another_editor, applied, listed, newest_said, said_about, taken_up, typed


@pytest.fixture(autouse=True)
def kept_by_alder(cast: Cast) -> Iterator[None]:
    with override_settings(DIRECTORY_RUN_BY="Test", PUBLIC_CLINIC=str(cast.clinic.pk)), clinic_scope(cast.clinic.pk):
        yield


def slugs() -> list[str]:
    """Who is in the public document."""
    return [clinic.slug for clinic in read(Publication.objects.get(is_mirror=False).text).on(today()).clinics]


def is_listed(listing: Listing) -> bool:
    return standing_of(listing, criteria()).is_listed_on(today(), criteria())


def test_a_clinic_is_listed_once_the_last_required_statement_stands(cast: Cast) -> None:
    listing = taken_up(cast)
    *others, last = [said for said in newest_said(listing) if criteria()[said.criterion].is_required]
    for said in others:
        deciding.judge(said, verdict="stated", evidence="word", reason="", by=cast.edi)
    assert slugs() == []
    deciding.judge(last, verdict="seen", evidence="visit", reason="", by=cast.edi)
    assert slugs() == [listing.slug]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("intravenous", "no"), ("nothing_misnamed", "yes"), ("private_rooms", "yes"), ("flow", "neither"),
        ("pressure", "11"), ("pulse", "15"), ("saturation", "30"), ("watcher", "looks_in"),
        ("figures_given", "on_request"), ("emergency_plan", "no"),
    ],
)  # fmt: skip
def test_whoever_fails_one_required_criterion_is_not_listed(cast: Cast, code: str, answer: str) -> None:
    listing = listed(cast, answers={code: answer})
    assert not is_listed(listing)
    assert [each.code for each in standing_of(listing, criteria()).unmet(today(), criteria())] == [code]
    assert slugs() == []


def test_what_is_refused_needs_a_reason_which_is_kept_and_not_published(cast: Cast) -> None:
    said = said_about(taken_up(cast), "private_rooms")
    with pytest.raises(ValidationError, match="Say why"):
        deciding.judge(said, verdict="refused", evidence="word", reason="", by=cast.edi)
    deciding.judge(said, verdict="refused", evidence="word", reason="Two chairs on its own photograph", by=cast.edi)
    assert Judgement.objects.get(said=said).reason == "Two chairs on its own photograph"
    assert "chairs" not in Publication.objects.get().text


def test_one_editor_cannot_take_out_what_stands_by_refusing_it(cast: Cast) -> None:
    listing = listed(cast)
    said = said_about(listing, "private_rooms")
    with pytest.raises(ValidationError, match="another editor must agree"):
        deciding.judge(said, verdict="refused", evidence="word", reason="I think not", by=cast.edi)
    with pytest.raises(IntegrityError, match="two editors"), transaction.atomic():
        Judgement.objects.create(
            clinic=cast.clinic, said=said, verdict="refused", evidence="word", reason="x", judged_on=today(),
            expires_on=today(), judged_by=cast.edi,
        )  # fmt: skip
    assert slugs() == [listing.slug]


def test_two_editors_take_a_clinic_out_and_one_does_not(cast: Cast) -> None:
    listing = listed(cast)
    removal = deciding.propose_removal(listing, by=cast.edi, reason="Sells lozenges as infusions")
    assert slugs() == [listing.slug]
    with pytest.raises(ValidationError, match="Another editor"):
        deciding.agree_to_removal(removal, by=cast.edi)
    with pytest.raises(IntegrityError, match="removal_by_two_editors"), transaction.atomic():
        Removal.objects.filter(pk=removal.pk).update(agreed_by=cast.edi, agreed_at=removal.proposed_at)
    deciding.agree_to_removal(removal, by=another_editor(cast))
    assert slugs() == []
    assert not is_listed(listing)


def test_two_editors_take_out_one_statement_and_a_required_one_takes_its_clinic_along(cast: Cast) -> None:
    listing = listed(cast, answers={"companion": "welcome"})
    other = another_editor(cast)
    informative = deciding.propose_removal(listing, said=said_about(listing, "companion"), by=cast.edi, reason="Not so")
    deciding.agree_to_removal(informative, by=other)
    assert slugs() == [listing.slug]
    assert read(Publication.objects.get().text).clinics[0].statement("companion") is None
    required = deciding.propose_removal(listing, said=said_about(listing, "flow"), by=other, reason="No pump there")
    deciding.agree_to_removal(required, by=cast.edi)
    assert slugs() == []


def test_a_proposal_that_was_dropped_takes_nothing_out_and_can_be_made_again(cast: Cast) -> None:
    listing = listed(cast)
    removal = deciding.propose_removal(listing, by=cast.edi, reason="x")
    with pytest.raises(ValidationError, match="already"):
        deciding.propose_removal(listing, by=cast.edi, reason="x")
    deciding.drop_removal(removal)
    with pytest.raises(ValidationError, match="settled"):
        deciding.agree_to_removal(removal, by=another_editor(cast))
    deciding.propose_removal(listing, by=cast.edi, reason="y")
    assert slugs() == [listing.slug]


def test_a_renewal_that_waits_or_is_refused_leaves_what_stands_until_its_day(cast: Cast) -> None:
    listing = listed(cast)
    renewal = applying.hand_in_renewal(listing, typed(answers={"flow": "counted"}))
    deciding.take_up(renewal, by=cast.edi)
    assert slugs() == [listing.slug]
    deciding.judge(said_about(listing, "flow"), verdict="refused", evidence="word", reason="Not shown", by=cast.edi)
    standing = standing_of(listing, criteria())
    flow = next(stand for stand in standing.stands if stand.criterion.code == "flow")
    assert flow.statement is not None
    assert flow.statement.answer == "pump"


def test_a_clinic_that_says_it_no_longer_meets_one_is_out_by_its_own_word(cast: Cast) -> None:
    listing = listed(cast)
    deciding.take_up(applying.hand_in_renewal(listing, typed(answers={"watcher": "looks_in"})), by=cast.edi)
    deciding.judge(said_about(listing, "watcher"), verdict="stated", evidence="word", reason="", by=cast.edi)
    assert slugs() == []


def test_a_clinic_leaves_when_it_wishes(cast: Cast) -> None:
    listing = listed(cast)
    deciding.take_up(applying.hand_in_renewal(listing, {"name": listing.name, applying.LEAVES: True}), by=cast.edi)
    assert slugs() == []


def test_the_clinics_word_counts_half_as_long_as_what_was_seen(cast: Cast) -> None:
    one, two = newest_said(taken_up(cast))[:2]
    stated = deciding.judge(one, verdict="stated", evidence="visit", reason="", by=cast.edi)
    seen = deciding.judge(two, verdict="seen", evidence="visit", reason="", by=cast.edi)
    assert (stated.expires_on - today(), seen.expires_on - today()) == (timedelta(days=183), timedelta(days=366))
    assert stated.evidence == "word"


def test_nothing_is_seen_in_the_clinics_word_alone(cast: Cast) -> None:
    said = newest_said(taken_up(cast))[0]
    with pytest.raises(ValidationError, match="what you saw it in"):
        deciding.judge(said, verdict="seen", evidence="word", reason="", by=cast.edi)


def test_an_application_is_settled_once_and_only_when_its_link_was_opened(cast: Cast) -> None:
    unopened, _ = applying.hand_in(typed(), "x@alder.example", keeper=cast.clinic.pk)
    with pytest.raises(ValidationError, match="not opened"):
        deciding.take_up(unopened, by=cast.edi)
    application = applied(cast)
    deciding.turn_down(application, by=cast.edi, reason="No clinic there")
    with pytest.raises(ValidationError, match="settled already"):
        deciding.take_up(application, by=cast.edi)
    assert not Listing.objects.exists()


def test_two_clinics_of_one_name_have_two_addresses(cast: Cast) -> None:
    one, two = taken_up(cast), taken_up(cast, phone="+353 1 555 0101")
    assert (one.slug, two.slug) == ("alder-house-invented-dublin", "alder-house-invented-dublin-2")


def test_what_was_said_and_judged_can_be_changed_by_nobody(cast: Cast) -> None:
    listed(cast)
    for statement in (
        "UPDATE directory_said SET answer = 'x'",
        "UPDATE directory_judgement SET verdict = 'seen'",
        "DELETE FROM directory_said",
        "DELETE FROM directory_listing",
        "DELETE FROM directory_removal",
        "INSERT INTO directory_listinghistory (id) VALUES (gen_random_uuid())",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_state_of_a_listing_and_a_removal_is_kept_with_who_made_it(cast: Cast) -> None:
    listing = listed(cast)
    removal = deciding.propose_removal(listing, by=cast.edi, reason="x")
    deciding.drop_removal(removal)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_removalhistory")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT count(*) FROM directory_applicationhistory")
        assert cursor.fetchone() == (3,)


def test_another_clinics_editors_see_nothing_of_it(cast: Cast) -> None:
    listed(cast)
    with clinic_scope(cast.other_clinic.pk):
        assert not Listing.objects.exists()
        assert not Said.objects.exists()
        assert not Publication.objects.exists()


def test_a_note_of_two_lines_is_published_as_it_was_written(cast: Cast) -> None:
    listing = taken_up(cast, answers={"price": "350 EUR\nand the first visit 180 EUR"})
    for said in newest_said(listing):
        deciding.judge(said, verdict="stated", evidence="word", reason="", by=cast.edi)
    price = read(Publication.objects.get().text).clinics[0].statement("price")
    assert price
    assert price.answer == "350 EUR\nand the first visit 180 EUR"


def test_what_could_not_be_read_back_is_not_published_and_what_is_shown_stays(cast: Cast) -> None:
    listing = listed(cast)
    before = Publication.objects.get().digest
    Listing.objects.filter(pk=listing.pk).update(website="javascript:alert(1)")
    with pytest.raises(Unreadable):
        publish(cast.clinic.pk)
    assert Publication.objects.get().digest == before
