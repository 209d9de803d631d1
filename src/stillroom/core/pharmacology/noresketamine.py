"""How does noresketamine rise and fall? Its shape only.

Perez-Ruixo 2021: what the liver metabolises (kmet) enters a central compartment that exchanges with a peripheral one.
The published volumes and clearances are apparent, so the level is too: it over-predicts the area 1.4 to 1.56 times.
Nothing may be shown as a concentration of noresketamine; where it peaks and how fast it falls may.
"""

from __future__ import annotations

import numpy as np

from stillroom.core.pharmacology.compartments import Compartments, Flow, modes_of
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.history import RateHistory
from stillroom.core.pharmacology.models import LIVER, Body, kinetics_for
from stillroom.core.pharmacology.parameters import NORESKETAMINE2021, PEREZRUIXO2021
from stillroom.core.pharmacology.response import respond

_MIN_PER_H = 60.0


def noresketamine_shape(history: RateHistory, body: Body, t_min: Array) -> Array:
    """Noresketamine in plasma over its highest value at the times asked, 0 to 1, (t,); all zero if there is none."""
    apparent = noresketamine_apparent_ng_per_ml(history, body, t_min)
    highest = np.max(apparent, initial=0.0)
    return apparent / highest if highest > 0 else apparent


def noresketamine_apparent_ng_per_ml(history: RateHistory, body: Body, t_min: Array) -> Array:
    """The apparent concentration (t,), to be compared with other solvers and never shown.

    Each mode of the metabolite follows the liver as an effect site follows plasma, at its own rate; so the answer is
    the sum over modes of (formation, per litre) / rate times such a site.
    """
    metabolite = modes_of(_metabolite())
    formation_l_per_min = PEREZRUIXO2021.value("kmet") / _MIN_PER_H * PEREZRUIXO2021.value("vh")
    total = np.zeros_like(t_min)
    for decay_per_min, share_per_l in zip(metabolite.decay_per_min, metabolite.share_per_l[0], strict=True):
        followed = kinetics_for(PEREZRUIXO2021, body, ke0_per_min=float(decay_per_min), compartment=LIVER)
        total += formation_l_per_min * share_per_l / decay_per_min * respond(followed, history, t_min)[1]
    return total


def _metabolite() -> Compartments:
    value = {parameter.name: parameter.value for parameter in NORESKETAMINE2021}
    return Compartments(
        volumes_l=(value["vcn"], value["vpn"]),
        flows=(Flow(value["cln"] / _MIN_PER_H, 0), Flow(value["q3"] / _MIN_PER_H, 0, 1)),
    )
