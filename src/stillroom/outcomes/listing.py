"""Which answers still wait for somebody of the clinic, and what a named person decided about each."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from stillroom.clinics.models import Person
from stillroom.outcomes.models import Concern, Decision

LEAVES_IT_OPEN = (Decision.What.NO_ANSWER,)


def open_concerns() -> QuerySet[Concern]:
    """Oldest first, of the clinic whose rows are open. Having tried and reached nobody keeps it on the list."""
    closing = Decision.objects.filter(concern=OuterRef("pk")).exclude(what__in=LEAVES_IT_OPEN)
    waiting = Concern.objects.filter(~Exists(closing)).order_by("written_at")
    return waiting.select_related("patient", "check_in", "questionnaire").prefetch_related("decisions__decided_by")


def decide(concern: Concern, *, what: str, words: str, person: Person) -> Decision:
    return Decision.objects.create(
        clinic_id=concern.clinic_id, concern=concern, what=Decision.What(what), words=words, decided_by=person
    )
