"""What stands of adverse events, of the emergency list and of the clinic's days to report: the newest of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from stillroom.adverse.models import Account, AdverseEvent, EmergencyList, ReportingDays
from stillroom.adverse.words import ACTIONS, CRITERIA, GRADES, OUTCOMES
from stillroom.core.safety.adverse import NO_RULE, Action, Criterion, Grade, Outcome, ReportingRule, is_serious
from stillroom.infusions.models import Infusion
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One medicine of the emergency list; `oxygen` is one too, in L/min."""

    name: str
    amount: Decimal
    unit: str
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as it stands: the newest account, and how many there were before it."""

    event: AdverseEvent
    account: Account
    earlier: tuple[Account, ...]
    today: date

    @property
    def is_serious(self) -> bool:
        return is_serious(Grade(self.account.grade), map(Criterion, self.account.criteria))

    @property
    def is_open(self) -> bool:
        """It has to be reported, and nobody has, or has said why not."""
        return self.account.report_by is not None and self.account.reported_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.account.report_by is not None and self.account.report_by < self.today

    @property
    def grade_words(self) -> str:
        return GRADES[Grade(self.account.grade)]

    @property
    def criteria_words(self) -> list[str]:
        return [CRITERIA[Criterion(each)] for each in self.account.criteria]

    @property
    def actions_words(self) -> list[str]:
        words = [ACTIONS[Action(each)] for each in self.account.actions]
        return [*words, self.account.action_words] if self.account.action_words else words

    @property
    def outcome_words(self) -> str:
        return OUTCOMES[Outcome(self.account.outcome)]

    @property
    def rank(self) -> tuple[bool, bool, date, float]:
        """Overdue first, then by the day on which it is due, then the newest."""
        due_on = self.account.report_by or date.max
        return (not self.is_overdue, not self.is_open, due_on, -self.event.happened_at.timestamp())


def emergency_list() -> tuple[Kept, ...]:
    """As the clinic says; empty where it has said none."""
    newest = EmergencyList.objects.first()
    lines = newest.lines if newest else []
    return tuple(
        Kept(name=line["name"], amount=Decimal(line["amount"]), unit=line["unit"], route=line["route"])
        for line in lines
    )


def reporting_days() -> ReportingDays | None:
    return ReportingDays.objects.first()


def reporting_rule() -> ReportingRule:
    said = reporting_days()
    if said is None:
        return NO_RULE
    return ReportingRule(
        gravest_within_days=said.gravest_within_days,
        serious_within_days=said.serious_within_days,
        any_within_days=said.any_within_days,
    )


def events_told(*, today: date, events: QuerySet[AdverseEvent] | None = None) -> list[Told]:
    """What stands open and overdue first."""
    found = AdverseEvent.objects.all() if events is None else events
    rows = found.select_related("patient", "infusion__room", "written_by").prefetch_related("accounts__said_by")
    told = []
    for event in rows:
        newest, *earlier = event.accounts.all()
        told.append(Told(event=event, account=newest, earlier=tuple(earlier), today=today))
    return sorted(told, key=lambda each: each.rank)


def events_of_patient(patient: Patient, *, today: date) -> list[Told]:
    return events_told(today=today, events=AdverseEvent.objects.filter(patient=patient))


def events_of_infusion(infusion: Infusion, *, today: date) -> list[Told]:
    return events_told(today=today, events=AdverseEvent.objects.filter(infusion=infusion))
