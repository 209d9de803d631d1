"""Freezes the log of a release: `python -m tests.logs.freeze` writes tests/logs/<version>.jsonl and what it folds to.

Run once for each release, before it is tagged. A frozen log is never written again: it stands for every log of that
release that lies in a clinic somewhere.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from stillroom import __version__
from stillroom.project.postgres import temporary
from stillroom.project.roles import prepare
from stillroom.project.running import migrate, set_up_django

HERE = Path(__file__).parent


def freeze(folder: Path = HERE) -> Path:
    """The story of tests/infusions/story.py, told to a database of its own."""
    from stillroom.infusions.append import erase_text
    from stillroom.infusions.projections import as_json
    from tests.cast import make_cast
    from tests.infusions.story import told

    rooms = told(make_cast())
    words = next(entry.seq for entry in rooms[0].log if entry.kind == "NoteAdded")
    rooms[0].at += timedelta(days=1)
    with rooms[0].scope():
        erase_text(infusion_id=rooms[0].infusion_id, seq=words, field="words", by="person:x", ground="asked to")
    log = folder / f"{__version__}.jsonl"
    log.write_text("".join(f"{line}\n" for room in rooms for line in room.lines))
    folded = {str(room.infusion_id): json.loads(as_json(room.state)) for room in rooms}
    log.with_suffix(".folded.json").write_text(json.dumps(folded, indent=2, sort_keys=True) + "\n")
    return log


def main() -> None:
    with temporary() as server:
        prepare(server)
        migrate(server.url("stillroom_owner"))
        os.environ["DATABASE_URL"] = server.url("stillroom_app")
        set_up_django()
        sys.stdout.write(f"{freeze()}\n")


if __name__ == "__main__":
    main()
