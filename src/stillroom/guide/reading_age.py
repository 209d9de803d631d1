"""At what age can a text be read? SMOG, made for letters and leaflets about health, and five years more for the age.

    grade = 1.0430 * sqrt(words of three syllables or more * 30 / sentences) + 3.1291

McLaughlin, "SMOG grading: a new readability formula", Journal of Reading 12 (1969), 639-646. For English, and for a
whole page: it counts 30 sentences. Grade one begins at six. Syllables are counted as groups of vowels with the usual
exceptions, which is right for nine words in ten (tests/guide/test_reading_age.py).
"""

from __future__ import annotations

import math
import re

YEARS_BEFORE_SCHOOL = 5
READING_AGE_MOST_Y = 14.0
MANY_SYLLABLES = 3

SENTENCE = re.compile(r"[.?!]+(?=\s|$)|\n+")
WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(
    r"(?:[^laeiouycsgxz]es|[^aeiouytd]ed|[^laeiouy]e)$|(?<=[^aeiouyl])e(?=(?:ment|ly|times|thing|one)s?$)"
)
TWO_SOUNDS = re.compile(
    r"i[aou](?<!ti[ao])(?<!ci[ao])(?<!si[o])(?<!gi[o])(?<!ci[ou])|eous|uous|uie|iet|eat(?=e)|rea$|ying|eing|oing|sm$"
)


def reading_age_y(text: str) -> float | None:
    """None for a text without words."""
    words = WORD.findall(text)
    if not words:
        return None
    sentences = sum(1 for each in SENTENCE.split(text) if WORD.search(each))
    long = sum(1 for word in words if syllables(word) >= MANY_SYLLABLES)
    return 1.0430 * math.sqrt(long * 30 / sentences) + 3.1291 + YEARS_BEFORE_SCHOOL


def syllables(word: str) -> int:
    low = re.sub(r"['’].*", "", word.lower())
    return max(1, len(VOWELS.findall(low)) + len(TWO_SOUNDS.findall(low)) - len(SILENT.findall(low)))
