"""`stillroom demo`: a whole clinic of invented people, on this machine alone, gone when it ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import typer

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.machine_zone import zone_of_this_machine
from stillroom.project.places import Places, cache, places
from stillroom.project.postgres import url_of_running
from stillroom.project.server_account import private_folder
from stillroom.project.serving import CannotServe, serve
from stillroom.project.supervisor import Process
from stillroom.project.template import place_migrated_cluster

WORDS = """
    The demo clinic is open at {address}/

    Everybody in it is invented, and everything is forgotten when it ends (Ctrl-C).
    Come in as       {address}/demo/enter?as=nurse
    or as            colleague (a nurse), prescriber, frontdesk, administrator, approver, technician, editor, patient
    Times are those of {zone}; STILLROOM_TIME_ZONE is for another place.
"""


def demo() -> None:
    """Open a clinic of invented people on 127.0.0.1 (PORT, 8000), with a database of its own that ends with it.

    Exit codes: 0 it was asked to end. 1 something must be put right first. 3 a setting or the database forbids it.
    """
    open_invented(announce=_welcome, furnish=_furnish)


def open_invented(*, announce: Callable[[str], None], furnish: Callable[[str], None]) -> None:
    """A clinic of invented people until it is asked to end. `furnish` is told where its tables' owner connects."""

    def furnish_it() -> None:
        owner_url = url_of_running(places().postgres, role="stillroom_owner")
        assert owner_url is not None, "its own database runs by now"
        furnish(owner_url)

    log_to_stderr()
    home = private_folder("stillroom-demo-")
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("STILLROOM_OWNER_URL", None)
    os.environ.update(STILLROOM_DEMO="yes", STILLROOM_HOST="127.0.0.1")
    os.environ.setdefault("STILLROOM_TIME_ZONE", zone_of_this_machine())
    os.environ["STILLROOM_DIRECTORY_RUN_BY"] = "the demo’s editors (invented)"
    try:
        place_migrated_cluster(home / "postgres", kept_in=cache() / "clusters")
        serve(Places(home), archive=None, announce=announce, beside=[Process("furnish", furnish_it, lasts=False)])
    except CannotServe as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from None
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _welcome(address: str) -> None:
    typer.echo(WORDS.format(address=address, zone=os.environ["STILLROOM_TIME_ZONE"]))


def _furnish(owner_url: str) -> None:
    from stillroom.rehearsal.demo import furnish

    furnish(owner_url)
