"""SR-03 through every form there is, and through the pages: a number is read exactly as written, or said to be none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone, translation

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.models import Monitor
from stillroom.infusions.models import Entry
from stillroom.outcomes.models import CheckIn, Questionnaire
from stillroom.patients.models import Patient, Weight
from stillroom.web.fields import QuantityField
from tests.bedside.house import House, planned
from tests.cast import Cast, signed_in
from tests.core.drip.test_numerals import REFUSED
from tests.office.test_plan import address, fields_of, make_ready, page_of

LANGUAGES = ("en", "de", "ar")
NOT_OF_A_PATIENT = {"north", "east", "order"}
"""A place on a map, and one in a list of pages."""
NUMBERS = (forms.IntegerField, forms.FloatField, forms.DecimalField)
TYPED = [typed for typed, _ in REFUSED if typed.strip()]
FAR = "4 May 2099"


def all_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form of ours that an address leads to."""
    _ = get_resolver().url_patterns
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("stillroom."):
            yield kind


def number_fields() -> list[tuple[str, QuantityField]]:
    return [
        (f"{kind.__name__}.{name}", field)
        for kind in all_forms()
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, QuantityField)
    ]


def test_no_form_takes_a_number_in_another_way() -> None:
    others = {
        name
        for kind in all_forms()
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, NUMBERS) and not field.widget.is_hidden
    }
    assert {each for each in others if not each.endswith("_seq")} == NOT_OF_A_PATIENT
    assert len(number_fields()) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_refused_or_read_exactly_by_every_field_of_every_form(language: str) -> None:
    with translation.override(language):
        for name, field in number_fields():
            for typed in TYPED:
                try:
                    number = field.clean(typed)
                except ValidationError:
                    continue
                assert number == Decimal(typed.strip(" ")), f"{name} read {typed!r} as {number}"


def in_turn(place: int) -> dict[str, str]:
    return {"accept-language": LANGUAGES[place % len(LANGUAGES)]}


def test_no_weight_is_kept_from_the_table(cast: Cast) -> None:
    ben = signed_in(cast.ben)
    for place, typed in enumerate(TYPED):
        for field in ("weight_kg", "weight_lb"):
            where = f"/office/patients/{cast.patient.pk}/weight/"
            answer = ben.post(where, {field: typed}, headers=in_turn(place))
            assert answer.status_code == 422, typed
    with clinic_scope(cast.clinic.pk):
        assert Weight.objects.count() == 1


def test_no_dose_is_worked_out_from_the_table_in_any_language(cast: Cast) -> None:
    make_ready(cast)
    ada = signed_in(cast.ada)
    fields = fields_of(page_of(ada, cast))
    for place, typed in enumerate(each for each in TYPED if each not in ("0.299", "1.500")):
        for name in ("dose_mg_per_kg", "duration_min", "sbp_high_mmhg")[place % 3 : place % 3 + 1]:
            answer = ada.post(address(cast), fields | {name: typed}, headers={"X-Look": "1", **in_turn(place)})
            assert "Worked out as soon as every figure is one." in answer.content.decode(), (name, typed)


def test_no_interval_of_a_monitor_is_kept_from_the_table(cast: Cast) -> None:
    tom = signed_in(cast.tom)
    typed_well = {"name": "By the window", "peers": "192.0.2.17", "interval_s": "10", "cuff_interval_s": "300"}
    for place, typed in enumerate(TYPED):
        for field in ("interval_s", "cuff_interval_s"):
            answer = tom.post("/devices/enrol/", typed_well | {field: typed}, headers=in_turn(place))
            assert answer.status_code == 422, (field, typed)
            assert field in answer.context["form"].errors, (field, typed)
    with clinic_scope(cast.clinic.pk):
        assert not Monitor.objects.exists()


@pytest.mark.parametrize(("act", "name"), [("vitals", "sbp_mmhg"), ("new-rate", "rate_ml_per_h")])
def test_no_pressure_and_no_rate_is_recorded_from_the_table(cast: Cast, act: str, name: str) -> None:
    house: House = planned(cast).start()
    ben, before = signed_in(cast.ben), house.state.last_seq
    for place, typed in enumerate(each for each in TYPED if each not in ("0.299", "1.500") or act == "vitals"):
        data = {"act_id": "", "seen_seq": before, "dbp_mmhg": "70", name: typed}
        answer = ben.post(f"{house.href}acts/{act}", data, headers={"accept": "application/json", **in_turn(place)})
        assert answer.status_code == 422, typed
    with clinic_scope(cast.clinic.pk):
        assert Entry.objects.filter(infusion_id=house.infusion_id).count() == before


def test_a_day_that_has_not_come_is_asked_again_on_every_page_that_asks_for_one(cast: Cast) -> None:
    ben: Client = signed_in(cast.ben)
    here = f"/office/patients/{cast.patient.pk}/"
    with clinic_scope(cast.clinic.pk):
        people = Patient.objects.count()
    new = {"given_name": "Ina", "family_name": "Future", "birth_date": FAR, "sex": "unknown"}
    assert ben.post("/office/patients/new/", new).status_code == 422
    assert (
        ben.post(f"{here}weight/", {"weight_kg": "70", "measured_on": FAR, "measured_at": "09:00"}).status_code >= 400
    )
    call = {"with_whom": "Dr Weber", "day": FAR, "words": "x"}
    assert ben.post(f"/intake/patients/{cast.patient.pk}/call/", call).status_code == 422
    tomorrow = timezone.localdate() + timedelta(days=1)
    score = {"instrument": "madrs", "day": f"{tomorrow}", "total": "20", "source": "rated"}
    assert ben.post(f"/office/outcomes/{cast.patient.pk}/scores/", score).status_code == 422
    assert ben.post(f"/office/outcomes/{cast.patient.pk}/days/", {"day": f"{tomorrow}", "low": "3"}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert (Patient.objects.count(), Weight.objects.count()) == (people, 1)
        assert not Questionnaire.objects.exists()
        assert not CheckIn.objects.exists()
