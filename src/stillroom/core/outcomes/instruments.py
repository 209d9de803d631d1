"""Which instruments are known: their items, ranges, bands and rules, each with its source and licence. No wording.

Words of items are data of the room `outcomes`, shipped only where the licence lets anybody do so. Where it does not,
`takes_items` is False: a score read off a paper form is kept, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A name for the totals from `lowest` to `highest`, both included. The template has the word people read."""

    code: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One questionnaire or rating scale in one version. All of them: higher is worse.

    `remission_at_most` is the highest total that counts as remission. `reliable_change` is the smallest fall or rise
    that is more than the instrument's own noise, in points; None where no number is agreed on. `harm_item` is the
    position (from 0) of the question about death or self-harm. `version` says which form and which bands: what was
    scored under it keeps its band for ever.
    """

    code: str
    name: str
    version: str
    items: int
    item_highest: int
    highest: int
    takes_items: bool
    bands: tuple[Band, ...] = ()
    remission_at_most: int | None = None
    reliable_change: int | None = None
    harm_item: int | None = None
    licence: str
    source: str

    def band_of(self, total: int) -> str:
        """The code of the band that holds `total`; empty where the instrument has no bands."""
        return next((band.code for band in self.bands if band.lowest <= total <= band.highest), "")


def _bands(*edges: tuple[str, int, int]) -> tuple[Band, ...]:
    return tuple(Band(code=code, lowest=lowest, highest=highest) for code, lowest, highest in edges)


PHQ9 = Instrument(
    code="phq9",
    name="PHQ-9",
    version="PHQ-9 2001, five bands",
    items=9,
    item_highest=3,
    highest=27,
    takes_items=True,
    bands=_bands(
        ("minimal", 0, 4), ("mild", 5, 9), ("moderate", 10, 14), ("moderately_severe", 15, 19), ("severe", 20, 27)
    ),
    remission_at_most=4,
    reliable_change=5,
    harm_item=8,
    licence="released by Pfizer in 2010 without restriction or charge",
    source="Kroenke K, Spitzer RL, Williams JB. J Gen Intern Med 2001;16:606, table 2; change: facts/safety.md 2.9",
)
GAD7 = Instrument(
    code="gad7",
    name="GAD-7",
    version="GAD-7 2006, four bands",
    items=7,
    item_highest=3,
    highest=21,
    takes_items=True,
    bands=_bands(("minimal", 0, 4), ("mild", 5, 9), ("moderate", 10, 14), ("severe", 15, 21)),
    remission_at_most=4,
    reliable_change=4,
    licence="released by Pfizer in 2010 without restriction or charge",
    source="Spitzer RL et al. Arch Intern Med 2006;166:1092; change: Toussaint A et al. J Affect Disord 2020;265:395",
)
PCL5 = Instrument(
    code="pcl5",
    name="PCL-5",
    version="PCL-5 2013, past month",
    items=20,
    item_highest=4,
    highest=80,
    takes_items=True,
    reliable_change=5,
    licence="US government, not copyrighted",
    source="Weathers FW et al. The PTSD Checklist for DSM-5, National Center for PTSD 2013; no validated bands",
)
MADRS = Instrument(
    code="madrs",
    name="MADRS",
    version="MADRS 1979, bands of 2004",
    items=10,
    item_highest=6,
    highest=60,
    takes_items=False,
    bands=_bands(("none", 0, 6), ("mild", 7, 19), ("moderate", 20, 34), ("severe", 35, 60)),
    remission_at_most=10,
    licence="needs permission: score only",
    source="Montgomery SA, Asberg M. Br J Psychiatry 1979;134:382; bands and remission: facts/safety.md 2.9",
)
QIDS_SR16 = Instrument(
    code="qids_sr16",
    name="QIDS-SR16",
    version="QIDS-SR16 2003",
    items=16,
    item_highest=3,
    highest=27,
    takes_items=False,
    bands=_bands(("none", 0, 5), ("mild", 6, 10), ("moderate", 11, 15), ("severe", 16, 20), ("very_severe", 21, 27)),
    remission_at_most=5,
    licence="copyrighted: score only",
    source="Rush AJ et al. Biol Psychiatry 2003;54:573",
)
BDI2 = Instrument(
    code="bdi2",
    name="BDI-II",
    version="BDI-II 1996",
    items=21,
    item_highest=3,
    highest=63,
    takes_items=False,
    bands=_bands(("minimal", 0, 13), ("mild", 14, 19), ("moderate", 20, 28), ("severe", 29, 63)),
    remission_at_most=12,
    licence="sold by Pearson: score only",
    source="Beck AT, Steer RA, Brown GK. Manual for the BDI-II, 1996; as recalled in facts/safety.md 2.9",
)
CADSS = Instrument(
    code="cadss",
    name="CADSS",
    version="CADSS, 23 items",
    items=23,
    item_highest=4,
    highest=92,
    takes_items=False,
    licence="held by its author: score only",
    source="Bremner JD et al. J Trauma Stress 1998;11:125; 23 items: facts/safety.md 2.6. No bands, no remission",
)

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {each.code: each for each in (PHQ9, GAD7, PCL5, MADRS, QIDS_SR16, BDI2, CADSS)}
)
