"""Which of the listed clinics does somebody look for: near a town, within a distance, with this and that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from stillroom.directory.document import Clinic, Document
from stillroom.directory.plainly import is_plain
from stillroom.directory.towns import LONGEST_NAME, Place, Town, towns_called

DISTANCES_KM = (25, 50, 100, 250, 500)
USUAL_KM = 100

# What can be asked for: name in the address -> criterion, and the answers that have it.
WISHES: Mapping[str, tuple[str, frozenset[str]]] = {
    "pump": ("flow", frozenset({"pump"})),
    "in-room": ("watcher", frozenset({"in_room"})),
    "companion": ("companion", frozenset({"welcome"})),
    "no-driver": ("doors_home", frozenset({"until_clear", "either"})),
    "no-referral": ("self_referral", frozenset({"yes"})),
    "step-free": ("step_free", frozenset({"yes"})),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A clinic of the result, its number in list and map, and how far it is, where that was asked."""

    number: int
    clinic: Clinic
    km: int | None


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked, as it was understood. `town`: None where none was typed, or none of that name is known."""

    typed: str = ""
    town: Town | None = None
    other_towns: tuple[Town, ...] = ()
    within_km: int = USUAL_KM
    wishes: frozenset[str] = field(default_factory=frozenset)
    not_understood: bool = False

    @property
    def is_unknown_town(self) -> bool:
        return bool(self.typed) and self.town is None

    @property
    def is_asking(self) -> bool:
        return bool(self.typed or self.wishes)


def search_of(query: QueryDict) -> Search:
    """What is not among the choices is not guessed at: the page says that it was not understood, and asks again."""
    typed = query.get("near", "").strip()
    wishes = frozenset(query.getlist("with"))
    km = query.get("within", str(USUAL_KM))
    is_strange = len(typed) > LONGEST_NAME or not is_plain(typed) or not wishes <= WISHES.keys()
    if is_strange or km not in {str(each) for each in DISTANCES_KM}:
        return Search(not_understood=True)
    towns = towns_called(typed)
    return Search(typed, towns[0] if towns else None, tuple(towns[1:]), int(km), wishes)


def found_in(document: Document, search: Search) -> Sequence[Found]:
    """The nearest first; without a town, by country, town and name. Nothing else orders them: no place is for sale."""
    clinics = [clinic for clinic in document.clinics if _has(clinic, search.wishes)]
    if search.is_unknown_town or search.not_understood:
        return ()
    if search.town is None:
        ordered = sorted(clinics, key=lambda each: (each.country, each.town, each.name))
        return [Found(number, clinic, None) for number, clinic in enumerate(ordered, 1)]
    near = sorted(_near(clinics, search.town.place, search.within_km), key=lambda pair: (pair[0], pair[1].name))
    return [Found(number, clinic, round(km)) for number, (km, clinic) in enumerate(near, 1)]


def _near(clinics: Sequence[Clinic], centre: Place, within_km: int) -> Iterator[tuple[float, Clinic]]:
    for clinic in clinics:
        km = centre.km_to(clinic.place)
        if km <= within_km:
            yield km, clinic


def _has(clinic: Clinic, wishes: frozenset[str]) -> bool:
    asked = [WISHES[wish] for wish in wishes]
    answers = {each.criterion: each.answer for each in clinic.statements}
    return all(answers.get(criterion) in wanted for criterion, wanted in asked)
