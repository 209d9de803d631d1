"""What a start finds of the consent: nothing where it stands, else something that a prescriber answers for."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused, Severity
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety.consent import Consented, judge_consent
from tests.examples import ADA, BEN, ready

LACKING = [each for each in Consented if each is not Consented.SIGNED]


def test_a_consent_that_stands_is_no_finding() -> None:
    assert judge_consent(Consented.SIGNED) == ()


@pytest.mark.parametrize("stands", LACKING)
def test_a_start_without_one_is_a_prescribers_decision_with_a_reason_and_is_kept(stands: Consented) -> None:
    (finding,) = judge_consent(stands)
    assert finding.severity is Severity.SOFT
    walk = ready()
    for author, reason in ((BEN, None), (BEN, "she said yes"), (ADA, None), (ADA, " ")):
        with pytest.raises(Refused) as refused:
            walk.ask(c.StartInfusion(consent=stands, reason=reason), author)
        assert finding in refused.value.findings
    (started,) = walk.ask(c.StartInfusion(consent=stands, reason="signed at the desk, paper on its way"), ADA)
    assert isinstance(started.fact, e.StartIntended)
    assert (started.fact.findings, started.fact.reason) == ((finding.code,), "signed at the desk, paper on its way")
