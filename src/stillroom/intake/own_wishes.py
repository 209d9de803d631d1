"""Wishes written by a patient's link, perhaps on two phones at once: neither undoes what the other wrote."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from stillroom.intake.models import Link
from stillroom.intake.own_part import one_page_at_a_time
from stillroom.outcomes.asking import WishesFields
from stillroom.outcomes.models import Wishes
from stillroom.outcomes.reading import wishes_of

Both = list[tuple[str, str, str]]
"""Where two differ: the wish, what was saved there, what was written here."""


def keep_wishes(link: Link, mine: Mapping[str, str], *, seen: str | None) -> Both:
    """Keep what is new. `seen` is the mark of what the page had shown: what it left as it was stays as it is by now.

    Where both wrote, what was saved first stands, and this is kept in a row before it.
    """
    with transaction.atomic():
        one_page_at_a_time(link)
        standing = wishes_of(link.the_patient)
        theirs, shown = _wished(standing), _wished(_shown(link, seen) if seen is not None else standing)
        merged = {name: theirs[name] if mine[name] == shown[name] else mine[name] for name in WishesFields.kept}
        both = [
            (name, theirs[name], mine[name])
            for name in WishesFields.kept
            if mine[name] not in (shown[name], theirs[name]) and theirs[name] != shown[name]
        ]
        if both:
            _write(link, mine)
            _write(link, theirs | {name: merged[name] for name in merged if theirs[name] == shown[name]})
        elif merged != theirs and any(merged.values()):
            _write(link, merged)
    return both


def _shown(link: Link, seen: str) -> Wishes | None:
    return next((each for each in Wishes.objects.filter(patient=link.the_patient) if str(each.pk) == seen), None)


def _wished(wishes: Wishes | None) -> dict[str, str]:
    return {name: getattr(wishes, name) if wishes else "" for name in WishesFields.kept}


def _write(link: Link, wished: Mapping[str, str]) -> None:
    Wishes.objects.create(clinic_id=link.clinic_id, patient=link.the_patient, by=f"link:{link.pk}", **wished)
