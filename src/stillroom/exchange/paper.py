"""The readable record: what stands on paper, as plain strings and lists, drawn by record.typ.

Times are in the clinic's zone. What is not known is said to be not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from stillroom.adverse.words import GRADES, OUTCOMES
from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.report import InfusionReport, Pressure, RateLine, report
from stillroom.core.infusion.timeline import minutes_from
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.core.safety.adverse import Grade, Outcome
from stillroom.exchange.record import AdverseAccountSaid, AdverseEventSaid, CallSaid, Record, WeightSaid
from stillroom.exchange.signing import fingerprint
from stillroom.web.pdf import pdf

Contents = dict[str, Any]
TEMPLATE = Path(__file__).parent / "record.typ"


def record_pdf(record: Record, logs: Mapping[UUID, Sequence[Logged]], *, public_key: str | None) -> bytes:
    """Everything a person would read, newest infusion first. `public_key` in hex: what signs the file it is part of."""
    return pdf(TEMPLATE, contents(record, logs, public_key=public_key))


def contents(record: Record, logs: Mapping[UUID, Sequence[Logged]], *, public_key: str | None) -> Contents:
    zone = ZoneInfo(record.clinic.time_zone)
    told = [found for log in logs.values() if (found := report(log, at=record.made_at)) is not None]
    replaced = {row.replaces_id for rows in (record.check_ins, record.questionnaires) for row in rows}
    return {
        "clinic": record.clinic.name,
        "patient": record.patient.name,
        "born": f"{record.patient.birth_date:%-d %B %Y}",
        "date": f"{record.made_at.astimezone(zone):%-d %B %Y}",
        "made": _stamp(record.made_at, zone),
        "zone": record.clinic.time_zone,
        "phone": record.clinic.phone,
        "after_hours_phone": record.clinic.after_hours_phone,
        "key": fingerprint(public_key) if public_key else "",
        "infusions": [_infusion(each, record, zone) for each in _newest_first(told)],
        "scores": [
            {
                "day": f"{row.day:%-d %b %Y}",
                "name": INSTRUMENTS[row.instrument].name,
                "total": "not all answered" if row.total is None else str(row.total),
                "band": row.band.replace("_", " "),
            }
            for row in record.questionnaires
            if row.id not in replaced
        ],
        "check_ins": [
            {"day": f"{row.day:%-d %b %Y}", "low": _or_left_out(row.low), "sleep": _hours(row.sleep_h)}
            for row in record.check_ins
            if row.id not in replaced
        ],
        "weights": [_weight(row, zone) for row in record.weights],
        "allergies": _allergies(record),
        "conditions": _items(record, "condition"),
        "medicines": _items(record, "medicine"),
        "measured": _items(record, "measured"),
        "documents": _items(record, "document"),
        "adverse_events": [_went_wrong(event, account, zone) for event, account in record.newest_accounts],
        "calls": [_call(record, call, zone) for call in record.calls],
        "looks": _looks(record, zone),
    }


def _call(record: Record, call: CallSaid, zone: ZoneInfo) -> dict[str, str]:
    """How they were on the telephone; one that reached nobody says what was tried."""
    answers = {"bladder": call.bladder, "mood lifted or restless": call.mood, "craving": call.craving}
    asked = [f"{what}: {said.replace('_', ' ')}" for what, said in answers.items()] if call.reached else ["not reached"]
    done = [each.words for each in record.worries_settled if each.call_id == call.id]
    worry = [f"a worry: {call.worry}"] if call.worry else []
    said = "; ".join(filter(None, [call.words, *asked, *worry, *done]))
    return {"day": f"{call.called_at.astimezone(zone):%-d %b %Y}", "said": said}


def _weight(row: WeightSaid, zone: ZoneInfo) -> dict[str, str]:
    elsewhere = ", measured elsewhere" if row.told_by else ""
    return {"day": f"{row.measured_at.astimezone(zone):%-d %b %Y}", "weight": f"{row.weight_kg:f} kg{elsewhere}"}


def _items(record: Record, kind: str) -> list[str]:
    """What stands: an item that ended is in the tables."""
    return [row.words for row in record.history_items if row.kind == kind and row.ended_at is None]


def _newest_first(told: Iterable[InfusionReport]) -> list[InfusionReport]:
    return sorted(told, key=lambda each: each.started_at, reverse=True)


def _infusion(told: InfusionReport, record: Record, zone: ZoneInfo) -> Contents:
    usual = told.usual_rate_mg_per_kg_per_h
    return {
        "date": f"{told.started_at.astimezone(zone):%-d %B %Y}",
        "day": f"{told.started_at.astimezone(zone):%-d %b %Y}",
        "from": f"{told.started_at.astimezone(zone):%H:%M}",
        "to": f"{told.ended_at.astimezone(zone):%H:%M}" if told.ended_at else "still running",
        "given": f"about {told.given_mg:f} mg, {told.given_mg_per_kg:f} mg/kg" + (" so far" if told.is_running else ""),
        "flushed": f"{told.flushed_mg:f} mg" if told.flushed_mg else "",
        "range": f"{told.given_least_mg:f} to {told.given_most_mg:f} mg",
        "known_from": [{"kind": each.kind.value, "sightings": each.sightings} for each in told.evidence],
        "ordered": f"{told.ordered_mg_per_kg:f} mg/kg, {told.ordered_mg.normalize():f} mg for {told.weight_kg:f} kg,"
        f" over {told.ordered_min.normalize():f} min",
        "minutes": f"{told.minutes} min",
        "usual": f"{usual.normalize():f} mg/kg/h" if usual else "not running",
        "rates": [_rate(line, told) for line in told.rates],
        "nausea": "not asked" if told.most_nauseous is None else f"{told.most_nauseous} of 10 at most",
        "medicines": [_medicine(each) for each in told.medicines],
        "pressure": _pressures(told),
        "comfort": [
            *(
                f"{_words('comfort', item=item)}: {_words('choice', item=item, choice=choice)}"
                for item, choice in told.comfort
            ),
            *(f"{_words('comfort', item=what)} {_words('effect', effect=effect)}" for what, effect in told.effects),
        ],
        "way_home": _way_home(told, zone),
        "signed": [
            {"name": record.names.get(seen.by, "somebody of the clinic"), "at": _stamp(seen.occurred_at, zone)}
            for seen in told.signed
        ],
    }


def _rate(line: RateLine, told: InfusionReport) -> Contents:
    """In words and as a bar: `from_min` and `for_min` on the axis of the infusion, `high` in mg/kg/h."""
    start = told.started_at
    return {
        "minutes": f"{line.minutes} min",
        "mg_per_kg_per_h": f"{line.rate_mg_per_kg_per_h.normalize():f}",
        "is_pause": not line.rate_ml_per_h,
        "is_in_doubt": line.is_in_doubt,
        "from_min": minutes_from(start, line.start),
        "for_min": minutes_from(line.start, line.end),
        "high": float(line.rate_mg_per_kg_per_h),
    }


def _medicine(fact: Any) -> str:
    before = ", before the start" if fact.before_start else ""
    return f"{fact.name} {fact.amount.normalize():f} {fact.unit}, {_words('route', route=fact.route)}{before}"


def _pressures(told: InfusionReport) -> str:
    seen = told.pressures
    if seen is None:
        return "not measured"
    arrival = f"{_pressure(seen.arrival)} on arrival" if seen.arrival else "not measured on arrival"
    return f"{arrival}, {_pressure(seen.highest)} at its highest, {_pressure(seen.last)} last"


def _pressure(seen: Pressure) -> str:
    return f"{seen.sbp_mmhg}/{'not measured' if seen.dbp_mmhg is None else seen.dbp_mmhg} mmHg"


def _way_home(told: InfusionReport, zone: ZoneInfo) -> str:
    went, taken = told.went_home, told.to_hospital
    if taken is not None and told.gone_at is not None:
        return f"taken to hospital ({taken.where}), {told.gone_at.astimezone(zone):%H:%M}"
    if went is None or told.gone_at is None:
        return "not written down yet"
    who = "alone, though not all that staff look for was met" if went.overridden_seq else "when clear"
    if went.door == "with_adult":
        relation = f" ({went.adult_relation})" if went.adult_relation else ""
        who = f"with {went.adult_name or 'an adult'}{relation}, who signed"
    return f"{who}, {_words('travel', travels_by=went.travels_by)}, {told.gone_at.astimezone(zone):%H:%M}"


def _allergies(record: Record) -> str:
    if not record.allergies:
        return "not asked"
    newest = record.allergies[-1]
    return "none known" if newest.is_none_known else "; ".join(newest.substances)


def _went_wrong(event: AdverseEventSaid, account: AdverseAccountSaid, zone: ZoneInfo) -> dict[str, str]:
    return {
        "day": f"{event.happened_at.astimezone(zone):%-d %b %Y}",
        "what": account.what,
        "grade": GRADES[Grade(account.grade)].partition(":")[0],
        "outcome": OUTCOMES[Outcome(account.outcome)],
    }


def _looks(record: Record, zone: ZoneInfo) -> list[Contents]:
    """Each day and person once."""
    seen: dict[tuple[str, str], int] = {}
    for look in reversed(record.looks):
        who = record.names.get(look.by, "a screen of the clinic")
        day = f"{look.looked_at.astimezone(zone):%-d %b %Y}"
        seen[day, who] = seen.get((day, who), 0) + 1
    return [{"day": day, "who": who, "times": str(times)} for (day, who), times in seen.items()]


def _words(what: str, **context: Any) -> str:
    return " ".join(render_to_string(f"infusions/_{what}_words.html", context).split())


def _or_left_out(answer: int | None) -> str:
    return "left out" if answer is None else str(answer)


def _hours(sleep_h: int | None) -> str:
    return "left out" if sleep_h is None else f"{sleep_h} h" if sleep_h < 10 else "10 h or more"


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-d %b %Y, %H:%M}"
