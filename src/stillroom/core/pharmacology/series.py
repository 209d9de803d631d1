"""By how much did pressure and pulse rise in other people? Published series, each by itself.

They do not measure the same thing: the mean of everybody at one minute is small because peaks come at different
minutes; the mean of peaks is larger; and how many crossed a line is something else again. They are shown beside each
other with what each measured, and never averaged, joined or turned into a prediction for one patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What a series measured, in the order from least to most alarming to read."""

    MEAN_AT_ONE_TIME = "mean_at_one_time"
    MEAN_OF_PEAKS = "mean_of_peaks"
    SHARE_ABOVE = "share_above"
    BACK_TO_BASELINE = "back_to_baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A rise over baseline of one sign. `lower` and `upper` are the interval that the paper gives, of the mean."""

    sign: str
    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One published series. `is_read` is False where we know that numbers exist and have not read them: none is here.

    `share_percent` of people came to `line_mmhg`; `share_treated_percent` of those needed a medicine.
    """

    name: str
    title: str
    measure: Measure
    rises: tuple[Rise, ...] = ()
    at_min: int | None = None
    line_mmhg: str | None = None
    share_percent: float | None = None
    share_treated_percent: float | None = None
    back_within_h: float | None = None
    people: str
    source: str
    is_read: bool = True


RIVA_POSSE2018 = Series(
    name="riva_posse2018",
    title="Riva-Posse 2018",
    measure=Measure.MEAN_AT_ONE_TIME,
    rises=(Rise(sign="sbp_mmhg", value=3.28), Rise(sign="dbp_mmhg", value=3.17)),
    at_min=30,
    people="684 infusions of 0.5 mg/kg over 40 min in 66 patients, 36.1 % of them with hypertension",
    source="Riva-Posse P, Reiff CM, Edwards JA, et al. J Affect Disord 2018 (abstract)",
)
VANKAWALA2021 = Series(
    name="vankawala2021",
    title="Vankawala 2021",
    measure=Measure.MEAN_OF_PEAKS,
    rises=(
        Rise(sign="sbp_mmhg", value=12.61, lower=10.40, upper=14.82),
        Rise(sign="dbp_mmhg", value=8.49, lower=6.89, upper=10.09),
        Rise(sign="pulse_per_min", value=4.09, lower=0.55, upper=7.63),
    ),
    people="15 papers, 2252 treatments with ketamine or esketamine, at most 0.5 mg/kg",
    source="Vankawala J, Naples G, Avila-Quintero VJ, et al. Front Psychiatry 2021;12:549080 (abstract)",
)
WAN2015 = Series(
    name="wan2015",
    title="Wan 2015",
    measure=Measure.MEAN_OF_PEAKS,
    people="205 infusions of 0.5 mg/kg over 40 min in 97 patients of three trials",
    source="Wan LB, et al. J Clin Psychiatry 2015 (abstract, which does not give the peaks)",
    is_read=False,
)
RODRIGUES2020 = Series(
    name="rodrigues2020",
    title="Rodrigues 2020",
    measure=Measure.SHARE_ABOVE,
    line_mmhg="165/100",
    share_percent=44.3,
    share_treated_percent=12,
    people="203 patients of one clinic",
    source="Rodrigues NB, et al. Expert Opin Drug Saf 2020;19:1031 (abstract)",
)
SZARMACH2020 = Series(
    name="szarmach2020",
    title="Szarmach 2020",
    measure=Measure.BACK_TO_BASELINE,
    back_within_h=1.5,
    people="49 patients in hospital",
    source="Szarmach J, Cubała WJ, Włodarczyk A, et al. Neuropsychiatr Dis Treat 2020;16:2539. doi:10.2147/NDT.S273287",
)

SERIES = (RIVA_POSSE2018, VANKAWALA2021, WAN2015, RODRIGUES2020, SZARMACH2020)
