"""Four browsers and two monitors post to a whole clinic, a part of it is killed with -9, and nothing answered is lost.

The clinic is `stillroom serve`: its supervisor starts again what died. A round: two fresh infusions, two browsers at
the page of each, writing notes as by hand; two monitors that send vital signs. After 0 to 500 ms the web server, the
gateway or PostgreSQL dies. When all have their answers, the stand-alone script holds the exported logs to them: each
answered act with exactly the entries it was told, every chain whole. Every accepted message is stored once, and every
page shows every entry once.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import connections
from playwright.sync_api import Browser

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.models import Monitor, Sample
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from tests.bedside.house import elsewhere, planned
from tests.cast import Cast, signed_in
from tests.devices.premises import make_monitor
from tests.e2e.served import PARTS, Part, Served
from tests.faults.browsers import Writer, a_chromium, open_room
from tests.faults.campaign import KILL_WITHIN_MS, SCRIPT
from tests.faults.monitors import SIGNS, Sender
from tests.faults.promise import PromiseBroken

Found = TypeVar("Found")
BROWSERS = 4
SENDERS = 2
STORED_WITHIN_S = 20.0
AFTER_THE_KILL_S = 0.5


@dataclass(frozen=True, slots=True)
class Killed:
    """One round that kept the promise: what was killed when, how much was answered, and what was asked again because
    nobody had answered."""

    part: Part
    after_ms: int
    acts: int
    acts_again: int
    messages: int
    messages_again: int


class WebCampaign:
    """Rounds over one served clinic. The caller's Django is connected to its database.

    While Playwright runs, this thread may not ask the database: another one does.
    """

    def __init__(self, served: Served, cast: Cast, folder: Path, *, seed: int) -> None:
        self.served, self.cast, self.folder = served, cast, folder
        self.dice = random.Random(seed)
        self.cookies = [signed_in(person).cookies for person in (cast.ben, cast.nan)]
        self.monitor = make_monitor(cast.clinic, interval_s=1)
        self.accepted = 0

    def run(self, rounds: int) -> Iterator[Killed]:
        """Each part dies in turn, in an order of the dice."""
        parts: list[Part] = []
        with _beside() as self.beside, a_chromium() as chrome:
            for number in range(rounds):
                parts = parts or self.dice.sample(PARTS, len(PARTS))
                yield self._round(number, parts.pop(), chrome)

    def _round(self, number: int, part: Part, chrome: Browser) -> Killed:
        writers, after_ms = self._writers(chrome), self.dice.randrange(KILL_WITHIN_MS + 1)
        senders = [Sender(self.served.hl7_port, f"{number}-{each}") for each in range(SENDERS)]
        is_over = threading.Event()
        with ThreadPoolExecutor(SENDERS) as threads:
            sending = [threads.submit(sender.send_until, is_over) for sender in senders]
            for writer in writers:
                writer.begin()
            time.sleep(after_ms / 1000)
            self.served.kill(part)
            time.sleep(AFTER_THE_KILL_S)
            is_over.set()
            for writer in writers:
                writer.end()
            for each in sending:
                each.result()
        self.served.wait_until_it_answers()
        return self._kept(number, part, after_ms, writers, senders)

    def _kept(self, number: int, part: Part, after_ms: int, writers: list[Writer], senders: list[Sender]) -> Killed:
        answers = [(writer.house.infusion_id, act, seq) for writer in writers for act, seq in writer.answers.items()]
        unanswered = sum(writer.unanswered for writer in writers)
        self.accepted += sum(sender.accepted for sender in senders)
        last_seqs = self.beside(lambda: self._must_hold(number, answers))
        self.beside(self._must_be_stored_once)
        for writer in writers:
            writer.must_show(last_seqs[writer.house.infusion_id])
            writer.page.context.close()
        messages = sum(sender.accepted for sender in senders)
        return Killed(part, after_ms, len(answers), unanswered, messages, sum(sender.sent_again for sender in senders))

    def _writers(self, chrome: Browser) -> list[Writer]:
        houses = self.beside(lambda: [planned(elsewhere(self.cast)) for _ in range(BROWSERS // 2)])
        return [
            open_room(chrome, self.served.url, houses[place % len(houses)], self.cookies[place // 2])
            for place in range(BROWSERS)
        ]

    def _must_hold(self, number: int, answers: Sequence[tuple[object, str, int]]) -> dict[object, int]:
        """By the stand-alone script; and beside the plan and the answered acts there is nothing. The last numbers."""
        infusions = {infusion for infusion, _, _ in answers}
        log, answered = self.folder / f"web-{number}.jsonl", self.folder / f"web-{number}-answered"
        answered.write_text("".join(f"{infusion} {act} {seq} {seq}\n" for infusion, act, seq in answers))
        with clinic_scope(self.cast.clinic.pk):
            rows = Infusion.objects.filter(pk__in=infusions)
            log.write_text("".join(f"{line}\n" for row in rows for line in lines_of(row.pk)))
            last_seqs: dict[object, int] = dict(rows.values_list("pk", "last_seq"))
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(log), "--answered", str(answered)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PromiseBroken(f"round {number}: {done.stderr}")
        logged = sum(last_seqs.values()) - len(infusions)
        if logged != len(answers):
            raise PromiseBroken(f"round {number}: answered {len(answers)}, logged {logged}")
        return last_seqs

    def _must_be_stored_once(self) -> None:
        """Once what waited on disk for the database has been stored."""
        wanted, until_s = (self.accepted * len(SIGNS), self.accepted), time.monotonic() + STORED_WITHIN_S
        while (found := self._stored()) != wanted:
            if time.monotonic() > until_s:
                raise PromiseBroken(f"accepted {self.accepted} messages of {len(SIGNS)} values, stored {found}")
            time.sleep(0.1)

    def _stored(self) -> tuple[int, int]:
        with clinic_scope(self.cast.clinic.pk):
            assert Monitor.objects.count() == 1
            stored = Sample.objects.filter(monitor=self.monitor)
            return stored.count(), stored.values("frame_digest").distinct().count()


@contextmanager
def _beside() -> Iterator[Callable[[Callable[[], Found]], Found]]:
    with ThreadPoolExecutor(1) as thread:
        yield lambda ask: thread.submit(_closing_after, ask).result()
        thread.submit(connections.close_all).result()


def _closing_after(ask: Callable[[], Found]) -> Found:
    """A connection that PostgreSQL took along when it died must not be asked again."""
    try:
        return ask()
    finally:
        connections.close_all()
