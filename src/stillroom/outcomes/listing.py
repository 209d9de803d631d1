"""Which answers still wait for somebody of the clinic, and what a named person decided about each."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet

from stillroom.clinics.models import Person
from stillroom.outcomes.models import Concern, Decision
from stillroom.patients.models import Patient

LEAVES_IT_OPEN = (Decision.What.NO_ANSWER,)


def open_concerns() -> QuerySet[Concern]:
    """Oldest first, of the clinic whose rows are open. Having tried and reached nobody keeps it on the list."""
    closing = Decision.objects.filter(concern=OuterRef("pk")).exclude(what__in=LEAVES_IT_OPEN)
    waiting = Concern.objects.filter(~Exists(closing)).order_by("written_at")
    return waiting.select_related("patient", "check_in", "questionnaire").prefetch_related("decisions__decided_by")


def harm_said_at(patient: Patient) -> datetime | None:
    """When the patient last answered with thoughts of death or self-harm that nobody has written down a decision on."""
    waiting = open_concerns().filter(patient=patient, reason=Concern.Reason.HARM)
    last: datetime | None = waiting.aggregate(last=Max("written_at"))["last"]
    return last


def decide(concern: Concern, *, what: str, words: str, person: Person) -> Decision:
    return Decision.objects.create(
        clinic_id=concern.clinic_id, concern=concern, what=Decision.What(what), words=words, decided_by=person
    )
