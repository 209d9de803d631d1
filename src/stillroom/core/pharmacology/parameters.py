"""What did the papers find, in whom, and how do we know?

The one home of every pharmacokinetic number. Values stand in the unit their source prints; `models` turns them into
compartments. Where a source states no range of age or weight, ours is marked as assumed and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

ADULT_FROM_Y = 18


class Structure(StrEnum):
    PER_70_KG = "volumes and clearances of a 70 kg adult"
    RATES_PER_KG = "volume per kilogram and rate constants"
    WITH_LIVER = "volumes and flows, the liver a compartment of its own"


class Drug(StrEnum):
    KETAMINE = "racemic ketamine"
    S_KETAMINE = "S-ketamine, half of what is given"


class Sampling(StrEnum):
    ARTERIAL = "arterial"
    ARTERIAL_IN_SHAPE = "arterial in shape; how it was sampled was not read"
    VENOUS = "venous"
    NOT_READ = "how it was sampled was not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number of a paper. `lower` and `upper` are the interval it gives, `cv_percent` the spread between people."""

    name: str
    value: float
    unit: str
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    cv_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From `lower` to `upper`, both included: as the source states, or assumed because of `basis`."""

    lower: float
    upper: float
    is_stated: bool
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """One published model. `inputs` names all that it takes from the person; nothing else changes its line."""

    name: str
    title: str
    structure: Structure
    drug: Drug
    sampling: Sampling
    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    population: str
    age_y: Range
    weight_kg: Range
    source: str
    transcribed_from: str
    checked_by: str
    is_for_outpatients: bool = True

    def value(self, name: str) -> float:
        """The value of the parameter called `name`, in its own unit."""
        return next(parameter.value for parameter in self.parameters if parameter.name == name)


_AGE_ASSUMED = Range(
    lower=ADULT_FROM_Y,
    upper=60,
    is_stated=False,
    basis="adults; clearance falls from 60 years on (Perez-Ruixo 2021), which this model does not know",
)
_WEIGHT_ASSUMED = Range(
    lower=50,
    upper=120,
    is_stated=False,
    basis="the weights at which independent solvers were compared; outside them scaling by weight is a convention",
)

KAMP2020 = ParameterSet(
    name="kamp2020",
    title="Kamp 2020",
    structure=Structure.PER_70_KG,
    drug=Drug.KETAMINE,
    sampling=Sampling.ARTERIAL,
    inputs=("weight_kg",),
    parameters=(
        Parameter(name="v1", value=25, unit="L"),
        Parameter(name="v2", value=56, unit="L"),
        Parameter(name="v3", value=157, unit="L"),
        Parameter(name="cl", value=84, unit="L/h", lower=69, upper=90, interval="95 % CI of the pooled mean, 79 L/h"),
        Parameter(name="q2", value=161, unit="L/h"),
        Parameter(name="q3", value=79, unit="L/h"),
        Parameter(name="volume_exponent", value=1, unit="1"),
        Parameter(name="clearance_exponent", value=0.75, unit="1"),
    ),
    population="18 studies pooled: 11 of healthy adults, 3 of adult patients, 5 of children; no covariate retained",
    age_y=_AGE_ASSUMED,
    weight_kg=_WEIGHT_ASSUMED,
    source="Kamp J, Olofsen E, Henthorn TK, et al. Anesthesiology 2020;133:1192-1213. doi:10.1097/ALN.0000000000003577",
    transcribed_from="opentiva 1.1.2, AnaSim 1.7 and an independent TypeScript program, which agree; the exponent 0.75 "
    "is that of the last two",
    checked_by="three transcriptions against each other; nobody yet against the paper's own table",
)

KAMP2020_LINEAR = ParameterSet(
    name="kamp2020_linear",
    title="Kamp 2020, clearance in proportion to weight",
    structure=Structure.PER_70_KG,
    drug=Drug.KETAMINE,
    sampling=Sampling.ARTERIAL,
    inputs=("weight_kg",),
    parameters=(*KAMP2020.parameters[:-1], Parameter(name="clearance_exponent", value=1, unit="1")),
    population=KAMP2020.population,
    age_y=_AGE_ASSUMED,
    weight_kg=_WEIGHT_ASSUMED,
    source=KAMP2020.source,
    transcribed_from="opentiva 1.1.2, which scales clearances in proportion to weight",
    checked_by=KAMP2020.checked_by,
)

DOMINO1984 = ParameterSet(
    name="domino1984",
    title="Domino 1984",
    structure=Structure.RATES_PER_KG,
    drug=Drug.KETAMINE,
    sampling=Sampling.ARTERIAL_IN_SHAPE,
    inputs=("weight_kg",),
    parameters=(
        Parameter(name="v1", value=0.063, unit="L/kg"),
        Parameter(name="k10", value=0.438, unit="1/min"),
        Parameter(name="k12", value=0.592, unit="1/min"),
        Parameter(name="k13", value=0.590, unit="1/min"),
        Parameter(name="k21", value=0.247, unit="1/min"),
        Parameter(name="k31", value=0.0146, unit="1/min"),
    ),
    population="adults, with and without diazepam before (by the title of the paper)",
    age_y=_AGE_ASSUMED,
    weight_kg=_WEIGHT_ASSUMED,
    source="Clin Pharmacol Ther 1984;36:645-653 as stanpumpR cites it; opentiva cites PMID 7198883 (1982) for the same "
    "numbers: which paper they come from is unresolved",
    transcribed_from="stanpumpR 0.0.1.9002; opentiva 1.1.2 differs by 1 in 10 000",
    checked_by="two transcriptions against each other; nobody yet against either paper",
)

CLEMENTS1981 = ParameterSet(
    name="clements1981",
    title="Clements 1981",
    structure=Structure.RATES_PER_KG,
    drug=Drug.KETAMINE,
    sampling=Sampling.VENOUS,
    inputs=("weight_kg",),
    parameters=(
        Parameter(name="v1", value=1.7522, unit="L/kg"),
        Parameter(name="k10", value=0.0109, unit="1/min"),
        Parameter(name="k12", value=0.0186, unit="1/min"),
        Parameter(name="k21", value=0.0137, unit="1/min"),
    ),
    population="a few adult volunteers given one dose of 0.25 mg/kg",
    age_y=_AGE_ASSUMED,
    weight_kg=_WEIGHT_ASSUMED,
    source="Clements JA, Nimmo WS. Br J Anaesth 1981;53:27-30. doi:10.1093/bja/53.1.27",
    transcribed_from="opentiva 1.1.2 (Clements250)",
    checked_by="one transcription; nobody yet against the paper's table",
)

HIJAZI2003 = ParameterSet(
    name="hijazi2003",
    title="Hijazi 2003",
    structure=Structure.RATES_PER_KG,
    drug=Drug.KETAMINE,
    sampling=Sampling.NOT_READ,
    inputs=("weight_kg",),
    parameters=(
        Parameter(name="v1", value=1.08, unit="L/kg"),
        Parameter(name="k10", value=0.0333, unit="1/min"),
        Parameter(name="k12", value=0.0088, unit="1/min"),
        Parameter(name="k21", value=0.0030, unit="1/min"),
    ),
    population="12 adults in intensive care with brain or spinal cord injury",
    age_y=_AGE_ASSUMED,
    weight_kg=_WEIGHT_ASSUMED,
    source="Hijazi Y, Bodonian C, Bolon M, Salord F, Boulieu R. Br J Anaesth 2003;90:155-160. doi:10.1093/bja/aeg028",
    transcribed_from="opentiva 1.1.2",
    checked_by="its clearance of 36.0 mL/min/kg and half-life of 4.9 h are those of the abstract; nobody yet against "
    "the paper's table",
    is_for_outpatients=False,
)

PEREZRUIXO2021 = ParameterSet(
    name="perezruixo2021",
    title="Perez-Ruixo 2021",
    structure=Structure.WITH_LIVER,
    drug=Drug.S_KETAMINE,
    sampling=Sampling.VENOUS,
    inputs=("age_y",),
    parameters=(
        Parameter(name="vc", value=192, unit="L", cv_percent=27.5),
        Parameter(name="q1", value=84.3, unit="L/h"),
        Parameter(name="vp1", value=143, unit="L", cv_percent=49.3),
        Parameter(name="q2", value=37.6, unit="L/h"),
        Parameter(name="vp2", value=417, unit="L"),
        Parameter(name="qh", value=151, unit="L/h", cv_percent=23.2),
        Parameter(name="qh_fall_per_year_over_60", value=2.19, unit="L/h"),
        Parameter(name="vh", value=101, unit="L", cv_percent=34.6),
        Parameter(name="kel", value=1.11, unit="1/h", cv_percent=120),
        Parameter(name="kmet", value=2.77, unit="1/h"),
    ),
    population="820 adults, 564 of them with treatment-resistant depression; mostly nasal esketamine, 28 mg by vein; "
    "the lower kel of Asian participants (x 0.36) is left out, as ancestry is not asked",
    age_y=Range(lower=ADULT_FROM_Y, upper=86, is_stated=True, basis="ages of the people studied"),
    weight_kg=Range(lower=39, upper=170, is_stated=True, basis="weights of the people studied; weight not retained"),
    source="Perez-Ruixo C, Rossenu S, Zannikos P, et al. Clin Pharmacokinet 2021;60:501-516. "
    "doi:10.1007/s40262-020-00953-4, table 3",
    transcribed_from="nlmixr2lib 0.3.2",
    checked_by="one transcription; nobody yet against the paper's table",
)

# The metabolite of the same paper. Volumes and clearances are apparent (divided by an unknown fraction), and this
# encoding over-predicts its area 1.4 to 1.56 times: the shape may be used, the level not.
NORESKETAMINE2021 = (
    Parameter(name="vcn", value=70.0, unit="L", cv_percent=31.6),
    Parameter(name="cln", value=38.0, unit="L/h", cv_percent=25.4),
    Parameter(name="q3", value=26.1, unit="L/h"),
    Parameter(name="vpn", value=115, unit="L"),
)

# Olofsen E, Kamp J, Henthorn TK, et al. Anesthesiology 2022. doi:10.1097/ALN.0000000000004176: 17 men, perception of
# the outside world and pain of pressure, one value for both.
EFFECT_SITE_HALF_LIFE = Parameter(name="t_half_ke0", value=8.3, unit="min", lower=5.1, upper=13.0, interval="95 % CI")

# Where a paper gives no spread between people. Published for clearance: 18 to 25 % (Wang 2019, Hasan 2021), 37 % in
# intensive care (Hijazi 2003). An assumption, and said to be one wherever a band is drawn.
ASSUMED_SPREAD_PERCENT = 30.0

_ALL = (KAMP2020, KAMP2020_LINEAR, DOMINO1984, CLEMENTS1981, HIJAZI2003, PEREZRUIXO2021)
MODELS: Mapping[str, ParameterSet] = MappingProxyType({each.name: each for each in _ALL})
ROOM_MODELS = (KAMP2020.name, DOMINO1984.name, CLEMENTS1981.name)
