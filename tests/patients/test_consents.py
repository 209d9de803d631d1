"""Consents: two people make a text, it never changes; what was signed and what was taken back are both kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Person, Role
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.safety.consent import Consented
from stillroom.patients.consents import (
    Signing,
    approve_text,
    consented,
    note_own_paper,
    sign,
    standing_of,
    withdraw,
    write_text,
)
from stillroom.patients.models import Consent, ConsentText
from tests.cast import Cast, make_cast
from tests.examples import ADA
from tests.infusions.rooms import done, ready
from tests.infusions.test_acts import _at_once


def actor_of(cast: Cast, person: Person) -> Actor:
    return Actor(Proof.SIGN_IN, person, cast.clinic, frozenset({Role.PRESCRIBER}))


def text_of(cast: Cast, words: str = "What it is.", language: str = "en") -> ConsentText:
    """Written by Ada, approved by Ann: in force."""
    text = write_text(actor_of(cast, cast.ada), words, language=language)
    approve_text(text, actor_of(cast, cast.ann))
    return text


def by_pat(cast: Cast) -> Signing:
    return Signing(name="Pat Example", how=Consent.How.ALONE, by=f"person:{cast.pat.pk}", at=timezone.now())


def test_who_wrote_a_text_does_not_approve_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = write_text(actor_of(cast, cast.ada), "What it is.", language="en")
        with pytest.raises(Refused, match="consent_author_approves"):
            approve_text(text, actor_of(cast, cast.ada))
        with pytest.raises(IntegrityError, match="consent_author_is_not_approver"), transaction.atomic():
            ConsentText.objects.filter(pk=text.pk).update(approved_by=cast.ada, approved_at=timezone.now())
        with pytest.raises(Refused, match="consent_text_not_in_force"):
            sign(cast.patient, text, by_pat(cast))


@pytest.mark.parametrize("change", ["words = 'else'", "number = 9", "approved_at = now()", "approved_by_id = NULL"])
def test_a_text_never_changes_once_it_is_approved(cast: Cast, change: str) -> None:
    with clinic_scope(cast.clinic.pk):
        text_of(cast)
        with pytest.raises(DatabaseError, match=r"never changes|permission denied"), transaction.atomic():
            connection.cursor().execute(f"UPDATE patients_consenttext SET {change}")  # noqa: S608


def test_a_new_version_asks_again_and_the_old_one_stays_signed(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        first = text_of(cast)
        assert consented(cast.patient) is Consented.OF_EARLIER_TEXT  # of the clinic's own paper
        sign(cast.patient, first, by_pat(cast))
        assert consented(cast.patient) is Consented.SIGNED
        second = text_of(cast, "What it is, and what was learned.")
        assert standing_of(cast.patient).stands is Consented.OF_EARLIER_TEXT
        with pytest.raises(Refused, match="consent_text_not_in_force"):
            sign(cast.patient, first, by_pat(cast))
        sign(cast.patient, second, by_pat(cast))
        assert consented(cast.patient) is Consented.SIGNED
        assert [each.version for each in cast.patient.consents.filter(text__isnull=False)] == ["2", "1"]


def test_another_language_does_not_ask_again(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        sign(cast.patient, text_of(cast), by_pat(cast))
        text_of(cast, "Was es ist.", language="de")
        assert consented(cast.patient) is Consented.SIGNED


def test_signed_twice_it_is_signed_once(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
        assert sign(cast.patient, text, by_pat(cast)) == sign(cast.patient, text, by_pat(cast))


def test_a_double_tap_signs_it_once(committed_db: object) -> None:
    cast = make_cast()
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)

    def tap(_: int) -> UUID:
        with clinic_scope(cast.clinic.pk):
            return sign(cast.patient, text, by_pat(cast)).pk

    assert len(set(_at_once(4, tap))) == 1


def test_it_is_taken_back_in_one_act_and_both_are_kept(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        sign(cast.patient, text := text_of(cast), by_pat(cast))
        assert withdraw(cast.patient, by=f"person:{cast.ben.pk}") == 2
        assert consented(cast.patient) is Consented.WITHDRAWN
        rows = cast.patient.consents.all()
        assert all(each.signed_at and each.withdrawn_at and each.withdrawn_by for each in rows)
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            rows.update(withdrawn_at=None)
        sign(cast.patient, text, by_pat(cast))
        assert consented(cast.patient) is Consented.SIGNED
        assert cast.patient.consents.count() == 3


@pytest.mark.parametrize("change", ["version = '9'", "signed_name = 'Kim'", "signed_at = now()"])
def test_what_was_signed_is_never_changed(cast: Cast, change: str) -> None:
    with clinic_scope(cast.clinic.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"UPDATE patients_consent SET {change}")  # noqa: S608


def test_the_patient_signs_and_takes_back_in_their_own_name_and_nobody_elses(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
    with person_scope(cast.pat.pk):
        sign(cast.patient, text, by_pat(cast))
        assert withdraw(cast.patient, by=f"person:{cast.pat.pk}") == 2
        assert withdraw(cast.neighbour, by=f"person:{cast.pat.pk}") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            sign(cast.neighbour, text, by_pat(cast))
    with clinic_scope(cast.clinic.pk):
        (newest,) = Consent.objects.filter(text=text)
        assert (newest.by, newest.withdrawn_by) == (f"person:{cast.pat.pk}",) * 2
        assert newest.events.count() == 2  # type: ignore[attr-defined]


def test_a_paper_of_tomorrow_is_not_noted(cast: Cast) -> None:
    signing = Signing(name="-", how=Consent.How.PAPER, by="-", at=timezone.now() + timedelta(days=1))
    with clinic_scope(cast.clinic.pk):
        with pytest.raises(Refused, match="in_the_future"):
            note_own_paper(cast.patient, "June", signing)
        text_of(cast)
        with pytest.raises(Refused, match="consent_has_a_text"):
            note_own_paper(cast.patient, "June", signing)


def test_no_start_goes_round_it_and_slower_pause_and_stop_do_not_ask(cast: Cast) -> None:
    """What the record says is read where an act is done: a command that says otherwise changes nothing."""
    room = ready(cast)
    with clinic_scope(cast.clinic.pk):
        withdraw(cast.patient, by="-")
    answer = room.act(c.StartInfusion(consent=Consented.SIGNED))
    assert "consent_withdrawn" in {finding.code for finding in answer.findings}
    done(room.act(c.StartInfusion(reason="asked again, she wants it; signs after"), ADA))
    done(room.confirm())
    slower = room.state.rate_ml_per_h / 2
    done(room.act(c.SetRate(rate_ml_per_h=slower)))
    done(room.confirm())
    done(room.act(c.PauseInfusion()))
    done(room.confirm())
    done(room.act(c.StopInfusion()))
