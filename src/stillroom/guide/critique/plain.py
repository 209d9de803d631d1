"""Words as a stranger typed them, made safe to keep and to show: nothing is lost, and nothing hides.

Signs that draw nothing (control characters, and those that turn the direction of a line) are written out as their
number, ⟨U+202E⟩, so that an editor sees that they were there and they can do nothing. Ends of lines become one kind.
"""

from __future__ import annotations

import re
import unicodedata

ENDS_OF_LINES = re.compile(r"\r\n?|\u2028|\u2029|\x85")
# Embeddings, overrides and isolates (UAX #9, 2), interlinear marks, and the tags that spell words nobody sees.
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")


def plain(text: str) -> str:
    """Several lines."""
    joined = ENDS_OF_LINES.sub("\n", text)
    return "".join(each if each in "\n\t" else _written_out(each) for each in joined)


def plain_line(text: str) -> str:
    """One line, without gaps at its ends."""
    return "".join(_written_out(each) for each in " ".join(ENDS_OF_LINES.sub(" ", text).split())).strip()


def _written_out(sign: str) -> str:
    is_control = unicodedata.category(sign) in ("Cc", "Cs")
    return f"⟨U+{ord(sign):04X}⟩" if is_control or TURNS.match(sign) else sign
