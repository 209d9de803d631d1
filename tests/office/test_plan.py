"""From an approved library to a planned infusion, by the pages; and that nothing goes round a limit on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role, Room, Staff
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import UNSIGNED, UNSIGNED_OBSERVATION, LeavingScore, Order, Scale
from stillroom.core.outcomes.instruments import PHQ9
from stillroom.devices.assignments import assign
from stillroom.devices.models import Monitor
from stillroom.infusions.models import Infusion, OrderSetAside, PatientOrder
from stillroom.infusions.reading import state_of
from stillroom.intake.consulting import SAYS, write
from stillroom.intake.consulting import sign as consultation_signed
from stillroom.office.order_form import OrderForm, values_of
from stillroom.office.order_words import lines_of, otherwise
from stillroom.office.worked_out import fan_of, felt_of, work_out
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.writing import fill_in
from stillroom.patients.models import Answer, HistoryAnswer, HistoryItem, Patient, Weight
from stillroom.protocols.library import approve, digest, draft_from_template
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.protocols.signing import draft, sign
from stillroom.schedule.models import Appointment
from tests.cast import LONG_AGO, Cast, signed_in
from tests.devices.premises import make_monitor
from tests.examples import ORDER, PLAN, Walk, infusing
from tests.office.test_today import stored

TEN = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def ada(cast: Cast) -> Client:
    """Everything that an order begins from: library, protocol, weight, appointment."""
    make_ready(cast)
    return signed_in(cast.ada)


def make_ready(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        library = draft_from_template(cast.clinic, cast.ada)
        pia = Actor(Proof.SIGN_IN, cast.pia, cast.clinic, frozenset({Role.LIBRARY_APPROVER}))
        approve(library, pia, seen_digest=digest(library))
        ada = Actor(Proof.SIGN_IN, cast.ada, cast.clinic, frozenset({Role.PRESCRIBER}))
        version = draft(Protocol.objects.create(clinic=cast.clinic, name="Usual"), ORDER, ada)
        sign(version, ada, seen_digest=version.digest)
        expected(cast)


def expected(cast: Cast, patient: Patient | None = None, *, in_days: float = 0) -> Appointment:
    starts_at = TEN + timedelta(days=in_days)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    patient = patient or cast.patient
    return Appointment.objects.create(clinic=cast.clinic, patient=patient, room=cast.room, made_by=cast.fay, **times)


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send back from the page as it stands."""
    typed: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or ("checkbox" in tag and "checked" not in tag):
            continue
        typed.setdefault(name[1], []).append(value[1] if value else "on" if "checkbox" in tag else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"\s*selected', options)
        typed[name] = [chosen[1] if chosen else ""]
    return {name: values for name, values in typed.items() if name != "csrfmiddlewaretoken"}


def address(cast: Cast) -> str:
    return f"/office/patients/{cast.patient.pk}/plan/"


def page_of(client: Client, cast: Cast) -> str:
    return client.get(address(cast)).content.decode()


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def looked(client: Client, cast: Cast, **typed: Any) -> str:
    fields = fields_of(page_of(client, cast)) | typed
    return client.post(address(cast), fields, headers={"X-Look": "1"}).content.decode()


def kept(client: Client, cast: Cast, **typed: Any) -> str:
    """Where the page leads when the order is kept: to its signing."""
    fields = fields_of(page_of(client, cast)) | typed
    answer = client.post(address(cast), fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def sign_at(client: Client, where: str, **crafted: str) -> Any:
    page = client.get(where).content.decode()
    seen = re.search(r'name="seen_digest" value="([0-9a-f]{64})"', page)
    return client.post(where, {"seen_digest": seen[1] if seen else the_draft_digest(where)} | crafted)


def the_draft_digest(where: str) -> str:
    """What a crafted post would send although the page offers no button."""
    order_id = UUID(where.split("/")[3])
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id):
            row = PatientOrder.objects.filter(pk=order_id).first()
            if row:
                return row.digest
    return ""


def infusions(cast: Cast) -> list[Infusion]:
    with clinic_scope(cast.clinic.pk):
        return list(Infusion.objects.filter(patient=cast.patient))


def plans(cast: Cast) -> list[e.InfusionPlanned]:
    with clinic_scope(cast.clinic.pk):
        states = [state_of(each.pk) for each in Infusion.objects.filter(patient=cast.patient)]
    return [state.planned for state in states if state.planned]


def earlier(cast: Cast, *, days_ago: float, walk: Walk | None = None) -> None:
    """An infusion of before, over, as it was told."""
    walk = walk or infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    shift = TEN - timedelta(days=days_ago) - walk.at
    walk.log = [
        replace(each, occurred_at=each.occurred_at + shift, recorded_at=each.recorded_at + shift) for each in walk.log
    ]
    stored(cast, walk)


def test_dose_and_milligrams_stand_together_and_what_that_is(cast: Cast, ada: Client) -> None:
    """70 kg at 0.5 mg/kg is 35 mg: 0.7 mL of a 50 mg/mL vial, in 100 mL 0.35 mg/mL, over 40 min 150 mL/h, and with 20
    drops to the mL 50 drops/min; 15 mL of line hold 5.25 mg. By hand.
    """
    page = words_of(page_of(ada, cast))
    for said in ("35 mg all of it", "0.7 mL", "0.35 mg/mL", "150 mL/h", "0.75 mg/kg/h", "50 drops/min", "5.25 mg"):
        assert said in page, said
    assert "Within the clinic’s limits: 0.1 to 1 mg/kg, 20 to 120 min, up to 100 mg." in page


def test_order_signature_and_room_say_alike_how_long_it_runs_and_what_the_line_keeps(cast: Cast, ada: Client) -> None:
    """(100 - 15) mL at 150 mL/h are 34 min; 29.75 mg of 35 by then, 0.425 mg/kg; 5.25 mg, 0.075 mg/kg in the line."""
    order = words_of(page_of(ada, cast))
    where = kept(ada, cast)
    signing = words_of(ada.get(where).content.decode())
    sign_at(ada, where)
    (infusion,) = infusions(cast)
    room = words_of(ada.get(f"/bedside/{infusion.pk}/").content.decode())
    says = ("34 min after it, with 29.75 mg (0.425 mg/kg) given", "The 5.25 mg in the line", "by minute 40.")
    assert all(said in page for page in (order, signing) for said in says)
    assert "0.075 mg/kg" in order
    assert "the bag is empty about 34 min after the start, and the line then holds 5.25 mg" in room


def test_beside_the_infusions_before_stand_their_phq9_and_this_order_as_the_last(cast: Cast, ada: Client) -> None:
    earlier(cast, days_ago=4)
    with clinic_scope(cast.clinic.pk):
        day = timezone.localdate() - timedelta(days=5)
        fill_in(cast.patient, PHQ9, total=17, day=day, by="person:x", source=Questionnaire.Source.PAPER)
    page = words_of(page_of(ada, cast))
    assert "PHQ-9" in page
    assert re.search(r"0\.5 mg/kg · 35 mg 3\d mg 41 min – – 17", page), page
    assert re.search(r"0\.5 mg/kg · 35 mg – 34 min – – 17", page)


def test_a_look_works_it_out_anew_and_keeps_nothing(cast: Cast, ada: Client) -> None:
    """0.6 mg/kg at 70 kg is 42 mg; over 50 min 120 mL/h and 40 drops/min: the figures of the design picture."""
    page = " ".join(
        re.sub(
            r"<[^>]+>", " ", looked(ada, cast, dose_mg_per_kg="0.60", duration_min="50", syringe_step_ml="0.01")
        ).split()
    )
    for said in ("42 mg", "0.42 mg/mL", "120 mL/h", "0.72 mg/kg/h", "40 drops/min"):
        assert said in page, said
    with clinic_scope(cast.clinic.pk):
        assert not PatientOrder.objects.exists()


def test_signed_the_infusion_is_planned_in_its_room_and_the_order_is_frozen(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    page = ada.get(where).content.decode()
    assert "0.5 mg/kg" in page
    assert "52.5 mg/h" in page  # 35 mg in 40 min
    answer = sign_at(ada, where)
    (planned,) = plans(cast)
    (infusion,) = infusions(cast)
    assert answer.headers["Location"] == f"/bedside/{infusion.pk}/"
    assert (planned.dose_mg, planned.drops_per_min, infusion.room_id) == (35, 50, cast.room.pk)
    with clinic_scope(cast.clinic.pk):
        signed = PatientOrder.objects.get()
    assert (signed.signed_by_id, signed.infusion_id) == (cast.ada.pk, infusion.pk)
    assert ada.get(where).status_code == 302  # nothing to sign any more


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"dose_mg_per_kg": "1.01", "duration_min": "60"}, "over the clinic"),
        ({"duration_min": "19"}, "clinic"),
        ({"fluid_volume_ml": "0"}, "volume"),
        ({"doors": []}, ""),
    ],
)
def test_a_hard_limit_offers_no_signature_and_refuses_a_crafted_one(
    cast: Cast, ada: Client, typed: dict[str, Any], code: str
) -> None:
    fields = fields_of(page_of(ada, cast)) | typed
    answer = ada.post(address(cast), fields)
    if answer.status_code == 302:
        where = answer.headers["Location"]
        assert "seen_digest" not in ada.get(where).content.decode()
        assert sign_at(ada, where, reason_dose="everybody agrees").status_code == 409
    assert infusions(cast) == []


def test_a_soft_limit_asks_for_a_reason_of_its_own_and_it_stands_on_the_chart(cast: Cast, ada: Client) -> None:
    """0.8 mg/kg over 60 min: over 0.75 mg/kg, at 0.8 mg/kg/h within the rate."""
    asked = looked(ada, cast, dose_mg_per_kg="0.8", duration_min="60")
    assert 'name="reason_dose_mg_per_kg_above_soft"' in asked
    where = kept(ada, cast, dose_mg_per_kg="0.8", duration_min="60")
    assert sign_at(ada, where).status_code == 409
    where = kept(ada, cast, reason_dose_mg_per_kg_above_soft="Partial response, well tolerated")
    assert sign_at(ada, where).status_code == 302
    assert [planned.reason for planned in plans(cast)] == ["Partial response, well tolerated"]


@pytest.mark.parametrize(
    "typed", [{"dose_mg_per_kg": "0,5"}, {"dose_mg_per_kg": ".5"}, {"duration_min": "1e1"}, {"by": "12"}]
)
def test_what_is_no_number_is_asked_again_and_what_was_typed_stays(
    cast: Cast, ada: Client, typed: dict[str, str]
) -> None:
    answer = ada.post(address(cast), fields_of(page_of(ada, cast)) | typed)
    assert answer.status_code == 422
    (value,) = typed.values()
    assert value == "12" or f'value="{value}"' in answer.content.decode()


def test_motion_sickness_suggests_and_says_why_and_apfel_names_its_population(cast: Cast, ada: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=cast.patient.pk).update(motion_sickness=Answer.YES)
    page = page_of(ada, cast)
    assert "Motion sickness on record." in page
    assert "adults after general anaesthesia" in page
    given = {"antiemetic_when": "before", "antiemetic_name": "Ondansetron", "antiemetic_dose_mg": "4"}
    assert "Motion sickness on record." not in looked(ada, cast, **given)


def test_more_than_last_time_asks_why_and_former_infusions_say_what_was_given(cast: Cast, ada: Client) -> None:
    earlier(cast, days_ago=4)
    page = page_of(ada, cast)
    assert "0.5 mg/kg · 35 mg" in page
    assert "41 min" in page  # forty, and the minute in which the start was meant and not yet confirmed
    asked = looked(ada, cast, dose_mg_per_kg="0.6", duration_min="48")
    assert "0.1 mg/kg more than last time" in asked
    assert "Over: 48 min instead of 40" in asked


def test_a_second_infusion_on_one_day_is_refused_whoever_signs(cast: Cast, ada: Client) -> None:
    earlier(cast, days_ago=0.2)
    where = kept(ada, cast)
    assert "infusion number 2 on one day" in ada.get(where).content.decode()
    assert sign_at(ada, where).status_code == 409
    assert len(infusions(cast)) == 1


def test_one_still_to_come_counts_too(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast))
    with clinic_scope(cast.clinic.pk):
        later = expected(cast, in_days=0.125)
    where = kept(ada, cast, appointment=str(later.pk))
    assert sign_at(ada, where).status_code == 409
    assert len(infusions(cast)) == 1


def test_a_ten_fold_order_waits_for_a_second_clinician_who_is_somebody_else(cast: Cast, ada: Client) -> None:
    """0.1 mg/kg after 0.5 is a fifth: two look."""
    earlier(cast, days_ago=4)
    reasons = {"reason_far_from_last_order": "begun anew, gently", "reason_order_changed": "begun anew, gently"}
    where = kept(ada, cast, dose_mg_per_kg="0.1", **reasons)
    assert sign_at(ada, where).status_code == 409
    looks = where.replace("/sign/", "/second/")
    assert sign_at(ada, looks).status_code == 409  # she wrote it
    assert sign_at(signed_in(cast.fay), looks).status_code == 403
    assert sign_at(signed_in(cast.sig), looks).status_code == 302
    assert sign_at(ada, where).status_code == 302


def test_a_look_counts_only_for_what_was_looked_at(cast: Cast, ada: Client) -> None:
    earlier(cast, days_ago=4)
    reasons = {"reason_far_from_last_order": "gently", "reason_order_changed": "gently"}
    looks = kept(ada, cast, dose_mg_per_kg="0.1", **reasons).replace("/sign/", "/second/")
    assert sign_at(signed_in(cast.ben), looks).status_code == 302
    where = kept(ada, cast, dose_mg_per_kg="0.09", **reasons, reason_dose_mg_per_kg_below_soft="gently")
    assert sign_at(ada, where).status_code == 409


def test_what_was_not_on_the_screen_is_not_signed(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    assert ada.post(where, {"seen_digest": "0" * 64}).status_code == 409
    drawn = the_draft_digest(where)
    kept(ada, cast, duration_min="45")
    assert ada.post(where, {"seen_digest": drawn}).status_code == 409
    assert infusions(cast) == []


def test_of_two_who_draft_one_order_both_are_shown_and_both_are_kept(cast: Cast, ada: Client) -> None:
    """A second prescriber begins on the same empty page; the slower one overwrites nothing."""
    with clinic_scope(cast.clinic.pk):
        Staff.objects.create(
            clinic=cast.clinic, person=cast.nan, role=Role.PRESCRIBER, short_name="N. L.", from_date=LONG_AGO
        )
    nan = signed_in(cast.nan)
    seen = fields_of(page_of(nan, cast))
    kept(ada, cast, duration_min="45")
    answer = nan.post(address(cast), seen | {"duration_min": "50", "dose_mg_per_kg": "0.4"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ada Okafor wrote this order while you did." in page
    for cells in ("<td>Over</td><td>45 min</td><td>50 min</td>", "<td>Dose</td><td>0.5 mg/kg</td><td>0.4 mg/kg</td>"):
        assert cells in page
    assert 'name="duration_min" value="50"' in page
    with clinic_scope(cast.clinic.pk):
        assert PatientOrder.objects.get().drafted_by == cast.ada
        assert OrderSetAside.objects.get().written_by == cast.nan
    assert "Written at the same time, kept beside this draft (1)" in page_of(ada, cast)
    together = nan.post(address(cast), fields_of(page))  # she has seen both now
    assert together.status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert PatientOrder.objects.get().drafted_by == cast.nan


def test_a_draft_is_not_kept_over_an_order_that_a_colleague_signed_meanwhile(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    late = fields_of(page_of(ada, cast)) | {"duration_min": "50"}
    sign_at(ada, where)
    answer = ada.post(address(cast), late)
    assert answer.status_code == 409
    assert "Ada Okafor signed an order for Pat Example while you wrote yours." in answer.content.decode()
    assert ada.post(address(cast), fields_of(answer.content.decode())).status_code == 302


def test_the_same_draft_sent_twice_is_one(cast: Cast, ada: Client) -> None:
    fields = fields_of(page_of(ada, cast))
    assert [ada.post(address(cast), fields).status_code for _ in range(2)] == [302, 302]
    with clinic_scope(cast.clinic.pk):
        assert not OrderSetAside.objects.exists()


def test_weighed_again_it_is_worked_out_again_before_it_is_signed(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    with clinic_scope(cast.clinic.pk):
        Weight.objects.create(clinic=cast.clinic, patient=cast.patient, weight_kg="71.50", measured_by=cast.ben)
    assert sign_at(ada, where).status_code == 409
    assert sign_at(ada, kept(ada, cast)).status_code == 302
    assert [planned.weight_kg for planned in plans(cast)] == [Decimal("71.50")]


def test_an_old_weight_asks(cast: Cast, ada: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        measured_at = timezone.now() + timedelta(seconds=-1)
        Weight.objects.create(
            clinic=cast.clinic, patient=cast.neighbour, weight_kg="70", measured_by=cast.ben,
            measured_at=measured_at - timedelta(days=9),
        )  # fmt: skip
        expected(cast, cast.neighbour, in_days=2)
    page = ada.get(f"/office/patients/{cast.neighbour.pk}/plan/").content.decode()
    assert "Weighed 9 days ago" in page


def says(cast: Cast, question: str, said: str) -> None:
    with clinic_scope(cast.clinic.pk):
        HistoryAnswer.objects.create(
            clinic=cast.clinic, patient=cast.patient, question=question, said=said, told_by="x", stated_by=cast.ben
        )


def test_what_speaks_against_it_is_judged_again_at_the_order_and_each_yes_has_its_own_reason(
    cast: Cast, ada: Client
) -> None:
    says(cast, "vessels", "yes")
    says(cast, "heart", "yes")
    says(cast, "liver", "unknown")
    page = page_of(ada, cast)
    assert "Asked, not known: Liver disease. That is not a no: ask, or say why it may stay open." in words_of(page)
    reasons = {"reason_speaks_against.vessels": "Clipped in 2012", "reason_screening_open": "Blood is taken today"}
    where = kept(ada, cast, **reasons)
    assert sign_at(ada, where).status_code == 409  # the heart has no word of its own
    where = kept(ada, cast, **reasons, **{"reason_asks_for_care.heart": "Echo without findings"})
    assert sign_at(ada, where).status_code == 302
    assert plans(cast)[0].reason == "Clipped in 2012; Echo without findings; Blood is taken today"


def test_what_changes_between_draft_and_signature_is_not_signed_past(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    says(cast, "pregnancy", "yes")
    answer = sign_at(ada, where)
    assert answer.status_code == 409
    assert "Pregnant or breast-feeding: yes." in words_of(answer.content.decode())
    assert infusions(cast) == []


def test_what_came_into_the_record_is_named_and_asks_until_an_order_was_signed_with_it(cast: Cast, ada: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        HistoryItem.objects.create(
            clinic=cast.clinic, patient=cast.patient, kind="medicine", words="Theophylline 300 mg", told_by="x",
            stated_by=cast.ben,
        )  # fmt: skip
    assert "Theophylline 300 mg" in page_of(ada, cast)
    assert sign_at(ada, kept(ada, cast)).status_code == 409
    where = kept(ada, cast, reason_new_in_record="Level is low; seizures asked about")
    assert "Theophylline 300 mg" in ada.get(where).content.decode()
    assert sign_at(ada, where).status_code == 302
    assert "Theophylline" not in page_of(ada, cast)


def test_the_word_of_the_signed_consultation_is_offered_and_gone_once_the_answer_changes(
    cast: Cast, ada: Client
) -> None:
    says(cast, "vessels", "yes")
    because = {"assessment": "TRD", "decision": "treat", "because": "Clipped in 2012, cleared"}
    with clinic_scope(cast.clinic.pk):
        who = Actor(Proof.SIGN_IN, cast.ada, cast.clinic, frozenset({Role.PRESCRIBER}))
        text = write(who, cast.patient, {**dict.fromkeys(SAYS, ""), **because}, seen="").text
        assert consultation_signed(who, text.consultation, seen=str(text.pk))
    offered = 'value="Clipped in 2012, cleared (Ada Okafor, consultation of'
    assert offered in page_of(ada, cast)
    says(cast, "vessels", "yes")
    assert offered not in page_of(ada, cast)


def test_signed_for_tomorrow_and_cancelled_is_said_before_a_start_today(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast))
    (infusion,) = infusions(cast)
    with clinic_scope(cast.clinic.pk):
        Appointment.objects.filter(patient=cast.patient).update(cancelled_at=timezone.now(), cancelled_because="ill")
    page = words_of(ada.get(f"/bedside/{infusion.pk}/").content.decode())
    assert "Otherwise than when the order was signed" in page
    assert f"This order is for {TEN:%A, %-d %B}, not for today." in page
    assert "The appointment that this order was written for is cancelled." in page


def test_the_next_order_for_the_same_time_takes_the_place_of_the_first(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast))
    (first,) = infusions(cast)
    where = kept(ada, cast, duration_min="45", reason_next_version="comes later than thought")
    assert "given up" in ada.get(where).content.decode()
    assert sign_at(ada, where).status_code == 302
    by_id = {each.pk: each.status for each in infusions(cast)}
    assert by_id.pop(first.pk) == "abandoned"
    assert list(by_id.values()) == ["planned"]


def test_the_next_version_says_what_changed_and_asks_why(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast))
    asked = looked(ada, cast, duration_min="45")
    assert "An order for this visit is signed already" in asked
    assert "Over: 45 min instead of 40" in asked
    where = kept(ada, cast, duration_min="45")
    page = words_of(ada.get(where).content.decode())
    assert "Over: 45 min instead of 40" in page
    assert "No reason yet." in page
    assert "Sign, and plan the infusion" not in page
    assert sign_at(ada, where).status_code == 409
    assert [each.status for each in infusions(cast)] == ["planned"]
    where = kept(ada, cast, duration_min="45", reason_next_version="comes later than thought")
    assert sign_at(ada, where).status_code == 302
    (plan,) = [each for each in plans(cast) if each.order.duration_min == 45]
    assert plan.reason is not None
    assert "comes later than thought" in plan.reason


def test_the_same_order_once_more_asks_nothing(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast))
    assert "An order for this visit is signed already" not in looked(ada, cast)


def test_a_room_that_is_no_longer_private_holds_no_infusion(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    with clinic_scope(cast.clinic.pk):
        Room.objects.filter(pk=cast.room.pk).update(is_private=False)
    answer = sign_at(ada, where)
    assert answer.status_code == 409
    assert "another patient could see or hear" in answer.content.decode()
    assert infusions(cast) == []


@pytest.mark.parametrize(("who", "status"), [("fay", 403), ("ben", 403), ("sig", 403), ("pia", 403), ("cleo", 403)])
def test_a_crafted_signature_of_another_role_is_refused(cast: Cast, ada: Client, who: str, status: int) -> None:
    where = kept(ada, cast)
    crafted = {"seen_digest": the_draft_digest(where)}
    somebody = signed_in(getattr(cast, who))
    assert somebody.post(where, crafted).status_code == status
    assert somebody.post(address(cast), fields_of(page_of(ada, cast))).status_code == status
    assert infusions(cast) == []


def test_signing_asks_who_it_is_once_more_and_the_draft_is_not_lost(cast: Cast, ada: Client) -> None:
    where = kept(ada, cast)
    hours_later = signed_in(cast.ada, recently=False)
    assert hours_later.get(where).headers["Location"].startswith("/accounts/reauthenticate/")
    assert hours_later.post(where, {"seen_digest": the_draft_digest(where)}).status_code == 403
    assert infusions(cast) == []


def test_what_is_missing_is_said_with_who_does_it(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    page = page_of(ada, cast)
    assert "No drug library is approved." in page
    assert "second signer" in page
    assert "No appointment." in page
    assert ada.post(address(cast), {"dose_mg_per_kg": "0.5"}).status_code == 200
    assert infusions(cast) == []


PROTOCOL = "/office/protocols/"


def test_a_protocol_is_written_judged_signed_and_the_next_says_why(cast: Cast, ada: Client) -> None:
    fields = fields_of(ada.get(f"{PROTOCOL}new/").content.decode()) | {"name": "Gentle", "dose_mg_per_kg": "0.4"}
    assert (
        "over the clinic"
        in ada.post(f"{PROTOCOL}new/", fields | {"dose_mg_per_kg": "1.2"}, headers={"X-Look": "1"}).content.decode()
    )
    where = ada.post(f"{PROTOCOL}new/", fields).headers["Location"]
    assert sign_at(ada, where).status_code == 302
    with clinic_scope(cast.clinic.pk):
        protocol = Protocol.objects.get(name="Gentle")
    again = f"{PROTOCOL}{protocol.pk}/next/"
    changed = fields_of(ada.get(again).content.decode()) | {"duration_min": "50"}
    assert ada.post(again, changed | {"why": ""}).status_code == 422
    ada.post(again, changed | {"why": "less dizzy at the end"})
    page = ada.get(f"{PROTOCOL}{protocol.pk}/").content.decode()
    assert "Over: 50 min instead of 40" in page
    assert "less dizzy at the end" in page
    with clinic_scope(cast.clinic.pk):
        versions = ProtocolVersion.objects.filter(protocol=protocol)
        assert [each.signed_at is not None for each in versions] == [False, True]


def test_a_nurse_reads_protocols_and_writes_none(cast: Cast, ada: Client) -> None:
    ben = signed_in(cast.ben)
    assert ben.get(PROTOCOL).status_code == 200
    assert ben.get(f"{PROTOCOL}new/").status_code == 403


def test_the_planned_course_is_that_of_the_bag_and_line_and_says_what_might_be_felt() -> None:
    """100 mL at 150 mL/h, 15 of them in the line: 85 mL are in after 34 min, as in the room; the rest waits."""
    worked = work_out(ORDER, Decimal(70))
    fan, felt = fan_of(worked, age_y=41), felt_of(worked, age_y=41)
    assert fan is not None
    assert felt is not None
    assert [line.name for line in fan.plasma.lines] == ["Kamp 2020", "Domino 1984", "Clements 1981"]
    assert float(fan.plasma.drip_end.rstrip("%")) == pytest.approx(34 / 150 * 100, abs=0.05)
    assert felt.highest_least_percent < 10
    assert felt.highest_most_percent > 50
    assert fan_of(worked, age_y=12) is None
    assert felt_of(worked, age_y=12) is None


def test_an_order_says_when_staff_are_called_or_leaves_it_to_stillroom(cast: Cast, ada: Client) -> None:
    form = OrderForm(clinic=cast.clinic, vials=[Decimal(50)], initial=values_of(ORDER))
    said = {name: value for name, value in form.initial.items() if value is not None and name != "alarms"}

    def ordered(**typed: Any) -> Order:
        written = OrderForm(said | typed, clinic=cast.clinic, vials=[Decimal(50)], initial=form.initial)
        assert written.is_valid(), written.errors
        return written.order

    assert ordered().alarms is None
    own = ordered(high_escalates_after_s="20", values_sound="no")
    assert own.alarms == replace(UNSIGNED, high_escalates_after_s=20, values_sound=False)
    lines = {line.label: line.value for line in lines_of(own)}
    assert lines["Figures beyond a limit"] == "seen here, the monitor sounds"
    (change,) = otherwise(ORDER, own)
    assert (change.label, change.before) == ("When staff are called", "as Stillroom does by itself")
    assert "a high alarm nobody answers calls others after 20 s" in change.after


def test_an_order_says_from_which_symptom_somebody_is_called(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast, anxious_from="5", nauseous_from="8"))
    (planned,) = plans(cast)
    assert planned.order.alarms is not None
    assert (planned.order.alarms.anxious_from, planned.order.alarms.nauseous_from) == (5, 8)
    page = fields_of(page_of(ada, cast))
    assert (page["anxious_from"], page["nauseous_from"]) == (["5"], ["8"])


def test_an_order_that_waits_for_less_than_its_rooms_monitor_takes_is_not_signed(cast: Cast, ada: Client) -> None:
    assert "sends only every" not in looked(ada, cast)
    monitor = make_monitor(cast.clinic, interval_s=30)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, cast.room, at=timezone.now() - timedelta(minutes=1), by=None)
    assert "a monitor of this room sends only every 30 s" in looked(ada, cast)
    assert "sends only every" not in looked(ada, cast, grave_delay_s="30", limit_delay_s="30")


def test_an_order_waits_for_the_slowest_device_that_is_judged_in_its_room(cast: Cast, ada: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        at = timezone.now() - timedelta(minutes=1)
        assign(make_monitor(cast.clinic, interval_s=5, bed="A"), cast.room, at=at, by=None)
        beside = make_monitor(cast.clinic, interval_s=60, bed="B", is_beside=True)
        assign(beside, cast.room, at=at, by=None)
    assert "sends only every" not in looked(ada, cast), "it counts for nothing"
    with clinic_scope(cast.clinic.pk):
        Monitor.objects.filter(pk=beside.pk).update(goes_first_for=["etco2_mmhg"])
    assert "sends only every" not in looked(ada, cast), "nobody is called by it"
    with clinic_scope(cast.clinic.pk):
        Monitor.objects.filter(pk=beside.pk).update(goes_first_for=["spo2_percent"])
    assert "a monitor of this room sends only every 60 s" in looked(ada, cast)


def test_a_protocol_that_waits_for_less_than_any_monitor_takes_is_not_signed(cast: Cast, ada: Client) -> None:
    monitor = make_monitor(cast.clinic, interval_s=30)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, cast.room, at=timezone.now() - timedelta(minutes=1), by=None)
    fields = fields_of(ada.get(f"{PROTOCOL}new/").content.decode()) | {"dose_mg_per_kg": "0.4"}
    for name, delay_s, answer in (("Hasty", "10", 409), ("Slow", "30", 302)):
        typed = fields | {"name": name, "grave_delay_s": delay_s, "limit_delay_s": delay_s}
        where = ada.post(f"{PROTOCOL}new/", typed).headers["Location"]
        assert sign_at(ada, where).status_code == answer
        with clinic_scope(cast.clinic.pk):
            assert (ProtocolVersion.objects.get(protocol__name=name).signed_at is not None) is (answer == 302)


def test_an_order_says_which_score_is_reached_before_a_door_opens(cast: Cast, ada: Client) -> None:
    asked = {"leaving_scale": "padss", "leaving_at_least": "9", "leaving_times": "2"}
    sign_at(ada, kept(ada, cast, **asked, leaving_apart_min="15"))
    (planned,) = plans(cast)
    wanted = LeavingScore(scale=Scale.PADSS, at_least=9, times=2, apart_min=15)
    assert planned.order.leaving_score == wanted
    (line,) = [line.value for line in lines_of(planned.order) if line.label == "Before a door opens"]
    assert line == "PADSS"
    (change,) = otherwise(replace(ORDER, leaving_score=None), replace(ORDER, leaving_score=wanted))
    assert (change.before, change.after) == ("none", "PADSS, 9 of 10, 2 in a row, 15 min apart")


def test_an_order_says_what_is_worth_a_glance_and_what_is_asked(cast: Cast, ada: Client) -> None:
    sign_at(ada, kept(ada, cast, sbp_glance_high_mmhg="150", baseline_sets="3", detached_back_to_base="no"))
    (planned,) = plans(cast)
    assert planned.order.observation is not None
    assert ORDER.observation is not None
    said = {"sbp_glance_high_mmhg": 150, "baseline_sets": 3, "detached_back_to_base": False}
    assert planned.order.observation == replace(ORDER.observation, **said)
    page = fields_of(page_of(ada, cast))
    assert (page["sbp_glance_high_mmhg"], page["baseline_sets"]) == (["150"], ["3"])


def test_an_order_of_which_nothing_is_said_has_no_observation_of_its_own(cast: Cast) -> None:
    silent = replace(ORDER, observation=None)
    said = {name: value for name, value in values_of(silent).items() if value is not None}
    form = OrderForm(said, clinic=cast.clinic, vials=[Decimal(50)])
    assert form.is_valid(), form.errors
    assert form.order.observation is None
    own = replace(silent, observation=replace(UNSIGNED_OBSERVATION, baseline_sets=3))
    lines = {line.label: line.value for line in lines_of(own)}
    assert lines["Vital signs are taken"] == "3"
    assert lines["Worth a glance: oxygen below"] == "95"
    (change,) = otherwise(silent, own)
    assert (change.label, change.before) == ("Worth a glance, and what is asked", "as Stillroom does by itself")
    assert "vital signs are taken 3 times" in change.after
    assert "no more detached than before the start yes" in change.after


def test_under_its_legend_a_level_is_called_by_its_short_name_and_elsewhere_by_the_whole_one(
    cast: Cast, ada: Client
) -> None:
    page = page_of(ada, cast)
    (glances,) = [each for each in re.findall(r"<fieldset.*?</fieldset>", page, re.S) if "spo2_glance_percent" in each]
    assert "While it runs: worth a glance" in words_of(re.findall(r"<legend>.*?</legend>", glances, re.S)[0])
    labels = re.findall(r"<label[^>]*>([^<]*)</label>", glances)
    assert labels[:3] == ["Oxygen below", "Upper pressure above", "Lower pressure above"]
    assert "Worth a glance" not in "".join(labels)
    said = fields_of(page) | {"spo2_glance_percent": "9,5"}
    refused = words_of(ada.post(address(cast), said).content.decode())
    assert "Worth a glance: oxygen below : Use a point" in refused


def test_a_level_that_could_never_be_seen_is_said_while_it_is_written_and_is_not_signed(
    cast: Cast, ada: Client
) -> None:
    sentence = "Worth a glance is an upper pressure above 181 mmHg, but staff are told above 180 mmHg already"
    assert sentence not in looked(ada, cast, sbp_glance_high_mmhg="180")
    assert sentence in looked(ada, cast, sbp_glance_high_mmhg="181")
    assert sign_at(ada, kept(ada, cast, sbp_glance_high_mmhg="181")).status_code == 409
    assert plans(cast) == []


def test_a_protocol_that_asks_again_before_it_asked_is_not_signed(cast: Cast, ada: Client) -> None:
    fields = fields_of(ada.get(f"{PROTOCOL}new/").content.decode()) | {"dose_mg_per_kg": "0.4"}
    for name, again, answer in (("Twice at once", "40", 409), ("Later", "41", 302)):
        typed = fields | {"name": name, "detached_asked_at_min": "40", "detached_asked_again_at_min": again}
        where = ada.post(f"{PROTOCOL}new/", typed).headers["Location"]
        assert ("again after 40 min, which is not later" in ada.get(where).content.decode()) is (answer == 409)
        assert sign_at(ada, where).status_code == answer
