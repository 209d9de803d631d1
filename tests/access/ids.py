"""Which id stands in an address: one of the cast's clinic, one of the other clinic's, and one of nobody's.

A new kind of id in an address needs one line in `IDS`: the name of the parameter, and a function of the cast that
makes the two things and returns their ids. `own` is Pat's, where a thing belongs to a patient, and Ben's, where it
belongs to a member of staff; so the columns of another patient and of a colleague ask for what is not theirs.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import NamedTuple
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone

from stillroom.adverse.models import Account, AdverseEvent
from stillroom.aftercare.models import Call
from stillroom.bedside.sheets import Act
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Clinic, Display, EmergencyAccess, Person, Role, SecondSigner, Staff
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.stock import Kind
from stillroom.devices.gateway import prepare_days
from stillroom.devices.models import Frame, Monitor
from stillroom.directory.deciding import propose_removal
from stillroom.directory.models import Listing, Said
from stillroom.exchange.models import BroughtPart
from stillroom.guide.models import Critique, PageVersion
from stillroom.guide.packaged import packaged_pages
from stillroom.infusions.append import open_infusion
from stillroom.infusions.models import ErasureAsked
from stillroom.infusions.ordering import keep_draft
from stillroom.intake.links import make_link
from stillroom.intake.links import revoke as revoke_link
from stillroom.intake.models import (
    Consultation,
    ConsultationSigned,
    ConsultationText,
    Link,
    SelfReferralPage,
    Sent,
    SentFile,
)
from stillroom.intake.questions import PAGES
from stillroom.intake.records import make_records_link
from stillroom.journal.links import share
from stillroom.journal.models import Share
from stillroom.ledger.writing import page_for, write_line
from stillroom.outcomes.models import Concern
from stillroom.outcomes.reminders import token_for
from stillroom.outcomes.writing import Said as SaidOfDay
from stillroom.outcomes.writing import check_in
from stillroom.patients.models import ConsentText, ImportedFile, Patient, RecordMerge, Weight
from stillroom.protocols.library import draft_from_template
from stillroom.protocols.models import LibraryLimit, LibraryVersion, Protocol, ProtocolVersion
from stillroom.protocols.signing import draft, sign
from stillroom.schedule.calendar import make_feed
from stillroom.schedule.models import Appointment
from tests.access.addresses import Address
from tests.access.passkeys import add_passkey
from tests.cast import Cast, an_id
from tests.directory.listed import applied, taken_up
from tests.examples import ADA, ORDER, PLAN
from tests.infusions.rooms import Room, done, infusing

# The same handed in twice within the hour is one application: each has a telephone of its own.
NUMBERS = count(1000)
ABSENT = UUID("00000000-0000-4000-8000-000000000000")


class Ids(NamedTuple):
    own: object
    other: object
    absent: object = ABSENT


def _emergencies(cast: Cast) -> Ids:
    """In nobody's name, as whoever opened it wrote it, from the display of each clinic."""
    displays = _displays(cast)
    made = []
    for clinic, display in ((cast.clinic, displays.own), (cast.other_clinic, displays.other)):
        with clinic_scope(clinic.pk):
            known = {"infusion": an_id("infusion"), "name": "Rosa Night", "reason": "the PIN is refused"}
            access = EmergencyAccess.objects.create(
                clinic=clinic, display_id=display, ends_at=timezone.now() + timedelta(minutes=30), **known
            )
        made.append(access.pk)
    return Ids(*made)


def _displays(cast: Cast) -> Ids:
    with clinic_scope(cast.other_clinic.pk):
        known = {"clinic": cast.other_clinic, "room": cast.other_room, "name": "Tablet 1", "enrolled_by": cast.cleo}
        other, _ = Display.objects.get_or_create(pk=an_id("other display"), defaults=known | {"key_digest": "0" * 64})
    return Ids(cast.display.pk, other.pk)


def _staff(cast: Cast) -> Ids:
    with clinic_scope(cast.clinic.pk):
        own = Staff.objects.get(person=cast.fay).pk
    with clinic_scope(cast.other_clinic.pk):
        return Ids(own, Staff.objects.get(person=cast.cleo).pk)


def _libraries(cast: Cast) -> Ids:
    return Ids(_library(cast.clinic, cast.ada).pk, _library(cast.other_clinic, cast.cleo).pk)


def _limits(cast: Cast) -> Ids:
    ids = []
    for clinic, author in ((cast.clinic, cast.ada), (cast.other_clinic, cast.cleo)):
        version = _library(clinic, author)
        with clinic_scope(clinic.pk):
            ids.append(LibraryLimit.objects.filter(drug__version=version)[0].pk)
    return Ids(*ids)


def _library(clinic: Clinic, author: Person) -> LibraryVersion:
    with clinic_scope(clinic.pk):
        return draft_from_template(clinic, author)


def _infusions(cast: Cast) -> Ids:
    other = Room(cast.other_clinic.pk)
    with other.scope():
        open_infusion(
            infusion_id=other.infusion_id,
            clinic_id=cast.other_clinic.pk,
            patient_id=cast.other_patient.pk,
            room_id=cast.other_room.pk,
        )
    done(other.act(replace(PLAN, patient=cast.other_patient.pk, room=cast.other_room.pk), ADA))
    return Ids(infusing(cast).infusion_id, other.infusion_id)


def _signed_protocols(cast: Cast) -> list[ProtocolVersion]:
    found = []
    for clinic, person in ((cast.clinic, cast.ada), (cast.other_clinic, cast.cleo)):
        actor = Actor(Proof.SIGN_IN, person, clinic, frozenset({Role.PRESCRIBER}))
        with clinic_scope(clinic.pk):
            protocol, is_new = Protocol.objects.get_or_create(clinic=clinic, name="Usual")
            if is_new:
                version = draft(protocol, ORDER, actor)
                sign(version, actor, seen_digest=version.digest)
            found.append(ProtocolVersion.objects.get(protocol=protocol))
    return found


def _orders(cast: Cast) -> Ids:
    """A draft for Pat, written by Ada, and one of the other clinic."""
    ids = []
    appointments = _appointments(cast, in_days=9)
    for clinic, patient, person, version, appointment_id in zip(
        (cast.clinic, cast.other_clinic),
        (cast.patient, cast.other_patient),
        (cast.ada, cast.cleo),
        _signed_protocols(cast),
        appointments[:2],
        strict=True,
    ):
        actor = Actor(Proof.SIGN_IN, person, clinic, frozenset({Role.PRESCRIBER}))
        with clinic_scope(clinic.pk):
            Weight.objects.create(clinic=clinic, patient=patient, weight_kg="70.00", measured_by=person)
            appointment = Appointment.objects.get(pk=appointment_id)
            row = keep_draft(
                actor, patient=patient, protocol_version=version, appointment=appointment, order=ORDER, reasons={},
                seen="",
            ).order  # fmt: skip
        ids.append(row.pk)
    return Ids(*ids)


def _appointments(cast: Cast, in_days: int = 3) -> Ids:
    ids = []
    starts_at = timezone.now() + timedelta(days=in_days)
    for clinic, patient, room, person in (
        (cast.clinic, cast.patient, cast.room, cast.fay),
        (cast.other_clinic, cast.other_patient, cast.other_room, cast.cleo),
    ):
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        with clinic_scope(clinic.pk):
            made = Appointment.objects.create(clinic=clinic, patient=patient, room=room, made_by=person, **times)
        ids.append(made.pk)
    return Ids(*ids)


def _adverse_events(cast: Cast) -> Ids:
    ids = []
    for clinic, patient, by in (
        (cast.clinic, cast.patient, cast.ben),
        (cast.other_clinic, cast.other_patient, cast.cleo),
    ):
        with clinic_scope(clinic.pk):
            event = AdverseEvent.objects.create(
                clinic=clinic, patient=patient, happened_at=timezone.now(), written_by=by
            )
            Account.objects.create(clinic=clinic, event=event, what="fainted", grade=2, outcome="over", said_by=by)
        ids.append(event.pk)
    return Ids(*ids)


def _calls(cast: Cast) -> Ids:
    """A call with a worry about each clinic's patient."""
    ids = []
    for clinic, patient, room, by in (
        (cast.clinic, cast.patient, cast.room, cast.ben),
        (cast.other_clinic, cast.other_patient, cast.other_room, cast.cleo),
    ):
        log = Room(clinic.pk)
        with log.scope():
            where = {"infusion_id": log.infusion_id, "clinic_id": clinic.pk, "patient_id": patient.pk}
            open_infusion(**where, room_id=room.pk)
            said = {"reached": True, "worry": "seems elated", "worry_for": by, "called_by": by}
            ids.append(Call.objects.create(**where, **said).pk)
    return Ids(*ids)


def _stock_items(cast: Cast) -> Ids:
    """One received vial each; Ben's line of his own clinic names Nan as its witness."""
    ids = []
    for clinic, by, witness in ((cast.clinic, cast.ben, cast.nan), (cast.other_clinic, cast.cleo, None)):
        with clinic_scope(clinic.pk):
            item = page_for(clinic, vial_mg_per_ml=Decimal(50), vial_ml=Decimal(10), by=by)
            write_line(
                item,
                act_id=an_id(f"received {clinic.pk}"),
                by=by.pk,
                kind=Kind.RECEIVED,
                vials=1,
                witness_id=witness.pk if witness else None,
            )
        ids.append(item.pk)
    return Ids(*ids)


def _second_signers(cast: Cast) -> Ids:
    with clinic_scope(cast.clinic.pk):
        own = SecondSigner.objects.get().pk
    clinic = cast.other_clinic
    with clinic_scope(clinic.pk):
        person = Person.objects.create_user("ray@clinic.test", display_name="Ray Quill")
        other = SecondSigner.objects.create(
            clinic=clinic, person=person, position=SecondSigner.Position.PHARMACIST, named_by=cast.cleo
        )
    return Ids(own, other.pk)


def _monitors(cast: Cast) -> Ids:
    ids = []
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk):
            ids.append(Monitor.objects.create(clinic=clinic, name="Monitor 1", peers=["192.0.2.1"]).pk)
    return Ids(*ids)


def _frames(cast: Cast) -> Ids:
    """One message of every monitor there is by now: the monitor's id comes first in the address."""
    prepare_days()
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk):
            for monitor in Monitor.objects.all():
                said = {"peer": "192.0.2.1", "answer": "AA", "reasons": "", "packed": zlib.compress(b"MSH")}
                Frame.objects.create(
                    clinic=clinic, monitor=monitor, received_at=timezone.now(), frame_digest=b"\x01", **said
                )
    return Ids("01", "01", "02")


def _critiques(cast: Cast) -> Ids:
    ids = []
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk):
            page = {
                "language": "en",
                "slug": "hour",
                "page_title": "The hour",
                "version_number": 0,
                "page_digest": "0" * 64,
            }
            ids.append(Critique.objects.create(clinic=clinic, comments="It helped.", **page).pk)
    return Ids(*ids)


def _page_versions(cast: Cast) -> Ids:
    page = packaged_pages()[0]
    ids = []
    for clinic, author in ((cast.clinic, cast.edi), (cast.other_clinic, cast.cleo)):
        with clinic_scope(clinic.pk):
            said = {"language": page.language, "slug": page.slug, "text": page.text, "what_changed": "A word."}
            last = PageVersion.objects.filter(slug=page.slug).count()
            version = PageVersion.objects.create(clinic=clinic, number=last + 1, written_by=author, **said)
            ids.append(version.pk)
    return Ids(*ids)


def _concerns(cast: Cast) -> Ids:
    ids = []
    for clinic, patient in ((cast.clinic, cast.patient), (cast.other_clinic, cast.other_patient)):
        with clinic_scope(clinic.pk):
            check_in(patient, SaidOfDay(wants_call=True), day=clinic.today(), by=f"person:{ABSENT}")
            ids.append(Concern.objects.get().pk)
    return Ids(*ids)


def _erasures_asked(cast: Cast) -> Ids:
    ids = []
    for clinic, patient, room in (
        (cast.clinic, cast.patient, cast.room),
        (cast.other_clinic, cast.other_patient, cast.other_room),
    ):
        log = Room(clinic.pk)
        with log.scope():
            where = {"infusion_id": log.infusion_id, "clinic_id": clinic.pk, "patient_id": patient.pk}
            open_infusion(**where, room_id=room.pk)
            ids.append(ErasureAsked.objects.create(**where, seq=1, field="words", by=f"person:{ABSENT}").pk)
    return Ids(*ids)


def _reminders(cast: Cast) -> Ids:
    """The link itself is the proof, so one that we did not sign stands for the other clinic's."""
    return Ids(token_for(cast.patient), "no-token", "no-token")


def _passkeys(cast: Cast) -> Ids:
    return Ids(add_passkey(cast.ben).pk, add_passkey(cast.cleo).pk, 2**31 - 1)


def _reset_keys(cast: Cast) -> Ids:
    return Ids(default_token_generator.make_token(cast.ben), default_token_generator.make_token(cast.cleo), "no-key")


def _reset_people(cast: Cast) -> Ids:
    return Ids(user_pk_to_url_str(cast.ben), user_pk_to_url_str(cast.cleo), "0")


def _listings(cast: Cast) -> Ids:
    return Ids(*(each.pk for each in _two_listings(cast)))


def _said(cast: Cast) -> Ids:
    ids = []
    for listing in _two_listings(cast):
        with clinic_scope(listing.clinic_id):
            ids.append(Said.objects.filter(listing=listing)[0].pk)
    return Ids(*ids)


def _applications(cast: Cast) -> Ids:
    ids = []
    for listing in _two_listings(cast):
        with clinic_scope(listing.clinic_id):
            ids.append(applied(cast, keeper=listing.clinic, phone=f"+353 1 555 {next(NUMBERS)}").pk)
    return Ids(*ids)


def _removals(cast: Cast) -> Ids:
    ids = []
    for listing in _two_listings(cast):
        with clinic_scope(listing.clinic_id):
            ids.append(propose_removal(listing, by=cast.cleo, reason="x").pk)
    return Ids(*ids)


def _two_listings(cast: Cast) -> list[Listing]:
    made = []
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk):
            made.append(taken_up(cast, keeper=clinic, phone=f"+353 1 555 {next(NUMBERS)}"))
    return made


def _shares(cast: Cast) -> Ids:
    ids = []
    for person in (cast.pat, cast.kim):
        with person_scope(person.pk):
            share(person, for_whom="Dr Weber", days=7, with_weeks=False)
            ids.append(Share.objects.get().pk)
    return Ids(*ids)


def _links(cast: Cast) -> Ids:
    """Whoever has a link is let in, whoever they are; one that was revoked is like one that never was."""
    with person_scope(cast.pat.pk):
        own, revoked = (share(cast.pat, for_whom=whom, days=7, with_weeks=True) for whom in ("Dr Weber", "Dr Winter"))
        Share.objects.filter(for_whom="Dr Winter").update(revoked_at=timezone.now())
    return Ids(own, revoked, "no-such-link")


def _parts(cast: Cast) -> Ids:
    """What somebody brought along: Pat's, and Kim's, which is nobody's else."""
    ids = []
    for person in (cast.pat, cast.kim):
        with person_scope(person.pk):
            row = BroughtPart.objects.create(
                person=person, digest="0" * 64, from_clinic=ABSENT, from_patient=ABSENT, clinic_name="Elm Clinic",
                made_at=timezone.now(), content=b"not a record any more",
            )  # fmt: skip
        ids.append(row.pk)
    return Ids(*ids)


def _intake_links(cast: Cast) -> Ids:
    """Links of patients to their own part: Pat's, and one of the other clinic."""
    ids = []
    for clinic, patient, person in (
        (cast.clinic, cast.patient, cast.ben),
        (cast.other_clinic, cast.other_patient, cast.cleo),
    ):
        with clinic_scope(clinic.pk):
            actor = Actor(Proof.SIGN_IN, person, clinic, frozenset({Role.NURSE}))
            ids.append(make_link(actor, patient, days=7).link.pk)
    return Ids(*ids)


def _signed_consultations(cast: Cast) -> Ids:
    ids = _consultations(cast)
    for clinic, person, pk in ((cast.clinic, cast.ada, ids.own), (cast.other_clinic, cast.cleo, ids.other)):
        with clinic_scope(clinic.pk):
            text = ConsultationText.objects.create(clinic=clinic, consultation_id=pk, written_by=person)
            ConsultationSigned.objects.create(clinic=clinic, consultation_id=pk, text=text, signed_by=person)
    return ids


def _records_links(cast: Cast) -> Ids:
    """Whoever has the link may send, whoever they are; a revoked one is like one that never was."""
    with clinic_scope(cast.clinic.pk):
        actor = Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({Role.NURSE}))
        own, revoked = (make_records_link(actor, for_whom=whom, days=7) for whom in ("Dr Weber", "Dr Winter"))
        revoke_link(Link.objects.get(for_whom="Dr Winter"))
    return Ids(own, revoked, "no-such-link")


def _self_referral_pages(cast: Cast) -> Ids:
    """One that is open, for whoever comes; one that is closed, and one that never was, open to nobody."""
    for clinic, address, is_open in ((cast.clinic, "open-one", True), (cast.other_clinic, "closed-one", False)):
        with clinic_scope(clinic.pk):
            SelfReferralPage.objects.create(clinic=clinic, address=address, is_open=is_open)
    return Ids("open-one", "closed-one", "never-was")


def _sent(cast: Cast) -> list[SentFile]:
    """One file that Dr Vale sent to each clinic, about nobody there."""
    files = []
    for clinic, person in ((cast.clinic, cast.ben), (cast.other_clinic, cast.cleo)):
        actor = Actor(Proof.SIGN_IN, person, clinic, frozenset({Role.NURSE}))
        with clinic_scope(clinic.pk):
            make_records_link(actor, for_whom="Dr Vale", days=7)
            said = {"sender": "Dr Vale", "about_name": "Nobody Known", "about_born": "1950-01-01"}
            row = Sent.objects.create(clinic=clinic, link=Link.objects.filter(kind="records", sent=None)[0], **said)
            about = {"size_bytes": 0, "digest": "0" * 64, "kind": "text", "is_as_named": True}
            files.append(SentFile.objects.create(clinic=clinic, sent=row, name="letter.txt", **about))
    return files


def _consultations(cast: Cast) -> Ids:
    ids = []
    for clinic, patient, person in (
        (cast.clinic, cast.patient, cast.ada),
        (cast.other_clinic, cast.other_patient, cast.cleo),
    ):
        with clinic_scope(clinic.pk):
            ids.append(Consultation.objects.create(clinic=clinic, patient=patient, begun_by=person).pk)
    return Ids(*ids)


def _own_part(cast: Cast) -> Ids:
    """Whoever has the link is asked for the birth date, whoever they are; a revoked one is like one that never was."""
    with clinic_scope(cast.clinic.pk):
        actor = Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({Role.NURSE}))
        own, revoked = (make_link(actor, cast.patient, days=7) for _ in range(2))
        revoke_link(revoked.link)
    return Ids(own.token, revoked.token, "no-such-link")


def _merges(cast: Cast) -> Ids:
    """A record of the clinic that is part of the patient's; and one of the other clinic."""
    own, other = (
        _merged(clinic, patient, by)
        for clinic, patient, by in (
            (cast.clinic, cast.patient, cast.ben),
            (cast.other_clinic, cast.other_patient, cast.cleo),
        )
    )
    return Ids(own, other)


def _merged(clinic: Clinic, patient: Patient, by: Person) -> UUID:
    with clinic_scope(clinic.pk):
        said = {"given_name": "Twice", "family_name": "Written", "birth_date": patient.birth_date}
        twice = Patient.objects.create(clinic=clinic, identifier="twice", **said)
        row = RecordMerge.objects.create(clinic=clinic, kept=patient, other=twice, reason="asked", merged_by=by)
    return row.pk


def _seconds(cast: Cast) -> Ids:
    """A second record beside that of `patient_id`."""
    with clinic_scope(cast.clinic.pk):
        said = {"given_name": "Other", "family_name": "Record", "birth_date": cast.patient.birth_date}
        own = Patient.objects.create(clinic=cast.clinic, identifier="second", **said)
    return Ids(own.pk, cast.other_patient.pk)


OWN_BESIDES = ("coming", "coming_paper", "calendar", "consent", "take_back")


def _consent_texts(cast: Cast) -> Ids:
    """A text of each clinic, approved."""
    ids = []
    for clinic, author in ((cast.clinic, cast.ada), (cast.other_clinic, cast.cleo)):
        approved = {"approved_by": cast.ann, "approved_at": timezone.now()}
        with clinic_scope(clinic.pk):
            number = ConsentText.objects.count() + 1
            text = ConsentText.objects.create(
                clinic=clinic, number=number, words="What it is.", written_by=author, **approved
            )
        ids.append(text.pk)
    return Ids(*ids)


def _feeds(cast: Cast) -> Ids:
    """Whoever has the address reads rooms and times, whoever they are; a revoked one is like one that never was."""
    with clinic_scope(cast.clinic.pk):
        actor = Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({Role.NURSE}))
        revoked = make_feed(actor)
        return Ids(make_feed(actor), revoked, "no-such-address")


def _imported(cast: Cast) -> Ids:
    """A list that the desk brought in, ready to be looked at; and one of the other clinic."""
    own, other = (_brought_list(clinic, by) for clinic, by in ((cast.clinic, cast.fay), (cast.other_clinic, cast.cleo)))
    return Ids(own, other)


def _brought_list(clinic: Clinic, by: Person) -> UUID:
    with clinic_scope(clinic.pk):
        written = {"encoding": "utf-8", "separator": ";", "columns": ["given_name", "family_name", "birth_date"]}
        row = ImportedFile.objects.create(
            clinic=clinic, name="old.csv", content=b"a;b;c\nAna;Berg;x\n", digest="0" * 64, brought_by=by, **written
        )
    return row.pk


# Parameter of an address -> its ids. Where one name means two things, "address name/parameter" comes first.
IDS: dict[str, Callable[[Cast], Ids]] = {
    "patient_id": lambda cast: Ids(cast.patient.pk, cast.other_patient.pk),
    "other_id": _seconds,
    "merge_id": _merges,
    "imported_id": _imported,
    "room_id": lambda cast: Ids(cast.room.pk, cast.other_room.pk),
    "display_id": _displays,
    "access_id": _emergencies,
    "staff_id": _staff,
    "version_id": _libraries,
    "limit_id": _limits,
    "appointment_id": _appointments,
    "order_id": _orders,
    "protocol_id": lambda cast: Ids(*(each.protocol_id for each in _signed_protocols(cast))),
    "protocol_version_id": lambda cast: Ids(*(each.pk for each in _signed_protocols(cast))),
    "signer_id": _second_signers,
    "monitor_id": _monitors,
    "devices:frame/digest": _frames,
    "concern_id": _concerns,
    "asked_id": _erasures_asked,
    "journal:stop_reminders/token": _reminders,
    "journal:snooze_reminders/token": _reminders,
    "infusion_id": _infusions,
    "link_id": _intake_links,
    "instrument": lambda cast: Ids("phq9", "phq9", "no-such-instrument"),
    "consultation_id": _consultations,
    "intake:letter/consultation_id": _signed_consultations,
    "sent_id": lambda cast: Ids(*(each.sent_id for each in _sent(cast))),
    "file_id": lambda cast: Ids(*(each.pk for each in _sent(cast))),
    "intake:send/token": _records_links,
    "address": _self_referral_pages,
    "intake:own_instrument/token": _own_part,
    **{f"intake:own{page}/token": _own_part for page in ("", *(f"_{each}" for each in PAGES))},
    **{f"intake:own_{page}/token": _own_part for page in OWN_BESIDES},
    "text_id": _consent_texts,
    "item_id": _stock_items,
    "event_id": _adverse_events,
    "call_id": _calls,
    "office:write_in_ledger/kind": lambda cast: Ids("counted", "counted", "counted"),
    "office:witness_line/number": lambda cast: Ids(1, 1, 1),
    "office:feed/token": _feeds,
    "critique_id": _critiques,
    "guide:version/version_id": _page_versions,
    "guide:publish/version_id": _page_versions,
    "guide:take_down/version_id": _page_versions,
    "slug": lambda cast: Ids("hour", "of-another-clinic", "no-such-page"),
    "language": lambda cast: Ids("en", "xx", "yy"),
    "listing_id": _listings,
    "said_id": _said,
    "application_id": _applications,
    "removal_id": _removals,
    "directory:clinic/slug": lambda cast: Ids("no-clinic", "no-clinic", "no-clinic"),
    "directory:ask_renewal/slug": lambda cast: Ids("no-clinic", "no-clinic", "no-clinic"),
    "directory:confirm/key": lambda cast: Ids("no-key", "no-key", "no-key"),
    "directory:renew/token": lambda cast: Ids("no-key", "no-key", "no-key"),
    "directory:confirm_in/key": lambda cast: Ids("no-key", "no-key", "no-key"),
    "directory:renew_in/token": lambda cast: Ids("no-key", "no-key", "no-key"),
    "share_id": _shares,
    "token": _links,
    "part_id": _parts,
    "bedside:act/act": lambda cast: Ids(Act.NOTE, Act.NOTE, Act.NOTE),
    "bedside:what_if/act": lambda cast: Ids(Act.NEW_RATE, Act.NEW_RATE, Act.NEW_RATE),
    "bedside:act_by_display/act": lambda cast: Ids(Act.STOP, Act.STOP, Act.STOP),
    "bedside:act_by_key/act": lambda cast: Ids(Act.STOP, Act.STOP, Act.STOP),
    "pk": _passkeys,
    "account_confirm_email/key": lambda cast: Ids("no-key", "no-key", "no-key"),
    "account_reset_password_from_key/key": _reset_keys,
    "account_reset_password_from_key/uidb36": _reset_people,
}


def ids_for(address: Address, cast: Cast, made: dict[str, Ids]) -> tuple[dict[str, object], ...]:
    """The keyword arguments of `reverse`: own, other and absent; or one empty set where no id is asked for."""
    if not address.parameters:
        return ({},)
    columns = [_ids(f"{address.name}/{name}", name, cast, made) for name in address.parameters]
    return tuple(dict(zip(address.parameters, row, strict=True)) for row in zip(*columns, strict=True))


def _ids(full_name: str, name: str, cast: Cast, made: dict[str, Ids]) -> Ids:
    key = full_name if full_name in IDS else name
    if key not in IDS:
        raise AssertionError(f"no id is known for {full_name}: add a line to IDS in tests/access/ids.py")
    if key not in made:
        made[key] = IDS[key](cast)
    return made[key]
