"""The panel: of everybody treated, who responds, who is worse, who has gone silent, and how long the last relief was.

For clinicians. Everything is told from a baseline that stands beside it; who has none is counted as having none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from uuid import UUID
from zoneinfo import ZoneInfo

from stillroom.adverse.models import AdverseEvent
from stillroom.adverse.reading import events_told
from stillroom.clinics.models import Clinic
from stillroom.core.outcomes import Change, Instrument, Score, baseline_of, change_since
from stillroom.core.outcomes.lasting import Ending, Lasted, how_long
from stillroom.infusions.models import Infusion
from stillroom.outcomes.models import CheckIn, Reach
from stillroom.outcomes.reading import lows_by_day, scores_of, standing_check_ins, standing_questionnaires
from stillroom.patients.models import Patient

USUAL = {"silent_after_days": 7, "least_baseline": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One patient. `change` is None without a baseline or without a score after it."""

    patient: Patient
    baseline: Score | None
    latest: Score | None
    change: Change | None
    is_worse: bool
    last_check_in: date | None
    is_silent: bool
    lasted: Lasted | None
    each_lasted: Sequence[Lasted]

    @property
    def rank(self) -> tuple[bool, bool, str]:
        return (not self.is_worse, not self.is_silent, str(self.patient))


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms:
    """Adverse events of those treated: how many, in how many patients, and what is still to be reported."""

    events: int
    serious: int
    patients: int
    to_report: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Of all infusions of the panel: how many faded before the next and after how many days (the middle one), lasted
    until the next or last still, brought no relief, or cannot be told. One that lasts until the next is not short: its
    end was never seen.
    """

    faded: int
    middle_days: int | None
    until_next: int
    not_seen: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of all treated: with a change to speak of, and of these how many of each. Remission may have no rule (None)."""

    treated: int
    with_change: int
    may_respond: int
    responded: int
    remitted: int | None
    worse: int
    silent: int


def panel(clinic: Clinic, instrument: Instrument) -> list[Line]:
    """Everybody with an infusion, those who are worse or silent first. A few queries, however many there are."""
    begun = _infusion_days(clinic)
    patients = list(Patient.objects.filter(pk__in=begun))
    scores, check_ins = _scores(patients, instrument), _check_ins(patients)
    reach = Reach.objects.filter(clinic=clinic).first()
    silent_after = reach.silent_after_days if reach else USUAL["silent_after_days"]
    least = reach.least_baseline if reach else USUAL["least_baseline"]
    lines = [
        _line(
            patient,
            instrument,
            scores[patient.pk],
            check_ins[patient.pk],
            begun[patient.pk],
            clinic.today(),
            least=least,
            silent_after=silent_after,
        )
        for patient in patients
    ]
    return sorted(lines, key=lambda line: line.rank)


def counts(lines: Iterable[Line], instrument: Instrument) -> Counts:
    lines = list(lines)
    changes = [line.change for line in lines if line.change]
    remits = instrument.remission_at_most is not None
    return Counts(
        treated=len(lines),
        with_change=len(changes),
        may_respond=sum(change.responded is not None for change in changes),
        responded=sum(bool(change.responded) for change in changes),
        remitted=sum(bool(change.remitted) for change in changes) if remits else None,
        worse=sum(line.is_worse for line in lines),
        silent=sum(line.is_silent for line in lines),
    )


def harms(lines: Iterable[Line], *, today: date) -> Harms:
    """Of the same patients: adverse events are of everybody treated, whether or not a score is known of them."""
    patients = [line.patient.pk for line in lines]
    told = events_told(today=today, events=AdverseEvent.objects.filter(patient__in=patients))
    return Harms(
        events=len(told),
        serious=sum(each.is_serious for each in told),
        patients=len({each.event.patient_id for each in told}),
        to_report=sum(each.is_open for each in told),
        overdue=sum(each.is_overdue for each in told),
    )


def relief(lines: Iterable[Line]) -> Relief:
    each = [lasted for line in lines for lasted in line.each_lasted]
    ended = Counter(lasted.ending for lasted in each)
    days = sorted(lasted.days for lasted in each if lasted.ending is Ending.RETURNED and lasted.days is not None)
    return Relief(
        faded=len(days),
        middle_days=median_low(days) if days else None,
        until_next=ended[Ending.NEXT_INFUSION] + ended[Ending.STILL],
        not_seen=ended[Ending.NOT_SEEN],
        unknown=ended[Ending.UNKNOWN_BEFORE] + ended[Ending.DAYS_MISSING],
    )


def _line(
    patient: Patient,
    instrument: Instrument,
    scores: list[Score],
    check_ins: list[CheckIn],
    begun: list[date],
    today: date,
    *,
    least: int,
    silent_after: int,
) -> Line:
    baseline = baseline_of(scores, first_infusion_on=begun[0])
    latest = scores[-1] if scores and scores[-1] != baseline else None
    change = change_since(baseline, latest, instrument, least_baseline=least) if baseline and latest else None
    last = check_ins[-1].day if check_ins else None
    lasted = [
        each for each in how_long(lows_by_day(check_ins), begun, today=today) if each.ending is not Ending.TOO_SOON
    ]
    return Line(
        patient=patient,
        baseline=baseline,
        latest=latest,
        change=change,
        is_worse=_is_worse(scores, change, instrument),
        last_check_in=last,
        is_silent=last is not None and (today - last).days >= silent_after,
        lasted=lasted[-1] if lasted else None,
        each_lasted=lasted,
    )


def _is_worse(scores: list[Score], change: Change | None, instrument: Instrument) -> bool:
    """By a reliable change since the baseline, or since the score before: a fall that is lost again counts too."""
    reliable = instrument.reliable_change
    since_last = len(scores) > 1 and reliable is not None and scores[-1].total - scores[-2].total >= reliable
    return since_last or bool(change and change.worse)


def _infusion_days(clinic: Clinic) -> dict[UUID, list[date]]:
    zone, days = ZoneInfo(clinic.time_zone), defaultdict(list)
    began = Infusion.objects.filter(started_at__isnull=False).order_by("started_at")
    for patient_id, started_at in began.values_list("patient_id", "started_at"):
        assert started_at is not None
        days[patient_id].append(started_at.astimezone(zone).date())
    return dict(days)


def _scores(patients: list[Patient], instrument: Instrument) -> Mapping[UUID, list[Score]]:
    found: dict[UUID, list[Score]] = defaultdict(list)
    for form in standing_questionnaires(patients, instrument.code):
        found[form.patient_id] += scores_of([form])
    return found


def _check_ins(patients: list[Patient]) -> Mapping[UUID, list[CheckIn]]:
    found: dict[UUID, list[CheckIn]] = defaultdict(list)
    for row in standing_check_ins(patients):
        found[row.patient_id].append(row)
    return found
