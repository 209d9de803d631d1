"""A million people as fast as memory takes the numbers: three compartments and an effect site, exact, compiled.

The only place that imports Numba, imported by `population` alone, and that by what simulates and what measures. No page
and no request comes here: the first call compiles. `population` is the one clear function in front.

`steps` takes one tile of people from one time to the next, `curves` follows all of them, `fits` learns from their
scores. Numba keeps what it compiled beside each file and looks for changes in that file alone: after a change of
`steps`, remove the `__pycache__` of this folder. Tests and benchmarks see to it themselves.
"""

from stillroom.core.pharmacology.kernel.curves import (
    by_patient,
    by_patient_serial,
    by_tile,
    by_tile_serial,
    summed,
    summed_serial,
)
from stillroom.core.pharmacology.kernel.fits import felt_by, fit, fit_serial
from stillroom.core.pharmacology.kernel.steps import LANES

__all__ = [
    "LANES",
    "by_patient",
    "by_patient_serial",
    "by_tile",
    "by_tile_serial",
    "felt_by",
    "fit",
    "fit_serial",
    "summed",
    "summed_serial",
]
