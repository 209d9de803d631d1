"""What must be right before a clinic opens, each with an id, said before anything starts. `stillroom check` shows all.

Settings are judged here and nowhere else. They are Django system checks with the tag `stillroom`, marked for deployment
so that Django's own commands (a migration runs as the owner, on a database that is not up to date) pass them by.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks  # noqa: A004
from django.db import DatabaseError, connection

from stillroom.clinics import true_time
from stillroom.clinics.rows import real_clinic_ids
from stillroom.directory.document import LONGEST_KEEPER
from stillroom.directory.plainly import is_plain
from stillroom.infusions.self_test import is_off
from stillroom.project.health import DAMAGED_PAGES
from stillroom.project.places import places
from stillroom.project.roles import not_durable
from stillroom.project.running import migrations_missing

GIB = 1024**3
STRONG_KEY_LENGTH = 40
MOST_GATEWAYS = 16
UUID_LIKE = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def errors() -> list[CheckMessage]:
    return [message for message in findings() if message.is_serious()]


def findings() -> Sequence[CheckMessage]:
    """Everything Django's checks and ours find, worst first. Security checks for TLS are asked where there is TLS."""
    tags = ["stillroom", "security"] if settings.BEHIND_TLS else ["stillroom"]
    ours = run_checks(tags=tags, include_deployment_checks=True, databases=["default"])
    return sorted([*run_checks(), *ours], key=lambda message: -message.level)


def said(message: CheckMessage) -> str:
    return f"{message.id}: {message.msg}" + (f" {message.hint}" if message.hint else "")


@register("stillroom", deploy=True)
def reachable_settings(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    """What is safe on this machine alone and nowhere else."""
    if _is_loopback(settings.HOST) and not settings.BEHIND_TLS:
        return
    if len(settings.SECRET_KEY) < STRONG_KEY_LENGTH or len(set(settings.SECRET_KEY)) < 10:
        hint = "Leave STILLROOM_SECRET_KEY unset (one is made and kept), or set 50 random characters."
        yield Error("The secret key is too weak to sign sessions with.", hint=hint, id="stillroom.E001")
    if settings.DEBUG:
        hint = "Unset STILLROOM_DEBUG."
        yield Error("Debug pages show what is in the database to anybody.", hint=hint, id="stillroom.E002")
    if not settings.BEHIND_TLS:
        hint = "Set STILLROOM_TLS_CERTIFICATE and STILLROOM_TLS_KEY, or STILLROOM_BEHIND_TLS=yes behind a TLS proxy."
        yield Error(f"{settings.HOST} would be served without encryption.", hint=hint, id="stillroom.E003")
    if settings.DEMO:
        hint = "Unset STILLROOM_DEMO, or set STILLROOM_HOST=127.0.0.1."
        yield Error("The demo lets anybody enter as anyone.", hint=hint, id="stillroom.E005")


@register("stillroom", deploy=True)
def names_it_answers_to(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        hint = "List the names that browsers use, in STILLROOM_ALLOWED_HOSTS."
        yield Error("Answering to any host name lets others pass for this clinic.", hint=hint, id="stillroom.E004")


@register("stillroom", deploy=True)
def certificate_files(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    pages = {
        "STILLROOM_TLS_CERTIFICATE": settings.TLS_CERTIFICATE,
        "STILLROOM_TLS_KEY": settings.TLS_KEY,
    }
    monitors = {
        "STILLROOM_HL7_TLS_CERTIFICATE": settings.HL7_TLS_CERTIFICATE,
        "STILLROOM_HL7_TLS_KEY": settings.HL7_TLS_KEY,
    }
    called = {
        "STILLROOM_SDC_CERTIFICATE": settings.SDC_CERTIFICATE,
        "STILLROOM_SDC_KEY": settings.SDC_KEY,
        "STILLROOM_SDC_ISSUER": settings.SDC_ISSUER,
    }
    for files in filter(lambda each: any(each.values()), (pages, monitors, called)):
        for name in (name for name, path in files.items() if not (path and Path(path).is_file())):
            hint = "A certificate and its key are two PEM files; both must be set and readable."
            yield Error(f"{name} names no file.", hint=hint, id="stillroom.E006")


@register("stillroom", deploy=True)
def monitors_doors(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    """A gateway that no monitor can reach, or that asks for certificates nobody can judge."""
    if settings.HL7_TLS_CLIENTS and not (settings.HL7_TLS_CERTIFICATE and Path(settings.HL7_TLS_CLIENTS).is_file()):
        hint = "It is a PEM file of who issues the monitors' certificates; STILLROOM_HL7_TLS_CERTIFICATE is needed too."
        yield Error("STILLROOM_HL7_TLS_CLIENTS cannot be used.", hint=hint, id="stillroom.E008")
    if not settings.HL7_PLAIN and not settings.HL7_TLS_CERTIFICATE:
        hint = "Set STILLROOM_HL7_TLS_CERTIFICATE, or leave STILLROOM_HL7_PLAIN unset."
        yield Error("No monitor could reach the gateway.", hint=hint, id="stillroom.E008")
    if settings.HL7_PROCESSES != 1 and not (2 <= settings.HL7_PROCESSES <= MOST_GATEWAYS and sys.platform == "linux"):
        hint = f"Set STILLROOM_HL7_PROCESSES to 1, or on Linux to {MOST_GATEWAYS} at most."
        yield Error(f"{settings.HL7_PROCESSES} gateways cannot run side by side.", hint=hint, id="stillroom.E008")
    if settings.HL7_KEPT_DAYS < 0:
        hint = "Set STILLROOM_HL7_KEPT_DAYS to 0 or more; 0 keeps none."
        yield Error("Messages cannot be kept for less than no day.", hint=hint, id="stillroom.E008")


@register("stillroom", deploy=True)
def public_guide(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if settings.PUBLIC_CLINIC and not re.fullmatch(UUID_LIKE, settings.PUBLIC_CLINIC.lower()):
        hint = "It is the id of a clinic, 36 signs long; with one clinic leave it unset."
        yield Error("STILLROOM_PUBLIC_CLINIC is not the id of a clinic.", hint=hint, id="stillroom.E020")
    if settings.CRITIQUE_NAMES_KEPT_DAYS < 1:
        hint = "Set STILLROOM_CRITIQUE_NAMES_KEPT_DAYS to 1 or more."
        yield Error("Names of readers would go before anybody could answer.", hint=hint, id="stillroom.E020")


@register("stillroom", deploy=True)
def public_directory(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if len(settings.DIRECTORY_RUN_BY) > LONGEST_KEEPER or not is_plain(settings.DIRECTORY_RUN_BY):
        hint = f"At most {LONGEST_KEEPER} letters, each of which can be seen."
        yield Error("STILLROOM_DIRECTORY_RUN_BY is no name for who keeps a directory.", hint=hint, id="stillroom.E021")
    if settings.DIRECTORY_RUN_BY and not settings.PUBLIC_CLINIC and _clinics() > 1:
        hint = "Set STILLROOM_PUBLIC_CLINIC to the id of the clinic whose editors keep it."
        yield Error(
            "A directory is kept here, and nothing says by which of the clinics.", hint=hint, id="stillroom.E021"
        )


@register("stillroom", deploy=True)
def calls_out_of_the_house(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    """What room and what alarm it is goes over no open line."""
    where = urlsplit(settings.CALL_URL)
    is_near = where.scheme == "http" and where.hostname in {"127.0.0.1", "::1", "localhost"}
    if settings.CALL_URL and not (where.hostname and (where.scheme == "https" or is_near)):
        hint = "An address as https://pager.example/stillroom; http:// only to this machine, as http://127.0.0.1:9000/."
        yield Error("STILLROOM_CALL_URL is no address to which calls can go.", hint=hint, id="stillroom.E022")


def _clinics() -> int:
    """How many there are; 0 while the database cannot say, which another check does."""
    try:
        return len(real_clinic_ids())
    except DatabaseError:
        return 0


@register("stillroom", deploy=True)
def room_on_the_disk(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    """An infusion that has begun must be able to end on the record: below 1 GiB none may begin."""
    folder = next(path for path in (places().folder, *places().folder.parents) if path.exists())
    free_gib = shutil.disk_usage(folder).free / GIB
    hint = "Make room, or set STILLROOM_DATA to a larger disk."
    if free_gib < 1:
        yield Error(f"{folder} has {free_gib:.1f} GiB left.", hint=hint, id="stillroom.E007")
    elif free_gib < 5:
        yield Warning(f"{folder} has {free_gib:.1f} GiB left.", hint=hint, id="stillroom.W001")


@register("stillroom", deploy=True)
def clock_is_kept(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    off_by_s = true_time.off_by_s()
    hint = "Install chrony on this machine, and look at `chronyc tracking`."
    if off_by_s is None:
        yield Warning("Nothing says how far the clock is from true time.", hint=hint, id="stillroom.W003")
    elif is_off(off_by_s):
        where = "ahead of" if off_by_s > 0 else "behind"
        message = f"The clock is {abs(off_by_s)} s {where} true time."
        yield Warning(message, hint=hint, id="stillroom.W003")


@register("stillroom", deploy=True)
def database_is_fit(app_configs: Any, databases: Any = None, **kwargs: Any) -> Iterator[CheckMessage]:
    if not databases:
        return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        hint = "Start `stillroom serve`, or set DATABASE_URL to a server that runs."
        yield Error(
            f"The database does not answer: {str(error).strip().splitlines()[0]}.", hint=hint, id="stillroom.E010"
        )
        return
    yield from _durability()
    yield from _pages()
    yield from _role()
    yield from _tables()


def _durability() -> Iterator[CheckMessage]:
    for name, value in not_durable(connection.connection).items():
        hint = f"Set {name} = on for the server."
        yield Error(f"{name} is {value}: what was saved could be lost.", hint=hint, id="stillroom.E011")


def _pages() -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {DAMAGED_PAGES}")
        (times,) = cursor.fetchone()
    if times:
        hint = "Look at the disk, restore the last backup to another machine, and compare with `stillroom verify`."
        yield Warning(f"A page of the database was found damaged, {times} times.", hint=hint, id="stillroom.W002")


def _role() -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls"
            "  OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        role, is_too_powerful = cursor.fetchone()
    if is_too_powerful:
        hint = "Connect as stillroom_app; docs/operations.md shows how both roles are made."
        yield Error(f"The role {role} could step past row security.", hint=hint, id="stillroom.E012")


def _tables() -> Iterator[CheckMessage]:
    missing = migrations_missing()
    if missing:
        hint = "Set STILLROOM_OWNER_URL, and `stillroom serve` applies them."
        yield Error(f"{missing} migrations are not applied.", hint=hint, id="stillroom.E013")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
