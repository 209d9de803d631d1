"""What invented patients wrote before their first visit, by a link as anybody, and what a consultation says of one.

Noor Haldane comes in four days for the first time. She has answered most pages; nobody has read them yet, nor what her
doctor sent, nor what somebody wrote who refers themself. Of Marta Alder a consultation after two infusions is signed.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from stillroom.clinics.actor import Actor, Proof
from stillroom.core.safety.screening import QUESTIONS
from stillroom.exchange.fhir.codes import LOINC, WEIGHT, quantity
from stillroom.intake.consulting import screen, sign, write
from stillroom.intake.links import make_link
from stillroom.intake.models import ConsultationText, Link, SelfReferralPage
from stillroom.intake.own_part import Reply, keep
from stillroom.intake.receiving import Said, receive
from stillroom.intake.receiving import keep as keep_sent
from stillroom.intake.records import make_records_link
from stillroom.outcomes.models import Wishes
from stillroom.patients.models import Answer
from stillroom.rehearsal.clinic import House
from stillroom.rehearsal.people import ALDER, HALDANE
from stillroom.schedule.before import template_words
from stillroom.schedule.before import write as write_told

NO, YES, UNKNOWN = (Reply(said=said) for said in (Answer.NO, Answer.YES, Answer.UNKNOWN))
HALDANE_WROTE = {
    "vessels": NO,
    "brain_bleed": NO,
    "ketamine_reaction": NO,
    "heart": NO,
    "high_pressure": UNKNOWN,
    "psychosis": NO,
    "substances": NO,
    "pregnancy": NO,
    "motion_sickness": YES,
    "nausea_after_anaesthesia": UNKNOWN,
    "smokes": NO,
    "needles": YES,
    "medicines": Reply(said=Answer.YES, words="Sertraline 100 mg, mornings\nThe pill"),
    "allergies": NO,
    "tried": Reply(said=Answer.YES, words="Two antidepressants, eight months. Talking helps a little."),
    "worries": Reply(said=Answer.YES, words="That I lose control and say things. That it does nothing."),
}


ALDER_SAID = {
    "review": "Her two infusions and her days since. The letter of her doctor: three trials at full dose.",
    "examination": "Awake, oriented. Heart and lungs without findings. 117/73 mmHg, pulse 69.",
    "assessment": "Recurrent depression, lighter since the second infusion. No psychosis, no plan, no intent.",
    "decision": ConsultationText.Decision.TREAT,
    "because": "",
}


TOLD = {
    "price": "450 dollars an infusion",
    "price_covers": "The drug, the room, the nurse and the doctor that day. Not the first visit, nor tests before it.",
    "arriving": "1 Harbour Walk, second door, by the blue lamp. Two places to park behind the house. The bus stops"
    " across the street.",
}


def write_before_visit(house: House) -> None:
    """In a `clinic_scope`."""
    _tell(house)
    _consult(house)
    _send_records(house)
    _come_themselves(house)
    actor = Actor(Proof.SIGN_IN, house.people["desk"], house.clinic, frozenset({"front_desk"}))
    haldane = house.patients[HALDANE.identifier]
    link = make_link(actor, haldane, days=30).link
    keep(link, HALDANE_WROTE)
    Wishes.objects.create(
        clinic=house.clinic,
        patient=haldane,
        by=f"link:{link.pk}",
        music="Rain, or nothing",
        with_me="My sister, just there",
        lights="An eye mask",
        warmth="My own blanket",
        talk="Ask before you touch me",
        intention="To sleep through once",
    )


def _tell(house: House) -> None:
    """What every patient of the clinic reads before they come."""
    castell = Actor(Proof.SIGN_IN, house.people["administrator"], house.clinic, frozenset({"administrator"}))
    write_told(castell, {**template_words(), **TOLD})


def _consult(house: House) -> None:
    varga = Actor(Proof.SIGN_IN, house.people["varga"], house.clinic, frozenset({"prescriber"}))
    alder = house.patients[ALDER.identifier]
    screen(varga, alder, dict.fromkeys(QUESTIONS, Answer.NO))
    text = write(varga, alder, ALDER_SAID, seen="").text
    sign(varga, text.consultation, seen=str(text.pk))


def _come_themselves(house: House) -> None:
    """The clinic's page is open, and somebody wrote by it who is nobody here."""
    SelfReferralPage.objects.create(clinic=house.clinic, address="demo", is_open=True)
    said = Said(
        sender="Robin Sallow (invented)",
        reached_at="555-0177, after four",
        about_name="Robin Sallow (invented)",
        about_born=date(1991, 2, 14),
        words="My sister was treated with you. I have had three medicines and one year of talking. May I come?",
    )
    keep_sent(house.clinic.pk, said, [])


def _send_records(house: House) -> None:
    """What a referring doctor sent about Noor Haldane: a summary as FHIR, and a letter as text."""
    actor = Actor(Proof.SIGN_IN, house.people["desk"], house.clinic, frozenset({"front_desk"}))
    make_records_link(actor, for_whom="Dr I. Amsel (invented)", days=30)
    link = Link.objects.get(clinic=house.clinic, kind=Link.Kind.RECORDS)
    said = Said(
        sender="Dr I. Amsel (invented)",
        reached_at="555-0142",
        about_name=f"{HALDANE.given_name} {HALDANE.family_name}",
        about_born=HALDANE.birth_date,
        words="Thank you for seeing her. Two trials of antidepressants did not help enough.",
    )
    born = HALDANE.birth_date.isoformat()
    (code, display, unit), weighed_on = WEIGHT, house.clinic.today() - timedelta(days=40)
    summary = [
        {"resourceType": "Patient", "name": [{"text": said.about_name}], "birthDate": born},
        {"resourceType": "Condition", "code": {"text": "Recurrent depressive disorder"}},
        {"resourceType": "Condition", "code": {"text": "Migraine without aura"}},
        {
            "resourceType": "MedicationStatement",
            "status": "active",
            "medicationCodeableConcept": {"text": "Sertraline 100 mg"},
            "dosage": [{"text": "one in the morning"}],
        },
        {"resourceType": "AllergyIntolerance", "code": {"text": "Adhesive plaster"}},
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [{"coding": [{"code": "vital-signs"}]}],
            "code": {"coding": [{"system": LOINC, "code": code, "display": display}]},
            "effectiveDateTime": weighed_on.isoformat(),
            "valueQuantity": quantity(61.9, unit),
        },
        {"resourceType": "Immunization", "status": "completed"},
    ]
    bundle = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": each} for each in summary]}
    letter = b"Dear colleague, please find the summary beside this letter."
    files = [
        SimpleUploadedFile("summary.json", json.dumps(bundle).encode()),
        SimpleUploadedFile("letter.txt", letter),
    ]
    receive(link, said, files)
