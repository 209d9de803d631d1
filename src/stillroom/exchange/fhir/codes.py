"""The codes that the outside knows our words by. Nothing else in Stillroom knows RxNorm, SNOMED or ATC.

Each was verified in a public file (facts of the project, interop.md 3); what has no verified code carries words of ours
and a code system of our own, so that nobody takes it for something it is not.
"""

from __future__ import annotations

from typing import Any

Coding = dict[str, str]
OURS = "urn:stillroom:codes"
LOINC, UCUM, SNOMED = "http://loinc.org", "http://unitsofmeasure.org", "http://snomed.info/sct"
RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"

KETAMINE = {
    "coding": [
        {"system": RXNORM, "code": "6130", "display": "ketamine"},
        {"system": ATC, "code": "N01AX03", "display": "ketamine"},
    ],
    "text": "Ketamine, intravenous infusion",
}
MEDICINES = {"ondansetron": {"system": RXNORM, "code": "26225", "display": "ondansetron"}}
INTO_A_VEIN = {
    "coding": [{"system": SNOMED, "code": "47625008", "display": "Intravenous route"}],
    "text": "intravenous",
}
UNITS = frozenset(
    {"mg", "g", "ug", "mL", "L", "mg/kg", "mg/kg/h", "mL/h", "kg", "cm", "h", "min", "%", "/min", "mm[Hg]", "Cel"}
)

# Field of a fact -> LOINC code, its display, UCUM unit.
VITALS = {
    "pulse_per_min": ("8867-4", "Heart rate", "/min"),
    "spo2_percent": ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%"),
    "resp_per_min": ("9279-1", "Respiratory rate", "/min"),
    "breaths_per_min": ("9279-1", "Respiratory rate", "/min"),
    "temperature_cel": ("8310-5", "Body temperature", "Cel"),
}
PRESSURE = ("85354-9", "Blood pressure panel with all children optional")
PRESSURES = {
    "sbp_mmhg": ("8480-6", "Systolic blood pressure"),
    "dbp_mmhg": ("8462-4", "Diastolic blood pressure"),
    "mbp_mmhg": ("8478-0", "Mean blood pressure"),
}
WEIGHT, HEIGHT = ("29463-7", "Body weight", "kg"), ("8302-2", "Body height", "cm")
SCORES = {"detached": "Detached, 0 to 10", "anxious": "Anxious, 0 to 10", "nauseous": "Nauseous, 0 to 10"}
TOTALS = {
    "phq9": ("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"),
    "gad7": ("70274-6", "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]"),
}
PANELS = {"phq9": "http://loinc.org/q/44249-1", "gad7": "http://loinc.org/q/69737-5"}
GENDERS = {"female": "female", "male": "male", "other": "other", "unknown": "unknown"}


def loinc(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display}


def ours(code: str, words: str) -> dict[str, Any]:
    """A concept that has no verified code elsewhere."""
    return {"coding": [{"system": OURS, "code": code, "display": words}], "text": words}


def category(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": code}]}]


def quantity(value: Any, unit: str) -> dict[str, Any]:
    """With the UCUM code where the unit is one; a unit somebody typed is kept as typed."""
    return {"value": value, "unit": unit} | ({"system": UCUM, "code": unit} if unit in UNITS else {})
