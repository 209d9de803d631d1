"""What we hand out as FHIR R4 is judged by two validators that are not ours, and says what the log says."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from stillroom.core.infusion.report import report
from stillroom.exchange.fhir import as_json, bundle
from stillroom.exchange.gather import Gathered
from stillroom.exchange.judging import read_logs
from tests.cast import Cast
from tests.exchange.records import LATER, furnish, gathered

HERE = Path(__file__).parent
TOP = HERE.parent.parent
Resource = dict[str, Any]


@pytest.fixture
def source(cast: Cast) -> Gathered:
    furnish(cast)
    return gathered(cast)


@pytest.fixture
def text(source: Gathered) -> str:
    return as_json(bundle(source.record, read_logs(source.logs)))


@pytest.fixture
def resources(text: str) -> list[Resource]:
    return [entry["resource"] for entry in json.loads(text, parse_float=Decimal)["entry"]]


def of(resources: list[Resource], kind: str) -> list[Resource]:
    return [each for each in resources if each["resourceType"] == kind]


def test_fhir_resources_finds_nothing_wrong(text: str) -> None:
    assert Bundle.model_validate_json(text).type == "collection"


def test_the_peer_from_npm_finds_nothing_wrong(text: str) -> None:
    node = Path(sys.executable).with_name("node")
    judged = subprocess.run(
        [node, HERE / "validate_fhir.js"], input=text, capture_output=True, text=True, cwd=TOP, timeout=60
    )
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")


def test_the_peer_from_npm_does_find_what_is_wrong(text: str) -> None:
    node = Path(sys.executable).with_name("node")
    wrong = text.replace('"status":"completed"', '"status":"bogus"', 1)
    judged = subprocess.run([node, HERE / "validate_fhir.js"], input=wrong, capture_output=True, text=True, cwd=TOP)
    assert judged.returncode == 1


def test_each_stretch_at_one_rate_is_one_administration(source: Gathered, resources: list[Resource]) -> None:
    (log,) = read_logs(source.logs).values()
    told = report(log, at=LATER)
    assert told is not None
    running = [line for line in told.rates if line.rate_ml_per_h]
    given = [each for each in of(resources, "MedicationAdministration") if "rateQuantity" in each["dosage"]]
    assert [each["dosage"]["rateQuantity"]["value"] for each in given] == [
        line.rate_mg_per_kg_per_h for line in running
    ]
    assert len(given) == 2  # the pause is the gap between them
    assert {each["dosage"]["rateQuantity"]["code"] for each in given} == {"mg/kg/h"}


def test_what_was_struck_stays_marked_and_what_is_right_says_so(resources: list[Resource]) -> None:
    systolic = {
        part["valueQuantity"]["value"]: each["status"]
        for each in of(resources, "Observation")
        for part in each.get("component", [])
        if part["code"]["coding"][0]["code"] == "8480-6"
    }
    assert systolic[241] == "entered-in-error"
    assert systolic[141] == "corrected"


def test_a_nought_is_a_value_and_what_is_missing_is_no_resource(resources: list[Resource]) -> None:
    lows = [
        (each["valueInteger"], each["status"])
        for each in of(resources, "Observation")
        if each["code"]["coding"][0]["code"] == "low"
    ]
    assert lows == [(8, "entered-in-error"), (0, "amended")]
    (form,) = of(resources, "QuestionnaireResponse")
    answers = [item["answer"][0]["valueInteger"] if "answer" in item else None for item in form["item"]]
    assert answers == [0, 1, 2, 3, 0, None, 1, 1, 0]


def test_who_was_not_woken_has_no_level_of_awake(resources: list[Resource]) -> None:
    awake = [each["valueString"] for each in of(resources, "Observation") if each["code"].get("text") == "How awake"]
    assert awake == ["drowsy_answers"]


def test_what_went_wrong_is_said_as_it_stands_and_blames_nothing(resources: list[Resource]) -> None:
    """Codes of the value sets of FHIR R4: AdverseEvent, adverse-event-severity, -seriousness and -outcome."""
    faint, rash = of(resources, "AdverseEvent")
    assert [part["coding"][0]["code"] for part in (faint["severity"], faint["outcome"])] == ["severe", "recovering"]
    assert [each["code"] for each in faint["seriousness"]["coding"]] == ["Serious", "SeriousResultsInHospitalization"]
    assert [part["coding"][0]["code"] for part in (rash["severity"], rash["seriousness"], rash["outcome"])] == [
        "mild", "Non-serious", "resolved",
    ]  # fmt: skip
    (procedure,) = of(resources, "Procedure")
    assert faint["suspectEntity"] == [{"instance": {"reference": f"urn:uuid:{procedure['id']}", "type": "Procedure"}}]
    assert "suspectEntity" not in rash
    assert {each["actuality"] for each in (faint, rash)} == {"actual"}
    assert not any("study" in each for each in (faint, rash))


def test_every_reference_leads_to_something_in_the_bundle(text: str) -> None:
    found = json.loads(text)
    addresses = {entry["fullUrl"] for entry in found["entry"]}
    assert len(addresses) == len(found["entry"])
    assert set(_references(found)) <= addresses


def test_an_amount_keeps_its_digits(text: str) -> None:
    assert '"value":4.0,' in text  # 4.0 mg were written down
    assert '"value":70.00,' in text


def _references(found: object) -> list[str]:
    if isinstance(found, dict):
        own = [found["reference"]] if isinstance(found.get("reference"), str) else []
        return own + [each for value in found.values() for each in _references(value)]
    return [each for value in found for each in _references(value)] if isinstance(found, list) else []
