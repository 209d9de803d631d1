"""A field takes a number as it was written, or says what to do; it never guesses."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm
from stillroom.bedside.sheets import Act
from stillroom.web.fields import ClockField, DotsField, QuantityField, YesNoField
from tests.core.drip.test_numerals import ANYTHING, READ, REFUSED
from tests.web.drawing import draw

NOW = datetime(2026, 11, 23, 10, 41, tzinfo=UTC)


class Asked(forms.Form):
    dose_mg_per_kg = QuantityField("dose_mg_per_kg")
    detached = DotsField(required=False)
    vomiting = YesNoField(required=False)
    happened_at = ClockField(required=False)


def asked(**typed: str) -> Asked:
    return Asked({"dose_mg_per_kg": "0.5", **typed})


@pytest.mark.parametrize("typed", ["0.5", "0.50", "0.500", " 0.5 "])
def test_a_quantity_is_kept_as_it_was_written(typed: str) -> None:
    form = asked(dose_mg_per_kg=typed)
    assert form.is_valid()
    assert str(form.cleaned_data["dose_mg_per_kg"]) == typed.strip()


@pytest.mark.parametrize("typed", [".5", "0,5", "5e-1", "٥", "1 000", "0.5000", "0.5 mg/kg", "-0.5", "00.5", "", "5.0"])
def test_any_other_form_is_refused_with_what_to_do(typed: str) -> None:
    form = asked(dose_mg_per_kg=typed)
    assert not form.is_valid()
    (error,) = form.errors["dose_mg_per_kg"].as_data()
    words = draw("web/forms/_error_words.html", error=error)
    assert len(words) > 10
    assert "nobody gave" not in words


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize(("typed", "code"), [row for row in REFUSED if row[0].strip()])
def test_the_table_of_numbers_is_refused_alike_in_every_language(typed: str, code: str, language: str) -> None:
    """SR-03: a comma is no point in German, and ٥ no five in Arabic; the words say what to do."""
    with translation.override(language), pytest.raises(ValidationError) as refused:
        QuantityField(ANYTHING).clean(typed)
    assert refused.value.error_list[0].code == code


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize(("typed", "number"), READ)
def test_a_number_is_read_exactly_in_every_language(typed: str, number: str, language: str) -> None:
    with translation.override(language):
        assert str(QuantityField(ANYTHING).clean(typed)) == number


def test_nought_is_a_score_and_no_score_is_none() -> None:
    form = asked(detached="0")
    assert form.is_valid()
    assert form.cleaned_data["detached"] == 0
    assert form.cleaned_data["vomiting"] is None


def test_a_score_over_ten_is_refused() -> None:
    assert "detached" in asked(detached="11").errors


@pytest.mark.parametrize("typed", ["9:05", "24:00", "09.05", "0905", "09:60"])
def test_a_time_is_written_as_on_the_clock(typed: str) -> None:
    assert asked(happened_at=typed).errors["happened_at"].as_data()[0].code == "not_a_time"
    form = asked(happened_at="09:05")
    assert form.is_valid()
    assert form.cleaned_data["happened_at"] == time(9, 5)


@pytest.mark.parametrize(("clock", "day"), [("10:40", 23), ("10:41", 23), ("10:42", 23), ("23:59", 22)])
def test_a_time_of_day_is_the_nearest_time_the_clock_showed_it(clock: str, day: int) -> None:
    form = ActForm({"seen_seq": "1", "happened_at": clock})
    assert form.is_valid()
    happened_at = form.occurred_at(NOW)
    assert happened_at is not None
    assert (happened_at.day, happened_at.strftime("%H:%M")) == (day, clock)


def test_an_act_of_now_has_no_time_of_its_own() -> None:
    form = ActForm({"seen_seq": "1"})
    assert form.is_valid()
    assert form.occurred_at(NOW) is None


def test_vital_signs_left_empty_are_not_measured_and_not_nought() -> None:
    form = FORMS[Act.VITALS]({"seen_seq": "1", "pulse_per_min": "78"})
    assert form.is_valid()
    assert form.cleaned_data["pulse_per_min"] == 78
    assert form.cleaned_data["sbp_mmhg"] is None


def test_the_bounds_of_what_is_measured_are_the_cores() -> None:
    form = FORMS[Act.VITALS]({"seen_seq": "1", "spo2_percent": "101"})
    assert form.errors["spo2_percent"].as_data()[0].code == "number_too_high"


def test_every_act_has_a_form_that_asks_what_was_in_view() -> None:
    assert set(FORMS) == set(Act)
    assert all("seen_seq" in form.base_fields for form in FORMS.values())


def test_a_plain_form_is_drawn_with_labels_units_and_errors() -> None:
    html = draw("web/forms/form.html", **asked(dose_mg_per_kg="0,5").get_context())
    assert "mg/kg" in html
    assert "Use a point, not a comma" in html
    assert 'aria-invalid="true"' in html


def test_the_last_figure_of_a_decimal_is_not_lost() -> None:
    assert asked().fields["dose_mg_per_kg"].clean("0.010") == Decimal("0.010")
