"""What does a FHIR R4 file from elsewhere say, as far as it is understood? The rest is listed, with a word on why.

Nothing is guessed: an element that has not the shape R4 gives it makes its resource one that is not understood.
Words are taken as they were sent; codes decide only where they say that there is nothing, or that nobody knows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from stillroom.exchange.fhir.codes import LOINC
from stillroom.exchange.fhir.units import KG, unit_of

CONDITION, MEDICINE, ALLERGY, NONE_KNOWN = "condition", "medicine", "allergy", "none_known"
VITAL, DOCUMENT = "vital", "document"

ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
SNOMED_NO_KNOWN_ALLERGY = ("http://snomed.info/sct", "716186003")
BODY_WEIGHT = frozenset({(LOINC, "29463-7"), (LOINC, "3141-9")})
"""Weighed. What somebody said they weigh has a code of its own, and is no weight here."""
WITHDRAWN = frozenset({"entered-in-error", "refuted"})
MOST_ITEMS = 500

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was understood: its kind, in the words that were sent, and what else was said of it.

    `measured_on` is the day of a vital sign, `weight_kg` set where it is a weight in kilograms, by code and unit.
    `content` is the file that a document encloses.
    """

    kind: str
    words: str
    more: str = ""
    measured_on: date | None = None
    weight_kg: Decimal | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whom a file says it is about."""

    name: str
    born: date | None


@dataclass(frozen=True, slots=True)
class Understood:
    """`left` are the resources that were not understood: what, and why."""

    about: tuple[About, ...] = ()
    items: tuple[Item, ...] = ()
    left: tuple[str, ...] = ()


NOTHING = Understood()


class NotFhir(Exception):
    """The content is no FHIR R4 resource in JSON at all."""


class _NotR4(Exception):
    pass


@dataclass(slots=True)
class _Reading:
    by_reference: Mapping[str, Resource]
    about: list[About] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def understand(content: bytes) -> Understood:
    """Of a bundle, or of one resource. Of two patients in one file nothing is offered: nobody knows what is whose."""
    try:
        top = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotFhir from error
    if not isinstance(top, dict) or not isinstance(top.get("resourceType"), str):
        raise NotFhir
    reading = _Reading(dict(_references(top)))
    for resource in _resources(top):
        _read(reading, resource)
    if len(reading.about) > 1:
        return Understood(tuple(reading.about), (), (*reading.left, *(f"{i.kind}: {i.words}" for i in reading.items)))
    return Understood(tuple(reading.about), tuple(reading.items), tuple(reading.left))


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no JSON")


def _entries(top: Resource) -> list[Any]:
    entries = top.get("entry", []) if top["resourceType"] == "Bundle" else [{"resource": top}]
    return entries if isinstance(entries, list) else []


def _resources(top: Resource) -> Iterator[Any]:
    return (entry.get("resource") if isinstance(entry, dict) else None for entry in _entries(top))


def _references(top: Resource) -> Iterator[tuple[str, Resource]]:
    """By its full address, and by type and id."""
    for entry in _entries(top):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield str(entry.get("fullUrl", "")), resource
            yield f"{resource.get('resourceType')}/{resource.get('id')}", resource


def _read(reading: _Reading, resource: Any) -> None:
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        reading.left.append("an entry that is no resource")
        return
    kind = resource["resourceType"]
    if kind in SILENT:
        return
    reader = READERS.get(kind)
    try:
        if reader is None:
            raise _NotR4("a kind that is not read here")
        if len(reading.items) >= MOST_ITEMS:
            raise _NotR4("more than anybody can look through")
        reader(reading, resource)
    except (_NotR4, TypeError, AttributeError, KeyError, ValueError) as why:
        said = str(why) if isinstance(why, _NotR4) else "not as FHIR R4 has it"
        reading.left.append(f"{kind}: {said}")


def _patient(reading: _Reading, resource: Resource) -> None:
    names = resource.get("name", [])
    name = names[0] if names else {}
    given = " ".join(_all(name.get("given", []), str))
    words = name.get("text") or f"{given} {name.get('family', '')}"
    try:
        born = date.fromisoformat(str(resource.get("birthDate", "")))
    except ValueError:
        born = None
    reading.about.append(About(" ".join(str(words).split()), born))


def _condition(reading: _Reading, resource: Resource) -> None:
    _must_stand(resource)
    status = _codes(resource.get("clinicalStatus"))
    reading.items.append(Item(CONDITION, _words(resource.get("code")), ", ".join(code for _, code in status)))


def _allergy(reading: _Reading, resource: Resource) -> None:
    _must_stand(resource)
    codes = _codes(resource.get("code"))
    if SNOMED_NO_KNOWN_ALLERGY in codes or any(s == ABSENT and c.startswith("no-known") for s, c in codes):
        reading.items.append(Item(NONE_KNOWN, _words(resource.get("code"))))
        return
    if any(system == ABSENT for system, _ in codes):
        raise _NotR4("says that nothing is known, which is not “none”")
    shown = [_words(sign) for reaction in resource.get("reaction", []) for sign in reaction.get("manifestation", [])]
    reading.items.append(Item(ALLERGY, _words(resource.get("code")), ", ".join(shown)))


def _medicine(reading: _Reading, resource: Resource) -> None:
    _must_stand(resource)
    concept = resource.get("medicationCodeableConcept")
    if concept is None:
        reference = str(resource.get("medicationReference", {}).get("reference", ""))
        within = {f"#{each.get('id')}": each for each in _all(resource.get("contained", []), dict)}
        concept = {**reading.by_reference, **within}.get(reference, {}).get("code")
    if any(system == ABSENT for system, _ in _codes(concept)):
        raise _NotR4("says that there is none, or that nothing is known: ask")
    doses: list[Resource] = resource.get("dosage") or resource.get("dosageInstruction") or []
    how = "; ".join(str(dose["text"]) for dose in doses if dose.get("text"))
    reading.items.append(Item(MEDICINE, _words(concept), ", ".join(filter(None, (how, resource.get("status", ""))))))


def _observation(reading: _Reading, resource: Resource) -> None:
    _must_stand(resource)
    kinds = [code for category in resource.get("category", []) for _, code in _codes(category)]
    if "vital-signs" not in kinds:
        raise _NotR4(f"{_words(resource.get('code'))}: not a vital sign")
    parts = [part for part in (resource, *resource.get("component", [])) if "valueQuantity" in part]
    if not parts:
        raise _NotR4(f"{_words(resource.get('code'))}: without a number")
    said, words = str(resource.get("effectiveDateTime", ""))[:10], "; ".join(map(_quantity, parts))
    reading.items.append(Item(VITAL, words, said, measured_on=_day(said), weight_kg=_weight_kg(resource)))


def _document(reading: _Reading, resource: Resource) -> None:
    """With each file that it encloses; one that is kept elsewhere is named by its address, and not fetched."""
    _must_stand(resource)
    words = resource.get("description") or resource.get("title") or _words(resource.get("type"))
    found = [each["attachment"] for each in _all(resource.get("content", []), dict)]
    enclosed: list[bytes | None] = [_decoded(each["data"]) for each in found if each.get("data")]
    elsewhere = [f"kept elsewhere: {each['url']}" for each in found if each.get("url") and not each.get("data")]
    more = "; ".join(filter(None, (str(resource.get("date", ""))[:10], *elsewhere)))
    reading.items.extend(Item(DOCUMENT, str(words), more, content=content) for content in (enclosed or [None]))


def _binary(reading: _Reading, resource: Resource) -> None:
    reading.items.append(Item(DOCUMENT, f"{resource['contentType']}", content=_decoded(resource["data"])))


def _decoded(data: Any) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except ValueError as error:
        raise _NotR4("encloses a file that cannot be read") from error


def _quantity(part: Resource) -> str:
    """A number as it was written, always with its unit; one without, or in a unit nobody knows, is not understood."""
    quantity, words = part["valueQuantity"], _words(part.get("code"))
    unit, value = quantity.get("unit") or quantity.get("code"), quantity.get("value")
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not unit:
        raise _NotR4(f"{words}: a number without its unit")
    if unit_of(quantity) is None:
        raise _NotR4(f"{words}: {value} in “{unit}”, a unit that is not known here, or two at once")
    if quantity.get("comparator"):
        raise _NotR4(f"{words}: not a number but a bound")
    return f"{words} {value} {unit}"


def _weight_kg(resource: Resource) -> Decimal | None:
    is_weight = BODY_WEIGHT.intersection(_codes(resource.get("code")))
    quantity = resource.get("valueQuantity", {})
    return Decimal(quantity["value"]) if is_weight and unit_of(quantity) == KG else None


def _day(said: str) -> date | None:
    """A whole day; a year or a month alone is none."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _must_stand(resource: Resource) -> None:
    codes = {code for _, code in _codes(resource.get("verificationStatus"))} | {str(resource.get("status", ""))}
    if codes & WITHDRAWN:
        raise _NotR4("taken back by who wrote it")


def _words(concept: Any) -> str:
    """As it was written, else as its first code is called."""
    codings = _codings(concept)
    found = (concept or {}).get("text") or next((each["display"] for each in codings if each.get("display")), "")
    if not found:
        raise _NotR4("without words")
    return " ".join(str(found).replace("\x00", " ").split())


def _codes(concept: Any) -> list[tuple[str, str]]:
    return [(str(each.get("system", "")), str(each.get("code", ""))) for each in _codings(concept)]


def _codings(concept: Any) -> list[Resource]:
    if concept is None:
        return []
    if not isinstance(concept, dict):
        raise _NotR4("not as FHIR R4 has it")
    return _all(concept.get("coding", []), dict)


def _all(values: Any, kind: type) -> list[Any]:
    if not isinstance(values, list) or not all(isinstance(each, kind) for each in values):
        raise _NotR4("not as FHIR R4 has it")
    return values


READERS: Mapping[str, Callable[[_Reading, Resource], None]] = {
    "Patient": _patient,
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "MedicationStatement": _medicine,
    "MedicationRequest": _medicine,
    "Observation": _observation,
    "DocumentReference": _document,
    "Composition": _document,
    "Binary": _binary,
}
SILENT = frozenset({"Organization", "Practitioner", "PractitionerRole", "Location", "Medication"})
"""Who and where somebody works, and medicines that a statement names: said with what names them."""
