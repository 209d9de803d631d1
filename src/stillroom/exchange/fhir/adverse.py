"""Adverse events as resources: what counts of each, by the codes of FHIR R4 for how bad, how serious, how it stands.

Whether the drug caused it is not asked in a clinic, so no causality is said: the infusion is named as what is looked
at, no more. There is no study.
"""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.adverse.words import CRITERIA, GRADES
from stillroom.core.safety.adverse import Criterion, Grade, Outcome, is_serious
from stillroom.exchange.fhir.resources import Resource, derived, moment, reference, resource
from stillroom.exchange.record import AdverseAccountSaid, AdverseEventSaid, Record

SYSTEM = "http://terminology.hl7.org/CodeSystem/adverse-event"
SEVERITIES = {Grade.MILD: "mild", Grade.MODERATE: "moderate"}
SERIOUS = {
    Criterion.DIED: "SeriousResultsInDeath",
    Criterion.LIFE_THREATENING: "SeriousIsLifeThreatening",
    Criterion.HOSPITAL: "SeriousResultsInHospitalization",
    Criterion.LASTING: "SeriousResultsInDisability",
    Criterion.UNBORN: "SeriousIsBirthDefect",
}
OUTCOMES = {
    Outcome.OVER: "resolved",
    Outcome.GETTING_BETTER: "recovering",
    Outcome.NOT_OVER: "ongoing",
    Outcome.LEFT_SOMETHING: "resolvedWithSequelae",
    Outcome.DIED: "fatal",
    Outcome.UNKNOWN: "unknown",
}


def adverse_resources(record: Record) -> Iterator[Resource]:
    for event, account in record.newest_accounts:
        yield _event(record, event, account)


def _event(record: Record, event: AdverseEventSaid, account: AdverseAccountSaid) -> Resource:
    is_here = event.infusion_id in {each.id for each in record.infusions}
    return resource(
        "AdverseEvent",
        event.id,
        actuality="actual",
        event={"text": account.what},
        subject=reference("Patient", record.patient.id),
        encounter=reference("Encounter", derived("encounter", event.infusion_id)) if is_here else None,
        date=moment(event.happened_at),
        detected=moment(event.known_at),
        recordedDate=moment(account.said_at),
        seriousness=_seriousness(account),
        severity=_severity(Grade(account.grade)),
        outcome=_coded("outcome", [OUTCOMES[Outcome(account.outcome)]]),
        recorder=reference("Practitioner", account.said_by_id),
        suspectEntity=[{"instance": reference("Procedure", event.infusion_id)}] if is_here else None,
    )


def _severity(grade: Grade) -> Resource:
    """FHIR has three, CTCAE five: the grade itself stands in the words."""
    return _coded("severity", [SEVERITIES.get(grade, "severe")]) | {"text": f"Grade {grade.value}. {GRADES[grade]}"}


def _seriousness(account: AdverseAccountSaid) -> Resource:
    criteria = [Criterion(each) for each in account.criteria]
    if not is_serious(Grade(account.grade), criteria):
        return _coded("seriousness", ["Non-serious"])
    codes = ["Serious", *(SERIOUS[each] for each in criteria if each in SERIOUS)]
    words = {"text": "; ".join(CRITERIA[each] for each in criteria)} if criteria else {}
    return _coded("seriousness", codes) | words


def _coded(what: str, codes: list[str]) -> Resource:
    return {"coding": [{"system": f"{SYSTEM}-{what}", "code": code} for code in codes]}
