"""Priority is read from harm and onset, as IEC 60601-1-8 has it, and the page of hazards says the same as the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stillroom.core.safety.priority import CONDITIONS, PRIORITIES, Harm, Onset, Priority

PAGE = Path(__file__).parents[3] / "docs" / "clinical" / "alarms.md"
H, M, L = Priority.HIGH, Priority.MEDIUM, Priority.LOW

# Open PCA Pump Requirements 1.0.0, table 3, from IEC 60601-1-8; "low or none" is low here.
TABLE = {
    Harm.IRREVERSIBLE: (H, H, M),
    Harm.REVERSIBLE: (H, M, L),
    Harm.MINOR: (M, L, L),
}


@pytest.mark.parametrize("harm", Harm)
def test_priority_is_harm_by_onset(harm: Harm) -> None:
    assert tuple(PRIORITIES[harm, onset] for onset in Onset) == TABLE[harm]


def test_the_page_of_hazards_and_the_table_of_alarms_say_the_same() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (H-\d\d) \| ([\w ]+) \| (\w+) \| (\w+) \|", PAGE.read_text(), flags=re.MULTILINE)
    said = {name: (hazard, harm, onset, priority) for name, hazard, harm, onset, priority in rows}
    assert said == {
        name: (each.hazard, each.harm.value, each.onset.value, each.priority.value) for name, each in CONDITIONS.items()
    }


def test_every_hazard_of_the_page_has_a_condition() -> None:
    assert set(re.findall(r"\*\*(H-\d\d)\*\*", PAGE.read_text())) == {each.hazard for each in CONDITIONS.values()}
