"""What the invented patients wrote between their visits: a day here and there is missing, as with anybody.

Jonas Vale is low, gets some relief from each infusion and keeps a little of it; every two weeks he fills in the PHQ-9.
Marta Alder began last week. Silas Penrose had a bad day yesterday and asked to be called: it waits on the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from stillroom.clinics.models import Clinic
from stillroom.core.outcomes import INSTRUMENTS, score_items
from stillroom.outcomes.models import CheckIn, Questionnaire, Reach, Wishes
from stillroom.outcomes.writing import Said, check_in
from stillroom.patients.models import Patient
from stillroom.rehearsal.clinic import House
from stillroom.rehearsal.people import ALDER, PENROSE, VALE
from stillroom.rehearsal.story import VALE_BEFORE

PHQ9 = INSTRUMENTS["phq9"]
EVENING = time(20, 30)

LOW_AT_FIRST, RELIEF, BACK_A_DAY, KEPT_A_DAY = 8.4, 3.3, 0.3, 0.033
"""Points of 10: where Vale begins, what an infusion takes off at once, how it comes back, and what stays off."""
SEED = 1001
MISSING = frozenset({-70, -69, -52, -33, -32, -31, -20, -9, -8})
WORDS = {
    -84: "Afraid of it, and then it was only strange.",
    -83: "Woke before the alarm. First time in months.",
    -60: "Walked to the harbour.",
    -46: "Flat, but not heavy.",
    -10: "Quiet day. Cooked.",
}
# Days ago -> the nine answers. 21, 13, 11, 8, 9, 7, 6 of 27.
PHQ9_OF_VALE = {
    -85: (3, 3, 3, 3, 2, 3, 2, 1, 1),
    -71: (2, 2, 2, 2, 1, 2, 1, 1, 0),
    -57: (2, 1, 2, 2, 1, 1, 1, 1, 0),
    -43: (1, 1, 1, 2, 1, 1, 1, 0, 0),
    -29: (1, 2, 1, 2, 1, 1, 1, 0, 0),
    -15: (1, 1, 1, 1, 1, 1, 1, 0, 0),
    -4: (1, 1, 1, 1, 0, 1, 1, 0, 0),
}
ALDER_LOWS = (7, 7, 8, 7, 7, 8, 7, 5, 5, 6, 4, 5, 5)


def write_weeks(house: House, *, now: datetime) -> None:
    """All of it up to yesterday, in a `clinic_scope`: today is for whoever comes in."""
    today = now.astimezone(ZoneInfo(house.clinic.time_zone)).date()
    vale, alder, penrose = (house.patients[each.identifier] for each in (VALE, ALDER, PENROSE))
    _say_reach(house.clinic)
    CheckIn.objects.bulk_create([*_vale(vale, today), *_days(alder, today, ALDER_LOWS)])
    Questionnaire.objects.bulk_create(_phq9(vale, today, ago, items) for ago, items in PHQ9_OF_VALE.items())
    _phq9(alder, today, -8, (2, 3, 2, 3, 1, 2, 2, 0, 0)).save()
    check_in(penrose, Said(low=9, sleep_h=3, wants_call=True), day=today - timedelta(days=1), by=_by(penrose))
    _wish(vale, music="Piano, no voices", with_me="Nobody, please", way_home_words="Rowan, by taxi")
    _wish(alder, music="Slow strings", with_me="Jo, quiet", talk="Tell me the time when I ask")


def _say_reach(clinic: Clinic) -> None:
    Reach.objects.create(
        clinic=clinic,
        read_by="The nurses",
        read_when="Monday to Friday, 9 to 5",
        call_now="988",
        call_now_is="The suicide and crisis lifeline, at all hours.",
        call_clinic=clinic.phone,
    )


def _vale(patient: Patient, today: date) -> Iterator[CheckIn]:
    """From a week before his first infusion to yesterday."""
    infusions = {-each.days_ago for each in VALE_BEFORE}
    chance, relief = Random(SEED), 0.0  # noqa: S311  # an invented man's days, the same in every demo
    for ago in range(-91, 0):
        relief = max(relief - BACK_A_DAY, 0.0)
        kept = KEPT_A_DAY * max(ago + 84, 0)
        low = round(LOW_AT_FIRST - kept - relief + chance.gauss(0, 0.5))
        if ago in infusions:
            relief = RELIEF
        if ago not in MISSING:
            yield _day(patient, today, ago, max(0, min(10, low)), 8 - low // 3, WORDS.get(ago, ""))


def _days(patient: Patient, today: date, lows: Sequence[int]) -> Iterator[CheckIn]:
    for ago, low in enumerate(lows, start=-len(lows)):
        yield _day(patient, today, ago, low, 7)


def _day(patient: Patient, today: date, ago: int, low: int, sleep_h: int, words: str = "") -> CheckIn:
    day = today + timedelta(days=ago)
    return CheckIn(
        clinic_id=patient.clinic_id,
        patient=patient,
        by=_by(patient),
        written_at=datetime.combine(day, EVENING, ZoneInfo(patient.clinic.time_zone)),
        day=day,
        low=low,
        sleep_h=sleep_h,
        words=words,
    )


def _phq9(patient: Patient, today: date, ago: int, items: Sequence[int]) -> Questionnaire:
    day, scored = today + timedelta(days=ago), score_items(PHQ9, items)
    return Questionnaire(
        clinic_id=patient.clinic_id,
        patient=patient,
        by=_by(patient),
        written_at=datetime.combine(day, EVENING, ZoneInfo(patient.clinic.time_zone)),
        day=day,
        instrument=PHQ9.code,
        version=PHQ9.version,
        source=Questionnaire.Source.PATIENT,
        items=list(items),
        total=scored.total,
        band=scored.band,
    )


def _wish(patient: Patient, **wishes: str) -> None:
    Wishes.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        by=_by(patient),
        lights="Low",
        warmth="A blanket",
        to_bring="Headphones",
        way_home=Wishes.WayHome.WITH_ADULT,
        **wishes,
    )


def _by(patient: Patient) -> str:
    return f"person:{patient.person_id}" if patient.person_id else "system:rehearsal"
