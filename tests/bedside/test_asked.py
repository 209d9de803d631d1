"""Every act at the bedside asks the core for exactly one command, with what was typed and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from stillroom.bedside.asked import COMMANDS, command_for, correction_for
from stillroom.bedside.correcting import wrong_entry
from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm, PersonField
from stillroom.bedside.people import NOBODY
from stillroom.bedside.said import CORRECTED_WITH, FACTS
from stillroom.bedside.sheets import Act
from stillroom.core.drip.bag import Bag
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.correction import Rated
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Door, Scale
from stillroom.core.safety import PreflightItem, Reply
from tests.examples import an_id, infusing

D = Decimal
NOW = datetime(2026, 11, 23, 10, 41, tzinfo=ZoneInfo("Europe/Berlin"))
DEE = an_id("dee")

ASKED: dict[Act, tuple[dict[str, Any], c.Command]] = {
    Act.ARRIVE: ({}, c.Record(fact=e.PatientArrived())),
    Act.PREFLIGHT: (
        {"item": "needles", "reply": "problem", "words": "look away"},
        c.Record(
            fact=e.PreflightAnswered(item=PreflightItem.NEEDLES, reply=Reply.PROBLEM, words="look away"),
        ),
    ),
    Act.PLACE_LINE: ({"site": "left forearm"}, c.Record(fact=e.LinePlaced(site="left forearm"))),
    Act.MAKE_BAG: (
        {
            "vial_mg_per_ml": "50",
            "drug_volume_ml": "0.7",
            "fluid_volume_ml": "100",
            "overfill_ml": "0",
            "withdrawn_ml": "0.70",
            "lot": "K1",
        },
        c.MakeBag(
            bag=Bag(
                vial_mg_per_ml=D(50),
                drug_volume_ml=D("0.7"),
                fluid_volume_ml=D(100),
                overfill_ml=D(0),
                withdrawn_ml=D("0.70"),
            ),
            lot="K1",
        ),
    ),
    Act.CHECK_BAG: ({}, c.CheckBag()),
    Act.HANG_BAG: (
        {"primed_with": "drug", "line_volume_ml": "15"},
        c.Record(fact=e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG))),
    ),
    Act.READY: (
        {"said_family_name": "Alder", "said_born": "4.5.1985", "reason": "ate a biscuit", "prescriber": str(DEE)},
        c.DeclareReady(reason="ate a biscuit", prescriber=DEE),
    ),
    Act.CONFIRM_NAMING: ({"named_seq": "14"}, c.ConfirmNaming(named_seq=14)),
    Act.ABANDON: ({"reason": "fever"}, c.AbandonInfusion(reason="fever")),
    Act.START: ({"reason": "pressure talked over"}, c.StartInfusion(reason="pressure talked over")),
    Act.CONFIRM: ({"intent_seq": "24"}, c.ConfirmDone(intent_seq=24)),
    Act.NOT_DONE: ({"intent_seq": "24"}, c.ReportNotDone(intent_seq=24)),
    Act.COUNT_DROPS: ({"drops": "12", "seconds": "15.5"}, c.Record(fact=e.DropsCounted(drops=12, seconds=D("15.5")))),
    Act.STREAM_SEEN: ({}, c.Record(fact=e.StreamSeen())),
    Act.DISTURBED: ({}, c.Record(fact=e.DripDisturbed())),
    Act.READ_PUMP: ({"rate_ml_per_h": "149.9"}, c.Record(fact=e.PumpRateRead(rate_ml_per_h=D("149.9")))),
    Act.READ_BAG: ({"left_in_bag_ml": "45"}, c.Record(fact=e.BagRead(left_in_bag_ml=D(45)))),
    Act.NEW_RATE: (
        {"rate_ml_per_h": "120.5", "prescriber": str(DEE), "reason": "restless"},
        c.SetRate(rate_ml_per_h=D("120.5"), prescriber=DEE, reason="restless"),
    ),
    Act.PAUSE: ({}, c.PauseInfusion()),
    Act.RESUME: ({"rate_ml_per_h": "90"}, c.ResumeInfusion(rate_ml_per_h=D(90))),
    Act.STOP: ({}, c.StopInfusion()),
    Act.CLAMP_CLOSED: ({}, c.ConfirmDone(intent_seq=0)),
    Act.FLUSH_LINE: (
        {"volume_ml": "10", "duration_min": "1.5"},
        c.Record(fact=e.LineFlushed(volume_ml=D(10), duration_min=D("1.5"))),
    ),
    Act.END: ({"left_in_bag_ml": "0"}, c.EndInfusion(left_in_bag_ml=D(0))),
    Act.VITALS: (
        {"sbp_mmhg": "131", "dbp_mmhg": "82", "temperature_cel": "36.6"},
        c.Record(
            fact=e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=131, dbp_mmhg=82, temperature_cel=D("36.6")),
        ),
    ),
    Act.WATCH: (
        {"awake": "drowsy_answers", "detached": "3", "breaths_per_min": "14"},
        c.Record(fact=e.PatientWatched(awake=e.Awake.DROWSY, detached=3, breaths_per_min=14)),
    ),
    Act.MEDICINE: (
        {"name": "ondansetron", "amount": "4", "unit": "mg", "route": "iv", "reason": "sick before"},
        c.Record(
            fact=e.MedicineGiven(
                name="ondansetron",
                amount=D(4),
                unit="mg",
                route="iv",
                before_start=True,
                against_nausea=False,
                reason="sick before",
            ),
        ),
    ),
    Act.PAUSE_SOUND: (
        {"condition": "spo2_low", "screen": str(DEE)},
        c.PauseSound(condition="spo2_low", screen=DEE),
    ),
    Act.SOUND_BACK: ({"condition": "spo2_low"}, c.Record(fact=e.SoundResumed(condition="spo2_low"))),
    Act.CHANGE_LIMIT: (
        {"limit": "sbp_high_mmhg", "value": "160", "reason": "a stroke in the family", "prescriber": str(DEE)},
        c.ChangeLimit(limit="sbp_high_mmhg", value=160, reason="a stroke in the family", prescriber=DEE),
    ),
    Act.COMFORT: ({"item": "lights", "choice": "Low"}, c.Record(fact=e.ComfortSet(item="lights", choice="Low"))),
    Act.AS_WISHED: ({}, c.SetComfort(chosen=())),
    Act.CALM: ({"step": "eyes"}, c.Record(fact=e.CalmingTried(step="eyes"))),
    Act.EFFECT: (
        {"of_seq": "31", "effect": "worse"},
        c.Record(fact=e.EffectNoted(of_seq=31, effect=e.Effect.WORSE)),
    ),
    Act.DISMISS_ADVICE: (
        {"code": "behind", "level": "7", "reason": ""},
        c.Record(fact=e.AdviceDismissed(code="behind", level=7)),
    ),
    Act.NOTE: ({"words": "smiled"}, c.Record(fact=e.NoteAdded(words="smiled"))),
    Act.HAND_OVER: (
        {"colleague": str(DEE), "words": "likes it dark"},
        c.Record(fact=e.RoomOffered(to=DEE, words="likes it dark")),
    ),
    Act.REVIEW: ({}, c.Record(fact=e.AlarmsReviewed())),
    Act.TAKE_ROOM: ({}, c.Record(fact=e.RoomTaken())),
    Act.REASSIGN: (
        {"patient": str(an_id("other")), "second_person": str(DEE), "reason": "wrong row"},
        c.ReassignInfusion(patient=an_id("other"), second_person=DEE, reason="wrong row"),
    ),
    Act.AGREE_REASSIGNMENT: ({"reassigned_seq": "41"}, c.AgreeToReassignment(reassigned_seq=41)),
    Act.NAME_SECOND: (
        {"second_person": str(DEE), "reason": "gone home"},
        c.ReassignInfusion(patient=an_id("patient"), second_person=DEE, reason="gone home"),
    ),
    Act.ACKNOWLEDGE: ({"condition": "spo2_low"}, c.Record(fact=e.AlarmAcknowledged(condition="spo2_low"))),
    Act.HELP: ({}, c.Record(fact=e.HelpCalled())),
    Act.HELP_STEP: ({"step": "airway"}, c.Record(fact=e.HelpStepDone(step="airway"))),
    Act.HELP_OVER: ({}, c.Record(fact=e.HelpEnded())),
    Act.CHECK: (
        {"awake": "alert", "oriented": "yes", "vomiting": "no", "on_feet": "steady", "spo2_percent": "98"},
        c.CheckRecovery(
            check=e.RecoveryChecked(
                awake=e.Awake.ALERT, oriented=True, vomiting=False, on_feet=e.OnFeet.STEADY, spo2_percent=98
            )
        ),
    ),
    Act.SCORE_ALDRETE: (
        {"activity": "2", "respiration": "2", "circulation": "1", "consciousness": "2", "saturation": "0"},
        c.ScoreRecovery(
            scale=Scale.MODIFIED_ALDRETE,
            points={"activity": 2, "respiration": 2, "circulation": 1, "consciousness": 2, "saturation": 0},
        ),
    ),
    Act.SCORE_PADSS: (
        {"walking_and_mind": "2", "discomfort": "1", "bleeding": "2", "drink_and_water": "0"},
        c.ScoreRecovery(
            scale=Scale.PADSS, points={"walking_and_mind": 2, "discomfort": 1, "bleeding": 2, "drink_and_water": 0}
        ),
    ),
    Act.OVERRIDE_DOOR: (
        {
            "door": "when_clear",
            "conditions": ["vomiting", "must_not_drive"],
            "insists": "on",
            "advised": "to stay",
            "second": str(DEE),
            "reason": "will not wait",
        },
        c.OverrideDoor(
            door=Door.WHEN_CLEAR,
            conditions=("vomiting", "must_not_drive"),
            second=DEE,
            reason="will not wait",
            insists=True,
            advised="to stay",
        ),
    ),
    Act.AGREE_OVERRIDE: ({"overridden_seq": "41"}, c.AgreeToOverride(overridden_seq=41)),
    Act.CHECK_PATIENT: ({"said_family_name": "Example", "said_born": "17 May 1984"}, c.CheckPatient()),
    Act.ACCEPT_PRESSURE: ({"reason": "always so"}, c.Record(fact=e.PressureAccepted(reason="always so"))),
    Act.LINE_OUT: ({}, c.Record(fact=e.LineRemoved())),
    Act.TO_HOSPITAL: (
        {"where": "St Anna", "handed_to": "", "line_stays": "yes", "reason": "did not wake"},
        c.Record(fact=e.TakenToHospital(where="St Anna", line_stays=True, reason="did not wake")),
    ),
    Act.SETTLE_RISK: (
        {"outcome": "concern_decided_by_named_clinician", "decided_by": str(DEE)},
        c.Record(fact=e.RiskSettled(outcome=e.Risk.DECIDED, decided_by=DEE)),
    ),
    Act.INSTRUCTIONS: ({}, c.Record(fact=e.InstructionsGiven())),
    Act.GO_WITH_ADULT: (
        {
            "adult_name": "Jo Alder",
            "adult_relation": "sister",
            "adult_phone": "0151 1",
            "travels_by": "taxi_with_them",
            "witness": str(DEE),
        },
        c.SendHome(
            door=Door.WITH_ADULT,
            travels_by="taxi_with_them",
            drives=False,
            witness=DEE,
            adult_name="Jo Alder",
            adult_relation="sister",
            adult_phone="0151 1",
        ),
    ),
    Act.GO_WHEN_CLEAR: (
        {"travels_by": "drives"},
        c.SendHome(door=Door.WHEN_CLEAR, travels_by="drives", drives=True),
    ),
    Act.SIGN: ({"meaning": "read and agreed"}, c.SignChart(meaning="read and agreed")),
}


def filled(act: Act, **typed: Any) -> ActForm:
    """The act's form as posted, checked; people are offered as the view offers them."""
    form = FORMS[act]({"seen_seq": "41", **typed})
    assert isinstance(form, ActForm)
    for field in form.fields.values():
        if isinstance(field, PersonField):
            field.offer((str(person), "somebody") for person in (DEE, an_id("other")))
    return form


def test_every_act_but_a_correction_stands_in_one_of_the_tables_and_is_tried_here() -> None:
    assert set(ASKED) | {Act.CORRECT} == set(Act)
    assert set(COMMANDS) | set(FACTS) | {Act.CORRECT} == set(Act)


@pytest.mark.parametrize("act", ASKED)
def test_an_act_asks_for_its_command(act: Act) -> None:
    typed, command = ASKED[act]
    form = filled(act, **typed)
    assert form.is_valid(), form.errors
    assert command_for(act, form, InfusionState(patient=an_id("patient")), now=NOW) == command


def test_a_medicine_during_the_drip_is_not_one_before_the_start() -> None:
    form = filled(Act.MEDICINE, **ASKED[Act.MEDICINE][0])
    assert form.is_valid()
    command = command_for(Act.MEDICINE, form, infusing().state, now=NOW)
    assert isinstance(command, c.Record)
    assert isinstance(command.fact, e.MedicineGiven)
    assert command.fact.before_start is False


def test_a_clamp_said_closed_without_a_number_settles_the_newest_stop() -> None:
    walk = infusing()
    walk.ask(c.PauseInfusion())
    (stop,) = walk.ask(c.StopInfusion())
    form = filled(Act.CLAMP_CLOSED)
    assert form.is_valid()
    assert command_for(Act.CLAMP_CLOSED, form, walk.state, now=NOW) == c.ConfirmDone(intent_seq=stop.seq)


def test_what_happened_earlier_carries_its_time_on_the_clinics_clock_and_why_it_is_late() -> None:
    form = filled(Act.NOTE, words="smiled", happened_at="10:12", late_reason="hands full")
    assert form.is_valid()
    command = command_for(Act.NOTE, form, InfusionState(), now=NOW)
    assert command.occurred_at == datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    assert command.late_reason == "hands full"


def test_a_correction_carries_what_takes_the_entrys_place_or_strikes_it() -> None:
    form = filled(Act.CORRECT, corrects_seq="12", how="replace", reason="misread")
    assert form.is_valid()
    right = e.BagRead(left_in_bag_ml=D(54))
    assert correction_for(form, right, now=NOW) == c.CorrectEntry(corrects_seq=12, reason="misread", replacement=right)
    assert correction_for(form, None, now=NOW).replacement is None


@pytest.mark.parametrize("kind", [kind for kind in CORRECTED_WITH if kind not in get_args(Rated)])
def test_a_correction_is_read_from_a_sheet_that_states_the_same_kind(kind: type[e.Fact]) -> None:
    act = CORRECTED_WITH[kind]
    form = filled(act, **ASKED[act][0])
    assert form.is_valid()
    assert type(FACTS[act](form.cleaned_data, InfusionState())) is kind


@pytest.mark.parametrize("kind", get_args(Rated))
def test_a_rate_put_right_is_the_same_entry_with_another_rate(kind: type[Rated]) -> None:
    stood = e.Logged(
        seq=12, act=an_id("act"), kind=kind.__name__, version=1, occurred_at=NOW, recorded_at=NOW, by="person:1",
        fact=kind(rate_ml_per_h=D(150), drops_per_min=50),
    )  # fmt: skip
    wrong = wrong_entry(stood, NOBODY, {"right-rate_ml_per_h": "120"})
    assert wrong.form is not None
    assert wrong.form.is_valid(), wrong.form.errors
    assert wrong.replacement() == kind(rate_ml_per_h=D(120), drops_per_min=50)
    assert not wrong.may_be_struck


@pytest.mark.parametrize("typed", [".5", "0,5", "1e1", "1 000", "٥", "-3", "+4", "5.", "4.555", "1_0", "٤٥"])
def test_a_number_in_any_other_form_is_refused_and_stays_as_typed(typed: str) -> None:
    form = filled(Act.READ_BAG, left_in_bag_ml=typed)
    assert not form.is_valid()
    assert form["left_in_bag_ml"].value() == typed


@pytest.mark.parametrize(
    ("clock", "now", "expected"),
    [
        ("10:42", NOW, NOW.replace(minute=42)),  # a minute ahead is not yesterday
        ("23:50", NOW.replace(hour=0, minute=5), NOW.replace(hour=23, minute=50, second=0) - timedelta(days=1)),
    ],
)
def test_a_time_of_day_is_the_nearest_one(clock: str, now: datetime, expected: datetime) -> None:
    form = filled(Act.NOTE, words="smiled", happened_at=clock)
    assert form.is_valid()
    assert form.occurred_at(now) == expected.replace(microsecond=0)
