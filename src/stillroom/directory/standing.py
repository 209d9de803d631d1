"""Where does a clinic stand? Follows from what it said, what was made of that, and what two editors took out.

What stands for a criterion is the newest statement that was let stand and not taken out. A newer one that was refused,
or that nobody has looked at, leaves the older in place until its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from stillroom.directory.criteria import Criteria, Criterion
from stillroom.directory.document import Clinic, Evidence, Statement, unmet
from stillroom.directory.models import Judgement, Listing, Removal, Said


@dataclass(frozen=True, slots=True)
class Stand:
    """One criterion of one clinic: what stands, and what is said and waits to be judged or was refused."""

    criterion: Criterion
    said: Said | None
    judgement: Judgement | None
    newest: Said | None
    newest_judgement: Judgement | None

    @property
    def waits(self) -> bool:
        return self.newest is not None and self.newest_judgement is None

    @property
    def statement(self) -> Statement | None:
        """As it is published."""
        if self.said is None or self.judgement is None:
            return None
        was_seen = self.judgement.verdict == Judgement.Verdict.SEEN
        return Statement(
            criterion=self.criterion.code,
            answer=self.said.answer,
            note=self.said.note,
            evidence=Evidence(self.judgement.evidence) if was_seen else Evidence.WORD,
            stated_on=self.said.stated_on,
            seen_on=self.judgement.judged_on if was_seen else None,
            expires_on=self.judgement.expires_on,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A clinic as the editors see it."""

    listing: Listing
    stands: tuple[Stand, ...]
    removal: Removal | None

    @property
    def is_out(self) -> bool:
        """Taken out by two editors, or by its own wish."""
        return self.listing.withdrawn_at is not None or bool(self.removal and self.removal.agreed_at)

    @property
    def waits(self) -> int:
        return sum(stand.waits for stand in self.stands)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(stand.statement for stand in self.stands if stand.statement)

    def unmet(self, day: date, by: Criteria) -> list[Criterion]:
        return unmet(self.statements, day, by)

    def is_listed_on(self, day: date, by: Criteria) -> bool:
        return not self.is_out and not self.unmet(day, by)

    def published(self) -> Clinic:
        listing = self.listing
        return Clinic(
            slug=listing.slug,
            name=listing.name,
            street=listing.street,
            town=listing.town,
            country=listing.country,
            north=listing.north,
            east=listing.east,
            phone=listing.phone,
            website=listing.website,
            checked_on=max(stand.judgement.judged_on for stand in self.stands if stand.judgement and stand.said),
            statements=self.statements,
        )


def standings(by: Criteria, listings: Iterable[Listing] | None = None) -> Iterator[Standing]:
    """Every clinic of the directory that is open, or these; in four queries."""
    rows = Listing.objects.all() if listings is None else Listing.objects.filter(pk__in=[each.pk for each in listings])
    open_removals = Removal.objects.filter(dropped_at=None).select_related("proposed_by", "agreed_by")
    said = Said.objects.filter(criteria_version=by.version).prefetch_related(
        Prefetch("judgements", Judgement.objects.select_related("judged_by")), Prefetch("removals", open_removals)
    )
    for listing in rows.prefetch_related(Prefetch("said", said), Prefetch("removals", open_removals)):
        whole = next((each for each in listing.removals.all() if each.said_id is None), None)
        yield Standing(listing, tuple(_stand(listing, criterion) for criterion in by.criteria), whole)


def standing_of(listing: Listing, by: Criteria) -> Standing:
    return next(standings(by, [listing]))


def last_judgement(said: Said) -> Judgement | None:
    return max(said.judgements.all(), key=lambda each: each.judged_at, default=None)


def _stand(listing: Listing, criterion: Criterion) -> Stand:
    all_said = [said for said in listing.said.all() if said.criterion == criterion.code]
    newest_first = sorted(all_said, key=lambda said: said.added_at, reverse=True)
    newest = newest_first[0] if newest_first else None
    stands = next((said for said in newest_first if _is_let_stand(said)), None)
    return Stand(
        criterion,
        stands,
        last_judgement(stands) if stands else None,
        newest,
        last_judgement(newest) if newest else None,
    )


def _is_let_stand(said: Said) -> bool:
    judgement = last_judgement(said)
    is_taken_out = any(removal.agreed_at for removal in said.removals.all())
    return judgement is not None and judgement.verdict != Judgement.Verdict.REFUSED and not is_taken_out
