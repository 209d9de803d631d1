"""Checking in: one entry a day, corrected by a new one; missing stays missing, nought nought; worries are listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.outcomes.models import CheckIn, Concern, Questionnaire, Reach
from stillroom.outcomes.reading import standing_check_ins
from stillroom.patients.models import Patient
from tests.cast import Cast, signed_in

CHECK_IN, PHQ9 = "/journal/check-in/", "/journal/questionnaire/"


@contextmanager
def clinic(cast: Cast) -> Iterator[None]:
    with clinic_scope(cast.clinic.pk):
        yield


def answers(*points: int | None) -> dict[str, str]:
    return {f"q{number}": str(each) for number, each in enumerate(points, start=1) if each is not None}


def say_reach(cast: Cast, **changed: object) -> None:
    said = {"read_by": "The nurses", "read_when": "Monday to Friday, 9 to 5", "call_now": "988"}
    with clinic(cast):
        Reach.objects.create(clinic=cast.clinic, **{**said, **changed})


def test_a_day_is_kept_in_one_post_without_a_script(cast: Cast) -> None:
    answer = signed_in(cast.pat).post(CHECK_IN, {"low": "7", "sleep_h": "5", "words": "the sea"})
    assert answer.status_code == 302
    with clinic(cast):
        row = CheckIn.objects.get()
    assert (row.low, row.sleep_h, row.words, row.by) == (7, 5, "the sea", f"person:{cast.pat.pk}")
    assert (row.patient_id, row.day) == (cast.patient.pk, cast.clinic.today())


def test_nought_is_an_answer_and_what_was_left_out_is_none(cast: Cast) -> None:
    signed_in(cast.pat).post(CHECK_IN, {"low": "0"})
    with clinic(cast):
        row = CheckIn.objects.get()
    assert (row.low, row.sleep_h) == (0, None)
    page = signed_in(cast.pat).get("/journal/check-in/kept/").content.decode()
    assert "0 of 10" in page
    assert "not answered" in page


def test_an_empty_check_in_is_asked_again_and_nothing_is_kept(cast: Cast) -> None:
    assert signed_in(cast.pat).post(CHECK_IN, {}).status_code == 422
    with clinic(cast):
        assert not CheckIn.objects.exists()


def test_a_correction_is_a_new_entry_and_the_old_one_stays_readable(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    pat.post(CHECK_IN, {"low": "7", "words": "heavy"})
    pat.post(CHECK_IN, {"low": "4", "words": "lighter"})
    with clinic(cast):
        old, new = CheckIn.objects.order_by("written_at")
        assert new.replaces == old
        assert [row.low for row in standing_check_ins([cast.patient])] == [4]
    page = pat.get("/journal/days/").content.decode()
    assert "heavy" in page
    assert "lighter" in page


def test_the_same_sent_twice_is_one_entry(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    for _ in range(2):
        pat.post(CHECK_IN, {"low": "7"})
    with clinic(cast):
        assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(("days_ago", "status"), [(0, 200), (1, 200), (2, 404), (-1, 404)])
def test_yesterday_can_be_written_down_and_the_day_before_cannot(cast: Cast, days_ago: int, status: int) -> None:
    day = cast.clinic.today() - timedelta(days=days_ago)
    assert signed_in(cast.pat).get(f"{CHECK_IN}?day={day}").status_code == status


def test_an_earlier_day_that_was_answered_can_be_corrected(cast: Cast) -> None:
    day = cast.clinic.today() - timedelta(days=30)
    with clinic(cast):
        CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="person:x", day=day, low=3)
    assert signed_in(cast.pat).post(f"{CHECK_IN}?day={day}", {"low": "6"}).status_code == 302
    with clinic(cast):
        assert [row.low for row in standing_check_ins([cast.patient]).filter(day=day)] == [6]


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "99999-1-1"])
def test_a_day_that_is_none_breaks_nothing(cast: Cast, day: str) -> None:
    assert signed_in(cast.pat).get(CHECK_IN, {"day": day}).status_code in (200, 404)


def test_another_patients_id_in_the_form_is_refused(cast: Cast) -> None:
    assert signed_in(cast.pat).post(CHECK_IN, {"low": "5", "patient": str(cast.neighbour.pk)}).status_code == 422
    with clinic(cast):
        assert not CheckIn.objects.exists()


def test_who_is_treated_in_two_clinics_says_which_one_reads_it(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        Patient.objects.filter(pk=cast.other_patient.pk).update(person=cast.pat)
    pat = signed_in(cast.pat)
    assert "For which clinic?" in pat.get(CHECK_IN).content.decode()
    pat.post(CHECK_IN, {"low": "5", "patient": str(cast.other_patient.pk)})
    with clinic_scope(cast.other_clinic.pk):
        assert CheckIn.objects.count() == 1
    with clinic(cast):
        assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(("said", "reasons"), [
    ({"low": "8"}, []), ({"low": "9"}, ["very_low"]), ({"low": "2", "wants_call": "on"}, ["wants_call"]),
    ({"low": "10", "wants_call": "on"}, ["very_low"]),
])  # fmt: skip
def test_a_worrying_day_is_on_the_clinics_list_at_once(cast: Cast, said: dict[str, str], reasons: list[str]) -> None:
    signed_in(cast.pat).post(CHECK_IN, said)
    with clinic(cast):
        assert sorted(Concern.objects.values_list("reason", flat=True)) == reasons


def test_from_which_answer_a_day_worries_is_the_clinics_to_say(cast: Cast) -> None:
    say_reach(cast, very_low_from=6)
    signed_in(cast.pat).post(CHECK_IN, {"low": "6"})
    with clinic(cast):
        assert Concern.objects.count() == 1


def test_the_longer_questionnaire_is_scored_and_says_its_band(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    pat.post(PHQ9, answers(2, 2, 2, 2, 1, 1, 2, 0, 0))
    with clinic(cast):
        row = Questionnaire.objects.get()
        assert not Concern.objects.exists()
    assert (row.items, row.total, row.band) == ([2, 2, 2, 2, 1, 1, 2, 0, 0], 12, "moderate")
    assert "12 of 27" in pat.get("/journal/check-in/kept/").content.decode()


def test_with_an_answer_left_out_it_asks_once_and_is_then_kept_without_a_score(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    assert pat.post(PHQ9, answers(1, 1, 1, 1, 1, 1, 1, 1)).status_code == 422
    with clinic(cast):
        assert not Questionnaire.objects.exists()
    assert pat.post(PHQ9, {**answers(1, 1, 1, 1, 1, 1, 1, 1), "as_it_is": "on"}).status_code == 302
    with clinic(cast):
        row = Questionnaire.objects.get()
    assert (row.items[-1], row.total, row.band) == (None, None, "")


def test_the_ninth_answer_is_on_the_list_at_once_even_from_a_form_that_is_not_whole(cast: Cast) -> None:
    signed_in(cast.pat).post(PHQ9, answers(None, None, None, None, None, None, None, None, 1))
    with clinic(cast):
        assert Concern.objects.get().reason == "harm"


def test_a_form_with_no_answer_at_all_is_never_kept(cast: Cast) -> None:
    assert signed_in(cast.pat).post(PHQ9, {"as_it_is": "on"}).status_code == 422
    with clinic(cast):
        assert not Questionnaire.objects.exists()


def filled_in(cast: Cast, *points: int | None, ago: int = 20, **more: object) -> Questionnaire:
    day = cast.clinic.today() - timedelta(days=ago)
    known = [each for each in points if each is not None]
    row = {"instrument": "phq9", "version": "v", "source": "patient", "items": list(points), "day": day, "by": "x"}
    total = sum(known) if len(known) == len(points) else None
    with clinic(cast):
        return Questionnaire.objects.create(clinic=cast.clinic, patient=cast.patient, **row | {"total": total} | more)


def test_a_questionnaire_of_an_earlier_day_is_put_right_and_the_old_one_stays(cast: Cast) -> None:
    old = filled_in(cast, 3, 3, 3, 3, 3, 3, 3, 0, 0)
    pat = signed_in(cast.pat)
    address = f"{PHQ9}?form={old.pk}"
    assert address in pat.get("/journal/days/").content.decode()
    page = pat.get(address).content.decode()
    assert 'name="q1" value="3" checked' in page
    assert "the two weeks before that day" in page
    answer = pat.post(address, answers(3, 3, 3, 3, 3, 3, 3, 0, 1), follow=True)
    assert "22 of 27" in answer.content.decode()
    with clinic(cast):
        new = Questionnaire.objects.get(replaces=old)
        assert (new.day, new.total, new.by) == (old.day, 22, f"person:{cast.pat.pk}")
        assert Concern.objects.get().questionnaire == new
        assert Questionnaire.objects.get(pk=old.pk).total == 21
    listed = pat.get("/journal/days/").content.decode()
    assert "(corrected)" in listed
    assert address not in listed


@pytest.mark.parametrize("more", [{"source": "paper"}, {"source": "rated"}, {"instrument": "gad7"}])
def test_what_the_clinic_wrote_is_not_the_patients_to_correct(cast: Cast, more: dict[str, str]) -> None:
    row = filled_in(cast, 1, 1, 1, 1, 1, 1, 1, **more)
    pat = signed_in(cast.pat)
    assert pat.get(f"{PHQ9}?form={row.pk}").status_code == 404
    assert f"form={row.pk}" not in pat.get("/journal/days/").content.decode()


def test_nobody_corrects_a_neighbours_questionnaire_or_one_that_was_corrected(cast: Cast) -> None:
    old = filled_in(cast, 1, 1, 1, 1, 1, 1, 1, 1, 0)
    assert signed_in(cast.kim).get(f"{PHQ9}?form={old.pk}").status_code == 404
    signed_in(cast.pat).post(f"{PHQ9}?form={old.pk}", answers(0, 1, 1, 1, 1, 1, 1, 1, 0))
    assert signed_in(cast.pat).get(f"{PHQ9}?form={old.pk}").status_code == 404
    assert signed_in(cast.pat).get(f"{PHQ9}?form=nothing").status_code == 404


def test_after_a_correction_the_page_says_what_is_written_down_for_that_day(cast: Cast) -> None:
    day = cast.clinic.today() - timedelta(days=30)
    with clinic(cast):
        CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="person:x", day=day, low=3)
    page = signed_in(cast.pat).post(f"{CHECK_IN}?day={day}", {"low": "6"}, follow=True).content.decode()
    assert f"Written down for {day:%A}" in page
    assert "6 of 10" in page


def test_the_longer_questionnaire_is_asked_for_every_two_weeks(cast: Cast) -> None:
    pat = signed_in(cast.pat)
    today = cast.clinic.today()

    def is_asked_for() -> bool:
        return 'href="/journal/questionnaire/"' in pat.get("/journal/").content.decode()

    assert is_asked_for()
    with clinic(cast):
        row = {"clinic": cast.clinic, "patient": cast.patient, "instrument": "phq9", "source": "patient", "total": 3}
        Questionnaire.objects.create(**row, day=today - timedelta(days=14), written_at=timezone.now())
        assert is_asked_for()
        Questionnaire.objects.create(**row, day=today - timedelta(days=13), written_at=timezone.now())
    assert not is_asked_for()


@pytest.mark.parametrize("path", ["/journal/", CHECK_IN, PHQ9, "/journal/check-in/kept/"])
def test_before_and_after_it_says_who_reads_it_and_whom_to_call_and_promises_no_watcher(cast: Cast, path: str) -> None:
    say_reach(cast)
    page = signed_in(cast.pat).get(path).content.decode()
    assert "988" in page
    assert "The nurses of Alder Clinic look at check-ins Monday to Friday, 9 to 5" in page
    assert "Nobody watches this page" in page


def test_where_the_clinic_has_not_said_who_reads_nobody_is_promised(cast: Cast) -> None:
    page = signed_in(cast.pat).get(CHECK_IN).content.decode()
    assert "count on nobody doing so" in page
    assert cast.clinic.phone in page


def test_after_a_worry_the_page_says_whom_to_call_first(cast: Cast) -> None:
    say_reach(cast)
    page = signed_in(cast.pat).post(CHECK_IN, {"low": "10"}, follow=True).content.decode()
    assert page.index("call now") < page.index("10 of 10")
    assert "nobody may see it before" in page


def test_the_chart_has_one_line_a_gap_where_a_day_is_missing_and_a_name_for_each_score(cast: Cast) -> None:
    today = cast.clinic.today()
    with clinic(cast):
        for ago, low in ((5, 8), (4, 8), (2, 0), (1, 3), (0, 4)):
            day = today - timedelta(days=ago)
            CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="person:x", day=day, low=low)
        Questionnaire.objects.create(
            clinic=cast.clinic, patient=cast.patient, by="person:x", day=today, instrument="phq9", version="v",
            source="patient", total=21, band="severe",
        )  # fmt: skip
    page = signed_in(cast.pat).get("/journal/").content.decode()
    assert 'd="M0.0 200.0 L200.0 200.0 M600.0 1000.0 L800.0 700.0 L1000.0 600.0"' in page
    assert "21 (severe)" in page
    assert "on 5 days" in page
