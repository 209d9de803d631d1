"""The clinic's side: worries with a named decision, the panel, scores from paper, and what patients are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from stillroom.clinics.models import Person
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.core.outcomes.lasting import Ending, Lasted
from stillroom.infusions.models import Infusion
from stillroom.office.panel import Line, counts, panel, relief
from stillroom.outcomes.models import CheckIn, Concern, Decision, Questionnaire, Reach
from stillroom.patients.models import Look, Patient
from tests.cast import Cast, signed_in
from tests.infusions.rooms import infusing

PHQ9 = INSTRUMENTS["phq9"]
REACH = {
    "read_by": "The nurses", "read_when": "Monday to Friday, 9 to 5", "call_now": "988", "very_low_from": "8",
    "silent_after_days": "5", "least_baseline": "10",
}  # fmt: skip


def worry(cast: Cast, **said: Any) -> str:
    signed_in(cast.pat).post("/journal/check-in/", said or {"low": "10", "words": "I can't"})
    with clinic_scope(cast.clinic.pk):
        return str(Concern.objects.latest("written_at").pk)


def decide(person: Person, concern: str, what: str, words: str = "") -> int:
    form = {f"{concern}-what": what, f"{concern}-words": words}
    return signed_in(person).post(f"/office/concerns/{concern}/decide/", form).status_code


def listed(person: Person) -> str:
    return signed_in(person).get("/office/concerns/").content.decode()


def test_a_worry_stands_on_the_list_with_the_answer_itself(cast: Cast) -> None:
    worry(cast)
    page = listed(cast.ben)
    assert "Pat Example" in page
    assert "10 of 10" in page
    assert "I can&#x27;t" in page


def test_the_ninth_answer_stands_there_in_words(cast: Cast) -> None:
    signed_in(cast.pat).post("/journal/questionnaire/", {f"q{n}": "1" for n in range(1, 10)})
    page = listed(cast.ben)
    assert "thoughts of death or self-harm" in page
    assert "answered 1 of 3" in page


def test_only_a_decision_with_a_name_takes_it_off_the_list(cast: Cast) -> None:
    concern = worry(cast)
    assert decide(cast.ben, concern, "no_answer", "rang twice") == 302
    page = listed(cast.ada)
    assert "rang twice" in page
    assert "Ben Osei" in page
    assert decide(cast.ada, concern, "safe", "spoke for ten minutes") == 302
    assert "Nobody waits" in listed(cast.ben)
    with clinic_scope(cast.clinic.pk):
        assert [row.decided_by for row in Decision.objects.all()] == [cast.ben, cast.ada]


def test_no_decision_is_asked_for_again(cast: Cast) -> None:
    concern = worry(cast)
    assert signed_in(cast.ben).post(f"/office/concerns/{concern}/decide/", {}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not Decision.objects.exists()


def test_a_later_better_answer_leaves_the_worry_on_the_list(cast: Cast) -> None:
    worry(cast)
    signed_in(cast.pat).post("/journal/check-in/", {"low": "2"})
    assert "10 of 10" in listed(cast.ben)


def test_looking_at_the_list_is_written_down(cast: Cast) -> None:
    worry(cast)
    listed(cast.ben)
    with clinic_scope(cast.clinic.pk):
        assert Look.objects.filter(patient=cast.patient, by=f"person:{cast.ben.pk}").exists()


def test_the_administrator_says_who_reads_and_patients_read_it(cast: Cast) -> None:
    assert signed_in(cast.ann).post("/office/reach/", REACH).status_code == 302
    page = signed_in(cast.pat).get("/journal/check-in/").content.decode()
    assert "The nurses of Alder Clinic look at check-ins Monday to Friday, 9 to 5" in page
    signed_in(cast.ann).post("/office/reach/", {**REACH, "call_now": "112"})
    with clinic_scope(cast.clinic.pk):
        assert Reach.objects.get().call_now == "112"


@pytest.mark.parametrize(
    "changed", [{"call_now": ""}, {"call_now": "the nurse"}, {"very_low_from": "0"}, {"read_when": ""}]
)
def test_what_patients_cannot_rely_on_is_refused(cast: Cast, changed: dict[str, str]) -> None:
    assert signed_in(cast.ann).post("/office/reach/", {**REACH, **changed}).status_code == 422


def scored(cast: Cast, patient: Patient, **by_day: int) -> None:
    for name, total in by_day.items():
        day = cast.clinic.today() - timedelta(days=int(name.removeprefix("ago")))
        row = {"clinic": cast.clinic, "patient": patient, "by": "person:x", "instrument": "phq9", "version": "v"}
        Questionnaire.objects.create(**row, source="patient", day=day, total=total)


def lines_of(cast: Cast) -> list[Line]:
    return panel(cast.clinic, PHQ9)


def test_the_panel_counts_from_named_baselines(cast: Cast) -> None:
    """Pat fell from 20 to 10 (half: a response), which is above 4 (no remission)."""
    infusing(cast)
    with clinic_scope(cast.clinic.pk):
        scored(cast, cast.patient, ago20=20, ago0=10)
        began = Infusion.objects.get().started_at
        assert began is not None
        (line,) = lines_of(cast)
        assert line.baseline is not None
        found = counts([line], PHQ9)
    assert (found.treated, found.with_change, found.responded, found.remitted, found.worse) == (1, 1, 1, 0, 0)
    page = signed_in(cast.ada).get("/office/outcomes/").content.decode()
    assert "responded" in page
    assert "20 on" in page


def test_who_has_no_score_before_counts_in_no_share(cast: Cast) -> None:
    infusing(cast)
    with clinic_scope(cast.clinic.pk):
        (line,) = lines_of(cast)
        found = counts([line], PHQ9)
    assert line.change is None
    assert (found.treated, found.with_change, found.may_respond) == (1, 0, 0)


def test_who_gets_worse_again_or_goes_silent_is_said_and_stands_first(cast: Cast) -> None:
    infusing(cast)
    today = cast.clinic.today()
    with clinic_scope(cast.clinic.pk):
        scored(cast, cast.patient, ago40=20, ago14=6, ago0=12)
        CheckIn.objects.create(
            clinic=cast.clinic, patient=cast.patient, by="person:x", day=today - timedelta(days=7), low=0
        )
        (line,) = lines_of(cast)
    assert line.is_worse
    assert line.is_silent
    assert line.last_check_in == today - timedelta(days=7)


def test_who_never_checked_in_is_not_called_silent(cast: Cast) -> None:
    infusing(cast)
    with clinic_scope(cast.clinic.pk):
        (line,) = lines_of(cast)
    assert not line.is_silent
    assert line.last_check_in is None


def test_the_panel_says_how_long_relief_lasted_and_a_next_infusion_is_not_its_end(cast: Cast) -> None:
    """Two faded, after 3 and 9 days (of two the lower is the middle one); one held to the next; one cannot be told."""
    infusing(cast)
    endings = [(Ending.RETURNED, 9), (Ending.RETURNED, 3), (Ending.NEXT_INFUSION, 6), (Ending.UNKNOWN_BEFORE, None)]
    with clinic_scope(cast.clinic.pk):
        (line,) = lines_of(cast)
    lasted = [Lasted(on=cast.clinic.today(), days=days, ending=ending) for ending, days in endings]
    found = relief([replace(line, each_lasted=lasted)])
    assert (found.faded, found.middle_days, found.until_next, found.not_seen, found.unknown) == (2, 3, 1, 0, 1)
    page = signed_in(cast.ada).get("/office/outcomes/").content.decode()
    assert "How long relief lasted" in page


def test_where_nobody_has_both_scores_no_share_is_told(cast: Cast) -> None:
    infusing(cast)
    page = signed_in(cast.ada).get("/office/outcomes/?of=gad7").content.decode()
    assert "None of 1 treated has a score of the GAD-7 both before the first infusion and after it" in page
    assert "0 of 0" not in page


def post_score(cast: Cast, **typed: str) -> int:
    form = {"instrument": "phq9", "day": str(cast.clinic.today()), "source": "paper", **typed}
    return signed_in(cast.ben).post(f"/office/outcomes/{cast.patient.pk}/scores/", form).status_code


@pytest.mark.parametrize(("typed", "total", "band"), [
    ({"answers": "2 2 2 2 1 1 2 0 0"}, 12, "moderate"),
    ({"answers": "222211200"}, 12, "moderate"),
    ({"answers": "22221120-"}, None, ""),
    ({"total": "0"}, 0, "minimal"),
    ({"instrument": "madrs", "total": "34"}, 34, "moderate"),
    ({"instrument": "qids_sr16", "total": "21"}, 21, "very_severe"),
    ({"instrument": "pcl5", "total": "33"}, 33, ""),
])  # fmt: skip
def test_a_score_is_copied_from_paper(cast: Cast, typed: dict[str, str], total: int | None, band: str) -> None:
    assert post_score(cast, **typed) == 302
    with clinic_scope(cast.clinic.pk):
        row = Questionnaire.objects.get()
    assert (row.total, row.band, row.by) == (total, band, f"person:{cast.ben.pk}")


@pytest.mark.parametrize("typed", [
    {}, {"answers": "1", "total": "1"}, {"answers": "1 2 3"}, {"answers": "444444444"}, {"total": "28"},
    {"total": "-1"},
    {"instrument": "madrs", "answers": "1111111111"}, {"instrument": "unheard", "total": "1"},
    {"total": "1", "day": str(date(2999, 1, 1))}, {"total": "1", "day": "soon"},
])  # fmt: skip
def test_what_cannot_be_that_score_is_refused_with_a_word(cast: Cast, typed: dict[str, str]) -> None:
    assert post_score(cast, **typed) == 422
    with clinic_scope(cast.clinic.pk):
        assert not Questionnaire.objects.exists()


def test_an_item_above_nought_on_paper_is_listed_too(cast: Cast) -> None:
    post_score(cast, answers="000000001")
    assert "thoughts of death" in listed(cast.ben)


def test_how_many_more_it_would_take_is_nowhere_in_the_journal(cast: Cast) -> None:
    infusing(cast)
    page = signed_in(cast.ada).get(f"/office/outcomes/{cast.patient.pk}/").content.decode()
    assert "nothing to compare" in page
    with person_scope(cast.pat.pk):
        journal = signed_in(cast.pat).get("/journal/").content.decode()
    assert "would take" not in journal
