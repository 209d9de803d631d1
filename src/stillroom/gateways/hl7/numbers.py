"""What number, in which unit, does an observation hold? Fields in, or a reason. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from stillroom.core.vitals.codes import CodeFault, Unit, unit_named
from stillroom.gateways.hl7.message import components
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.remembering import remembered

_NM = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


@remembered(2048)
def unit_of(field: str, marks: str) -> Unit | Reason:
    named = [unit_named(system, code, name) for code, name, system in triplets(field, marks)]
    if not named:
        return Reason.UNIT_MISSING
    if CodeFault.NAME_MISMATCH in named:
        return Reason.UNIT_MISMATCH
    if CodeFault.NAME_MISSING in named:
        return Reason.NAME_MISSING
    units = {unit for unit in named if isinstance(unit, Unit)}
    if len(units) > 1:
        return Reason.UNIT_MISMATCH
    return units.pop() if units else Reason.UNIT_UNKNOWN


def amount_of(value_type: str, text: str, marks: str) -> Decimal | Reason:
    """The number in OBX-5. NM is digits with an optional sign and point; no exponent, no words (HL7 2.6, 2.A.47)."""
    if text in ("", '""'):
        return Reason.NO_VALUE
    if value_type != "NM":
        return Reason.VALUE_TYPE
    if marks[2] in text:
        return Reason.SEVERAL_VALUES
    return Decimal(text) if len(text) <= 16 and _NM.fullmatch(text) else Reason.NOT_A_NUMBER


def triplets(field: str, marks: str) -> list[tuple[str, str, str]]:
    parts = components(field, marks) + [""] * 6
    return [(code, name, system) for code, name, system in (tuple(parts[:3]), tuple(parts[3:6])) if code]
