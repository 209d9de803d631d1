"""Every state an ordinary row ever had, and who made it so: kept by the database, whoever changes the row and how.

`@keep_history()` on a model makes a second table that its triggers fill (django-pghistory). `close_history` in the
migration makes that table one that the application can only read: the triggers write as the owner of the tables, and
they cannot be switched off by a session. The owner is bound by row security too, so a history has its clinic as well.

Rows that are only ever added (weights, statements about allergies, takeovers, looks) are their own history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.db.migrations import RunSQL
from django.db.models import Func, Value
from django.db.models.functions import Coalesce

from stillroom.clinics.rows import guard_clinic_rows

Tracked = TypeVar("Tracked", bound=type[models.Model])

# Said by whoever opened the rows, for the transaction: see rows.open_clinic.
AUTHOR = Func(Value("app.by"), Value(True), function="current_setting", output_field=models.CharField())

# django-pgtrigger lets a session name triggers to be ignored, and asks this function, which it makes anew with each
# trigger. Ours never ignores one.
NEVER_IGNORE = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
        LANGUAGE sql IMMUTABLE AS 'SELECT false';
"""


def keep_history(*, without: Sequence[str] = ()) -> Callable[[Tracked], Tracked]:
    """Keep what a row was after each insert and update, save the columns `without` (secrets)."""

    def track(model: Tracked) -> Tracked:
        kept: Tracked = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            exclude=list(without),
            context_field=None,  # type: ignore[arg-type]  # the documented way to keep no context
            model_name=f"{model.__name__}History",
            level=pgtrigger.Row,
            attrs={"changed_by": models.CharField(max_length=60, db_default=Coalesce(AUTHOR, Value("")))},
        )(model)
        return kept

    return track


def close_history(table: str, *, column: str = "clinic_id") -> list[RunSQL]:
    """The application reads the history of `table` and cannot write it, nor keep the triggers from writing."""
    return [guard_clinic_rows(f"{table}history", column=column, may="SELECT"), *close_history_again(table)]


def close_history_again(table: str) -> list[RunSQL]:
    """At the end of every later migration that makes the triggers of `table` anew."""
    write_as_owner = f"""
        DO $$ DECLARE written_by regprocedure; BEGIN
            FOR written_by IN
                SELECT tgfoid FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND tgname LIKE 'pgtrigger%'
            LOOP
                EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', written_by);
            END LOOP;
        END $$;
    """  # noqa: S608
    return [RunSQL(write_as_owner, RunSQL.noop), RunSQL(NEVER_IGNORE, RunSQL.noop)]
