"""One writing process of the campaign: acts on one infusion as fast as it is answered, and keeps a journal.

Before an act is asked its id is in the journal, and its answer after it was given: whoever finds an id without an
answer knows what was in flight when this process or the database died. Orders come on standard input, one a line:

    go <clinic> <infusion> <journal> <ms>     act for so long; then say `idle`, or `down` when the database is gone
    settle <clinic> <infusion> <journal>      ask once more, with the same id, what had no answer; then say `settled`
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

from django.db import DatabaseError, connection

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions.acts import perform
from tests.examples import BEN, WATCH

EVERYTHING = 1_000_000


class Client:
    clinic: UUID
    infusion: UUID
    journal: Path

    def go(self, ms: str) -> str:
        until_s = time.monotonic() + int(ms) / 1000
        try:
            for number in count():
                if time.monotonic() > until_s:
                    break
                act_id = uuid4()
                self._note(f"asked {act_id} {number}")
                self._ask(act_id, number)
        except DatabaseError:
            connection.close()
            return "down"
        return "idle"

    def settle(self) -> str:
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        if lines and lines[-1].startswith("asked"):
            _, act_id, number = lines[-1].split()
            self._ask(UUID(act_id), int(number))
        return "settled"

    def obey(self, order: str, clinic: str, infusion: str, journal: str, *more: str) -> str:
        self.clinic, self.infusion, self.journal = UUID(clinic), UUID(infusion), Path(journal)
        said: str = getattr(self, order)(*more)
        return said

    def _ask(self, act_id: UUID, number: int) -> None:
        command, author = self._act(number)
        with clinic_scope(self.clinic):
            answer = perform(
                act_id=act_id, infusion_id=self.infusion, command=command, author=author, seen_seq=EVERYTHING,
                received_at=datetime.now(UTC),
            )  # fmt: skip
        # Only here, after the commit, has the act been answered.
        self._note(f"answered {act_id} {answer.first_seq} {answer.last_seq} {answer.outcome}")

    def _act(self, number: int) -> tuple[c.Command, c.Author]:
        """By turns a note, which has words beside it, and an alarm that comes and goes, which changes the summary."""
        condition = f"condition of {self.journal.name}"
        turns: list[tuple[e.Fact, c.Author]] = [
            (e.NoteAdded(words=f"note {number}"), BEN),
            (e.AlarmRaised(condition=condition, priority=e.Priority.LOW), WATCH),
            (e.AlarmCleared(condition=condition), WATCH),
        ]
        fact, author = turns[number % len(turns)]
        return c.Record(fact=fact), author

    def _note(self, line: str) -> None:
        """One write, so that a line is there whole or not at all, whenever this process is killed."""
        file = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{line}\n".encode())
        os.close(file)


def main() -> None:
    client = Client()
    connection.ensure_connection()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(client.obey(*line.split()), flush=True)  # noqa: T201
