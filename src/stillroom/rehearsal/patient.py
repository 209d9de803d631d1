"""What would a monitor and a nurse see of an invented patient at this level of ketamine?

Effects follow the estimated effect-site concentration of racemic ketamine, ng/mL. Means are scaled to published
figures at the level that the usual infusion ends with; the rest (saturation, breathing) is made up, small, and for
rehearsal only. Noise is drawn from the seed and the time alone: the same patient at the same moment is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from random import Random

# Effect-site concentration at the end of 0.5 mg/kg over 40 min in 70 kg by Kamp 2020 with a half-life of 8.3 min:
# what the rises below were observed at, as near as a population mean allows.
REFERENCE_NG_PER_ML = 214.7

# Mean rise during the infusion. Vankawala J et al. Front Psychiatry 2021;12:549080, 15 papers, 2252 treatments.
SBP_RISE_MMHG = 12.61
DBP_RISE_MMHG = 8.49
PULSE_RISE_PER_MIN = 4.09

# Perception: half of the effect at 0.51 nmol/mL of the S form (Olofsen E et al. Anesthesiology 2022), which is half of
# the racemate, 237.725 g/mol. The steepness is not published; 2 is chosen here for rehearsal.
C50_NG_PER_ML = 0.51 * 2 * 237.725
STEEPNESS = 2

# Made up for rehearsal: at the reference level a little less saturation, a little slower breathing.
SPO2_FALL_PERCENT = 1.0
RESP_FALL_PER_MIN = 2.0
# And the slower they breathe, the more carbon dioxide stays.
REST_PER_MIN, REST_ETCO2_MMHG, ETCO2_PER_BREATH_MMHG, LOWEST_ETCO2_MMHG = 14.0, 38.0, 1.5, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """How an invented patient is without the drug."""

    sbp_mmhg: float = 118
    dbp_mmhg: float = 74
    pulse_per_min: float = 67
    spo2_percent: float = 98
    resp_per_min: float = REST_PER_MIN
    temperature_cel: float = 36.6


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPatient:
    """`pressure_gain` and `perception_gain` make one patient respond more or less than the mean (1)."""

    seed: int
    resting: Resting = Resting()
    pressure_gain: float = 1.0
    perception_gain: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What can be seen at one moment. `detached` and `sleepy` go from 0 to 10."""

    sbp_mmhg: int
    dbp_mmhg: int
    mbp_mmhg: int
    pulse_per_min: int
    spo2_percent: int
    resp_per_min: int
    temperature_cel: float
    detached: int
    sleepy: int

    @property
    def etco2_mmhg(self) -> int:
        """None where nobody breathes."""
        if not self.resp_per_min:
            return 0
        said = REST_ETCO2_MMHG + ETCO2_PER_BREATH_MMHG * (REST_PER_MIN - self.resp_per_min)
        return round(max(said, LOWEST_ETCO2_MMHG))


def signs_at(patient: SimulatedPatient, *, at_s: float, effect_site_ng_per_ml: float) -> Signs:
    """The patient's signs `at_s` seconds on any one clock, at this effect-site concentration."""
    share = max(effect_site_ng_per_ml, 0.0) / REFERENCE_NG_PER_ML
    rest, gain = patient.resting, patient.pressure_gain
    sbp = rest.sbp_mmhg + SBP_RISE_MMHG * share * gain + _wander(patient, "sbp", at_s, slow=3.0, quick=2.0)
    dbp = rest.dbp_mmhg + DBP_RISE_MMHG * share * gain + _wander(patient, "dbp", at_s, slow=2.0, quick=1.5)
    dbp = min(dbp, sbp - 15)
    felt = perception(effect_site_ng_per_ml) * patient.perception_gain
    pulse = (
        rest.pulse_per_min + PULSE_RISE_PER_MIN * share * gain + _wander(patient, "pulse", at_s, slow=2.5, quick=1.2)
    )
    spo2 = rest.spo2_percent - SPO2_FALL_PERCENT * share + _wander(patient, "spo2", at_s, slow=0.4, quick=0.3)
    resp = rest.resp_per_min - RESP_FALL_PER_MIN * share + _wander(patient, "resp", at_s, slow=1.0, quick=0.6)
    return Signs(
        sbp_mmhg=round(sbp),
        dbp_mmhg=round(dbp),
        mbp_mmhg=round(dbp + (sbp - dbp) / 3),
        pulse_per_min=round(pulse),
        spo2_percent=min(round(spo2), 100),
        resp_per_min=max(round(resp), 4),
        temperature_cel=round(rest.temperature_cel + _wander(patient, "temperature", at_s, slow=0.1, quick=0.0), 1),
        detached=min(round(10 * felt), 10),
        sleepy=min(round(8 * felt), 10),
    )


def perception(effect_site_ng_per_ml: float) -> float:
    """How far perception is changed, 0 to 1: C^g / (C^g + C50^g)."""
    raised = max(effect_site_ng_per_ml, 0.0) ** STEEPNESS
    return raised / (raised + C50_NG_PER_ML**STEEPNESS)


def _wander(patient: SimulatedPatient, sign: str, at_s: float, *, slow: float, quick: float) -> float:
    """Slow waves of minutes and quick noise of seconds, drawn from seed, sign and time."""
    phase = Random(f"{patient.seed}/{sign}").uniform(0, 2 * pi)  # noqa: S311 (a rehearsal, not a secret)
    waves = 0.6 * sin(2 * pi * at_s / 210 + phase) + 0.4 * sin(2 * pi * at_s / 67 + 2 * phase)
    noise = Random(f"{patient.seed}/{sign}/{int(at_s)}").gauss(0, 1)  # noqa: S311 (as above)
    return slow * waves + quick * noise
