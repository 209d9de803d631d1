"""Reads a situation from the database: the log, the patient, the room, who wrote what, and what the monitor sent.

Everything is read inside the caller's transaction, whose clinic decides which rows exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string

from stillroom.adverse.reading import emergency_list
from stillroom.bedside.people import Offered, People
from stillroom.bedside.situation import THINNED_S, MonitorSeen, PatientSeen, Situation, fold_log, situated, situation
from stillroom.clinics.access import CLINICAL
from stillroom.clinics.emergency import names_of_emergencies
from stillroom.clinics.models import Display, Role, Room, Staff
from stillroom.core.errors import Finding
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import OVER
from stillroom.core.safety.nausea import EasilySick, Said
from stillroom.core.safety.preflight import PreflightItem
from stillroom.core.vitals import Sample, Signal
from stillroom.devices.assignments import DeviceHere, devices_in, own_monitors
from stillroom.devices.monitor_alarms import said_alarms_in
from stillroom.devices.pump_said import pump_said_in
from stillroom.devices.readings import readings_in
from stillroom.devices.screens import can_be_heard
from stillroom.devices.sources import intervals_in, slowest_in, sources_in
from stillroom.infusions.again import judge_again
from stillroom.infusions.known import pasts_of
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.ledger.drawing import InHand, OnShelf, in_hand_of, on_shelf
from stillroom.ledger.reading import keeps_ledger
from stillroom.ledger.witnesses import second_signers_of
from stillroom.outcomes.listing import harm_said_at
from stillroom.outcomes.reading import wishes_of
from stillroom.patients.consents import consented
from stillroom.patients.history import history_of, items_of
from stillroom.patients.models import HistoryItem, Patient

SYSTEM_NAME = "Stillroom"
BEFORE_ARRIVAL = timedelta(minutes=10)
"""Readings of this long before the patient was written down as arrived are shown: the cuff is often on before."""


def read_drip(infusion: Infusion, *, at: datetime) -> Situation:
    """The infusion as `read_situation`, for the drip alone: nothing of monitor, staff or what is on record.

    It is asked at every stroke of a key, so it is one look at the log, and the infusion's own patient for the age.
    """
    patient = infusion.patient
    return situation(
        log=entries_of(infusion.pk),
        infusion_id=infusion.pk,
        at=at,
        room=infusion.room.name,
        patient=PatientSeen(
            given_name=patient.given_name,
            family_name=patient.family_name,
            born=patient.birth_date,
            weight_kg=None,
            allergies=None,
        ),
        names={},
    )


def read_situation(infusion: Infusion, *, at: datetime) -> Situation:
    """The infusion as it stands at `at`. Comes with its room and clinic (`select_related`)."""
    log = entries_of(infusion.pk)
    devices = devices_in([infusion.room_id], at)
    monitor = own_monitors(devices).get(infusion.room_id)
    staff = list(Staff.objects.order_by("short_name"))
    return situation(
        log=log,
        infusion_id=infusion.pk,
        at=at,
        room=infusion.room.name,
        patient=_patient_of(infusion),
        names=names_of({entry.by for entry in log}, staff),
        monitor=_seen_here(monitor, devices) if monitor else None,
        readings=read_readings(infusion.room, log, at=at) if monitor else (),
        people=read_people(infusion, staff),
        again=_again(infusion, log, at),
        can_be_heard=can_be_heard(infusion, at=at),
        pump=pump_said_in(devices, at).get(infusion.room_id),
        said=said_alarms_in(devices, at).get(infusion.room_id, ()),
        in_hand=_in_hand(infusion, log),
        kept=emergency_list(),
    )


def read_on(infusion: Infusion, before: Situation, new: Sequence[e.Logged], *, at: datetime) -> Situation:
    """The same after its log has grown by `new`: what an act can change is read again; the rest is as before.

    Once the drip runs, no act changes what is on record of a patient, but that it is another's.
    """
    unknown = {entry.by for entry in new} - before.names.keys()
    names = names_of(unknown, Staff.objects.all()) if unknown else {}
    log = (*before.log, *new)
    folded = fold_log(log)
    is_record_good = not infusion.is_before_infusing and folded.state.patient == before.state.patient
    return situated(
        folded,
        infusion_id=infusion.pk,
        at=at,
        room=before.room,
        patient=before.patient if is_record_good else _patient_of(infusion),
        names={**before.names, **names},
        monitor=before.monitor,
        readings=before.readings,
        people=before.people,
        again=_again(infusion, log, at),
        can_be_heard=can_be_heard(infusion, at=at),
        pump=before.pump,
        said=before.said,
        in_hand=_in_hand(infusion, log),
        kept=before.kept,
    )


def _in_hand(infusion: Infusion, log: Iterable[e.Logged]) -> tuple[InHand, ...]:
    """What the ledger has in hand for this infusion; nothing where no ledger is kept."""
    bag = next((entry.fact.bag for entry in reversed(tuple(log)) if isinstance(entry.fact, e.BagMade)), None)
    return tuple(in_hand_of(infusion.pk, bag)) if bag else ()


def _again(infusion: Infusion, log: Sequence[e.Logged], at: datetime) -> tuple[Finding, ...]:
    """Only while it matters: a drip that runs is not judged by what its order was."""
    return judge_again(infusion, log, at=at) if infusion.is_before_infusing else ()


def read_patient(patient_id: UUID, *, most_nauseous: int | None = None) -> PatientSeen:
    """The patient with the newest weight and the newest statement about allergies; none at all is None.

    `most_nauseous` is the highest score of earlier infusions, where somebody has looked at them.
    """
    patient = Patient.objects.prefetch_related("weights", "allergy_statements").get(pk=patient_id)
    weights, statements = patient.weights.all(), patient.allergy_statements.all()
    items = list(items_of(patient))
    return PatientSeen(
        given_name=patient.given_name,
        family_name=patient.family_name,
        born=patient.birth_date,
        weight_kg=weights[0].weight_kg if weights else None,
        allergies=tuple(statements[0].substances) if statements else None,
        conditions=tuple(each.words for each in items if each.kind == HistoryItem.Kind.CONDITION),
        takes=tuple(each.words for each in items if each.kind == HistoryItem.Kind.MEDICINE),
        on_record=_on_record(patient, items),
        wishes=wishes_said(patient),
        easily_sick=EasilySick(
            motion_sickness=Said(patient.motion_sickness),
            nausea_after_anaesthesia=Said(patient.nausea_after_anaesthesia),
            most_nauseous=most_nauseous,
        ),
        consent=consented(patient),
        harm_said_at=harm_said_at(patient),
    )


def _patient_of(infusion: Infusion) -> PatientSeen:
    return read_patient(infusion.patient_id, most_nauseous=_most_nauseous(infusion))


def _most_nauseous(infusion: Infusion) -> int | None:
    """Of the patient's infusions before; only while a medicine could still go in before the start."""
    if not infusion.is_before_infusing:
        return None
    scores = (past.most_nauseous for past in pasts_of(infusion.patient, besides=infusion.pk))
    return max((score for score in scores if score is not None), default=None)


def wishes_said(patient: Patient) -> tuple[tuple[str, str], ...]:
    """What the patient wrote before: as the pieces of comfort are called, and in their own words."""
    wishes = wishes_of(patient)
    if wishes is None:
        return ()
    said = (
        ("music", wishes.music),
        ("with_them", wishes.with_me),
        ("lights", wishes.lights),
        ("warmth", wishes.warmth),
        ("talk", wishes.talk),
        ("intention", wishes.intention),
        ("going_home", wishes.way_home_words),
    )
    return tuple((item, words) for item, words in said if words)


def _on_record(patient: Patient, items: Iterable[HistoryItem]) -> dict[str, str]:
    """What was told before the visit, and taken in, to the questions before a drip."""
    medicines = "; ".join(each.words for each in items if each.kind == HistoryItem.Kind.MEDICINE)
    known = history_of(patient)
    asked = (PreflightItem.MEDICINES, PreflightItem.NEEDLES, PreflightItem.PREGNANCY)
    said = {item.value: known[item].get_said_display() for item in asked if item in known}
    return said | ({PreflightItem.MEDICINES.value: medicines} if medicines else {})


def names_of(authors: Iterable[str], staff: Iterable[Staff]) -> Mapping[str, str]:
    """Short names by the author as entries write it: all staff, and the displays, systems and phones that wrote."""
    named = {author.partition(":")[::2] for author in authors}
    displays = [UUID(name) for kind, name in named if kind == "device"]
    found = {f"person:{member.person_id}": member.short_name for member in staff}
    found |= {f"system:{name}": SYSTEM_NAME for kind, name in named if kind == "system"}
    for each in displays:
        if owner := found.get(f"person:{each}"):
            found[f"device:{each}"] = _phone_of(owner)
    found |= names_of_emergencies({UUID(name) for kind, name in named if kind == "emergency"})
    if displays:
        names = Display.objects.filter(pk__in=displays).values_list("pk", "name")
        found |= {f"device:{display}": name for display, name in names}
    return found


def _phone_of(name: str) -> str:
    return render_to_string("bedside/notes/phone_of.txt", {"name": name}).strip()


def read_people(infusion: Infusion, staff: Iterable[Staff] | None = None) -> People:
    """Whom a sheet may name: staff who treat, and the patients of the clinic's other open infusions."""
    today = infusion.clinic.today()
    members = Staff.objects.order_by("short_name") if staff is None else staff
    treating = [member for member in members if member.role in CLINICAL and member.counts_on(today)]
    prescribers = (member for member in treating if member.role == Role.PRESCRIBER)
    before = infusion.is_before_infusing and keeps_ledger()
    others = Patient.objects.filter(infusions__in=open_infusions().exclude(pk=infusion.pk)).distinct()
    return People(
        prescribers=_offered((str(each.person_id), each.short_name) for each in prescribers),
        colleagues=_offered((str(each.person_id), each.short_name) for each in treating),
        patients=_offered((str(patient.pk), str(patient)) for patient in others),
        witnesses=_offered(
            (*((str(each.person_id), each.short_name) for each in treating), *second_signers_of(infusion.clinic_id))
        ),
        shelf=tuple((each.key, _shelf_words(each)) for each in on_shelf()) if before else (),
    )


def _shelf_words(each: OnShelf) -> str:
    return render_to_string("bedside/_shelf_words.txt", {"each": each}).strip()


def open_infusions() -> QuerySet[Infusion]:
    return Infusion.objects.exclude(status__in=OVER)


def _offered(people: Iterable[tuple[str, str]]) -> Offered:
    """Each once: a person with two roles has two rows."""
    return tuple(dict.fromkeys(people))


def _seen_here(monitor: DeviceHere, devices: Sequence[DeviceHere]) -> MonitorSeen:
    slowest_s, slowest_cuff_s = slowest_in(devices).get(monitor.room_id, (0, 0))
    seen = monitor_seen(monitor)
    return replace(
        seen,
        interval_s=max(seen.interval_s, slowest_s),
        cuff_interval_s=max(seen.cuff_interval_s, slowest_cuff_s),
        sources=sources_in(devices).get(monitor.room_id, {}),
        intervals_s=intervals_in(devices).get(monitor.room_id, {}),
    )


def monitor_seen(monitor: DeviceHere) -> MonitorSeen:
    return MonitorSeen(
        interval_s=monitor.interval_s,
        cuff_interval_s=monitor.cuff_interval_s,
        last_heard_at=monitor.last_heard_at,
        pulse_first=Signal(monitor.pulse_first),
    )


def read_readings(room: Room, log: Iterable[e.Logged], *, at: datetime) -> list[Sample]:
    """What was measured in the room since the patient came, until they left; thinned for drawing."""
    arrived_at = next((entry.occurred_at for entry in log if isinstance(entry.fact, e.PatientArrived)), None)
    if arrived_at is None:
        return []
    gone_at = next((entry.occurred_at for entry in log if isinstance(entry.fact, e.WentHome | e.TakenToHospital)), at)
    until = min(gone_at, at) + timedelta(seconds=1)
    return readings_in(room.pk, since=arrived_at - BEFORE_ARRIVAL, until=until, every=timedelta(seconds=THINNED_S))
