"""Critiques as editors see them: where each stands, who wrote it while that is kept, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from stillroom.clinics.models import Person
from stillroom.guide.critique.forgetting import kept_since
from stillroom.guide.models import Critique, CritiqueStep, CritiqueWriter
from stillroom.guide.shelf import Shelf

NEW = "new"
Kind = CritiqueStep.Kind
OPEN = (NEW, Kind.CONSIDERED, Kind.REOPENED)
# State -> what an editor may do next. An answer may be followed by another.
MOVES: dict[str, tuple[Kind, ...]] = {
    NEW: (Kind.CONSIDERED, Kind.ANSWERED, Kind.SETTLED),
    Kind.CONSIDERED: (Kind.ANSWERED, Kind.SETTLED),
    Kind.REOPENED: (Kind.CONSIDERED, Kind.ANSWERED, Kind.SETTLED),
    Kind.ANSWERED: (Kind.ANSWERED, Kind.SETTLED, Kind.REOPENED),
    Kind.SETTLED: (Kind.REOPENED,),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A critique, where it stands, and whether the page has changed since it was read."""

    critique: Critique
    state: str
    writer: CritiqueWriter | None
    page_has_changed: bool

    @property
    def may(self) -> tuple[Kind, ...]:
        """An answer needs somewhere to go."""
        has_address = bool(self.writer and self.writer.email)
        return tuple(kind for kind in MOVES[self.state] if kind is not Kind.ANSWERED or has_address)


def critiques() -> QuerySet[Critique]:
    last = CritiqueStep.objects.filter(critique=OuterRef("pk")).order_by("-id").values("kind")[:1]
    return Critique.objects.annotate(state=Coalesce(Subquery(last), Value(NEW))).select_related("writer")


def open_critiques() -> QuerySet[Critique]:
    return critiques().filter(state__in=OPEN)  # type: ignore[misc]  # the column that `critiques` adds


def standing(critique: Critique, shelf: Shelf) -> Standing:
    """Of a critique that `critiques` found."""
    shown = shelf.at(critique.language, critique.slug)
    return Standing(
        critique=critique,
        state=str(getattr(critique, "state")),  # noqa: B009  # the column that `critiques` adds
        writer=_writer(critique),
        page_has_changed=shown is None or shown.page.digest != critique.page_digest,
    )


def take_step(critique: Critique, kind: Kind, words: str, by: Person) -> CritiqueStep:
    return CritiqueStep.objects.create(clinic_id=critique.clinic_id, critique=critique, kind=kind, words=words, by=by)


def _writer(critique: Critique) -> CritiqueWriter | None:
    """Names that have been kept long enough are shown to nobody, even before they are deleted."""
    is_kept = critique.received_at >= kept_since(timezone.now())
    return getattr(critique, "writer", None) if is_kept else None
