"""A directory to test with: documents made by hand, and clinics brought into it by the doors there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from stillroom.clinics.models import Clinic as ClinicRow
from stillroom.clinics.models import Person, Role, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.directory import applying, deciding
from stillroom.directory.criteria import criteria
from stillroom.directory.document import FORMAT, Clinic, Document, Evidence, Statement
from stillroom.directory.models import Application, Listing, Said
from tests.cast import LONG_AGO, Cast, an_id

DAY = date(2026, 11, 20)
GOOD = {
    "intravenous": "yes",
    "nothing_misnamed": "no",
    "private_rooms": "no",
    "flow": "pump",
    "pressure": "5",
    "pulse": "continuous",
    "saturation": "continuous",
    "watcher": "in_room",
    "figures_given": "yes",
    "emergency_plan": "yes",
}
PLACE = {
    "name": "Alder House (invented)",
    "street": "1 Nowhere Street",
    "town": "Dublin",
    "country": "Ireland",
    "north": "53.3331",
    "east": "-6.2489",
    "phone": "+353 1 555 0100",
    "website": "https://alder.example",
    "contact_name": "A. Contact",
}


def statement(code: str, answer: str, **changes: Any) -> Statement:
    made = Statement(
        criterion=code,
        answer=answer,
        note="",
        evidence=Evidence.WORD,
        stated_on=DAY,
        seen_on=None,
        expires_on=DAY + timedelta(days=100),
    )
    return replace(made, **changes)


def a_clinic(slug: str = "alder-house", *, answers: dict[str, str] | None = None, **changes: Any) -> Clinic:
    said = GOOD | {"companion": "welcome"} | (answers or {})
    made = Clinic(
        slug=slug,
        name="Alder House (invented)",
        street="1 Nowhere Street",
        town="Dublin",
        country="Ireland",
        north=Decimal("53.3331"),
        east=Decimal("-6.2489"),
        phone="+353 1 555 0100",
        website="https://alder.example",
        checked_on=DAY,
        statements=tuple(statement(code, answer) for code, answer in said.items()),
    )
    return replace(made, **changes)


def a_document(*clinics: Clinic) -> Document:
    return Document(
        format=FORMAT,
        criteria_version=1,
        run_by="Test Network",
        published_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        clinics=clinics,
    )


def typed(**changes: Any) -> dict[str, Any]:
    """What a form of ours keeps."""
    answers = GOOD | changes.pop("answers", {})
    kept = {code: {"answer": answer, "note": ""} for code, answer in answers.items()}
    return PLACE | {"answers": kept, "criteria_version": 1} | changes


def posted(**changes: Any) -> dict[str, Any]:
    """What a browser sends for the same."""
    place = {name: words for name, words in PLACE.items() if name not in ("north", "east")}
    answers = {f"answer_{code}": answer for code, answer in GOOD.items()}
    return place | {"contact_email": "desk@alder.example"} | answers | changes


def another_editor(cast: Cast, key: str = "ola") -> Person:
    person = Person.objects.create_user(f"{key}@clinic.test", display_name=key.title(), pk=an_id(key))
    with clinic_scope(cast.clinic.pk):
        Staff.objects.create(
            clinic=cast.clinic, person=person, role=Role.EDITOR, short_name=key.title(), from_date=LONG_AGO
        )
    return person


def applied(cast: Cast, *, keeper: ClinicRow | None = None, **changes: Any) -> Application:
    """An application whose link was opened. Inside a scope of the clinic that keeps the directory."""
    made, _ = applying.hand_in(typed(**changes), "desk@alder.example", keeper=(keeper or cast.clinic).pk)
    applying.confirm(made)
    return made


def taken_up(cast: Cast, **changes: Any) -> Listing:
    return deciding.take_up(applied(cast, **changes), by=cast.edi)


def listed(cast: Cast, *, verdict: str = "stated", evidence: str = "word", **changes: Any) -> Listing:
    """A clinic every statement of which was let stand. Inside a scope of the clinic."""
    listing = taken_up(cast, **changes)
    for said in newest_said(listing):
        deciding.judge(said, verdict=verdict, evidence=evidence, reason="", by=cast.edi)
    return listing


def newest_said(listing: Listing) -> list[Said]:
    order = {each.code: number for number, each in enumerate(criteria().criteria)}
    newest = {said.criterion: said for said in Said.objects.filter(listing=listing).order_by("added_at")}
    return sorted(newest.values(), key=lambda said: order[said.criterion])


def said_about(listing: Listing, code: str) -> Said:
    return next(said for said in newest_said(listing) if said.criterion == code)
