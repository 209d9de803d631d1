"""Its shape only: between 0 and 1, later than its parent, and blind to the dose."""

from __future__ import annotations

import numpy as np

from stillroom.core.pharmacology import Body, course
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.noresketamine import noresketamine_shape

BODY = Body(age_y=40)
T_MIN = np.arange(0.0, 600.0)
SEGMENTS = [(0.0, 40.0, 0.875)]


def test_the_shape_begins_at_0_and_peaks_at_1_after_its_parent() -> None:
    shape = noresketamine_shape(staircase(SEGMENTS), BODY, T_MIN)
    [parent] = course(["perezruixo2021"], SEGMENTS, BODY, T_MIN).lines
    assert (shape[0], shape.max(), shape.min()) == (0.0, 1.0, 0.0)
    assert T_MIN[shape.argmax()] > T_MIN[parent.plasma_ng_per_ml.argmax()] == 40.0


def test_ten_times_the_dose_has_the_same_shape() -> None:
    ten_times = [(0.0, 40.0, 8.75)]
    ours = noresketamine_shape(staircase(ten_times), BODY, T_MIN)
    np.testing.assert_allclose(ours, noresketamine_shape(staircase(SEGMENTS), BODY, T_MIN), rtol=1e-12, atol=1e-15)


def test_without_a_drip_there_is_none() -> None:
    assert noresketamine_shape(staircase([]), BODY, T_MIN).max() == 0.0
