"""FHIR R4 from many vendors and countries: what is understood of each, and that nothing of the rest is lost or guessed.

The files are public examples (tests/exchange/sent, README there); the expected words stand in the files themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.exchange.content import MOST_READ_BYTES, is_as_named, judged
from stillroom.exchange.fhir.sent import NotFhir, understand

FILES = Path(__file__).parent / "sent"
ALL = sorted(FILES.glob("*.json"))

# File -> how many conditions, medicines, allergies and statements of none; counted by hand in the file.
COUNTED = {
    "Bundle-aups-basicsummary": {"condition": 1, "medicine": 1, "allergy": 3},
    "Bundle-aups-referral-endoconsult-curated": {"condition": 2, "medicine": 4},
    "EU_Giorgio_Cangioli_01": {"condition": 3, "medicine": 3},
    "IPS_IG-bundle-01": {"condition": 2, "medicine": 2, "allergy": 2},
    "US_Epic_connectathon_May2024": {"condition": 4, "medicine": 2, "allergy": 3},
}


def kinds(name: str) -> Counter[str]:
    return Counter(item.kind for item in understand((FILES / f"{name}.json").read_bytes()).items)


@pytest.mark.parametrize(("name", "counted"), COUNTED.items(), ids=COUNTED)
def test_what_is_in_it_is_understood(name: str, counted: dict[str, int]) -> None:
    found = kinds(name)
    assert {kind: found[kind] for kind in counted} == counted


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_resource_is_understood_or_listed(path: Path) -> None:
    content = path.read_bytes()
    top, found = json.loads(content), understand(content)
    entries = top.get("entry", [{"resource": top}])
    silent = {"Organization", "Practitioner", "PractitionerRole", "Location", "Medication"}
    spoken = [each for each in entries if each["resource"]["resourceType"] not in silent]
    assert len(found.about) + len(found.items) + len(found.left) == len(spoken)


def test_a_medicine_that_is_named_by_a_reference_is_followed() -> None:
    words = [item.words for item in understand((FILES / "IPS_IG-bundle-01.json").read_bytes()).items]
    assert "Black Cohosh Extract herbal supplement" in words


def test_of_a_file_with_a_hundred_faults_no_misshaped_thing_is_offered() -> None:
    """Its statuses and codes are not as R4 has them: each such resource is listed, none is half read."""
    found = understand((FILES / "NL_Drimpy_01.json").read_bytes())
    assert [item for item in found.items if item.kind in ("condition", "allergy")] == []
    assert any("AllergyIntolerance: not as FHIR R4 has it" in each for each in found.left)


def resource(kind: str, **more: object) -> dict[str, object]:
    return {"resourceType": kind, **more}


def bundle(*resources: object) -> bytes:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()


ASTHMA = resource("Condition", code={"text": "Asthma"})


def test_of_two_patients_in_one_file_nothing_is_offered_and_nothing_is_lost() -> None:
    people = [resource("Patient", name=[{"family": name}], birthDate="1980-01-01") for name in ("Alder", "Birch")]
    found = understand(bundle(*people, ASTHMA))
    assert [each.name for each in found.about] == ["Alder", "Birch"]
    assert found.items == ()
    assert "condition: Asthma" in found.left


def test_no_information_about_allergies_is_not_none_known() -> None:
    """Codes of the International Patient Summary: absent or unknown data."""
    system = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    codes = [{"coding": [{"system": system, "code": code, "display": code}]} for code in ("no-allergy-info",)]
    unknown = understand(bundle(*(resource("AllergyIntolerance", code=code) for code in codes)))
    assert unknown.items == ()
    assert len(unknown.left) == 1
    none = {"coding": [{"system": system, "code": "no-known-allergies", "display": "No known allergies"}]}
    assert understand(bundle(resource("AllergyIntolerance", code=none))).items[0].kind == "none_known"


@pytest.mark.parametrize("code", ["entered-in-error", "refuted"])
def test_what_was_taken_back_is_not_offered(code: str) -> None:
    taken_back = {**ASTHMA, "verificationStatus": {"coding": [{"code": code}]}}
    assert understand(bundle(taken_back)).items == ()


def test_a_number_without_its_unit_is_not_understood() -> None:
    vital = {"category": [{"coding": [{"code": "vital-signs"}]}], "code": {"text": "Body weight"}}
    assert understand(bundle(resource("Observation", **vital, valueQuantity={"value": 154}))).items == ()
    known = understand(bundle(resource("Observation", **vital, valueQuantity={"value": 70, "unit": "kg"})))
    assert known.items[0].words == "Body weight 70 kg"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'"Bundle"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_fhir_is_refused_as_that(content: bytes) -> None:
    with pytest.raises(NotFhir):
        understand(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "coding", "text", "status", "category", "name", "entry", "resource", "dosage"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["Patient", "Condition", "AllergyIntolerance", "MedicationRequest", "Observation"]), json_values)
def test_whatever_stands_in_a_resource_nothing_breaks(kind: str, value: object) -> None:
    names = ("code", "name", "category", "status", "verificationStatus", "dosage", "reaction", "birthDate", "component")
    for name in names:
        found = understand(bundle({"resourceType": kind, name: value}))
        assert len(found.about) + len(found.items) + len(found.left) == 1


@pytest.mark.parametrize(
    ("content", "name", "kind", "fits"),
    [
        (b"%PDF-1.7 ...", "letter.pdf", "pdf", True),
        (b"<html><script>", "letter.pdf", "web", False),
        (b"MZ\x90\x00", "scan.png", "program", False),
        (b"\x7fELF\x02", "letter.pdf", "program", False),
        (b"#!/bin/sh", "letter.txt", "program", False),
        (b"\n <svg onload=x>", "scan.png", "web", False),
        (b"<?xml version='1.0'?>", "letter.pdf", "xml", False),
        (b"\x00\x01", "letter.pdf", "unknown", False),
        (b"", "letter.txt", "text", True),
        (b"\x89PNG\r\n\x1a\n..", "scan.png", "png", True),
        (b'{"resourceType": "Bundle"}', "summary.json", "fhir", True),
        (b'{"a": 1}', "summary.json", "text", False),
        (b"Dear colleague", "letter.txt", "text", True),
        (b"PK\x03\x04", "letter.pdf", "zip", False),
        (b"Dear colleague", "letter", "text", True),
    ],
)
def test_a_file_is_what_its_content_is(content: bytes, name: str, kind: str, fits: bool) -> None:
    assert judged(BytesIO(content)).kind == kind
    assert is_as_named(kind, name) is fits


def test_text_is_text_only_if_all_of_it_is() -> None:
    """The last piece is looked at as the first: 300 000 signs are more than one piece."""
    assert judged(BytesIO("ä".encode() * 300_000)).kind == "text"
    assert judged(BytesIO(b"a" * 300_000 + b"\xff")).kind == "unknown"
    assert judged(BytesIO(b"a" * 300_000 + "ä".encode()[:1])).kind == "unknown"


def test_what_is_too_large_to_be_read_is_kept_as_text() -> None:
    assert judged(BytesIO(b'{"resourceType": "Bundle", "x": "' + b" " * MOST_READ_BYTES + b'"}')).kind == "text"


def vital(value: object, *, loinc: str = "29463-7", **quantity: object) -> dict[str, object]:
    words = {"coding": [{"system": "http://loinc.org", "code": loinc, "display": "Body weight"}]}
    category = [{"coding": [{"code": "vital-signs"}]}]
    measured = {"value": value, **quantity}
    return resource(
        "Observation", category=category, code=words, effectiveDateTime="2025-11-03", valueQuantity=measured
    )


def test_a_weight_keeps_its_digits_and_its_day() -> None:
    content = bundle(vital(0, unit="kg")).replace(b'"value": 0', b'"value": 61.90')
    (item,) = understand(content).items
    assert (item.words, str(item.weight_kg), str(item.measured_on)) == ("Body weight 61.90 kg", "61.90", "2025-11-03")


UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("quantity", "is_understood"),
    [
        ({"unit": "kg"}, True),
        ({"unit": "kg", "system": UCUM, "code": "kg"}, True),
        ({"system": UCUM, "code": "[lb_av]"}, True),
        ({"unit": "{beats}/min"}, True),
        ({"unit": "stone"}, False),
        ({"unit": "kg", "system": UCUM, "code": "[lb_av]"}, False),
        ({"unit": "kg", "system": UCUM, "code": "[stone_av]"}, False),
        ({"unit": 7}, False),
        ({"unit": "kg", "comparator": "<"}, False),
        ({}, False),
    ],
)
def test_a_unit_that_is_not_known_is_listed_and_never_guessed(quantity: dict[str, object], is_understood: bool) -> None:
    found = understand(bundle(vital(70, **quantity)))
    assert (len(found.items), len(found.left)) == ((1, 0) if is_understood else (0, 1))
    if quantity == {"unit": "stone"}:
        assert "Body weight: 70 in “stone”, a unit that is not known here" in found.left[0]


@pytest.mark.parametrize(("loinc", "unit"), [("29463-7", "lb"), ("3142-7", "kg"), ("8302-2", "kg")])
def test_what_was_not_weighed_in_kilograms_is_no_weight(loinc: str, unit: str) -> None:
    """LOINC 3142-7 is what somebody says they weigh."""
    assert understand(bundle(vital(70, loinc=loinc, unit=unit))).items[0].weight_kg is None


def test_a_document_brings_the_file_that_it_encloses() -> None:
    content = [
        {"attachment": {"contentType": "text/plain", "data": "RGVhciBjb2xs\nZWFndWU="}},
        {"attachment": {"url": "https://elsewhere.example/1"}},
    ]
    found = understand(bundle(resource("DocumentReference", description="Letter", content=content)))
    assert [(each.words, each.content) for each in found.items] == [("Letter", b"Dear colleague")]
    assert found.items[0].more == "kept elsewhere: https://elsewhere.example/1"


def test_an_enclosed_file_that_cannot_be_read_is_listed() -> None:
    broken = resource("DocumentReference", description="Letter", content=[{"attachment": {"data": "?"}}])
    assert understand(bundle(broken)).left == ("DocumentReference: encloses a file that cannot be read",)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_no_fhir(number: bytes) -> None:
    with pytest.raises(NotFhir):
        understand(b'{"resourceType": "Observation", "x": ' + number + b"}")
