"""What is taken from a letter into the record: each thing by itself, with who told it, and as old as it is.

Kim, whom nobody weighed yet, has a part of the name and the birth date that the letters are about.
"""

from __future__ import annotations

import base64
import html
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.known import judge_known
from stillroom.exchange.fhir.sent import understand
from stillroom.infusions.known import known_of
from stillroom.intake.models import ItemReview, Sent, SentFile, SentItem
from stillroom.intake.records import make_records_link
from stillroom.patients.history import items_of
from stillroom.patients.known import weight_of
from stillroom.patients.models import Patient, Weight
from tests.cast import Cast, signed_in
from tests.examples import ORDER
from tests.exchange.test_sent import FILES, bundle, resource, vital
from tests.intake.test_records import PAT, content_of, downloaded, file_of, items, link_of, sent_by, the_sent

D = Decimal
PULSE = vital(72, loinc="8867-4", unit="/min") | {"code": {"text": "Heart rate"}}
LETTER = resource("DocumentReference", description="Letter of March", content=[
    {"attachment": {"contentType": "application/pdf", "data": base64.b64encode(b"<html>no PDF</html>").decode()}}
])  # fmt: skip


def weighed(kg: float, day: date | str, **more: object) -> dict[str, object]:
    return vital(kg, **({"unit": "kg"} | more)) | {"effectiveDateTime": str(day)}


def sends(cast: Cast, *resources: object) -> None:
    assert sent_by(link_of(cast), file_of(bundle(PAT, *resources))) == 302


def takes(cast: Cast, *words: str) -> tuple[int, str]:
    found = items(cast)
    typed = {"patient": str(cast.neighbour.pk), **{found[each]: "taken" for each in words}}
    answer = signed_in(cast.ben).post(f"/intake/sent/{the_sent(cast).pk}/", typed)
    return answer.status_code, answer.content.decode()


def the_weight(cast: Cast) -> tuple[str, date, str] | None:
    found = weight_of(cast.neighbour)
    return found and (str(found.weight_kg), found.measured_at.date(), found.told_by)  # type: ignore[return-value]


def said_of_weight(cast: Cast) -> set[str]:
    """Of an order written now, by the weight that counts."""
    now = timezone.now()
    kim = Patient.objects.get(pk=cast.neighbour.pk)
    known = known_of(kim, due_at=now, ordered_at=now, vial_mg_per_ml=D(50))
    found = judge_known(ORDER, dose_mg=D(35), weight_kg=D(70), known=known)
    return {each.code for each in found if "weight" in each.code}


def today(cast: Cast) -> date:
    return cast.clinic.today()


def test_a_weight_comes_with_its_day_and_who_told_it_and_an_order_by_it_is_asked_why(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        yesterday = today(cast) - timedelta(days=1)
    sends(cast, weighed(70, yesterday))
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) is None
    assert takes(cast, "Body weight 70 kg")[0] == 302
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) == ("70.00", yesterday, "Dr Weber, Quay Street, by letter")
        assert said_of_weight(cast) == {"weight_from_elsewhere"}
    page = signed_in(cast.ada).get(f"/office/patients/{cast.neighbour.pk}/").content.decode()
    assert "as told by Dr Weber, Quay Street, by letter" in page
    assert "Nobody here weighed the patient" in page


def test_a_weight_of_a_year_ago_is_no_weight_of_today(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        long_ago = today(cast) - timedelta(days=365)
    sends(cast, weighed(70, long_ago))
    takes(cast, "Body weight 70 kg")
    with clinic_scope(cast.clinic.pk):
        assert said_of_weight(cast) == {"weight_from_elsewhere", "weight_out_of_date"}
        Weight.objects.create(clinic=cast.clinic, patient=cast.neighbour, weight_kg=D(74), measured_by=cast.ben)
        assert said_of_weight(cast) == set()


def test_an_older_weight_never_counts_before_a_newer_one(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Weight.objects.create(clinic=cast.clinic, patient=cast.neighbour, weight_kg=D(90), measured_by=cast.ben)
        long_ago = today(cast) - timedelta(days=365)
    sends(cast, weighed(70, long_ago))
    assert takes(cast, "Body weight 70 kg")[0] == 302
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) == ("90.00", today(cast), "")


def test_a_weight_far_from_the_last_is_refused_with_a_word_and_nothing_else_is_kept(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        before = timezone.now() - timedelta(days=30)
        Weight.objects.create(
            clinic=cast.clinic, patient=cast.neighbour, weight_kg=D(70), measured_by=cast.ben, measured_at=before
        )
        yesterday = today(cast) - timedelta(days=1)
    sends(cast, weighed(154, yesterday), PULSE)
    status, page = takes(cast, "Body weight 154 kg", "Heart rate 72 /min")
    assert status == 422
    assert "154 kg is far from the last 70 kg" in page
    assert "Nothing was kept yet" in page
    with clinic_scope(cast.clinic.pk):
        assert not items_of(cast.neighbour)
        assert not hasattr(Sent.objects.get(), "review")


@pytest.mark.parametrize(
    ("day", "words"), [("", "day not said"), ("2025", "day not said"), ("2025-11", "day not said")]
)
def test_a_weight_of_no_day_is_words_and_no_weight(cast: Cast, day: str, words: str) -> None:
    sends(cast, weighed(70, day))
    assert takes(cast, "Body weight 70 kg")[0] == 302
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) is None
        assert [each.words for each in items_of(cast.neighbour)] == [f"Body weight 70 kg, {words}"]


def test_pounds_stay_words(cast: Cast) -> None:
    sends(cast, weighed(154, "2025-11-03", unit="lb"))
    assert takes(cast, "Body weight 154 lb")[0] == 302
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) is None
        assert [each.words for each in items_of(cast.neighbour)] == ["Body weight 154 lb, 3 November 2025"]


def test_a_weight_of_tomorrow_is_refused(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        day = today(cast) + timedelta(days=2)
    sends(cast, weighed(70, day))
    assert takes(cast, "Body weight 70 kg")[0] == 422
    with clinic_scope(cast.clinic.pk):
        assert the_weight(cast) is None


def test_a_vital_sign_and_a_document_are_taken_in_and_the_document_can_be_read(cast: Cast) -> None:
    sends(cast, PULSE, LETTER)
    assert takes(cast, "Heart rate 72 /min", "Letter of March")[0] == 302
    with clinic_scope(cast.clinic.pk):
        kept = {each.kind: (each.words, each.told_by) for each in items_of(cast.neighbour)}
        enclosed = SentFile.objects.exclude(within=None).get()
    who = "Dr Weber, Quay Street, by letter"
    assert kept == {"measured": ("Heart rate 72 /min, 3 November 2025", who), "document": ("Letter of March", who)}
    assert enclosed.kind == "web"  # it said that it is a PDF
    ben = signed_in(cast.ben)
    assert f"/intake/sent/files/{enclosed.pk}/" in ben.get(f"/intake/patients/{cast.neighbour.pk}/").content.decode()
    answer = ben.get(f"/intake/sent/files/{enclosed.pk}/")
    assert downloaded(answer) == b"<html>no PDF</html>"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_beside_is_a_document_too(cast: Cast) -> None:
    assert sent_by(link_of(cast), file_of(b"%PDF-1.7 x", "letter.pdf")) == 302
    assert takes(cast, "letter.pdf")[0] == 302
    with clinic_scope(cast.clinic.pk):
        assert [(each.kind, each.words) for each in items_of(cast.neighbour)] == [("document", "letter.pdf")]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.json")), ids=lambda path: str(path.stem))
def test_every_public_example_goes_the_whole_way(cast: Cast, path: Path) -> None:
    """Sent about whom it is about, shown, everything of it taken in; what was not understood is listed."""
    content = path.read_bytes()
    found = understand(content)
    born = found.about[0].born if found.about else None
    with clinic_scope(cast.clinic.pk):
        ben = Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({Role.NURSE}))
        token = make_records_link(ben, for_whom="Dr Weber", days=7, patient=cast.neighbour)
    said = {"about_born": f"{born:%-d %B %Y}"} if born else {}
    assert sent_by(f"/intake/send/{token}/", file_of(content, path.name), **said) == 302
    where = f"/intake/sent/{the_sent(cast).pk}/"
    page = html.unescape(signed_in(cast.ben).get(where).content.decode())
    assert [words for words in (*found.left, *(each.words for each in found.items)) if words not in page] == []
    with clinic_scope(cast.clinic.pk):
        assert content_of(SentFile.objects.get(within=None)) == content
        typed = {str(pk): "taken" for pk in SentItem.objects.values_list("pk", flat=True)}
    assert signed_in(cast.ben).post(where, {"patient": str(cast.neighbour.pk), **typed}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert ItemReview.objects.filter(patient=cast.neighbour, what="taken").count() == len(found.items)
