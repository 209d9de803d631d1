"""A list of patients from elsewhere: shown row by row, taken in once, nobody twice; what was left can be fetched."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.same_person import may_be_the_same
from stillroom.patients.admitting import named_of
from stillroom.patients.importing import Crowd
from stillroom.patients.models import ImportedFile, ImportedRow, Look, Patient
from tests.cast import Cast, signed_in

TABLE = """Number;First name;Last name;Born;Sex;Weight (lb);Weighed on;Allergies
901;Ana;Berg;1985-05-04;F;150;2026-11-01;penicillin: rash
;Boris;Cole;03/04/1980;M;;;
902;Cara;Dunn;1990-02-01;F;81,5;2026-11-01;NKDA
T-neighbour;Kim;Example;1984-05-17;F;;;
T-patient;Somebody;Else;1970-01-01;M;;;
;Kim;Example;1984-05-17;F;;;
;Ana;Berg;1985-05-04;F;;;
;Zoë;Ångström;1972-08-30;F;;;none known
"""
COLUMNS = ["identifier", "given_name", "family_name", "birth_date", "sex", "weight_lb", "weighed_on", "allergies"]


@pytest.fixture
def fay(cast: Cast) -> Client:
    return signed_in(cast.fay)


def brought(fay: Client, content: bytes = TABLE.encode(), name: str = "old.csv") -> str:
    """The address of the file's own page."""
    answer = fay.post("/office/patients/import/", {"table": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, re.findall(r"<strong>.*?</p>", answer.text)
    return str(answer.headers["Location"])


def read_as(fay: Client, address: str, *, encoding: str = "utf-8", days: str = "", columns: list[str] = COLUMNS) -> str:
    """The page of every row."""
    assert fay.post(address, {"encoding": encoding, "separator": ";"}).status_code == 302
    said = {f"column_{place}": column for place, column in enumerate(columns)}
    answer = fay.post(address, said | {"days": days, "letters": "f_m"})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def row(page: str, line: int) -> str:
    found = re.search(rf'<tr id="row-{line}">(.*?)</tr>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def everybody(cast: Cast) -> dict[str, str]:
    with clinic_scope(cast.clinic.pk):
        return {each.identifier: str(each) for each in Patient.objects.filter(clinic=cast.clinic)}


def test_columns_are_offered_by_their_headings_and_chosen_by_a_person(fay: Client) -> None:
    address = brought(fay)
    fay.post(address, {"encoding": "utf-8", "separator": ";"})
    page = fay.get(address).text
    assert '<option value="given_name" selected>' in page
    assert "Ana · Boris · Cara" in page
    said = {f"column_{place}": column for place, column in enumerate(COLUMNS)}
    wrong_unit = fay.post(address, said | {"column_5": "weight_kg"})
    assert wrong_unit.status_code == 422
    assert "names another unit" in wrong_unit.text
    assert "birth date" in fay.post(address, said | {"column_3": ""}).text
    assert "Two columns" in fay.post(address, said | {"column_0": "given_name"}).text


def test_every_row_is_shown_with_what_was_understood_and_why_not(cast: Cast, fay: Client) -> None:
    page = fay.get(read_as(fay, brought(fay))).text
    assert "68.03 kg on 1 November 2026 (written as 150 lb)" in row(page, 2)
    assert "Allergies: penicillin: rash" in row(page, 2)
    assert "This could be two days" in row(page, 3)
    assert "Use a point, not a comma" in row(page, 4)
    assert "Here already: Kim Example" in row(page, 5)
    assert "has this number here" in row(page, 6)
    assert "In question. Like Kim Example" in row(page, 7)
    assert "In question. Like row 2" in row(page, 8)
    assert "Zoë Ångström" in row(page, 9)
    assert "ask them" in row(page, 9)
    assert set(everybody(cast)) == {"T-patient", "T-neighbour"}
    with clinic_scope(cast.clinic.pk):
        assert Look.objects.filter(patient=cast.neighbour, what="office:import_rows").exists()


def test_it_is_taken_in_once_and_nobody_twice(cast: Cast, fay: Client) -> None:
    rows = read_as(fay, brought(fay), days="dmy")
    fay.post(rows)
    fay.post(rows, {"other": ["7", "8"]})  # sent again, by whoever did not see that it was done
    assert sorted(everybody(cast).values()) == ["Ana Berg", "Boris Cole", "Kim Example", "Pat Example", "Zoë Ångström"]
    page = fay.get(rows).text
    assert "3 new records" in page
    again = fay.post("/office/patients/import/", {"table": SimpleUploadedFile("again.csv", TABLE.encode())})
    assert again.headers["Location"] == rows
    changed = read_as(fay, brought(fay, TABLE.encode() + b";New;Person;1960-01-01;;;;\n"), days="dmy")
    fay.post(changed)
    assert len(everybody(cast)) == 6


def test_who_is_like_somebody_gets_a_record_only_when_a_person_says_so(cast: Cast, fay: Client) -> None:
    rows = read_as(fay, brought(fay))
    fay.post(rows, {"other": ["7", "5", "no"]})
    assert list(everybody(cast).values()).count("Kim Example") == 2
    with clinic_scope(cast.clinic.pk):
        what = dict(ImportedRow.objects.values_list("line", "what"))
    assert what == {
        2: "made", 3: "refused", 4: "refused", 5: "here", 6: "refused", 7: "made", 8: "left", 9: "made",
    }  # fmt: skip


def test_weights_and_allergies_come_along_and_nothing_is_asserted_for_anybody(cast: Cast, fay: Client) -> None:
    fay.post(read_as(fay, brought(fay)))
    with clinic_scope(cast.clinic.pk):
        ana, zoe = Patient.objects.get(identifier="901"), Patient.objects.get(given_name="Zoë")
        assert [str(each) for each in ana.weights.all()] == ["68.03 kg"]
        assert [str(each) for each in ana.allergy_statements.all()] == ["penicillin: rash"]
        assert not zoe.allergy_statements.exists()


def test_a_number_given_out_is_never_one_that_a_later_row_has(cast: Cast, fay: Client) -> None:
    table = "n;g;f;b\n;Ana;Berg;1985-05-04\n3;Boris;Cole;1980-04-03\n"
    fay.post(read_as(fay, brought(fay, table.encode()), columns=COLUMNS[:4]))
    assert everybody(cast) | {"3": "Boris Cole"} == everybody(cast)
    assert len(everybody(cast)) == 4


def test_the_rows_that_made_no_record_can_be_fetched_as_they_came(fay: Client) -> None:
    rows = read_as(fay, brought(fay))
    left = rows.replace("/rows/", "/left/")
    assert fay.get(left).status_code == 404
    fay.post(rows)
    answer = fay.get(left)
    assert "attachment" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [line[8] for line in table[1:]] == ["3", "4", "6", "7", "8"]
    assert table[1][:4] == ["", "Boris", "Cole", "03/04/1980"]


def test_letters_that_the_file_does_not_say_are_chosen_and_can_be_chosen_again(cast: Cast, fay: Client) -> None:
    address = brought(fay, TABLE.encode("latin-1"))
    assert "does not say which letters" in fay.get(address).text
    assert fay.post(address, {"encoding": "", "separator": ";"}).status_code == 422
    assert "not written in these letters" in fay.post(address, {"encoding": "utf-8", "separator": ";"}).text
    wrong = fay.get(read_as(fay, address, encoding="cp1253")).text
    assert "Ångström" not in wrong
    assert "Zoë Ångström" in fay.get(read_as(fay, address, encoding="cp1252")).text
    assert set(everybody(cast)) == {"T-patient", "T-neighbour"}


def test_utf_16_with_its_mark_is_read(fay: Client) -> None:
    address = brought(fay, TABLE.encode("utf-16"))
    assert "says that it is written in UTF-16" in fay.get(address).text
    assert "Zoë Ångström" in fay.get(read_as(fay, address, encoding="utf-16")).text


@pytest.mark.parametrize(("content", "words"), [(b"PK\x03\x04x", "spreadsheet file"), (b" ", "nothing in this file")])
def test_what_is_no_table_is_said_to_be_none(fay: Client, content: bytes, words: str) -> None:
    answer = fay.post("/office/patients/import/", {"table": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert words in answer.text


def test_once_taken_in_a_file_never_changes(cast: Cast, fay: Client) -> None:
    fay.post(read_as(fay, brought(fay)))
    with clinic_scope(cast.clinic.pk):
        file = ImportedFile.objects.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            ImportedFile.objects.filter(pk=file.pk).update(days="mdy")


def test_likeness_is_found_by_keys_exactly_as_the_core_says_it(cast: Cast) -> None:
    people = [
        Patient(given_name=given, family_name=family, birth_date=born)
        for given in ("Ana", "Berg", "Zoë", "")
        for family in ("Berg", "Ana", "Zoe", "Berg")
        for born in ("1985-05-04", "1990-01-01")
    ]
    for one in people:
        crowd = Crowd()
        for place, other in enumerate(people):
            crowd.add(named_of(other), place)
        expected = {place for place, other in enumerate(people) if may_be_the_same(named_of(one), named_of(other))}
        assert set(crowd.like(named_of(one))) == expected
