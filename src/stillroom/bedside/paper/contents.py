"""What stands on the chart and on the slip, as plain strings and lists: drawn from one situation, nothing looked up.

Times are in the clinic's zone. What is not known is said to be not known; nothing is left out to look tidy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from stillroom.adverse.reading import Told
from stillroom.bedside.fill.drip import elapsed_s, fill_named, fill_reassigned, given_now
from stillroom.bedside.fill.log import named_in
from stillroom.bedside.situation import Situation
from stillroom.core.drip.course import ledger
from stillroom.core.drip.exact import Amount, exact, shown
from stillroom.core.errors import Refused
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.override import lifted
from stillroom.core.infusion.planning import plan_as_made, rate_mg_per_kg_per_h
from stillroom.core.infusion.rates import RateSpan, rate_spans
from stillroom.core.infusion.report import Pressure, is_signed, most_nauseous, pressures
from stillroom.core.infusion.roles import PRESCRIBER
from stillroom.core.infusion.state import Seen
from stillroom.core.infusion.timeline import minutes_from
from stillroom.core.order import Door

Contents = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The clinic as it stands on paper. `after_hours_phone` empty: none was given, and the slip says so.

    `call_now` is the crisis number that the clinic names to its patients, and `call_now_is` what that number is."""

    name: str
    phone: str
    after_hours_phone: str
    zone: ZoneInfo
    call_now: str = ""
    call_now_is: str = ""


def slip(now: Situation, letterhead: Letterhead) -> Contents:
    """What the patient takes home: dose given and how we know, rate, duration, what else was given, whom to call."""
    with timezone.override(letterhead.zone):
        return {
            **heading(now, letterhead),
            "given": given(now),
            "stayed_in_line": _stayed_in_line(now),
            "duration": _minutes(elapsed_s(now)),
            "rates": settled_rates(now, letterhead.zone),
            "nausea": _nausea(now),
            "medicines": [medicine(seen.fact) for seen in now.state.medicines],
            "pressure": _pressures(now),
            "tired": _tired(now),
            "override": _override(now, letterhead.zone),
            "leaving": _leaving(now),
            "signed": _signatures(now, letterhead.zone),
            "is_signed": is_signed(now.state),
            "unconfirmed": [{"name": each.name, "seq": str(each.seq)} for each in fill_named(now)],
            "reassigned": _reassigned(now),
        }


def chart(
    now: Situation, letterhead: Letterhead, *, head_seq: int, head_hash: str, adverse: Sequence[Told] = ()
) -> Contents:
    """Everything: signs by time, the whole rate history, every entry and correction, and the head of the chain."""
    with timezone.override(letterhead.zone):
        return {
            **slip(now, letterhead),
            "rates": [_rate(now, span, letterhead.zone) for span in _spans(now)],
            "order": _order(now),
            "signs": _signs(now, letterhead.zone),
            "adverse": [_adverse(each, letterhead.zone) for each in adverse],
            "scores": [_scored(each, letterhead.zone) for each in now.state.scores],
            "entries": [_entry(now, entry, letterhead.zone) for entry in now.log],
            "head_seq": str(head_seq),
            "head_hash": head_hash,
            "printed": _stamp(now.at, letterhead.zone),
        }


def _reassigned(now: Situation) -> list[Contents]:
    """Put right, and the second has not said so: at most one."""
    waits = fill_reassigned(now)
    return [{"by": waits.by, "second": waits.second}] if waits else []


def heading(now: Situation, letterhead: Letterhead) -> Contents:
    started = now.started_at
    return {
        "clinic": letterhead.name,
        "phone": letterhead.phone,
        "after_hours_phone": letterhead.after_hours_phone,
        "call_now": letterhead.call_now,
        "call_now_is": letterhead.call_now_is.rstrip("."),
        "patient": f"{now.patient.given_name} {now.patient.family_name}",
        "born": f"{now.patient.born:%-d %B %Y}",
        "weight": f"{now.planned.weight_kg.normalize():f} kg",
        "room": now.room,
        "zone": letterhead.zone.key,
        "date": f"{(started or now.at).astimezone(letterhead.zone):%-d %B %Y}",
        "started": time_of(started, letterhead.zone) if started else "not started",
        "ended": time_of(now.state.ended_at, letterhead.zone) if now.state.ended_at else "",
    }


def given(now: Situation) -> Contents:
    estimate, planned = given_now(now), now.planned
    dose, over = f"{planned.dose_mg.normalize():f} mg", f"{planned.order.duration_min.normalize():f} min"
    ordered = f"{planned.order.dose_mg_per_kg:f} mg/kg, {dose}, over {over}"
    if estimate is None:
        return {"ordered": ordered, "mg": "none", "mg_per_kg": "none", "range": "", "known_from": []}
    likely_mg_per_kg = exact(estimate.likely_mg) / exact(planned.weight_kg)
    return {
        "ordered": ordered,
        "mg": f"about {shown(estimate.likely_mg, decimals=0)} mg",
        "mg_per_kg": f"{shown(likely_mg_per_kg, decimals=2)} mg/kg",
        "range": f"{estimate.low_mg.__floor__()} and {estimate.high_mg.__ceil__()} mg",
        "known_from": [{"kind": each.kind.value, "sightings": each.sightings} for each in estimate.evidence],
    }


def _stayed_in_line(now: Situation) -> str:
    """Once the drip is over: the drug that no flush brought in, by what is likeliest. Empty where that is none."""
    if now.drip is None or now.state.ended_at is None:
        return ""
    in_line_mg = shown(ledger(now.drip, at_min=now.minute_of(now.at)).in_line_mg, decimals=2)
    return f"{in_line_mg.normalize():f} mg" if in_line_mg else ""


def _spans(now: Situation) -> list[RateSpan]:
    return list(rate_spans(now.surviving, until=now.at))


def settled_rates(now: Situation, zone: ZoneInfo) -> list[Contents]:
    return [_rate(now, span, zone) for span in _settled(_spans(now))]


def _settled(spans: list[RateSpan]) -> list[RateSpan]:
    """For the patient: the seconds between the hand at the clamp and the tap that said so are no rate of their own."""
    told: list[RateSpan] = []
    for span in spans:
        doubt = told[-1] if told else None
        is_same = doubt is not None and doubt.is_in_doubt and doubt.rate_ml_per_h == span.rate_ml_per_h
        if doubt is not None and is_same and not span.is_in_doubt and doubt.end - doubt.start < WORTH_A_LINE:
            told[-1] = replace(span, start=doubt.start)
        else:
            told.append(span)
    return told


def _rate(now: Situation, span: RateSpan, zone: ZoneInfo) -> Contents:
    drug = shown(rate_mg_per_kg_per_h(now.state, span.rate_ml_per_h), decimals=2)
    return {
        "from": time_of(span.start, zone),
        "to": time_of(span.end, zone),
        "minutes": _lasting(int((span.end - span.start) / timedelta(seconds=1))),
        "ml_per_h": f"{span.rate_ml_per_h.normalize():f}",
        "mg_per_kg_per_h": str(drug),
        "is_pause": span.rate_ml_per_h == 0,
        "is_in_doubt": span.is_in_doubt,
    }


def _nausea(now: Situation) -> str:
    most = most_nauseous(now.surviving)
    if most is None:
        return "not asked"
    return f"at most {most} of 10" if most else "none, 0 of 10 each time it was asked"


def medicine(fact: e.MedicineGiven) -> str:
    route = render_to_string("infusions/_route_words.html", {"route": fact.route}).strip()
    return f"{fact.name} {fact.amount.normalize():f} {fact.unit}, {route}"


def _pressures(now: Situation) -> Contents:
    """The pressure on arrival, the highest systolic and the last, or what is missing of them."""
    seen = pressures(now.state, now.surviving)
    if seen is None:
        return {"arrival": "not measured", "highest": "not measured", "last": "not measured"}
    return {
        "arrival": _pressure(seen.arrival) if seen.arrival else "not measured",
        "highest": _pressure(seen.highest),
        "last": _pressure(seen.last),
    }


def _pressure(seen: Pressure) -> str:
    return f"{seen.sbp_mmhg}/{'not measured' if seen.dbp_mmhg is None else seen.dbp_mmhg} mmHg"


def _leaving(now: Situation) -> Contents:
    """By which door they went; before that, whether an adult may sign here to take them home."""
    gone, taken = now.state.went_home, now.state.to_hospital
    if taken is not None:
        return {"is_gone": True, "to_hospital": taken.where, "adult_may_sign": False}
    if gone is None:
        return {"is_gone": False, "to_hospital": "", "adult_may_sign": Door.WITH_ADULT in now.planned.order.doors}
    travels_by = render_to_string("infusions/_travel_words.html", {"travels_by": gone.travels_by}).strip()
    return {
        "is_gone": True,
        "to_hospital": "",
        "is_overridden": gone.overridden_seq is not None,
        "adult_may_sign": gone.door is Door.WITH_ADULT,
        "travels_by": travels_by,
        "name": gone.adult_name or "",
        "relation": gone.adult_relation or "",
        "phone": gone.adult_phone or "",
        "witness": now.name_of(f"person:{gone.witness}") if gone.witness else "",
    }


def _signatures(now: Situation, zone: ZoneInfo) -> list[Contents]:
    return [
        {
            "name": now.name_of(each.by),
            "role": in_words("bedside/_role_words.html", role=each.fact.role),
            "at": _stamp(each.occurred_at, zone),
            "meaning": each.fact.meaning,
            "head_seq": str(each.fact.head_seq),
        }
        for each in now.state.signed
    ]


def _tired(now: Situation) -> str:
    """As they last said, when asked; empty where nobody did."""
    said = [each.fact.tired for each in now.state.checks if each.fact.tired]
    return in_words("bedside/_tired_words.html", tired=said[-1]) if said else ""


def _override(now: Situation, zone: ZoneInfo) -> list[Contents]:
    """What two of the staff lifted for the door that is, or was, taken: at most one, and it says all of it."""
    standing, gone = now.state.override, now.state.went_home
    if standing is None:
        return []
    is_taken = gone.overridden_seq == standing.seq if gone else bool(lifted(now.state, standing.fact.door, at=now.at))
    if not is_taken:
        return []
    fact = standing.fact
    return [
        {
            "insists": fact.insists,
            "conditions": [in_words("bedside/_unmet_words.html", code=code) for code in fact.conditions],
            "reason": fact.reason,
            "advised": fact.advised or "",
            "by": now.name_of(standing.by),
            "second": now.name_of(f"person:{fact.second}"),
            "at": time_of(standing.occurred_at, zone),
        }
    ]


def _adverse(told: Told, zone: ZoneInfo) -> Contents:
    account = told.account
    return {
        "at": _stamp(told.event.happened_at, zone),
        "what": account.what,
        "grade": told.grade_words,
        "serious": "; ".join(told.criteria_words),
        "actions": "; ".join(told.actions_words) or "nothing written down",
        "outcome": told.outcome_words,
        "report": _report(told, zone),
        "said": f"{account.said_by}, {_stamp(account.said_at, zone)}",
    }


def _report(told: Told, zone: ZoneInfo) -> str:
    account = told.account
    if account.reported_at is not None:
        return f"{account.report_words} (noted {_stamp(account.reported_at, zone)})"
    return f"due by {account.report_by:%-d %B %Y}" if account.report_by else "none due by the clinic's rule"


def _scored(seen: Seen[e.RecoveryScored], zone: ZoneInfo) -> Contents:
    items = [f"{in_words('bedside/_scored_words.html', item=each.item)} {each.points}" for each in seen.fact.items]
    return {
        "at": time_of(seen.occurred_at, zone),
        "version": seen.fact.version,
        "total": str(seen.fact.total),
        "items": ", ".join(items),
    }


def in_words(template: str, **about: Any) -> str:
    """Plain words of a template that pages use too."""
    return " ".join(unescape(strip_tags(render_to_string(template, about))).split())


def _plain(amount: Amount, decimals: int) -> str:
    """35, not 35.0: a point that somebody overlooks is ten times the drug."""
    return f"{shown(amount, decimals=decimals).normalize():f}"


def _in_line(now: Situation) -> dict[str, str]:
    try:
        plan = plan_as_made(now.state)
    except Refused:
        return {}
    empty_min, holds_mg = shown(plan.bag_empty_min, decimals=1), shown(plan.line_holds_mg, decimals=2)
    return {
        "Bag empty": f"about {empty_min.normalize():f} min after the start",
        "In the line": f"{holds_mg.normalize():f} mg, until flushed",
    }


def _order(now: Situation) -> list[Contents]:
    planned, bag = now.planned, now.state.bag.fact.bag if now.state.bag else now.planned.bag
    rows = {
        "Dose": f"{planned.order.dose_mg_per_kg:f} mg/kg, {planned.dose_mg.normalize():f} mg",
        "Over": f"{planned.order.duration_min.normalize():f} min",
        "Bag": f"{_plain(bag.drug_mg, 1)} mg in {_plain(bag.final_volume_ml, 1)} mL",
        "Strength": f"{_plain(bag.strength_mg_per_ml, 3)} mg/mL",
        "Rate": f"{planned.rate_ml_per_h.normalize():f} mL/h",
        **_in_line(now),
        "Protocol": planned.protocol_version,
        "Drug library": planned.limits.library_version,
    }
    return [{"name": name, "value": value} for name, value in rows.items()]


SIGNS = (
    ("Pressure, mmHg", ("sbp_mmhg", "dbp_mmhg")),
    ("Pulse, per min", ("pulse_per_min",)),
    ("Oxygen, %", ("spo2_percent",)),
    ("Breaths, per min", ("resp_per_min", "breaths_per_min")),
    ("Awake", ("awake",)),
    ("Detached", ("detached",)),
    ("Anxious", ("anxious",)),
    ("Nauseous", ("nauseous",)),
)
CHARTED = (e.VitalsCharted, e.PatientWatched, e.RecoveryChecked)


def _signs(now: Situation, zone: ZoneInfo) -> Contents:
    """A table, time by parameter. A place is empty where nobody looked; zero is a zero."""
    seen = sorted((each for each in now.surviving if isinstance(each.fact, CHARTED)), key=lambda each: each.occurred_at)
    return {
        "columns": ["Time", "Minute", *(title for title, _ in SIGNS)],
        "rows": [_sign_row(now, entry, zone) for entry in seen],
    }


def _sign_row(now: Situation, entry: e.Logged, zone: ZoneInfo) -> list[str]:
    since_min = minutes_from(now.started_at, entry.occurred_at) if now.started_at else None
    minute = "" if since_min is None else "before" if since_min < 0 else f"{since_min:.0f}"
    return [time_of(entry.occurred_at, zone), minute, *(_sign(entry.fact, fields) for _, fields in SIGNS)]


def _sign(fact: e.Fact, fields: tuple[str, ...]) -> str:
    values = [value for name in fields if (value := getattr(fact, name, None)) is not None]
    if not values and "awake" in fields and isinstance(fact, e.PatientWatched):
        return " ".join(render_to_string("infusions/_awake_words.html", {"awake": None}).split())
    if values and isinstance(values[0], e.Awake):
        return " ".join(render_to_string("infusions/_awake_words.html", {"awake": values[0]}).split())
    return "/".join(str(value) for value in values)


def _entry(now: Situation, entry: e.Logged, zone: ZoneInfo) -> Contents:
    said = {"fact": entry.fact, "named": named_in(now, entry.fact)}
    words = strip_tags(render_to_string(f"bedside/log/{entry.kind}.html", said))
    return {
        "seq": str(entry.seq),
        "at": time_of(entry.occurred_at, zone),
        "words": re.sub(r"\s+([,.:;)])", r"\1", " ".join(unescape(words).split())),
        "by": now.name_of(entry.by),
        "written": time_of(entry.recorded_at, zone) if entry.recorded_at - entry.occurred_at > LATE else "",
        "is_struck": entry not in now.surviving and not isinstance(entry.fact, e.EntryCorrected),
        "is_after": _is_after_signing(now, entry),
    }


def _is_after_signing(now: Situation, entry: e.Logged) -> bool:
    """Written when a prescriber had signed already: their signature is not about it."""
    heads = [each.fact.head_seq for each in now.state.signed if each.fact.role == PRESCRIBER]
    return bool(heads) and entry.seq > max(heads) and not isinstance(entry.fact, e.ChartSigned)


LATE = timedelta(minutes=1)
WORTH_A_LINE = timedelta(minutes=1)


def time_of(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-d %b %Y, %H:%M}"


def _lasting(seconds: int) -> str:
    """A short time is said in seconds: 0 min would be none at all."""
    return _minutes(seconds) if seconds >= WORTH_A_LINE.seconds else f"{seconds} s"


def _minutes(seconds: int) -> str:
    return f"{Decimal(seconds) / 60:.0f} min"
