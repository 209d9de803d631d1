"""The demo's directory: invented clinics that applied by its form and were judged by its editors, as any would be.

Eight are listed, one is not and why is kept, one waits to be taken up, and one may be taken out if a second editor
agrees. Nobody can take one for real: each name says that it is invented, each street is Nowhere, each web address ends
in .example (RFC 2606) and each telephone is of the numbers kept for fiction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stillroom.directory.applying import confirm, hand_in
from stillroom.directory.criteria import criteria
from stillroom.directory.deciding import judged, propose_removal, take_up
from stillroom.directory.document import Evidence
from stillroom.directory.models import Application, Listing
from stillroom.directory.publishing import publish, today
from stillroom.directory.towns import towns_called
from stillroom.rehearsal.clinic import House
from stillroom.rehearsal.people import CLINIC_NAME

AS_ASKED = {
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
HOW_LONG_AGO = timedelta(days=40)
LONG_AGO = timedelta(days=190)
SPREAD = 0.012  # degrees: two clinics of one town stand apart
SEEN, STATED, REFUSED = "seen", "stated", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A clinic of the demo. `seen`: criterion -> in what an editor saw it. `expired`: too long ago."""

    name: str
    town: str
    country: str
    number: int
    says: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, Evidence] = field(default_factory=dict)
    expired: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)


ALL_SEEN = dict.fromkeys(AS_ASKED, Evidence.VISIT)
HARBOUR = Invented(
    name=CLINIC_NAME, town="Galway", country="Ireland", number=1,
    says={"flow": "counted", "training": "nurse", "companion": "welcome", "doors_home": "either",
          "price": "350 EUR an infusion; the first visit 180 EUR", "self_referral": "yes", "step_free": "yes"},
    notes={"flow": "Drops are counted every ten minutes and after every change."},
    seen=ALL_SEEN | {"flow": Evidence.RECORDS, "pressure": Evidence.RECORDS, "figures_given": Evidence.RECORDS},
)  # fmt: skip
LISTED = (
    HARBOUR,
    Invented(
        name="Larch House (invented)", town="Dublin", country="Ireland", number=2,
        says={"training": "anaesthetist", "companion": "welcome", "doors_home": "adult", "step_free": "partly",
              "price": "420 EUR, with medicine against nausea", "self_referral": "no"},
        notes={"step_free": "One step at the street door; a ramp is brought out if you ring."},
        seen=ALL_SEEN | {"emergency_plan": Evidence.DOCUMENT},
    ),
    Invented(
        name="Lantern Practice (invented)", town="Dublin", country="Ireland", number=3,
        says={"pressure": "10", "watcher": "sees_and_hears", "training": "nurse", "companion": "by_arrangement",
              "doors_home": "until_clear", "self_referral": "yes", "step_free": "yes"},
        seen={"nothing_misnamed": Evidence.DOCUMENT, "private_rooms": Evidence.PHOTOGRAPH},
    ),
    Invented(
        name="Fernhill Infusions (invented)", town="Cork", country="Ireland", number=4,
        says={"training": "nurse_anaesthetist", "companion": "welcome", "doors_home": "either", "price": "390 EUR"},
        seen={"private_rooms": Evidence.PHOTOGRAPH, "flow": Evidence.PHOTOGRAPH}, expired=frozenset({"companion"}),
    ),
    Invented(
        name="Blue Door (invented)", town="Belfast", country="United Kingdom", number=5,
        says={"pressure": "continuous", "training": "doctor", "companion": "no", "doors_home": "adult",
              "price": "375 GBP; follow-up by telephone included", "self_referral": "no", "step_free": "no"},
        seen=ALL_SEEN,
    ),
    Invented(
        name="North Light Clinic (invented)", town="Edinburgh", country="United Kingdom", number=6,
        says={"training": "anaesthetist", "companion": "welcome", "doors_home": "adult", "step_free": "yes"},
        seen={"intravenous": Evidence.DOCUMENT, "emergency_plan": Evidence.DOCUMENT},
    ),
    Invented(
        name="Millrace Rooms (invented)", town="Manchester", country="United Kingdom", number=7,
        says={"flow": "counted", "training": "nurse", "companion": "welcome", "doors_home": "either",
              "price": "310 GBP", "self_referral": "yes", "step_free": "yes"},
    ),
    Invented(
        name="Casa do Carvalho (invented)", town="Porto", country="Portugal", number=8,
        says={"training": "anaesthetist", "companion": "welcome", "doors_home": "until_clear", "self_referral": "yes"},
        seen=ALL_SEEN,
    ),
)  # fmt: skip
NOT_LISTED = Invented(
    name="Ring of Chairs (invented)", town="Limerick", country="Ireland", number=9, says={"private_rooms": "yes"},
    refused={"private_rooms": "Its own photograph shows six chairs in a circle. Told so on the telephone."},
)  # fmt: skip
WAITING = Invented(name="Hazel Court (invented)", town="Waterford", country="Ireland", number=10)


def furnish_directory(house: House, *, now: datetime) -> None:
    """With the clinic's rows open. Everything is judged first and published once."""
    listings = {each.name: _judged_in(house, each, now) for each in (*LISTED, NOT_LISTED)}
    _handed_in(house, WAITING, now - timedelta(hours=3))
    reason = "Two patients wrote that the door to the corridor stood open throughout. Please look, too."
    propose_removal(listings["Millrace Rooms (invented)"], by=house.people["faber"], reason=reason)
    publish(house.clinic.pk, at=now)


def _judged_in(house: House, invented: Invented, now: datetime) -> Listing:
    editor = house.people["editor"]
    listing = take_up(_handed_in(house, invented, now - HOW_LONG_AGO), by=editor)
    for said in listing.said.all():
        ago = LONG_AGO if said.criterion in invented.expired else HOW_LONG_AGO - timedelta(days=7)
        evidence = invented.seen.get(said.criterion, Evidence.WORD)
        reason = invented.refused.get(said.criterion, "")
        verdict = REFUSED if reason else SEEN if evidence is not Evidence.WORD else STATED
        judged(said, verdict=verdict, evidence=evidence, reason=reason, by=editor, day=today(now - ago))
    return listing


def _handed_in(house: House, invented: Invented, at: datetime) -> Application:
    town = towns_called(f"{invented.town}, {invented.country}")[0]
    answers = AS_ASKED | dict(invented.says)
    typed = {
        "name": invented.name,
        "street": f"{invented.number} Nowhere Street (invented)",
        "town": town.name,
        "country": town.country,
        "north": f"{town.place.north + SPREAD * (invented.number % 3):.4f}",
        "east": f"{town.place.east + SPREAD * (invented.number % 2):.4f}",
        "phone": f"+353 1 555-01{invented.number:02}",
        "website": f"https://clinic-{invented.number}.example",
        "contact_name": "N. Nobody (invented)",
        "answers": {code: {"answer": answer, "note": invented.notes.get(code, "")} for code, answer in answers.items()},
        "criteria_version": criteria().version,
    }
    application, _ = hand_in(typed, f"desk-{invented.number}@example.org", keeper=house.clinic.pk, at=at)
    confirm(application)
    return application
