"""A record to export: an infusion with a correction, weights, a replaced check-in, questionnaires, a private note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from stillroom.adverse.models import Account, AdverseEvent
from stillroom.aftercare.models import Call, WorrySettled
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.exchange.gather import Gathered, gather
from stillroom.infusions.models import Infusion
from stillroom.outcomes.models import CheckIn, Note, Questionnaire
from stillroom.patients.access import note_look
from stillroom.patients.models import Consent, Patient
from tests.cast import Cast
from tests.examples import PLAN, TEN, Walk, infusing
from tests.stored import store

D = Decimal
LATER = TEN + timedelta(days=3)


def walked(cast: Cast) -> Walk:
    """25 min at 2.5 mL/min of 0.35 mg/mL and one in doubt, 21.9 to 22.8 mg; a reading put right, a pause, nausea 0."""
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    (wrong,) = walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=241, dbp_mmhg=88), after_min=5)
    right = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=141, dbp_mmhg=88)
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="slip of the finger", replacement=right))
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, nauseous=0, detached=4), after_min=5)
    walk.record(e.PatientWatched(awake=None, not_woken=True, breaths_per_min=12))
    walk.record(e.ComfortSet(item="music", choice="Slow strings\u2028and rain"))
    walk.record(
        e.MedicineGiven(name="Ondansetron", amount=D("4.0"), unit="mg", route="iv", before_start=False, reason="-")
    )
    walk.ask(c.PauseInfusion())
    walk.confirm()
    walk.ask(c.ResumeInfusion(), after_min=4)
    walk.confirm()
    walk.ask(c.EndInfusion(left_in_bag_ml=D(21)), after_min=15)
    return walk


def furnish(cast: Cast) -> None:
    """Everything a record can hold, of Pat at the cast's clinic."""
    walk = walked(cast)
    with clinic_scope(cast.clinic.pk):
        store(walk, clinic_id=cast.clinic.pk)
        Consent.objects.create(
            clinic=cast.clinic,
            patient=cast.patient,
            kind="treatment",
            version="3",
            signed_at=TEN,
            witnessed_by=cast.ben,
        )
        note_look(
            Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({"nurse"}), page="bedside:room"), cast.patient.pk
        )
        _went_wrong(cast)
    with person_scope(cast.pat.pk):
        _write_down(cast)


def _went_wrong(cast: Cast) -> None:
    """A faint in the infusion, said twice; and a rash at home, mild."""
    common = {"clinic": cast.clinic, "patient": cast.patient, "written_by": cast.ben, "known_at": LATER}
    infusion, in_it = Infusion.objects.get(patient=cast.patient), TEN + timedelta(minutes=9)
    faint = AdverseEvent.objects.create(**common, infusion=infusion, happened_at=in_it)
    rash = AdverseEvent.objects.create(**common, happened_at=TEN + timedelta(days=2))
    said = {"clinic": cast.clinic, "event": faint, "what": "=Fainted, and vomited", "grade": 3}
    said |= {"criteria": ["hospital", "otherwise_important"], "actions": ["stopped", "medicine"]}
    Account.objects.create(**said, said_by=cast.ben, outcome="not_over", said_at=TEN + timedelta(days=1))
    reported = {"report_by": date(2026, 12, 8), "reported_at": LATER, "report_words": "the authority"}
    said |= reported | {"action_words": "ondansetron", "outcome": "getting_better"}
    Account.objects.create(**said, said_by=cast.ada, said_at=TEN + timedelta(days=2))
    mild = {"what": "A rash", "grade": 1, "outcome": "over", "said_at": LATER}
    Account.objects.create(clinic=cast.clinic, event=rash, said_by=cast.ben, **mild)
    _called(cast, infusion)


def _called(cast: Cast, infusion: Infusion) -> None:
    said = {"words": "slept well", "bladder": "no", "mood": "yes", "worry": "seems elated", "worry_for": cast.ada}
    about = {"clinic": cast.clinic, "patient": cast.patient, "infusion": infusion}
    call = Call.objects.create(**about, **said, reached=True, called_by=cast.ben, called_at=LATER)
    WorrySettled.objects.create(clinic=cast.clinic, call=call, words="spoke with her", settled_by=cast.ada)


def _write_down(cast: Cast) -> None:
    mine = {"clinic": cast.clinic, "patient": cast.patient, "by": f"person:{cast.pat.pk}"}
    first = CheckIn.objects.create(**mine, day=date(2026, 11, 24), low=8, words="=a hard day")
    CheckIn.objects.create(**mine, day=date(2026, 11, 24), low=0, replaces=first)
    CheckIn.objects.create(**mine, day=date(2026, 11, 25), low=None, sleep_h=7)
    items = [0, 1, 2, 3, 0, None, 1, 1, 0]
    Questionnaire.objects.create(
        **mine,
        day=date(2026, 11, 25),
        instrument="phq9",
        version="PHQ-9 2001, five bands",
        source="patient",
        items=items,
    )
    Questionnaire.objects.create(
        **mine, day=date(2026, 11, 11), instrument="phq9", version="PHQ-9 2001, five bands", source="paper", total=0,
        band="minimal",
    )  # fmt: skip
    Note.objects.create(**mine, day=date(2026, 11, 25), words="Only for me")


def gathered(cast: Cast) -> Gathered:
    """As the patient exports it."""
    with person_scope(cast.pat.pk):
        return gather(Patient.objects.select_related("clinic").get(pk=cast.patient.pk), at=LATER)
