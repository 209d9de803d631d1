"""The whole record as one Bundle of type `collection`: clinic, patient, people, infusions, what was seen and said."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from stillroom.core.infusion.entries import Logged
from stillroom.exchange.fhir.adverse import adverse_resources
from stillroom.exchange.fhir.codes import GENDERS, HEIGHT, WEIGHT, category, loinc, ours, quantity
from stillroom.exchange.fhir.infusion import infusion_resources
from stillroom.exchange.fhir.outcomes import outcome_resources
from stillroom.exchange.fhir.resources import Resource, derived, moment, reference, resource
from stillroom.exchange.record import AllergiesSaid, ConsentSaid, Record, WeightSaid


def bundle(record: Record, logs: Mapping[UUID, Sequence[Logged]]) -> Resource:
    """FHIR R4. A row that was replaced or struck is there, as `entered-in-error`; what is right stands beside it."""
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in _resources(record, logs)]
    made = derived("bundle", record.patient.id, moment(record.made_at))
    return resource("Bundle", made, type="collection", timestamp=moment(record.made_at), entry=entries)


def _resources(record: Record, logs: Mapping[UUID, Sequence[Logged]]) -> Iterator[Resource]:
    yield _clinic(record)
    yield _patient(record)
    staff = [each for each in record.people if each.id != record.patient.person_id]
    yield from (resource("Practitioner", each.id, name=[{"text": each.name}]) for each in staff)
    yield from (_weight(record, weight) for weight in record.weights)
    if record.patient.height_cm is not None:
        code, display, unit = HEIGHT
        yield _observation(record, derived("height", record.patient.id), loinc(code, display)) | {
            "category": category("vital-signs"),
            "valueQuantity": quantity(record.patient.height_cm, unit),
        }
    for statement in record.allergies:
        yield from _allergies(record, statement, is_newest=statement is record.allergies[-1])
    yield from (_consent(record, consent) for consent in record.consents)
    for infusion in record.infusions:
        yield from infusion_resources(record, infusion, logs[infusion.id])
    yield from outcome_resources(record)
    yield from adverse_resources(record)


def _clinic(record: Record) -> Resource:
    phone = [{"system": "phone", "value": record.clinic.phone}] if record.clinic.phone else None
    return resource("Organization", record.clinic.id, name=record.clinic.name, telecom=phone)


def _patient(record: Record) -> Resource:
    said = record.patient
    return resource(
        "Patient",
        said.id,
        identifier=[{"system": f"urn:uuid:{record.clinic.id}", "value": said.identifier}],
        name=[{"family": said.family_name, "given": [said.given_name]}],
        gender=GENDERS.get(said.sex, "unknown"),
        birthDate=said.birth_date.isoformat(),
        managingOrganization=reference("Organization", record.clinic.id),
    )


def _observation(record: Record, id_: object, code: Resource) -> Resource:
    return resource("Observation", id_, status="final", code=code, subject=reference("Patient", record.patient.id))


def _weight(record: Record, said: WeightSaid) -> Resource:
    code, display, unit = WEIGHT
    return _observation(record, said.id, loinc(code, display)) | {
        "category": category("vital-signs"),
        "effectiveDateTime": moment(said.measured_at),
        "performer": [reference("Practitioner", said.measured_by_id)],
        "valueQuantity": quantity(said.weight_kg, unit),
        **({"note": [{"text": words} for words in notes]} if (notes := _notes(said)) else {}),
    }


def _notes(said: WeightSaid) -> list[str]:
    return [words for words in (said.reason, said.told_by and f"measured elsewhere, told by {said.told_by}") if words]


def _allergies(record: Record, said: AllergiesSaid, *, is_newest: bool) -> Iterator[Resource]:
    """A statement, each substance by itself; one that a newer statement took the place of is inactive."""
    status = "active" if is_newest else "inactive"
    for words in said.substances or ("No known allergies",):
        yield resource(
            "AllergyIntolerance",
            derived(said.id, words),
            clinicalStatus={
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": status}
                ]
            },
            code=ours("no_known_allergies", words) if said.is_none_known else {"text": words},
            patient=reference("Patient", record.patient.id),
            recordedDate=moment(said.stated_at),
            recorder=reference("Practitioner", said.stated_by_id),
        )


def _consent(record: Record, said: ConsentSaid) -> Resource:
    return resource(
        "Consent",
        said.id,
        status="inactive" if said.withdrawn_at else "active",
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        category=[ours("consent", f"{said.kind}, version {said.version}")],
        patient=reference("Patient", record.patient.id),
        dateTime=moment(said.signed_at),
        organization=[reference("Organization", record.clinic.id)],
        policyRule={"text": f"{said.kind}, version {said.version}"},
        sourceAttachment=_what_was_signed(said),
        verification=_verified(said),
    )


def _what_was_signed(said: ConsentSaid) -> Resource | None:
    """The words themselves, where they are known."""
    if not said.words:
        return None
    return {
        "contentType": "text/plain; charset=utf-8",
        "language": said.language,
        "data": b64encode(said.words.encode()).decode(),
        "title": f"{said.kind}, version {said.version}",
    }


def _verified(said: ConsentSaid) -> list[Resource] | None:
    """By whoever saw it signed; a patient who signed alone is verified by nobody."""
    if said.witnessed_by_id is None:
        return None
    return [{"verified": True, "verifiedWith": reference("Practitioner", said.witnessed_by_id)}]
