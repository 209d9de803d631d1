from __future__ import annotations

from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.journal.record import infusion_line
from tests.examples import ADA, arrived, infusing

D = Decimal


def test_a_line_says_dose_rate_and_length() -> None:
    """20 min at 150 mL/h of 0.35 mg/mL are 17.5 mg, and the minute in doubt before it 0.875: 18 mg, 0.26 mg/kg."""
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, nauseous=2), after_min=10)
    walk.ask(c.StopInfusion(), after_min=10)
    walk.confirm()
    line = infusion_line(tuple(walk.log), clinic="Quiet Clinic", at=walk.at)
    assert line is not None
    assert (line.given_mg, line.given_mg_per_kg) == (D(18), D("0.26"))
    assert (line.usual_rate_mg_per_kg_per_h, line.minutes) == (D("0.75"), 21)
    assert line.most_nauseous == 2
    assert not line.is_signed


def test_zero_is_not_missing() -> None:
    walk = infusing()
    line = infusion_line(tuple(walk.log), clinic="Q", at=walk.at)
    assert line is not None
    assert line.most_nauseous is None
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, nauseous=0))
    line = infusion_line(tuple(walk.log), clinic="Q", at=walk.at)
    assert line is not None
    assert line.most_nauseous == 0


def test_what_never_began_has_no_line() -> None:
    walk = arrived()
    walk.ask(c.AbandonInfusion(reason="fever"), ADA)
    assert infusion_line(tuple(walk.log), clinic="Q", at=walk.at) is None
