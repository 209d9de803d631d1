"""Four processes append, something is killed with -9 within half a second, and every answered act must be there once.

A round: two fresh infusions, two writers to each. After 0 to 500 ms either PostgreSQL dies, the first process and all
its children, or one of the writers. It is started again. Then, by the stand-alone script, on an export:

1. every act that was answered before is in its log, whole, with the entries it was told; every chain holds; and each
   summary row is the fold of its log;
2. what had no answer is asked again with the same id; now every act that was asked is there once, and nothing else.

An act was in flight when its id was in a journal and its answer was not. A campaign in which fewer than 30 % of the
rounds died so has not tested what it is for, and fails.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psutil
from django.db import connection

from stillroom.clinics.rows import clinic_scope
from stillroom.infusions import standalone_verify
from stillroom.infusions.acts import perform
from stillroom.infusions.append import open_infusion
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from stillroom.infusions.projections import differences
from stillroom.infusions.reading import state_of
from stillroom.patients.models import Patient, Weight
from stillroom.project.postgres import Postgres
from tests.cast import Cast, consents, screened
from tests.examples import ADA, PLAN
from tests.faults import client
from tests.faults.copied import Copied, begun
from tests.faults.promise import VICTIMS, Died, PromiseBroken, Victim

SCRIPT = Path(standalone_verify.__file__)
CLIENTS = 4
KILL_WITHIN_MS = 500
AFTER_THE_KILL_MS = 60
IN_FLIGHT_AT_LEAST = 0.3


@dataclass
class Writer:
    """One client process, the infusion it writes to and its journal of this round."""

    name: str
    process: Copied
    infusion: UUID = field(default_factory=uuid4)
    journal: Path = Path()

    def order(self, order: str, clinic: UUID, *more: object) -> None:
        self.process.told.write(" ".join(map(str, (order, clinic, self.infusion, self.journal, *more))) + "\n")
        self.process.told.flush()

    def hear(self) -> str:
        """Its next word; empty when it is dead, and then it can be seen to be: its pipes close a little earlier."""
        said = self.process.said.readline().strip()
        if not said:
            self.process.wait()
        return said

    def notes(self) -> list[list[str]]:
        return [line.split() for line in self.journal.read_text().splitlines()] if self.journal.exists() else []

    @property
    def is_in_flight(self) -> bool:
        notes = self.notes()
        return bool(notes) and notes[-1][0] == "asked"


class Campaign:
    """Rounds over one server, in one folder. The caller's Django is connected to that server as stillroom_app."""

    def __init__(
        self,
        server: Postgres,
        cast: Cast,
        folder: Path,
        *,
        seed: int,
        victims: tuple[Victim, ...] = VICTIMS,
        end: Callable[[Path], None] | None = None,
    ) -> None:
        self.server, self.cast, self.folder, self.victims = server, cast, folder, victims
        self.end = end or kill_at_once  # of the server over that folder
        self.dice = random.Random(seed)
        self.writers: list[Writer] = []
        self.died: list[Died] = []

    def run(self, rounds: int) -> Iterator[Died]:
        """Each round as it is over. At the end, PromiseBroken if too few rounds died with an act in flight."""
        with self._writers():
            for number in range(rounds):
                self.died.append(self._round(number))
                yield self.died[-1]
        share = sum(died.in_flight > 0 for died in self.died) / len(self.died)
        if share < IN_FLIGHT_AT_LEAST:
            raise PromiseBroken(f"only {share:.0%} of the rounds died with an act in flight")

    @contextmanager
    def _writers(self) -> Iterator[None]:
        try:
            self.writers = [self._begun(f"client {number}") for number in range(CLIENTS)]
            yield
        finally:
            for writer in self.writers:
                writer.process.close()

    def _begun(self, name: str) -> Writer:
        writer = Writer(name.replace(" ", "-"), begun(client.main))
        if writer.hear() != "ready":
            raise PromiseBroken(f"{name} does not start")
        return writer

    def _round(self, number: int) -> Died:
        infusions = [self._planned_infusion() for _ in range(CLIENTS // 2)]
        for place, writer in enumerate(self.writers):
            writer.infusion = infusions[place % len(infusions)]
            writer.journal = self.folder / f"{number}-{writer.name}"
        victim = self.dice.choice(self.victims)
        after_ms = self.dice.randrange(KILL_WITHIN_MS + 1)
        self._let_die(victim, after_ms)
        in_flight = sum(writer.is_in_flight for writer in self.writers)
        self._start_again(victim)
        before = self._verified(number, infusions)
        self._tell_all("settle")
        self._must_all_say({"settled"})
        in_all = self._verified(number, infusions)
        self._must_hold_only(infusions, in_all)
        return Died(victim, after_ms, in_flight, before, in_all)

    def _planned_infusion(self) -> UUID:
        """Of somebody new: what a patient had before is read with each act, and two a round would be thousands."""
        infusion_id, patient, room = uuid4(), uuid4(), self.cast.room.pk
        with clinic_scope(self.cast.clinic.pk):
            self._admit(patient)
            open_infusion(infusion_id=infusion_id, clinic_id=self.cast.clinic.pk, patient_id=patient, room_id=room)
            perform(
                act_id=uuid4(), infusion_id=infusion_id, command=replace(PLAN, patient=patient, room=room), author=ADA,
                seen_seq=0, received_at=datetime.now(UTC),
            )  # fmt: skip
        return infusion_id

    def _admit(self, patient: UUID) -> None:
        known = self.cast.patient
        made = Patient.objects.create(
            pk=patient, clinic=known.clinic, identifier=str(patient), given_name=known.given_name,
            family_name=known.family_name, birth_date=known.birth_date,
        )  # fmt: skip
        screened(made, self.cast.ben)
        Weight.objects.create(
            clinic=known.clinic, patient_id=patient, weight_kg=PLAN.weight_kg, measured_by=self.cast.ben
        )
        consents(made, witness=self.cast.ben)

    def _let_die(self, victim: Victim, after_ms: int) -> None:
        self._tell_all("go", after_ms + AFTER_THE_KILL_MS)
        time.sleep(after_ms / 1000)
        if victim == "postgres":
            self.end(self.server.folder)
        else:
            self.dice.choice(self.writers).process.kill()
        self._must_all_say({"idle", "down", ""})

    def _start_again(self, victim: Victim) -> None:
        if victim == "postgres":
            connection.close()
            self.server.start()
        for place, writer in enumerate(self.writers):
            if writer.process.has_ended:
                writer.process.close()
                again = self._begun(writer.name)
                self.writers[place] = replace(again, infusion=writer.infusion, journal=writer.journal)

    def _tell_all(self, order: str, *more: object) -> None:
        for writer in self.writers:
            writer.order(order, self.cast.clinic.pk, *more)

    def _must_all_say(self, words: set[str]) -> None:
        said = {writer.name: writer.hear() for writer in self.writers}
        if not set(said.values()) <= words:
            raise PromiseBroken(f"a client said something else: {said}")

    def _verified(self, number: int, infusions: list[UUID]) -> int:
        """Every answer so far is held to the logs, by the script alone. How many answers there were."""
        log, answered = self.folder / f"{number}-log.jsonl", self.folder / f"{number}-answered"
        answers = [
            f"{writer.infusion} {act} {rest[0]} {rest[1]}\n"
            for writer in self.writers
            for word, act, *rest in writer.notes()
            if word == "answered"
        ]
        answered.write_text("".join(answers))
        with clinic_scope(self.cast.clinic.pk):
            log.write_text("".join(f"{line}\n" for infusion in infusions for line in lines_of(infusion)))
            for row in Infusion.objects.filter(pk__in=infusions):
                if found := differences(row, state_of(row.pk)):
                    raise PromiseBroken(f"the summary is not the fold: {found}")
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(log), "--answered", str(answered)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PromiseBroken(f"round {number}: {done.stderr}")
        return len(answers)

    def _must_hold_only(self, infusions: list[UUID], answered: int) -> None:
        """Every act that was asked was answered as done, and beside the plans there is no other entry."""
        outcomes = [note[-1] for writer in self.writers for note in writer.notes() if note[0] == "answered"]
        asked = sum(note[0] == "asked" for writer in self.writers for note in writer.notes())
        with clinic_scope(self.cast.clinic.pk):
            logged = sum(Infusion.objects.filter(pk__in=infusions).values_list("last_seq", flat=True))
        if not set(outcomes) <= {"done"} or not asked == answered == logged - len(infusions):
            raise PromiseBroken(f"asked {asked}, answered {answered}, logged {logged}: {sorted(set(outcomes))}")


def kill_at_once(folder: Path) -> None:
    """PostgreSQL over this folder: its first process, then every child, each by its number, with no word before."""
    first = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    for process in (first, *first.children(recursive=True)):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
