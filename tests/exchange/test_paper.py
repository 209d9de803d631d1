"""The readable record of somebody of whom little is known says so, and is still a record."""

from __future__ import annotations

import io

from django.utils import timezone
from pypdf import PdfReader

from stillroom.clinics.rows import clinic_scope
from stillroom.exchange.gather import gather
from stillroom.exchange.judging import judge
from stillroom.exchange.making import made
from stillroom.exchange.part import PAPER
from tests.cast import Cast


def test_without_an_infusion_it_says_what_is_missing(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        part = made(gather(cast.neighbour, at=timezone.now()), key=None)
    text = " ".join(PdfReader(io.BytesIO(part.files[PAPER])).pages[0].extract_text().split())
    for words in ("No infusion has begun yet", "Allergies not asked", "Weight not measured"):
        assert words in text
    assert judge(part).record.infusions == ()
