"""`stillroom init`: the first administrator, their clinic, its rooms, and a drug library to read and have approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stillroom.project.running import database

if TYPE_CHECKING:
    from stillroom.clinics.models import Clinic, Person

REFUSED = 2


def init(
    email: Annotated[str, typer.Option(prompt="Email of the first administrator", help="They sign in with it.")],
    name: Annotated[str, typer.Option(prompt="Their name", help="As colleagues know them.")],
    short_name: Annotated[str, typer.Option(prompt="As the bedside shows it", help='Such as "B. Osei".')],
    password: Annotated[
        str,
        typer.Option(
            prompt="A password of 15 characters or more",
            hide_input=True,
            confirmation_prompt=True,
            envvar="STILLROOM_INIT_PASSWORD",
            help="Asked for on the terminal; on a command line others could read it.",
        ),
    ],
    clinic: Annotated[str, typer.Option(prompt="Name of the clinic", help="As it stands on paper.")],
    time_zone: Annotated[str, typer.Option(prompt="Its time zone", help="Such as Europe/Vienna.")],
    room: Annotated[list[str], typer.Option(help="A room; repeat for several.")] = ["Room 1"],  # noqa: B006
    role: Annotated[
        list[str], typer.Option(help="What else they do: prescriber, nurse, technician ...; repeat for several.")
    ] = [],  # noqa: B006
) -> None:
    """Make the first administrator, the clinic, its rooms, its signing key, and a draft of a drug library.

    The library counts only after somebody else has read and approved it; until then nothing can be started.

    Exit codes: 0 made. 2 refused: there is somebody already, or an answer will not do. 3 no database.
    """
    with database():
        from django.core.exceptions import ValidationError

        try:
            person = _made_person(email=email, name=name, password=password)
            _open_clinic(clinic, time_zone, by=person, short_name=short_name, rooms=room, roles=role)
        except ValidationError as refused:
            for message in refused.messages:
                typer.echo(message, err=True)
            raise typer.Exit(REFUSED) from None
    typer.echo(f"{clinic} is open, with {', '.join(room)}. {name} signs in with {email.strip().lower()}.")
    typer.echo("Next: stillroom serve. Sign in: the page First day says what a first infusion needs, step by step.")


def _made_person(*, email: str, name: str, password: str) -> Person:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from stillroom.clinics.models import Person

    if Person.objects.exists():
        raise ValidationError("There is somebody already: administrators invite people from their own pages.")
    person = Person(email=email.strip().lower(), display_name=name)
    validate_password(password, person)
    person.set_password(password)
    person.full_clean()
    return person


def _open_clinic(name: str, time_zone: str, *, by: Person, short_name: str, rooms: list[str], roles: list[str]) -> None:
    """All or nothing. A clinic's rows exist only inside its own scope, the clinic's own row too."""
    from django.conf import settings

    from stillroom.clinics.models import Clinic
    from stillroom.clinics.rows import clinic_scope
    from stillroom.exchange.signing import make_key
    from stillroom.protocols.library import draft_from_template

    clinic = Clinic(name=name, time_zone=time_zone)
    clinic.full_clean()
    make_key(settings.SIGNING_KEYS, clinic.pk)  # first: a key without a clinic harms nobody
    with clinic_scope(clinic.pk):
        by.save()
        clinic.save()
        _appoint(by, clinic, short_name, roles)
        for room in rooms:
            _saved_room(clinic, room)
        draft_from_template(clinic, by)


def _appoint(person: Person, clinic: Clinic, short_name: str, roles: list[str]) -> None:
    from stillroom.clinics.models import Role, Staff

    for role in dict.fromkeys([str(Role.ADMINISTRATOR), *roles]):
        row = Staff(person=person, clinic=clinic, role=role, short_name=short_name, from_date=clinic.today())
        row.full_clean()
        row.save()


def _saved_room(clinic: Clinic, name: str) -> None:
    from stillroom.clinics.models import Room

    room = Room(clinic=clinic, name=name)
    room.full_clean()
    room.save()
