"""How do two monitors of different makers say the same signs? ORU^R01, as each would put it on the wire.

    A   IHE PCD-01: MDC codes, HL7 2.6, times with their offset, an application answer asked for
    B   LOINC codes and UCUM units, HL7 2.4, times of its own clock that say no zone, the original mode of answers

Codes come from the one table, core.vitals.codes. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from stillroom.core.vitals import Signal
from stillroom.core.vitals.codes import System, code_of, unit_code_of
from stillroom.gateways.hl7.times import written

Signs = Mapping[Signal, Decimal]
FACILITY = "INVENTED CLINIC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One maker's way, and how its clock and its cuff are set. `signals` and `units` are coding systems."""

    name: str
    sending_application: str
    version: str
    signals: System
    units: System
    zone: ZoneInfo
    says_offset: bool
    interval_s: int
    cuff_interval_s: int


A = Dialect(
    name="Simulated monitor A",
    sending_application="SIMULATED_A",
    version="2.6",
    signals=System.MDC,
    units=System.MDC,
    zone=ZoneInfo("America/Halifax"),
    says_offset=True,
    interval_s=5,
    cuff_interval_s=300,
)
B = Dialect(
    name="Simulated monitor B",
    sending_application="SIMULATED_B",
    version="2.4",
    signals=System.LOINC,
    units=System.UCUM,
    zone=ZoneInfo("Asia/Tokyo"),
    says_offset=False,
    interval_s=10,
    cuff_interval_s=600,
)
DIALECTS: Mapping[str, Dialect] = {each.sending_application: each for each in (A, B)}


def report(dialect: Dialect, signs: Signs, *, at: datetime, control_id: str, identifier: str, bed: str) -> bytes:
    """One message with these signs of the patient `identifier`, measured at `at`. No signs: nobody is connected."""
    stamp = _stamp(dialect, at)
    segments = [
        _header(dialect, stamp, control_id),
        ["PID", "", "", f"{identifier}^^^{FACILITY}^PI", "", "INVENTED^PATIENT"],
        ["PV1", "", "I", bed],
        ["OBR", "1", control_id, control_id, "182777000^monitoring of patient^SCT", "", "", stamp],
    ]
    segments += [_observation(dialect, number, *sign, stamp) for number, sign in enumerate(signs.items(), start=1)]
    return "".join("|".join(segment) + "\r" for segment in segments).encode()


def _stamp(dialect: Dialect, at: datetime) -> str:
    local = at.astimezone(dialect.zone)
    return written(local) if dialect.says_offset else f"{local:%Y%m%d%H%M%S}"


def _header(dialect: Dialect, stamp: str, control_id: str) -> list[str]:
    header = ["MSH", "^~\\&", dialect.sending_application, FACILITY, "STILLROOM", "", stamp, ""]
    if dialect.signals is not System.MDC:
        return [*header, "ORU^R01", control_id, "P", dialect.version]
    profile = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"
    answers = ["", "", "NE", "AL", ""]  # no accept answer, always an application answer
    return [*header, "ORU^R01^ORU_R01", control_id, "P", dialect.version, *answers, "UNICODE UTF-8", "", "", profile]


def _observation(dialect: Dialect, number: int, signal: Signal, value: Decimal, stamp: str) -> list[str]:
    code, unit = code_of(signal, dialect.signals), unit_code_of(signal, dialect.units)
    if code is None or unit is None:
        raise ValueError(f"{dialect.signals} has no code for {signal}")
    return [
        *("OBX", str(number), "NM", f"{code.code}^{code.names[0]}^{code.system}", f"1.1.1.{number}", str(value)),
        *(f"{unit.code}^{unit.names[0]}^{unit.system}", "", "", "", "", "R", "", "", stamp),
    ]
