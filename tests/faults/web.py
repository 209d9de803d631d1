"""Four browsers post acts to a whole clinic, a part of it is killed with -9, and every answered act must be there once.

The clinic is `stillroom serve`: its supervisor starts again what died. A round: two fresh infusions, two browsers to
each, posting as the pages do: an id made beforehand, sent again with the same id until there is an answer. After 0 to
500 ms the web server, the gateway or PostgreSQL dies. When all have their answers, the stand-alone script holds the
exported logs to them: each answered act with exactly the entries it was told, every chain whole.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from django.db import connection

from stillroom.clinics.rows import clinic_scope
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from tests.bedside.house import House, elsewhere, planned
from tests.cast import Cast, signed_in
from tests.e2e.served import PARTS, Part, Served
from tests.faults.campaign import KILL_WITHIN_MS, SCRIPT
from tests.faults.promise import PromiseBroken

BROWSERS = 4
AFTER_THE_KILL_S = 0.5
ANSWERED_WITHIN_S = 60.0
AGAIN_AFTER_S = 0.25
NO_ANSWER_YET = (502, 503, 504, 500)


@dataclass(frozen=True, slots=True)
class Killed:
    """One round that kept the promise: what was killed when, how many acts were answered, and how often one was sent
    again because nobody had answered."""

    part: Part
    after_ms: int
    answered: int
    sent_again: int


@dataclass
class Browser:
    """Posts notes to one infusion, one after the other, each until it is answered."""

    url: str
    house: House
    client: httpx.Client
    answers: dict[UUID, int] = field(default_factory=dict)
    sent_again: int = 0

    def post_until(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            act_id = uuid4()
            self.answers[act_id] = self._seq_of(act_id)

    def _seq_of(self, act_id: UUID) -> int:
        until_s = time.monotonic() + ANSWERED_WITHIN_S
        while time.monotonic() < until_s:
            answer = self._ask(act_id)
            if answer is not None:
                return answer
            self.sent_again += 1
            time.sleep(AGAIN_AFTER_S)
        raise PromiseBroken(f"act {act_id} had no answer within {ANSWERED_WITHIN_S} s")

    def _ask(self, act_id: UUID) -> int | None:
        """The number of the act's one entry; None when nobody answered."""
        form = {"act_id": str(act_id), "seen_seq": "1", "words": f"note {act_id}"}
        headers = {"X-CSRFToken": self.client.cookies["csrf"], "Accept": "application/json", "Origin": self.url}
        try:
            response = self.client.post(f"{self.url}{self.house.href}acts/note", data=form, headers=headers, timeout=10)
        except httpx.HTTPError:
            return None
        if response.status_code in NO_ANSWER_YET:
            return None
        if response.status_code != 200 or response.json()["outcome"] != "done":
            raise PromiseBroken(f"a note was answered with {response.status_code}: {response.text[:200]}")
        return int(response.json()["seq"])


class WebCampaign:
    """Rounds over one served clinic. The caller's Django is connected to its database."""

    def __init__(self, served: Served, cast: Cast, folder: Path, *, seed: int) -> None:
        self.served, self.cast, self.folder = served, cast, folder
        self.dice = random.Random(seed)
        self.cookies = [signed_in(person).cookies for person in (cast.ben, cast.nan)]

    def run(self, rounds: int) -> Iterator[Killed]:
        """Each part dies in turn, in an order of the dice."""
        parts: list[Part] = []
        for number in range(rounds):
            parts = parts or self.dice.sample(PARTS, len(PARTS))
            yield self._round(number, parts.pop())

    def _round(self, number: int, part: Part) -> Killed:
        browsers = self._browsers()
        after_ms = self.dice.randrange(KILL_WITHIN_MS + 1)
        is_over = threading.Event()
        with ExitStack() as stack, ThreadPoolExecutor(BROWSERS) as threads:
            for browser in browsers:
                stack.enter_context(browser.client)
            posting = [threads.submit(browser.post_until, is_over) for browser in browsers]
            time.sleep(after_ms / 1000)
            self.served.kill(part)
            time.sleep(AFTER_THE_KILL_S)
            is_over.set()
            for each in posting:
                each.result()
        connection.close()
        self.served.wait_until_it_answers()
        self._must_hold(number, browsers)
        answered = sum(len(browser.answers) for browser in browsers)
        return Killed(part, after_ms, answered, sum(browser.sent_again for browser in browsers))

    def _browsers(self) -> list[Browser]:
        houses = [planned(elsewhere(self.cast)) for _ in range(BROWSERS // 2)]
        return [self._browser(houses[place % len(houses)], place) for place in range(BROWSERS)]

    def _browser(self, house: House, place: int) -> Browser:
        cookies = {name: morsel.value for name, morsel in self.cookies[place // 2].items()}
        page = httpx.get(f"{self.served.url}{house.href}", cookies=cookies).raise_for_status()
        client = httpx.Client(cookies=cookies | dict(page.cookies))
        return Browser(self.served.url, house, client)

    def _must_hold(self, number: int, browsers: list[Browser]) -> None:
        """By the stand-alone script; and beside the plan and the answered acts there is nothing."""
        infusions = {browser.house.infusion_id for browser in browsers}
        log, answered = self.folder / f"web-{number}.jsonl", self.folder / f"web-{number}-answered"
        rows = [(each.house.infusion_id, act, seq) for each in browsers for act, seq in each.answers.items()]
        answered.write_text("".join(f"{infusion} {act} {seq} {seq}\n" for infusion, act, seq in rows))
        with clinic_scope(self.cast.clinic.pk):
            log.write_text("".join(f"{line}\n" for infusion in infusions for line in lines_of(infusion)))
            logged = sum(Infusion.objects.filter(pk__in=infusions).values_list("last_seq", flat=True))
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(log), "--answered", str(answered)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PromiseBroken(f"round {number}: {done.stderr}")
        if logged != len(rows) + len(infusions):
            raise PromiseBroken(f"round {number}: answered {len(rows)}, logged {logged - len(infusions)}")
