"""Patients out of a clinic's old table: kept as it came, read as a person said, shown row by row, then taken in.

Who may be somebody that is here is shown and left out unless a person says it is another: nothing is merged by a guess,
and the same file twice makes nobody twice. All rows are taken in one transaction, and what became of each is kept.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic
from stillroom.core.safety.same_person import Named, letters_of
from stillroom.patients.admitting import admit, named_of
from stillroom.patients.file_meaning import Meant, Wrong, meaning_of
from stillroom.patients.file_rows import FileRow, must_be_a_table, rows_of, said_encoding, text_of
from stillroom.patients.known import state_allergies, weigh
from stillroom.patients.merging import kept_of
from stillroom.patients.models import ImportedFile, ImportedRow, Patient

HEADINGS = {
    "given_name": ("given name", "first name", "firstname", "forename", "vorname", "prénom", "nombre"),
    "family_name": ("family name", "last name", "lastname", "surname", "name", "nachname", "nom", "apellido"),
    "birth_date": ("birth date", "date of birth", "born", "dob", "birthday", "birthdate", "geburtsdatum"),
    "identifier": ("record number", "number", "id", "mrn", "patient id", "identifier", "nr"),
    "sex": ("sex", "gender", "geschlecht", "sexe", "sexo"),
    "height_cm": ("height cm", "height in cm"),
    "weight_kg": ("weight kg", "weight in kg"),
    "weight_lb": ("weight lb", "weight lbs", "weight in pounds", "weight in lb"),
    "weighed_on": ("weighed on", "weight date", "day of weight"),
    "allergies": ("allergies", "allergy", "allergien"),
}
"""Headings whose meaning is offered first. A person sees each column and chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One row as it would be taken in now. `alike` may be the same person; `same_rows` are earlier rows that may be."""

    meant: Meant
    what: str
    patient: Patient | None = None
    wrong: tuple[Wrong, ...] = ()
    alike: tuple[Patient, ...] = ()
    same_rows: tuple[int, ...] = ()

    @property
    def is_in_question(self) -> bool:
        return self.what == ImportedRow.What.LEFT


@dataclass(slots=True)
class Crowd:
    """Who is there, to be asked for likeness: two share a key when two of given name, family name and birth agree."""

    by_key: dict[tuple[object, ...], list[object]] = field(default_factory=lambda: defaultdict(list))

    def add(self, named: Named, who: object) -> None:
        for key in _keys(named):
            self.by_key[key].append(who)

    def like(self, named: Named) -> list[object]:
        return list(dict.fromkeys(who for key in _keys(named) for who in self.by_key.get(key, ())))


def keep_file(actor: Actor, *, name: str, content: bytes) -> tuple[ImportedFile, bool]:
    """The file as it came, and whether it is new: the very same one is not kept twice. Raises NotRead."""
    must_be_a_table(content)
    return ImportedFile.objects.get_or_create(
        clinic=actor.the_clinic,
        digest=hashlib.sha256(content).hexdigest(),
        defaults={
            "name": name[-160:],
            "content": content,
            "encoding": said_encoding(content),
            "brought_by": actor.the_person,
        },
    )


def rows_in(file: ImportedFile) -> list[FileRow]:
    """All rows, the headings first. Raises NotRead."""
    return rows_of(text_of(bytes(file.content), file.encoding), file.separator)


def offered(headings: Sequence[str]) -> list[str]:
    """What each column probably is, by its heading; each meaning once, and nothing where the heading says nothing."""
    found: list[str] = []
    for heading in headings:
        plain = " ".join("".join(letter if letter.isalnum() else " " for letter in heading.casefold()).split())
        meant = next((column for column, known in HEADINGS.items() if plain in known and column not in found), "")
        found.append(meant)
    return found


def judged(file: ImportedFile, clinic: Clinic) -> list[Judged]:
    """Every row but the headings, as it would be taken in now."""
    everybody = list(Patient.objects.filter(clinic=clinic))
    here, numbers = Crowd(), {each.identifier: each for each in everybody}
    for each in everybody:
        here.add(named_of(each), each)
    earlier, found = Crowd(), []
    taken_numbers: dict[str, int] = {}
    for row in rows_in(file)[1:]:
        meant = meaning_of(row, file.columns, days=file.days, letters=file.letters, today=clinic.today())
        one = _judged(meant, here, numbers, earlier, taken_numbers)
        found.append(one)
        if one.what in (ImportedRow.What.MADE, ImportedRow.What.LEFT):
            earlier.add(_named(meant), meant.line)
            taken_numbers.setdefault(meant.said["identifier"], meant.line)
    return found


@transaction.atomic
def take_in(file: ImportedFile, actor: Actor, *, others: Iterable[int]) -> bool:
    """All of it or nothing; of the rows in `others` a person said that it is somebody else. False: done before."""
    Clinic.objects.select_for_update().get(pk=actor.the_clinic.pk)
    file = ImportedFile.objects.select_for_update().get(pk=file.pk)
    if file.done_at:
        return False
    somebody_else = set(others)
    # Rows with a number first: a next free number must not be one that a later row has.
    ordered = sorted(judged(file, actor.the_clinic), key=lambda one: not one.meant.said["identifier"])
    rows = [_became(file, one, actor, somebody_else) for one in ordered]
    ImportedRow.objects.bulk_create(rows)
    file.done_by, file.done_at = actor.the_person, timezone.now()
    file.save(update_fields=["done_by", "done_at"])
    return True


def refused_rows(file: ImportedFile, clinic: Clinic) -> Iterator[tuple[FileRow, str, tuple[Wrong, ...]]]:
    """The rows that made no record, with what became of each: to be put right and brought again."""
    kept = {row.line: row.what for row in file.rows.all()}
    for row in rows_in(file)[1:]:
        meant = meaning_of(row, file.columns, days=file.days, letters=file.letters, today=clinic.today())
        what = kept.get(row.line, "")
        if what in (ImportedRow.What.REFUSED, ImportedRow.What.LEFT):
            yield row, what, meant.wrong


def _judged(
    meant: Meant, here: Crowd, numbers: dict[str, Patient], earlier: Crowd, taken_numbers: dict[str, int]
) -> Judged:
    number = meant.said["identifier"]
    if meant.wrong:
        return Judged(meant=meant, what=ImportedRow.What.REFUSED, wrong=meant.wrong)
    known = numbers.get(number) if number else None
    if known and _is_said(known, meant):
        return Judged(meant=meant, what=ImportedRow.What.HERE, patient=kept_of([known])[0])
    if known:
        return _refused(meant, "taken_number", name=str(known))
    if number and number in taken_numbers:
        return _refused(meant, "same_number", row=str(taken_numbers[number]))
    alike = kept_of(each for each in here.like(_named(meant)) if isinstance(each, Patient))
    same_rows = tuple(each for each in earlier.like(_named(meant)) if isinstance(each, int))
    what = ImportedRow.What.LEFT if alike or same_rows else ImportedRow.What.MADE
    return Judged(meant=meant, what=what, alike=tuple(alike), same_rows=same_rows)


def _refused(meant: Meant, code: str, **facts: str) -> Judged:
    wrong = Wrong(column="identifier", code=code, typed=meant.said["identifier"], facts=facts)
    return Judged(meant=meant, what=ImportedRow.What.REFUSED, wrong=(wrong,))


def _became(file: ImportedFile, one: Judged, actor: Actor, somebody_else: set[int]) -> ImportedRow:
    what, patient = one.what, one.patient
    if what == ImportedRow.What.MADE or (one.is_in_question and one.meant.line in somebody_else):
        what, patient = ImportedRow.What.MADE, _made(one.meant, actor)
    return ImportedRow(clinic=actor.the_clinic, file=file, line=one.meant.line, what=what, patient=patient)


def _made(meant: Meant, actor: Actor) -> Patient:
    patient = admit(actor, meant.said)
    if meant.weight_kg is not None and meant.weighed_on is not None:
        noon = datetime.combine(meant.weighed_on, time(12), ZoneInfo(patient.clinic.time_zone))
        weigh(patient, str(meant.weight_kg), actor, measured_at=min(noon, timezone.now()))
    if meant.allergies:
        state_allergies(patient, meant.allergies, actor)
    return patient


def _is_said(patient: Patient, meant: Meant) -> bool:
    """Is this the patient of that number: the same name and birth date?"""
    names = {letters_of(patient.given_name), letters_of(patient.family_name)}
    said = {letters_of(meant.said["given_name"]), letters_of(meant.said["family_name"])}
    return names == said and patient.birth_date == meant.said["birth_date"]


def _named(meant: Meant) -> Named:
    said = meant.said
    return Named(given_name=said["given_name"], family_name=said["family_name"], born=said["birth_date"])


def _keys(named: Named) -> Iterator[tuple[object, ...]]:
    """As `core.safety.same_person` says it, so that each is held against few and not against all."""
    names = {letters_of(named.given_name), letters_of(named.family_name)} - {""}
    yield from ((name, named.born) for name in sorted(names))
    if len(names) == 2:
        yield tuple(sorted(names))
