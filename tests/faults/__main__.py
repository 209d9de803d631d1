"""`python -m tests.faults --rounds 1000 --web-rounds 30`: the fault campaign, long form, on servers of its own."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stillroom.project.postgres import Postgres
from stillroom.project.running import set_up_django
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from tests.faults.promise import Died, PromiseBroken

if TYPE_CHECKING:  # it needs Django, which is set up here first
    from tests.faults.web import Killed

KEPT = Path("build") / "clusters"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--web-rounds", type=int, default=30, help="of a whole clinic, under four browsers")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="the same seed, the same dice")
    asked = parser.parse_args()
    try:
        with _server() as (server, journals):
            died = _campaign(server, journals, asked.rounds, asked.seed)
            killed = _web_campaign(journals, asked.web_rounds, asked.seed)
    except PromiseBroken as broken:
        sys.stderr.write(f"{broken}\nSeed {asked.seed}. What was written was left in {tempfile.gettempdir()}.\n")
        return 1
    sys.stdout.write(_said(died, asked.seed) + _said_of_web(killed))
    return 0


@contextmanager
def _server() -> Iterator[tuple[Postgres, Path]]:
    """A server and a folder for journals. When a promise was broken the server stops and the files stay."""
    home = private_folder("stillroom-faults-")
    journals = home / "journals"
    journals.mkdir()
    place_migrated_cluster(home / "postgres", kept_in=KEPT.absolute())
    with Postgres(home / "postgres") as server:
        os.environ["DATABASE_URL"] = server.url("stillroom_app")
        set_up_django()
        yield server, journals
    shutil.rmtree(home, ignore_errors=True)


def _campaign(server: Postgres, journals: Path, rounds: int, seed: int) -> list[Died]:
    from tests.cast import make_cast
    from tests.faults.campaign import Campaign

    campaign = Campaign(server, make_cast(), journals, seed=seed)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("killing", total=rounds)
        for died in campaign.run(rounds):
            words = f"{died.victim} after {died.after_ms} ms, {died.in_flight} in flight, {died.answered_in_all} acts"
            progress.update(task, advance=1, description=words)
            if len(campaign.died) % 100 == 0:
                progress.console.print(f"{len(campaign.died)} rounds held")
    return campaign.died


def _web_campaign(folder: Path, rounds: int, seed: int) -> list[Killed]:
    from tests.cast import make_cast
    from tests.conftest import using
    from tests.e2e.served import serving
    from tests.faults.web import WebCampaign

    with serving() as served, using(served.database_url):
        killed = []
        for each in WebCampaign(served, make_cast(), folder, seed=seed).run(rounds):
            killed.append(each)
            sys.stderr.write(f"{each.part} after {each.after_ms} ms: {each.acts} acts, {each.messages} messages\n")
        return killed


def _said_of_web(killed: list[Killed]) -> str:
    """In words; nothing where no round was asked for."""
    if not killed:
        return ""
    acts, messages = sum(each.acts for each in killed), sum(each.messages for each in killed)
    again = sum(each.acts_again + each.messages_again for each in killed)
    return (
        f"{len(killed)} rounds of a whole clinic under four browsers and two monitors, web, gateway and PostgreSQL "
        f"killed in turn: of {acts} answered acts and {messages} accepted messages every one is there, once; "
        f"{again} were asked again.\n"
    )


def _said(rounds: list[Died], seed: int) -> str:
    in_flight = sum(each.in_flight > 0 for each in rounds)
    acts = sum(each.answered_in_all for each in rounds)
    of_postgres = sum(each.victim == "postgres" for each in rounds)
    return (
        f"{len(rounds)} rounds (seed {seed}): PostgreSQL was killed in {of_postgres}, a writer in the others; "
        f"{in_flight} died with an act in flight. Of {acts} answered acts every one is in its log, once.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
