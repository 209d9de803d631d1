"""Words of staff that a patient asks to have erased: the law decides, so a named person answers, with a reason."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from stillroom.clinics.models import Person
from stillroom.infusions.append import erase_text
from stillroom.infusions.models import EntryText, ErasureAnswered, ErasureAsked


def open_erasures() -> QuerySet[ErasureAsked]:
    """Those that nobody answered yet, oldest first, of the clinic whose rows are open."""
    return ErasureAsked.objects.filter(answer=None).select_related("patient", "infusion")


def words_asked_for(asked: ErasureAsked) -> str:
    """The words themselves; none where they are erased already."""
    found = EntryText.objects.filter(infusion=asked.infusion_id, seq=asked.seq, field=asked.field).first()
    return found.text if found else ""


@transaction.atomic
def answer(asked: ErasureAsked, *, is_erased: bool, because: str, person: Person) -> ErasureAnswered:
    """Erased at once where it is granted, on the ground that is given; the chain of the log still verifies."""
    if is_erased:
        erase_text(
            infusion_id=asked.infusion_id, seq=asked.seq, field=asked.field, by=f"person:{person.pk}", ground=because
        )
    return ErasureAnswered.objects.create(
        clinic_id=asked.clinic_id,
        patient_id=asked.patient_id,
        asked=asked,
        is_erased=is_erased,
        because=because,
        answered_by=person,
    )
