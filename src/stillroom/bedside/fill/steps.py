"""The two ways, to the drip and home: what is done of each, and what to do about the rest."""

from __future__ import annotations

from operator import attrgetter

from stillroom.bedside import parts as p
from stillroom.bedside.fill.tiles import sent_now
from stillroom.bedside.sheets import Act
from stillroom.bedside.situation import Situation
from stillroom.core.drip.exact import shown
from stillroom.core.errors import Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.baseline import judge_baseline
from stillroom.core.infusion.due import check_due_at, left_out, observed_until
from stillroom.core.infusion.override import is_over, lifted, may_be_lifted
from stillroom.core.infusion.recovery import facts_of, judge_door, leaving_by, open_conditions, unmet
from stillroom.core.infusion.scored import last_of, reckoned_points
from stillroom.core.infusion.state import AFTER, BEFORE_INFUSING, Status, observation_of
from stillroom.core.order import Door
from stillroom.core.safety import ITEMS
from stillroom.core.safety.consent import Consented
from stillroom.core.safety.preflight import judge_preflight
from stillroom.core.safety.recovery_scales import SCALES, RecoveryScale

WAY_HOME: dict[str, tuple[str, Act | None]] = {
    "no_recent_check": ("check", Act.CHECK),
    "not_awake_and_oriented": ("awake", None),
    "breathing_not_steady": ("breathing", None),
    "saturation_not_steady": ("saturation", None),
    "pressure_not_near_arrival": ("pressure", Act.ACCEPT_PRESSURE),
    "vomiting": ("vomiting", None),
    "not_safe_on_feet": ("feet", None),
    "detachment_not_back": ("detached", None),
    "symptom_now": ("symptom", None),
    "high_alarm_open": ("alarm", None),
    "help_is_called": ("help", Act.HELP_OVER),
    "line_not_out": ("line_out", Act.LINE_OUT),
    "risk_not_settled": ("risk", Act.SETTLE_RISK),
    "instructions_not_given": ("instructions", Act.INSTRUCTIONS),
    "observation_not_over": ("observation", None),
    "score_not_reached": ("score", None),
}
"""The core's conditions for either door: the step each is shown as, and the act that meets it, if not a check."""


def fill_before(now: Situation) -> tuple[p.Step, ...]:
    if now.state.status not in BEFORE_INFUSING:
        return ()
    return (
        *_record(now),
        _step("arrived", now.state.status is not Status.PLANNED, Act.ARRIVE),
        *_consent(now),
        _questions(now),
        *_baseline(now),
        *_antiemetic(now),
        _line(now),
        *_bag(now),
        _step("ready", now.state.status is Status.READY, Act.READY),
        *_patient_checked(now),
        _step("sound", now.can_be_heard),
    )


def fill_questions(now: Situation) -> tuple[p.Question, ...]:
    """The last answer to each question of the list, or that it was not asked."""
    in_time = sorted(now.surviving, key=attrgetter("occurred_at"))
    answers = {entry.fact.item: entry for entry in in_time if isinstance(entry.fact, e.PreflightAnswered)}
    questions = []
    for item in ITEMS:
        entry = answers.get(item)
        fact = entry.fact if entry else None
        on_record = now.patient.on_record.get(item, "")
        if entry is None or not isinstance(fact, e.PreflightAnswered):
            questions.append(p.Question(item=item, on_record=on_record))
            continue
        by, at = now.name_of(entry.by), entry.occurred_at
        questions.append(p.Question(item=item, reply=fact.reply, words=fact.words, at=at, by=by, on_record=on_record))
    return tuple(questions)


def fill_home(now: Situation) -> p.WayHome | None:
    if now.state.status not in AFTER:
        return None
    conditions = open_conditions(now.state, at=now.at)
    return p.WayHome(
        steps=tuple(_condition(now, code, is_met) for code, is_met in conditions.items()),
        doors=tuple(_door(now, door) for door in Door if _is_a_way(now, door)),
        checks_done=len(now.state.checks),
        next_check_at=check_due_at(now.state, sent_now(now)),
        left_out=left_out(now.state, sent_now(now)),
        earliest_at=observed_until(now.state),
        scores=tuple(_score(now, scale) for scale in SCALES.values()),
        override=_override(now),
        may_lift=_may_lift(now),
    )


def _step(code: str, is_met: bool, act: Act | None = None, **facts: str) -> p.Step:
    return p.Step(code=code, is_met=is_met, act=None if is_met else act, facts=facts)


def _condition(now: Situation, code: str, is_met: bool) -> p.Step:
    step, act = WAY_HOME[code]
    facts = facts_of(now.state, code)
    if "waits_for" in facts:
        facts["waits_for"] = now.name_of(f"person:{facts['waits_for']}")
    if act is Act.SETTLE_RISK:  # asked again when they say something new
        return p.Step(code=step, is_met=is_met, act=act, facts=facts)
    return _step(step, is_met, act, **facts)


def _questions(now: Situation) -> p.Step:
    good_for_min = now.planned.order.intervals.preflight_good_for_min
    findings = judge_preflight(now.state.replies, at=now.at, good_for_min=good_for_min)
    missing = sum(finding.severity is Severity.HARD for finding in findings)
    problems = len(findings) - missing
    facts = {"answered": str(len(ITEMS) - missing), "of": str(len(ITEMS))}
    return _step("preflight", missing == 0, Act.PREFLIGHT, **facts, **({"problems": str(problems)} if problems else {}))


def _baseline(now: Situation) -> tuple[p.Step, ...]:
    """Vital signs as often as the order wants them before the start, and a look, where it wants one."""
    found = {finding.code: finding.facts for finding in judge_baseline(now.state, now.planned.order, at=now.at)}
    sets = found.get("baseline_sets_missing", {})
    vitals = _step("vitals", not sets, Act.VITALS, **sets)
    if not observation_of(now.state).baseline_is_whole:
        return (vitals,)
    missing = found.get("baseline_not_whole", {})
    act = Act.VITALS if missing.get("missing") == "saturation" else Act.WATCH
    return vitals, _step("baseline", not missing, act, **missing)


def _consent(now: Situation) -> tuple[p.Step, ...]:
    """Seen long before the start asks for it, so that it can still be signed."""
    stands = now.patient.consent
    return (_step("consent", stands is Consented.SIGNED, stands=stands),) if stands else ()


def _record(now: Situation) -> tuple[p.Step, ...]:
    """What the record says only now; nothing to do about a note but to read it."""
    is_met = all(finding.severity is Severity.NOTE for finding in now.again)
    facts = {"refuses": "yes"} if any(finding.severity is Severity.HARD for finding in now.again) else {}
    return (p.Step(code="record", is_met=is_met, facts=facts, found=now.again),) if now.again else ()


def _line(now: Situation) -> p.Step:
    line = now.state.line
    return _step("line", line is not None, Act.PLACE_LINE, **({"site": line.fact.site} if line else {}))


def _antiemetic(now: Situation) -> tuple[p.Step, ...]:
    """The medicine the order wants before the start; met when one of that name was given."""
    wanted = now.planned.order.antiemetic
    if wanted is None or not wanted.before_start:
        return ()
    was_given = any(each.fact.name.casefold() == wanted.name.casefold() for each in now.state.medicines)
    facts = {"name": wanted.name, "dose_mg": f"{wanted.dose_mg.normalize():f}"}
    return (_step("antiemetic", was_given, Act.MEDICINE, **facts),)


def _bag(now: Situation) -> tuple[p.Step, ...]:
    state, made = now.state, now.state.bag
    facts = {}
    if made is not None:
        bag = made.fact.bag
        amounts = {"mg": bag.drug_mg, "ml": bag.final_volume_ml}
        facts = {name: f"{shown(each, decimals=1).normalize():f}" for name, each in amounts.items()}
    checked = _step("bag_checked", state.bag_checked_by is not None, Act.CHECK_BAG)
    return (
        _step("bag", made is not None, Act.MAKE_BAG, **facts),
        *((checked,) if now.planned.order.second_check else ()),
        _step("hung", state.hung is not None, Act.HANG_BAG),
    )


def _patient_checked(now: Situation) -> tuple[p.Step, ...]:
    is_met = now.state.patient_checked_by is not None
    return (_step("patient_checked", is_met, Act.CHECK_PATIENT),) if now.planned.order.second_patient_check else ()


def _is_a_way(now: Situation, door: Door) -> bool:
    return door in now.planned.order.doors or bool(lifted(now.state, door, at=now.at))


def _door(now: Situation, door: Door) -> p.DoorView:
    """What keeps this door shut, but for what its own sheet asks: the adult, the witness, how they travel."""
    shut_by = judge_door(now.state, leaving_by(door), at=now.at)
    return p.DoorView(
        door=door,
        shut_by=tuple(finding.code for finding in shut_by),
        lifted=tuple(sorted(lifted(now.state, door, at=now.at))),
    )


def _score(now: Situation, scale: RecoveryScale) -> p.ScoreView:
    wanted, last = now.planned.order.leaving_score, last_of(now.state, scale.scale)
    return p.ScoreView(
        scale=scale.scale,
        version=scale.version,
        highest=scale.highest,
        usual_at_least=scale.usual_at_least,
        total=last.fact.total if last else None,
        scored_at=last.occurred_at if last else None,
        wanted=wanted if wanted and wanted.scale is scale.scale else None,
        has_reckoned=scale.reckoned is not None,
        reckoned=reckoned_points(now.state, at=now.at) if scale.reckoned else None,
    )


def _override(now: Situation) -> p.OverrideView | None:
    standing = now.state.override
    if standing is None:
        return None
    fact = standing.fact
    return p.OverrideView(
        seq=standing.seq,
        door=fact.door,
        conditions=fact.conditions,
        by=now.name_of(standing.by),
        second=now.name_of(f"person:{fact.second}"),
        reason=fact.reason,
        insists=fact.insists,
        is_agreed=now.state.override_agreed_by is not None,
        is_over=is_over(now.state, standing, at=now.at),
        advised=fact.advised,
    )


def _may_lift(now: Situation) -> tuple[str, ...]:
    """Of all that keeps either door shut, what two of the staff could lift; whether they drive is theirs to say."""
    shut_by = [code for door in Door for code in unmet(now.state, leaving_by(door), at=now.at)]
    return tuple(dict.fromkeys(code for code in (*shut_by, "must_not_drive") if may_be_lifted(code, insists=True)))
