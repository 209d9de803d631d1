"""SR-17: an allergy on record is never answered away, and one without a name is none."""

from __future__ import annotations

import pytest

from stillroom.core.safety import Reply
from stillroom.core.safety.allergies import judge_allergy_reply, substances_in


@pytest.mark.parametrize(
    ("reply", "words", "known", "codes"),
    [
        (Reply.FINE, "", None, []),
        (Reply.FINE, "", (), []),
        (Reply.FINE, "", ("latex",), ["allergies_on_record"]),
        (Reply.PROBLEM, "latex", None, []),
        (Reply.PROBLEM, "latex", ("latex", "penicillin"), []),
        (Reply.PROBLEM, " , ;", None, ["no_substance_named"]),
        (Reply.UNKNOWN, "", ("latex",), []),
    ],
)
def test_an_answer_fits_the_record_or_says_why_not(
    reply: Reply, words: str, known: tuple[str, ...] | None, codes: list[str]
) -> None:
    assert [finding.code for finding in judge_allergy_reply(reply, words, known=known)] == codes


def test_substances_are_read_as_they_are_written() -> None:
    assert substances_in("latex, penicillin;\n soy ,") == ("latex", "penicillin", "soy")
