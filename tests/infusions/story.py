"""Infusions in which every kind of entry stands: a whole afternoon, one abandoned, one of the wrong patient, a pump."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Door, Scale
from stillroom.core.safety import PreflightItem, Reply
from stillroom.core.safety.recovery_scales import PADSS
from tests.cast import Cast
from tests.examples import ADA, BEN, BY_PUMP, DEE, DISPLAY, ORDER, PLAN, VITALS, WATCH, an_id
from tests.infusions.rooms import Room, all_but_ready, done, infusing, opened

CLEAR = e.RecoveryChecked(
    awake=e.Awake.ALERT, oriented=True, breathing_steady=True, on_feet=e.OnFeet.STEADY, vomiting=False,
    on_room_air=True, effects_gone=True, sbp_mmhg=150, dbp_mmhg=92, pulse_per_min=64, spo2_percent=98,
    tired=e.Tired.TIRED,
)  # fmt: skip


def told(cast: Cast) -> list[Room]:
    whole = infusing(cast)
    _during(whole)
    _rates(whole)
    _to_the_way_home(whole)
    return [whole, _abandoned(cast), _reassigned(cast), _by_pump(cast)]


def _during(room: Room) -> None:
    room.at += timedelta(minutes=10)
    seen: list[e.Fact] = [
        e.RoomTaken(),
        e.RoomOffered(to=an_id("colleague"), words="likes the window open"),
        e.DropsCounted(drops=25, seconds=Decimal("30.5")),
        e.DripDisturbed(),
        e.BagRead(left_in_bag_ml=Decimal(90)),
        VITALS,
        e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=14, detached=6, anxious=2, nauseous=1),
        e.MedicineGiven(
            name="ondansetron", amount=Decimal(4), unit="mg", route="IV", before_start=False, reason="nausea"
        ),
        e.ComfortSet(item="music", choice="no words"),
        e.HelpCalled(),
        e.HelpStepDone(step="oxygen"),
        e.HelpEnded(),
        e.NoteAdded(words="“Łódź”, she says,\nand laughs"),
    ]
    for fact in seen:
        done(room.record(fact))
    _eased(room)
    noticed: list[e.Fact] = [
        e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="91", limit="92"),
        e.MonitorLost(monitor=an_id("monitor"), last_heard_at=room.at),
        e.MonitorFound(monitor=an_id("monitor")),
        e.WatchResumed(since=room.at - timedelta(seconds=65), until=room.at),
        e.SourceChanged(
            signal="spo2_percent", to=an_id("oximeter"), to_name="oximeter", before_name="monitor", why=e.Why.SILENT
        ),
        e.PulseSourceChanged(to="heart_rate_per_min", before="pulse_per_min", why=e.Why.INVALID),
        e.AlarmCleared(condition="spo2_low"),
    ]
    done(room.record(noticed[0], WATCH))
    done(room.record(e.AlarmShown(condition="spo2_low", can_sound=True), WATCH))
    done(room.record(e.AlarmEscalated(condition="spo2_low", step=1, called=e.Called.SCREENS), WATCH))
    done(room.act(c.PauseSound(condition="spo2_low", for_s=60, screen=an_id("screen"))))
    done(room.record(e.SoundResumed(condition="spo2_low")))
    done(room.act(c.ChangeLimit(limit="spo2_low_percent", value=94, reason="asthma as a child")))
    done(room.record(e.AlarmAcknowledged(condition="spo2_low")))
    for fact in noticed[1:]:
        done(room.record(fact, WATCH))
    done(room.record(e.AlarmRaised(condition="review_wanted", priority=e.Priority.MEDIUM), WATCH))
    done(room.record(e.AlarmsReviewed(), ADA))
    done(room.record(e.AlarmAcknowledged(condition="review_wanted"), ADA))
    done(room.record(e.AlarmCleared(condition="review_wanted"), WATCH))
    late = c.Record(fact=e.NoteAdded(words="calm"), occurred_at=room.at - timedelta(minutes=9), late_reason="busy")
    done(room.act(replace(late)))
    vitals_seq = next(entry.seq for entry in reversed(room.log) if entry.kind == "VitalsCharted")
    corrected = replace(VITALS, sbp_mmhg=121)
    done(room.act(c.CorrectEntry(corrects_seq=vitals_seq, reason="read wrongly", replacement=corrected)))


def _eased(room: Room) -> None:
    """What was set, tried and given for comfort, whether it helped, and advice that was waved away."""
    eased: list[e.Fact] = [
        e.ComfortSet(item="lights", choice="lowered"),
        e.CalmingTried(step="eyes"),
        e.EffectNoted(of_seq=room.state.medicines[0].seq, effect=e.Effect.HELPED),
        e.AdviceDismissed(code="fright", level=5, reason="asleep by now"),
    ]
    for fact in eased:
        done(room.record(fact))


def _rates(room: Room) -> None:
    done(room.act(c.SetRate(rate_ml_per_h=Decimal(120)), after_min=3))
    done(room.confirm(after_min=1))
    done(room.act(c.SetRate(rate_ml_per_h=Decimal(90))))
    done(room.act(c.ReportNotDone(intent_seq=room.state.pending[-1].seq)))
    faster = c.SetRate(rate_ml_per_h=Decimal(190), reason="pressure steady", prescriber=ADA.person)
    done(room.act(faster, BEN, after_min=1))
    naming = room.state.named[-1].seq
    done(room.confirm())
    done(room.act(c.ConfirmNaming(named_seq=naming), ADA))
    done(room.act(c.PauseInfusion(), after_min=2))
    done(room.confirm())
    done(room.act(c.ResumeInfusion(), after_min=4))
    done(room.confirm())
    done(room.record(e.StreamSeen()))
    done(room.act(c.StopInfusion(), DISPLAY, after_min=20))
    done(room.confirm(DISPLAY))
    done(room.record(e.LineFlushed(volume_ml=Decimal(20), duration_min=Decimal(2))))
    done(room.act(c.EndInfusion(left_in_bag_ml=Decimal("11.5"))))


def _to_the_way_home(room: Room) -> None:
    for minutes in (15, 30, 45):
        done(room.act(c.CheckRecovery(check=CLEAR), after_min=minutes))
    done(room.act(c.ScoreRecovery(scale=Scale.PADSS, points=dict.fromkeys(PADSS.tapped, 2))))
    done(room.record(e.PressureAccepted(reason="as on most days, well"), ADA))
    override = c.OverrideDoor(
        door=Door.WHEN_CLEAR,
        conditions=("instructions_not_given",),
        second=BEN.person,
        reason="wants to be alone",
        insists=True,
        advised="to go with somebody",
    )
    done(room.act(override, ADA))
    done(room.act(c.AgreeToOverride(overridden_seq=room.state.last_seq), BEN))
    done(room.record(e.LineRemoved()))
    done(room.record(e.RiskSettled(outcome=e.Risk.NO_CONCERN)))
    done(room.record(e.InstructionsGiven()))
    done(
        room.act(
            c.SendHome(
                door=Door.WITH_ADULT,
                travels_by="taxi",
                drives=False,
                witness=an_id("dee"),
                adult_name="Robin Example",
                adult_relation="brother",
                adult_phone="+000 2",
            )
        )
    )
    done(room.act(c.SignChart(meaning="seen and right"), ADA, after_min=30))


def _abandoned(cast: Cast) -> Room:
    room = all_but_ready(cast, replace(PLAN, order=replace(ORDER, second_patient_check=True)))
    done(room.record(e.PreflightAnswered(item=PreflightItem.FASTING, reply=Reply.PROBLEM, words="ate at seven")))
    done(room.act(c.DeclareReady(reason="two hours will have passed", prescriber=ADA.person), BEN))
    done(room.act(c.CheckPatient(), DEE))
    done(room.act(c.AbandonInfusion(reason="ate an hour ago"), BEN))
    return room


def _reassigned(cast: Cast) -> Room:
    room = opened(cast)
    done(room.act(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk), ADA))
    wrong = c.ReassignInfusion(patient=cast.neighbour.pk, second_person=an_id("dee"), reason="two of one name")
    done(room.act(wrong, BEN))
    done(room.act(replace(wrong, second_person=an_id("ada"), reason="Dee has gone home"), BEN))
    done(room.act(c.AgreeToReassignment(reassigned_seq=room.state.last_seq), ADA))
    return room


def _by_pump(cast: Cast) -> Room:
    room = infusing(cast, BY_PUMP)
    done(room.record(e.PumpRateRead(rate_ml_per_h=Decimal("149.9")), after_min=5))
    done(room.act(c.NoteRestored(occurred_at=room.at - timedelta(minutes=1)), WATCH))
    done(room.act(c.ReportNotDone(intent_seq=room.state.pending[-1].seq)))
    done(room.act(c.StopInfusion(), DISPLAY))
    done(room.confirm(DISPLAY))
    done(room.act(c.EndInfusion(left_in_bag_ml=Decimal(60)), BEN))
    done(room.record(e.TakenToHospital(where="St Anna", handed_to="crew 4", line_stays=True, reason="did not wake")))
    return room
