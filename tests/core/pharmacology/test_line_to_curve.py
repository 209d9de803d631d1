"""From the line's volume to the curve: the drug comes a line later, stands still with the fluid, and is washed in.

35 mg in 100 mL at 150 mL/h through a line of 15 mL; the clamp closes at 40 min, and 20 mL of saline flush the line from
42 to 44 min. The other side is scipy's integrator over Kamp's published constants, its inflow read off the fluid: what
arrives at the vein entered the line 15 mL earlier. It knows nothing of segments, nor of our strip of fluid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from stillroom.core.drip.course import rates_reaching_patient
from stillroom.core.drip.history import FlowSettled, LineFlushed
from stillroom.core.drip.line import Line
from stillroom.core.pharmacology import Body, course
from tests.core.drip.drips import DRUG_LINE, FLUID_LINE, NO_LINE, STARTED, D, drip

Array = NDArray[np.float64]

MG_PER_ML = 0.35
DRIP_ML_PER_MIN, FLUSH_ML_PER_MIN = 2.5, 10.0
CLOSED = FlowSettled(t_min=40, rate_ml_per_h=D(0))
FLUSHED = LineFlushed(t_min=42, volume_ml=D(20), duration_min=D(2))
T_MIN = np.array([3.0, 5.9, 6.1, 10.0, 20.0, 40.0, 41.9, 42.5, 43.5, 44.0, 50.0, 80.0, 120.0])
# Kamp 2020 at 70 kg: L and L/min; effect site with a half-life of 8.3 min.
V1, V2, V3, CL, Q2, Q3, KE0 = 25.0, 56.0, 157.0, 84 / 60, 161 / 60, 79 / 60, np.log(2) / 8.3


@dataclass(frozen=True, kw_only=True)
class Fluid:
    """What was primed, what the line holds, and when the bag is empty or the clamp closed: worked out by hand."""

    primed_mg_per_ml: float
    line_ml: float
    ends_min: float

    def flow_ml_per_min(self, t_min: float) -> float:
        return DRIP_ML_PER_MIN if t_min < self.ends_min else FLUSH_ML_PER_MIN if 42 <= t_min < 44 else 0.0

    def mg_per_ml_at_vein(self, t_min: float) -> float:
        """What entered a line's volume ago: the priming, the bag, or saline."""
        dripped_ml = DRIP_ML_PER_MIN * min(t_min, self.ends_min)
        place_ml = dripped_ml + FLUSH_ML_PER_MIN * min(max(t_min - 42.0, 0.0), 2.0) - self.line_ml
        bag_ml = DRIP_ML_PER_MIN * self.ends_min
        return self.primed_mg_per_ml if place_ml < 0 else MG_PER_ML if place_ml < bag_ml else 0.0


def integrated(fluid: Fluid, kinks_min: list[float]) -> Array:
    """Plasma and effect site, ng/mL, (2, t); the kinks only tell the integrator where to look twice."""

    def grow(t_min: float, state: Array) -> Array:
        plasma, second, third, site = state
        inflow = fluid.flow_ml_per_min(t_min) * fluid.mg_per_ml_at_vein(t_min)
        to_second, to_third = Q2 * (plasma - second), Q3 * (plasma - third)
        lost = (inflow - CL * plasma - to_second - to_third) / V1
        return np.array([lost, to_second / V2, to_third / V3, KE0 * (plasma - site)])

    state, found = np.zeros(4), []
    for start_min, end_min in zip([0.0, *kinks_min], [*kinks_min, 120.0], strict=True):
        asked = T_MIN[(start_min < T_MIN) & (end_min >= T_MIN)]
        inside = (start_min, np.nextafter(end_min, 0.0))
        path = solve_ivp(grow, inside, state, "DOP853", dense_output=True, rtol=1e-11, atol=1e-13)
        state = path.y[:, -1]
        found.append(path.sol(asked)[[0, 3]] * 1000.0)
    return np.concatenate(found, axis=1)


@pytest.mark.parametrize(
    ("line", "fluid", "kinks_min"),
    [
        # 15 mL take 6 min at 2.5 mL/min, and 1.5 min of the flush; primed with drug, the bag's other 85 mL last 34 min.
        (FLUID_LINE, Fluid(primed_mg_per_ml=0.0, line_ml=15.0, ends_min=40.0), [6.0, 40.0, 42.0, 43.5]),
        (DRUG_LINE, Fluid(primed_mg_per_ml=MG_PER_ML, line_ml=15.0, ends_min=34.0), [34.0, 42.0, 43.5]),
        (NO_LINE, Fluid(primed_mg_per_ml=0.0, line_ml=0.0, ends_min=40.0), [40.0]),
    ],
    ids=["primed with fluid", "primed with drug", "no line"],
)
def test_the_curve_follows_the_fluid_in_the_line(line: Line, fluid: Fluid, kinks_min: list[float]) -> None:
    reaching = rates_reaching_patient(drip(STARTED, CLOSED, FLUSHED, line=line), until_min=120)
    segments = [(each.start_min, each.end_min, each.rate_mg_per_min) for each in reaching]
    [found] = course(["kamp2020"], segments, Body(age_y=40, weight_kg=70), T_MIN).lines
    expected = integrated(fluid, kinks_min)
    np.testing.assert_allclose(found.plasma_ng_per_ml, expected[0], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.effect_site_ng_per_ml, expected[1], rtol=1e-8, atol=1e-9)
