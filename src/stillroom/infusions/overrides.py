"""A month of infusions against the drug library: how many stayed within it, what went beyond, and what it refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stillroom.core.infusion.bypass import Bypass, bypasses
from stillroom.infusions.acts import read_answer
from stillroom.infusions.models import Act, Infusion
from stillroom.infusions.reading import entries_of

HARD = "_hard"


@dataclass(frozen=True, slots=True)
class Crossed:
    """An infusion that went beyond the library, with all that did."""

    infusion: Infusion
    bypasses: Sequence[Bypass]


@dataclass(frozen=True, slots=True)
class Month:
    """Of `started` infusions, those that `crossed`; how often each hard limit refused something, by its code."""

    started: int
    crossed: Sequence[Crossed]
    refused: Mapping[str, int]

    @property
    def within(self) -> int:
        return self.started - len(self.crossed)

    @property
    def within_percent(self) -> int | None:
        """Rounded down: 94.9 is not 95. None where nothing was started."""
        return self.within * 100 // self.started if self.started else None


def month_of(since: datetime, until: datetime) -> Month:
    """Infusions that were started from `since` on and before `until`; in a scope of the clinic."""
    started = Infusion.objects.filter(started_at__gte=since, started_at__lt=until).order_by("started_at")
    found = [Crossed(each, bypasses(entries_of(each.pk))) for each in started.select_related("room", "patient")]
    return Month(len(found), [each for each in found if each.bypasses], _refused(since, until))


def _refused(since: datetime, until: datetime) -> Counter[str]:
    acts = Act.objects.filter(received_at__gte=since, received_at__lt=until, answer__contains=f'{HARD}"')
    answers = (read_answer(text) for text in acts.values_list("answer", flat=True))
    return Counter(
        finding.code
        for answer in answers
        if answer.outcome == "refused"
        for finding in answer.findings
        if finding.code.endswith(HARD)
    )
