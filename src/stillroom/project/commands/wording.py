"""`stillroom wording`: brings in the words of a questionnaire from a FHIR Questionnaire file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from stillroom.project.running import database

REFUSED = 2
LARGEST_BYTES = 1024 * 1024


def wording(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A FHIR R4 Questionnaire, as JSON.")],
    instrument: Annotated[str, typer.Option(help="Which it is: phq9, gad7 or pcl5.")],
    clinic: Annotated[str, typer.Option(help="The clinic's id; not needed where there is one clinic.")] = "",
) -> None:
    """Bring in the words of PHQ-9, GAD-7 or PCL-5, in any language; patients and clinicians then fill it in here.

    The words come from the file alone; what was filled in before keeps what it was asked by. Exit codes: 0 kept. 2 the
    file is not the words of this instrument, or its licence lets only a score be kept. 3 no database.
    """
    with database():
        from stillroom.clinics.models import Clinic
        from stillroom.clinics.rows import clinic_scope, real_clinic_ids
        from stillroom.core.outcomes import INSTRUMENTS
        from stillroom.outcomes.wording import NotTaken, bring_in

        if instrument not in INSTRUMENTS:
            _refuse(f"There is no instrument {instrument}. Known: {', '.join(INSTRUMENTS)}.")
        if file.stat().st_size > LARGEST_BYTES:
            _refuse("This file is larger than 1 MB, and no questionnaire is.")
        ids = real_clinic_ids()
        chosen = _id_in(clinic, ids)
        with clinic_scope(chosen, by="system:wording"):
            try:
                kept = bring_in(Clinic.objects.get(), INSTRUMENTS[instrument], file.read_bytes())
            except NotTaken as why:
                _refuse(str(why))
            typer.echo(f"{INSTRUMENTS[instrument].name}: {len(kept.questions)} questions, from {file.name}.")


def _id_in(clinic: str, ids: list[UUID]) -> UUID:
    chosen = [each for each in ids if str(each) == clinic] if clinic else ids
    if len(chosen) != 1:
        _refuse("Say which clinic, by --clinic and its id: " + ", ".join(str(each) for each in ids))
    return chosen[0]


def _refuse(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(REFUSED)
