"""Whom a sheet may name: prescribers, colleagues, other patients who are expected or here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.bedside.forms.what import ActForm, PersonField

Offered = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Ids and names, in the order in which they are offered."""

    prescribers: Offered = ()
    colleagues: Offered = ()
    patients: Offered = ()
    witnesses: Offered = ()
    shelf: Offered = ()

    def offer(self, form: ActForm) -> None:
        """Fills the choices of each field of `form` that names somebody."""
        by_field: Mapping[str, Offered] = {
            "prescriber": self.prescribers,
            "decided_by": self.colleagues,
            "witness": self.colleagues,
            "second_person": self.colleagues,
            "second": self.colleagues,
            "colleague": self.colleagues,
            "patient": self.patients,
            "waste_witness": self.witnesses,
            "from_shelf": self.shelf,
        }
        for name, field in form.fields.items():
            if isinstance(field, PersonField):
                field.offer(by_field[name])


NOBODY = People()
