"""A fuzzer that follows which lines its bytes reach: `make fuzz`, which brings it along.

    python -m tests.fuzz.guided TARGET [-max_total_time=SECONDS] [FOLDER ...]

What it finds is written to a file `crash-…`; `python -m tests.fuzz.guided TARGET FILE` runs that one again.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["stillroom.gateways", "stillroom.core.vitals"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    program, target, *options = sys.argv
    atheris.Setup([program, *options], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
