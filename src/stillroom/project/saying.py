"""What a process says goes to the terminal or to a log. That it cannot be said there ends nothing.

The disk for logs may be full, and whoever read them may be gone. A clinic then goes on without its words: they are
worth less than what it records.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Any


class _Forgiving(FileIO):
    def write(self, said: Any) -> int:
        """All of it is taken, wherever it goes."""
        with suppress(OSError):
            super().write(said)
        return len(said)


def go_on_unheard() -> None:
    """From now on, whatever is written to standard output and standard error. What a test put there stays."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None or stream is not getattr(sys, f"__{name}__"):
            continue
        with suppress(OSError):
            stream.flush()
        into = BufferedWriter(_Forgiving(stream.fileno(), "w", closefd=False))
        setattr(sys, name, TextIOWrapper(into, stream.encoding, "backslashreplace", line_buffering=True))
