"""`stillroom keys`: the keys with which the clinics of this server sign what their patients take along."""

from __future__ import annotations

from typing import Annotated

import typer

from stillroom.project.running import database


def keys(
    new: Annotated[
        bool, typer.Option("--new", help="Make a new key for every clinic: what the old one signed stays known.")
    ] = False,
) -> None:
    """Make the key of each clinic that has none, and print each clinic's fingerprint: hang it up, print it, compare it.

    Keys lie in STILLROOM_SIGNING_KEYS, outside the database and outside its backups: keep a copy of that folder.

    Exit codes: 0 every clinic has a key. 3 no database.
    """
    with database():
        from django.conf import settings

        from stillroom.clinics.models import Clinic
        from stillroom.clinics.rows import clinic_ids, clinic_scope
        from stillroom.exchange.signing import fingerprint, key_of, make_key, public_key

        for clinic_id in clinic_ids():
            with clinic_scope(clinic_id):
                name = Clinic.objects.get(pk=clinic_id).name
            key = None if new else key_of(settings.SIGNING_KEYS, clinic_id)
            key = key or make_key(settings.SIGNING_KEYS, clinic_id)
            typer.echo(f"{fingerprint(public_key(key))}  {name}")
