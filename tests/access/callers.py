"""Who asks, in the table of access: one column each, from nobody to the people of another clinic."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie

from django.test import Client

from tests.cast import Cast, at_display, signed_in

# Column of the table -> who of the cast. All have proved who they are within the last minutes.
PEOPLE: Mapping[str, str] = {
    "prescriber": "ada",
    "nurse anaesthetist": "nan",
    "nurse": "ben",
    "front desk": "fay",
    "technician": "tom",
    "library approver": "pia",
    "administrator": "ann",
    "editor": "edi",
    "second signer": "sig",
    "patient": "pat",
    "another patient": "kim",
    "who left": "lea",
    "nurse elsewhere": "cleo",
}
CALLERS = ("nobody", "display", "nurse at display", *PEOPLE)


def callers(cast: Cast) -> dict[str, SimpleCookie]:
    """What the browser of each caller would send. Kept as cookies, as a request may change a browser."""
    clients = {
        "nobody": Client(),
        "display": at_display(cast),
        "nurse at display": at_display(cast, taken_by=cast.ben),
        **{caller: signed_in(getattr(cast, person)) for caller, person in PEOPLE.items()},
    }
    return {caller: clients[caller].cookies for caller in CALLERS}
