"""One infusion as resources: Encounter, MedicationRequest, Procedure, one MedicationAdministration for each stretch of
the drip at one rate, what else was given, what was measured, and from whom the log comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.report import InfusionReport, RateLine, report
from stillroom.core.infusion.state import InfusionState, Status
from stillroom.exchange.fhir.codes import (
    INTO_A_VEIN,
    KETAMINE,
    MEDICINES,
    PRESSURE,
    PRESSURES,
    SCORES,
    UNITS,
    VITALS,
    category,
    loinc,
    ours,
    quantity,
)
from stillroom.exchange.fhir.resources import Resource, author, derived, moment, period, reference, resource
from stillroom.exchange.record import InfusionSaid, Record

ENCOUNTER = {
    Status.PLANNED: "planned",
    Status.ARRIVED: "arrived",
    Status.GONE_HOME: "finished",
    Status.TO_HOSPITAL: "finished",
    Status.ABANDONED: "cancelled",
}
ORDER = {Status.GONE_HOME: "completed", Status.TO_HOSPITAL: "completed", Status.ABANDONED: "cancelled"}
TO_HOSPITAL = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/discharge-disposition",
            "code": "other-hcf",
            "display": "Other healthcare facility",
        }
    ]
}
AMBULATORY = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"}


def infusion_resources(record: Record, said: InfusionSaid, log: Sequence[e.Logged]) -> Iterator[Resource]:
    state, told = fold(log), report(log, at=record.made_at)
    if state.planned is None:
        return
    yield _encounter(record, said, state, log)
    yield _order(record, said, state, state.planned)
    yield _procedure(record, said, state, told)
    if told is not None:
        yield from _stretches(record, said, told)
        yield _given(record, said, told)
    yield from _logged(record, said, log)
    yield _provenance(record, said, log)


def _encounter(record: Record, said: InfusionSaid, state: InfusionState, log: Sequence[e.Logged]) -> Resource:
    arrived = next((each.occurred_at for each in log if isinstance(each.fact, e.PatientArrived)), None)
    return resource(
        "Encounter",
        derived("encounter", said.id),
        status=ENCOUNTER.get(state.status, "in-progress"),
        **{"class": AMBULATORY},
        subject=reference("Patient", record.patient.id),
        period=period(arrived, state.gone_at) or None,
        serviceProvider=reference("Organization", record.clinic.id),
        hospitalization=_left(state),
    )


def _left(state: InfusionState) -> dict[str, Any] | None:
    if state.to_hospital:
        return {"dischargeDisposition": TO_HOSPITAL | {"text": f"Taken to hospital: {state.to_hospital.where}"}}
    return {"dischargeDisposition": _way_home(state.went_home)} if state.went_home else None


def _way_home(went: e.WentHome) -> dict[str, Any]:
    words = (
        "with an adult who signed" if went.door == "with_adult" else "alone" if went.overridden_seq else "when clear"
    )
    though = ", though not all that staff look for was met" if went.overridden_seq else ""
    return ours(went.door, f"Went home {words}{though}")


def _order(record: Record, said: InfusionSaid, state: InfusionState, planned: e.InfusionPlanned) -> Resource:
    order = planned.order
    rate = order.dose_mg_per_kg * 60 / order.duration_min
    return resource(
        "MedicationRequest",
        derived("order", said.id),
        status="cancelled" if _is_never_begun(state) else ORDER.get(state.status, "active"),
        intent="order",
        medicationCodeableConcept=KETAMINE,
        subject=reference("Patient", record.patient.id),
        encounter=reference("Encounter", derived("encounter", said.id)),
        dosageInstruction=[
            {
                "text": f"{order.dose_mg_per_kg:f} mg/kg over {order.duration_min.normalize():f} min,"
                f" for {planned.weight_kg:f} kg; {planned.protocol_version}",
                "route": INTO_A_VEIN,
                "doseAndRate": [
                    {
                        "doseQuantity": quantity(order.dose_mg_per_kg, "mg/kg"),
                        "rateQuantity": quantity(round(rate, 4), "mg/kg/h"),
                    }
                ],
            }
        ],
    )


def _procedure(record: Record, said: InfusionSaid, state: InfusionState, told: InfusionReport | None) -> Resource:
    is_over = told is not None and told.ended_at is not None
    status = "completed" if is_over else "in-progress" if told else "preparation"
    return resource(
        "Procedure",
        said.id,
        status="not-done" if _is_never_begun(state) else status,
        code=ours("ketamine_infusion", "Intravenous infusion of ketamine"),
        subject=reference("Patient", record.patient.id),
        encounter=reference("Encounter", derived("encounter", said.id)),
        performedPeriod=period(told.started_at, told.ended_at) if told else None,
    )


def _is_never_begun(state: InfusionState) -> bool:
    """Given up, or taken to hospital before the start."""
    return state.status in {Status.ABANDONED, Status.TO_HOSPITAL} and state.started_at is None


def _stretches(record: Record, said: InfusionSaid, told: InfusionReport) -> Iterator[Resource]:
    """One for each stretch at one rate; a pause is the gap between two."""
    for number, line in enumerate(told.rates):
        if not line.rate_ml_per_h:
            continue
        is_going_on = told.is_running and line is told.rates[-1]
        yield _administered(record, said, derived("stretch", said.id, number)) | {
            "status": "in-progress" if is_going_on else "completed",
            "medicationCodeableConcept": KETAMINE,
            "effectivePeriod": period(line.start, None if is_going_on else line.end),
            "dosage": {"text": _in_words(line), "route": INTO_A_VEIN, "rateQuantity": _rate(line)},
        }


def _in_words(line: RateLine) -> str:
    doubt = "at most, as it was in doubt: " if line.is_in_doubt else ""
    return f"{doubt}{line.rate_ml_per_h.normalize():f} mL/h"


def _rate(line: RateLine) -> dict[str, Any]:
    return quantity(line.rate_mg_per_kg_per_h, "mg/kg/h") | ({"comparator": "<="} if line.is_in_doubt else {})


def _administered(record: Record, said: InfusionSaid, id_: str) -> Resource:
    return resource(
        "MedicationAdministration",
        id_,
        partOf=[reference("Procedure", said.id)],
        subject=reference("Patient", record.patient.id),
        context=reference("Encounter", derived("encounter", said.id)),
        request=reference("MedicationRequest", derived("order", said.id)),
    )


def _given(record: Record, said: InfusionSaid, told: InfusionReport) -> Resource:
    """What was given, as an estimate with its range: an observation about the doses, never itself a dose."""
    parts = (("likely_mg_per_kg", "Likely, mg/kg", told.given_mg_per_kg, "mg/kg"),)
    ends = (("least_mg", "At least", told.given_least_mg, "mg"), ("most_mg", "At most", told.given_most_mg, "mg"))
    known = ", ".join(f"{each.kind} ({each.sightings})" for each in told.evidence)
    return _seen(record, said, derived("given", said.id), told.ended_at or record.made_at) | {
        "status": "final" if told.ended_at else "preliminary",
        "code": ours("dose_given", "Ketamine given, estimated"),
        "valueQuantity": quantity(told.given_mg, "mg"),
        "component": [
            {"code": ours(code, words), "valueQuantity": quantity(value, unit)}
            for code, words, value, unit in parts + ends
        ],
        "note": [{"text": f"Estimated from: {known}"}],
    }


def _logged(record: Record, said: InfusionSaid, log: Sequence[e.Logged]) -> Iterator[Resource]:
    """What was measured and given. An entry that was corrected stays, marked; its replacement says that it is one."""
    counted = {entry.seq for entry in surviving(log)}
    right = {entry.seq + 1 for entry in log if isinstance(entry.fact, e.EntryCorrected) and entry.fact.replaced}
    for entry in log:
        is_struck = entry.seq not in counted
        status = "entered-in-error" if is_struck else "corrected" if entry.seq in right else "final"
        for made in _of_entry(record, said, entry):
            is_observation = made["resourceType"] == "Observation"
            yield made | {"status": status if is_observation else "entered-in-error" if is_struck else "completed"}


def _of_entry(record: Record, said: InfusionSaid, entry: e.Logged) -> Iterator[Resource]:
    fact = entry.fact
    if isinstance(fact, e.MedicineGiven):
        yield _medicine(record, said, entry, fact)
    if not isinstance(fact, e.VitalsCharted | e.PatientWatched | e.RecoveryChecked):
        return
    if getattr(fact, "sbp_mmhg", None) is not None or getattr(fact, "dbp_mmhg", None) is not None:
        yield _pressure(record, said, entry)
    for name, (code, display, unit) in VITALS.items():
        if (value := getattr(fact, name, None)) is not None:
            yield _measured(record, said, entry, name, loinc(code, display)) | {
                "category": category("vital-signs"),
                "valueQuantity": quantity(value, unit),
            }
    for name, words in SCORES.items():
        if (value := getattr(fact, name, None)) is not None:
            yield _measured(record, said, entry, name, ours(name, words)) | {
                "category": category("survey"),
                "valueInteger": value,
            }
    if not isinstance(fact, e.VitalsCharted) and fact.awake is not None:
        yield _measured(record, said, entry, "awake", ours("awake", "How awake")) | {"valueString": str(fact.awake)}


def _pressure(record: Record, said: InfusionSaid, entry: e.Logged) -> Resource:
    parts = [
        {"code": loinc(code, display), "valueQuantity": quantity(value, "mm[Hg]")}
        for name, (code, display) in PRESSURES.items()
        if (value := getattr(entry.fact, name, None)) is not None
    ]
    return _measured(record, said, entry, "pressure", loinc(*PRESSURE)) | {
        "category": category("vital-signs"),
        "component": parts,
    }


def _medicine(record: Record, said: InfusionSaid, entry: e.Logged, fact: e.MedicineGiven) -> Resource:
    coding = MEDICINES.get(fact.name.strip().lower())
    dose = {"value": fact.amount, "unit": fact.unit}
    route = INTO_A_VEIN if fact.route == "iv" else {"text": fact.route}
    return _administered(record, said, derived("medicine", said.id, entry.seq)) | {
        "medicationCodeableConcept": {"text": fact.name} | ({"coding": [coding]} if coding else {}),
        "effectiveDateTime": moment(entry.occurred_at),
        "dosage": {"route": route, "dose": quantity(fact.amount, fact.unit) if fact.unit in UNITS else dose},
    }


def _measured(record: Record, said: InfusionSaid, entry: e.Logged, what: str, code: Resource) -> Resource:
    made = _seen(record, said, derived(what, said.id, entry.seq), entry.occurred_at)
    performer = author(record, entry.by)
    return (
        made | {"code": code, "issued": moment(entry.recorded_at)} | ({"performer": [performer]} if performer else {})
    )


def _seen(record: Record, said: InfusionSaid, id_: str, at: datetime) -> Resource:
    return resource(
        "Observation",
        id_,
        partOf=[reference("Procedure", said.id)],
        subject=reference("Patient", record.patient.id),
        encounter=reference("Encounter", derived("encounter", said.id)),
        effectiveDateTime=moment(at),
    )


def _provenance(record: Record, said: InfusionSaid, log: Sequence[e.Logged]) -> Resource:
    return resource(
        "Provenance",
        derived("provenance", said.id),
        target=[reference("Procedure", said.id)],
        recorded=moment(log[-1].recorded_at),
        agent=[{"who": reference("Organization", record.clinic.id)}],
        entity=[{"role": "source", "what": {"identifier": {"system": "urn:stillroom:head", "value": said.head}}}],
    )
