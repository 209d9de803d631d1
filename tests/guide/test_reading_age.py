"""The formula is McLaughlin's, and syllables are counted as a dictionary does, nine words in ten."""

from __future__ import annotations

import pytest

from stillroom.guide.reading_age import reading_age_y, syllables

# Syllables as dictionaries divide them.
DIVIDED = (
    "in·fu·sion du·ra·tion med·i·cine doc·tor walked want·ed peo·ple ta·ble qui·et a·re·a be·ing try·ing "
    "blood pres·sure ox·y·gen moves safe·ly sleep beau·ti·ful treat·ment psy·cho·sis sat·u·ra·tion "
    "cre·at·ed se·ri·ous pa·tient stud·ies re·al·ly some·times an·y·thing ev·ery·one ques·tion ket·a·mine "
    "de·pres·sion some·bod·y no·bod·y dif·fer·ence hos·pi·tal al·co·hol to·geth·er fam·i·ly e·mer·gen·cy "
    "e·lec·tric re·mis·sion ther·a·py in·jec·tion mem·o·ry "
)


def test_syllables_are_counted_as_a_dictionary_does() -> None:
    wrong = [word for word in DIVIDED.split() if syllables(word.replace("·", "")) != word.count("·") + 1]
    assert len(wrong) <= len(DIVIDED.split()) / 10, wrong


def test_the_age_is_the_formulas() -> None:
    """30 sentences with 30 long words: 1.0430 * sqrt(30) + 3.1291 = 8.842, by hand."""
    assert reading_age_y("The hospital is here. " * 30) == pytest.approx(8.842 + 5, abs=0.001)


def test_long_words_are_for_older_readers_and_a_text_without_words_has_no_age() -> None:
    hard = "Supplementary pharmacological considerations necessitate individualised administration."
    assert (reading_age_y(hard) or 0) > 20 > 14 > (reading_age_y("You lie in a quiet room.") or 99)
    assert reading_age_y(" 12 ") is None
