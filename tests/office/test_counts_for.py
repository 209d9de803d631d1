"""For how long a weight and a screening count is said by an administrator, within bounds, and kept with who said it."""

from __future__ import annotations

import pytest

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.infusions.known import known_of
from tests.cast import Cast, signed_in
from tests.examples import ORDER
from tests.office.test_plan import TEN

HERE = "/office/counts-for/"
DAYS = {"weight_good_for_days": "14", "screening_good_for_days": "30"}
HOURS = {"called_after_h": "24"}


def test_what_an_administrator_says_counts_at_once_and_the_page_says_who_and_what_stood_before(cast: Cast) -> None:
    ann = signed_in(cast.ann)
    assert f'href="{HERE}"' in ann.get("/office/rooms/").content.decode()
    assert ann.post(HERE, DAYS | HOURS).status_code == 302
    page = ann.get(HERE).content.decode()
    assert 'value="14"' in page
    assert "a weight 14 days, what was asked 30 days, a call after 24 h; Ann Castellan" in page
    assert "a weight 7 days, what was asked 90 days" in page
    with clinic_scope(cast.clinic.pk):
        cast.patient.refresh_from_db()
        vial = ORDER.bag.vial_mg_per_ml
        known = known_of(cast.patient, due_at=TEN, ordered_at=TEN, vial_mg_per_ml=vial)
    assert (known.weight_good_for_days, known.told.good_for_days) == (14, 30)


@pytest.mark.parametrize("name", DAYS)
@pytest.mark.parametrize("typed", ["0", "-7", "367", "7.5", "1e1", "", "seven"])
def test_what_is_no_such_number_of_days_is_asked_again(cast: Cast, name: str, typed: str) -> None:
    assert signed_in(cast.ann).post(HERE, {**DAYS, **HOURS, name: typed}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        clinic = Clinic.objects.get(pk=cast.clinic.pk)
    assert (clinic.weight_good_for_days, clinic.screening_good_for_days) == (7, 90)
