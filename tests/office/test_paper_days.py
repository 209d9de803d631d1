"""Days on paper for whoever has no e-mail: a sheet of four weeks, and what was filled in by hand copied in."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from stillroom.clinics.rows import clinic_scope
from stillroom.outcomes.models import CheckIn, Concern, Reach
from tests.cast import Cast, signed_in


def copied(cast: Cast, **typed: str) -> int:
    form = {"day": str(cast.clinic.today()), **typed}
    return signed_in(cast.ben).post(f"/office/outcomes/{cast.neighbour.pk}/days/", form).status_code


def kept(cast: Cast) -> list[CheckIn]:
    with clinic_scope(cast.clinic.pk):
        return list(CheckIn.objects.filter(patient=cast.neighbour))


def test_the_sheet_has_four_weeks_and_whom_to_call_on_one_page(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Reach.objects.create(clinic=cast.clinic, read_by="x", read_when="y", call_now="988")
    paper = signed_in(cast.fay).get(f"/office/patients/{cast.neighbour.pk}/days/").content
    (page,) = PdfReader(io.BytesIO(paper)).pages
    text = " ".join(page.extract_text().split())
    last = cast.clinic.today() + timedelta(days=27)
    for words in ("call 988 now", "nobody reads it before", f"{cast.clinic.today():%a %-d %b}", f"{last:%a %-d %b}"):
        assert words in text
    assert "Watch" not in text


def test_where_the_clinic_said_nothing_the_sheet_says_the_emergency_number(cast: Cast) -> None:
    paper = signed_in(cast.fay).get(f"/office/patients/{cast.neighbour.pk}/days/").content
    text = " ".join(PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())
    assert "call your emergency number now" in text


def test_a_day_is_copied_under_the_name_of_who_copied_it_and_the_next_one_is_asked_for(cast: Cast) -> None:
    answer = signed_in(cast.ben).post(
        f"/office/outcomes/{cast.neighbour.pk}/days/", {"day": "2026-11-03", "low": "0", "sleep_h": ""}
    )
    assert answer.headers["Location"].endswith("?day=2026-11-04")
    (row,) = kept(cast)
    assert (row.day, row.low, row.sleep_h, row.words) == (date(2026, 11, 3), 0, None, "")
    assert row.by == f"person:{cast.ben.pk}"


def test_a_worry_on_paper_is_listed_too(cast: Cast) -> None:
    assert copied(cast, low="10") == 302
    with clinic_scope(cast.clinic.pk):
        assert Concern.objects.get().patient == cast.neighbour


@pytest.mark.parametrize(
    "typed", [{}, {"low": "11"}, {"low": "-1"}, {"low": "5", "day": "2999-01-01"}, {"day": "soon"}]
)
def test_what_is_no_day_is_refused(cast: Cast, typed: dict[str, str]) -> None:
    assert copied(cast, **typed) == 422
    assert kept(cast) == []


def test_what_the_patient_wrote_themselves_is_never_copied_over_and_a_copy_is_called_one(cast: Cast) -> None:
    kim = signed_in(cast.kim)
    kim.post("/journal/check-in/", {"low": "3"})
    assert copied(cast, low="7") == 422
    assert [row.low for row in kept(cast)] == [3]
    assert "copied from paper" not in kim.get("/journal/days/").content.decode()
    copied(cast, low="7", day=str(cast.clinic.today() - timedelta(days=1)))
    assert kim.get("/journal/days/").content.decode().count("copied from paper") == 1
