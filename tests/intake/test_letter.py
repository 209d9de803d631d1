"""The letter back: what was signed, to who sent the records, and what was given and scored since."""

from __future__ import annotations

import io
from datetime import timedelta

from pypdf import PdfReader

from stillroom.clinics.rows import clinic_scope
from stillroom.core.outcomes.instruments import PHQ9
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.writing import fill_in
from tests.cast import Cast, signed_in
from tests.exchange.records import furnish
from tests.intake.test_consultation import address, said, sign, standing
from tests.intake.test_records import SUMMARY, file_of, link_of, sent_by, the_sent


def path_of(cast: Cast) -> str:
    return f"/intake/consultations/{standing(cast).consultation_id}/letter/"


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_there_is_no_letter_before_it_is_signed(cast: Cast) -> None:
    signed_in(cast.ada).post(address(cast), said(assessment="Severe", decision="not_now"))
    assert signed_in(cast.ben).get(path_of(cast)).status_code == 404


def test_it_says_what_was_signed_to_who_sent_the_records(cast: Cast) -> None:
    sent_by(link_of(cast), file_of(SUMMARY))
    signed_in(cast.ben).post(f"/intake/sent/{the_sent(cast).pk}/", {"patient": str(cast.patient.pk)})
    ada = signed_in(cast.ada)
    ada.post(address(cast), said(assessment="Severe, recurrent", decision="not_now", because="Blood pressure first"))
    path = path_of(cast)
    assert sign(cast, ada)
    text = text_of(ada.get(path).content)
    for words in ("To Dr Weber, Quay Street", "Pat Example", "Not now", "Blood pressure first", "Severe, recurrent"):
        assert words in text
    assert "No infusion has been given here yet" in text
    assert "Signed by Ada Okafor" in text


def test_later_it_says_what_was_given_and_scored(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    ada.post(address(cast), said(decision="not_here"))
    path = path_of(cast)
    assert sign(cast, ada)
    furnish(cast)
    with clinic_scope(cast.clinic.pk):
        for days_ago, total in ((30, 17), (0, 0)):
            day = cast.clinic.today() - timedelta(days=days_ago)
            fill_in(cast.patient, PHQ9, total=total, day=day, by="person:x", source=Questionnaire.Source.PAPER)
    text = text_of(ada.get(path).content)
    assert "ketamine into a vein" in text
    assert text.index("PHQ-9 17 moderately severe") < text.index("PHQ-9 0 minimal")
    assert "What would have come without treatment, nobody can tell from them" in text
