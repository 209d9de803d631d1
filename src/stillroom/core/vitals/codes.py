"""What do MDC, LOINC and UCUM call our signals and units? The one table; everything that crosses the edge uses it.

A code and the name sent with it are checked together, because a public sample exists that sends 150031 under the name
of 150301: one digit lost turns a cuff's pressure into something else, and MDC has no check digit. LOINC has one, so a
LOINC code may come without a name; a name that belongs to something else is refused all the same. So is a name that we
know under a number that we do not: of the two one is wrong, and nobody can tell which.

MDC numbers are context-free: partition * 65536 + term, physiological signals in partition 2, dimensions in partition 4
(ISO/IEEE 11073-10101). MDIL is how Philips monitors print the same numbers: both halves in hex, their own short names.
EHC are Edan's own: module * 65536 + the number of the sign in it, which are other signs than those numbers are in MDC.
A unit that is not in the table is unknown; it is refused, never assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.core.vitals.signals import Signal


class System(StrEnum):
    """Coding systems, spelled as HL7 table 0396 and the vendors spell them."""

    MDC = "MDC"
    MDIL = "MDIL"
    EHC = "EHC"
    LOINC = "LN"
    UCUM = "UCUM"
    PLAIN = ""


class Unit(StrEnum):
    """Units a signal, or what a pump says, may arrive in, by their UCUM code."""

    PERCENT = "%"
    PER_MIN = "/min"
    MMHG = "mm[Hg]"
    KPA = "kPa"
    CEL = "Cel"
    DEGF = "[degF]"
    ML = "mL"
    ML_PER_H = "mL/h"


class CodeFault(StrEnum):
    """Why a code says nothing we may use."""

    UNKNOWN = "unknown"
    NAME_MISSING = "name_missing"
    NAME_MISMATCH = "name_mismatch"


@dataclass(frozen=True, slots=True)
class SignalCode:
    """One code for one signal. The first row of a signal and system is the one we write; all are read."""

    signal: Signal
    system: System
    code: str
    names: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class UnitCode:
    unit: Unit
    system: System
    code: str
    names: tuple[str, ...]
    source: str


_10101 = "ISO/IEEE 11073-10101"
_PCD = "IHE Devices (PCD) Technical Framework vol. 3, and its PCD-01 samples"
_LOINC = "LOINC long common name; FHIR R4 vital signs profiles"
_OPENICE = "ISO/IEEE 11073-10101 as OpenICE sends it"
_PHILIPS = "Philips IntelliVue and Efficia HL7 export, numbers of ISO/IEEE 11073-10101"
_EDAN = "a public receiver of Edan monitors in Java (com.chenwei.socket.SocketAction)"
_EDAN_TOO = "a public receiver of Edan monitors in Python (hl7.mllp and aiorun)"
_GATEWAYS = "messages of IntelliVue and BeneVision gateways; d and m beside s, as both makers' monitors print them"
_UCUM = "The Unified Code for Units of Measure, 2.1"
_FACE = "as monitors print it on their face"

_S = Signal
SIGNAL_CODES: tuple[SignalCode, ...] = (
    SignalCode(_S.SPO2_PERCENT, System.MDC, "150456", ("MDC_PULS_OXIM_SAT_O2",), _PCD),
    SignalCode(_S.PULSE_PER_MIN, System.MDC, "149530", ("MDC_PULS_OXIM_PULS_RATE",), _OPENICE),
    SignalCode(_S.PULSE_PER_MIN, System.MDC, "149538", ("MDC_PLETH_PULS_RATE",), _10101),
    SignalCode(_S.PULSE_PER_MIN, System.MDC, "149514", ("MDC_PULS_RATE",), _10101),
    SignalCode(_S.HEART_RATE_PER_MIN, System.MDC, "147842", ("MDC_ECG_HEART_RATE", "MDC_ECG_CARD_BEAT_RATE"), _PCD),
    SignalCode(_S.SBP_MMHG, System.MDC, "150021", ("MDC_PRESS_BLD_NONINV_SYS",), _PCD),
    SignalCode(_S.SBP_MMHG, System.MDC, "150301", ("MDC_PRESS_CUFF_SYS",), _10101),
    SignalCode(_S.DBP_MMHG, System.MDC, "150022", ("MDC_PRESS_BLD_NONINV_DIA",), _PCD),
    SignalCode(_S.DBP_MMHG, System.MDC, "150302", ("MDC_PRESS_CUFF_DIA",), _10101),
    SignalCode(_S.MBP_MMHG, System.MDC, "150023", ("MDC_PRESS_BLD_NONINV_MEAN",), _PCD),
    SignalCode(_S.MBP_MMHG, System.MDC, "150303", ("MDC_PRESS_CUFF_MEAN",), _10101),
    SignalCode(_S.CUFF_PULSE_PER_MIN, System.MDC, "149546", ("MDC_PULS_RATE_NON_INV",), _10101),
    SignalCode(_S.RESP_PER_MIN, System.MDC, "151562", ("MDC_RESP_RATE",), _10101),
    SignalCode(_S.RESP_PER_MIN, System.MDC, "151578", ("MDC_TTHOR_RESP_RATE",), _10101),
    SignalCode(_S.RESP_PER_MIN, System.MDC, "151594", ("MDC_CO2_RESP_RATE",), _10101),
    SignalCode(_S.ETCO2_MMHG, System.MDC, "151708", ("MDC_CONC_AWAY_CO2_ET",), _10101),
    SignalCode(_S.ETCO2_MMHG, System.MDC, "151728", ("MDC_AWAY_CO2_ET",), _OPENICE),
    SignalCode(_S.TEMPERATURE_CEL, System.MDC, "150344", ("MDC_TEMP",), _10101),
    SignalCode(_S.TEMPERATURE_CEL, System.MDC, "188424", ("MDC_TEMP_ORAL",), _PCD),
    SignalCode(
        _S.SPO2_PERCENT,
        System.LOINC,
        "59408-5",
        ("Oxygen saturation in Arterial blood by Pulse oximetry", "Oxygen saturation", "SpO2"),
        _LOINC,
    ),
    SignalCode(
        # Of any way to measure it by its name, a blood gas too; the profiles of vital signs ask for it at a finger.
        _S.SPO2_PERCENT,
        System.LOINC,
        "2708-6",
        ("Oxygen saturation in Arterial blood", "Oxygen saturation", "SpO2"),
        "FHIR R4 vital signs profiles; US Core pulse oximetry",
    ),
    SignalCode(
        _S.PULSE_PER_MIN,
        System.LOINC,
        "8889-8",
        ("Heart rate by Pulse oximetry", "Heart rate by oximetry", "Pulse rate", "PR"),
        "LOINC long common name",
    ),
    SignalCode(_S.HEART_RATE_PER_MIN, System.LOINC, "8867-4", ("Heart rate", "HR"), _LOINC),
    SignalCode(_S.SBP_MMHG, System.LOINC, "8480-6", ("Systolic blood pressure", "NIBP systolic", "NIBPs"), _LOINC),
    SignalCode(
        _S.SBP_MMHG,
        System.LOINC,
        "76534-7",
        ("Systolic blood pressure by Noninvasive", "NIBP systolic", "NIBPs"),
        "LOINC long common name; MIMIC to LOINC maps",
    ),
    SignalCode(_S.DBP_MMHG, System.LOINC, "8462-4", ("Diastolic blood pressure", "NIBP diastolic", "NIBPd"), _LOINC),
    SignalCode(
        _S.DBP_MMHG,
        System.LOINC,
        "76535-4",
        ("Diastolic blood pressure by Noninvasive", "NIBP diastolic", "NIBPd"),
        "LOINC long common name; MIMIC to LOINC maps",
    ),
    SignalCode(_S.MBP_MMHG, System.LOINC, "8478-0", ("Mean blood pressure", "NIBP mean", "NIBPm"), _LOINC),
    SignalCode(
        _S.MBP_MMHG,
        System.LOINC,
        "76536-2",
        ("Mean blood pressure by Noninvasive", "NIBP mean", "NIBPm"),
        "LOINC long common name; MIMIC to LOINC maps",
    ),
    SignalCode(_S.RESP_PER_MIN, System.LOINC, "9279-1", ("Respiratory rate", "Respiration rate", "RR"), _LOINC),
    SignalCode(
        _S.ETCO2_MMHG,
        System.LOINC,
        "19891-1",
        ("Carbon dioxide [Partial pressure] in Exhaled gas --at end expiration", "End tidal CO2", "EtCO2"),
        "LOINC long common name; beside MDC 151708 in the intensive care profiles of Germany's MII",
    ),
    SignalCode(
        # Of a share of the gas by its name; senders write mmHg with it too. A share (%) is of another kind.
        _S.ETCO2_MMHG,
        System.LOINC,
        "19889-5",
        ("Carbon dioxide/Gas.total.at end expiration in Exhaled gas", "End tidal CO2", "EtCO2"),
        "LOINC long common name",
    ),
    SignalCode(_S.TEMPERATURE_CEL, System.LOINC, "8310-5", ("Body temperature", "Temp"), _LOINC),
    SignalCode(_S.SPO2_PERCENT, System.MDIL, "0002-4bb8", ("SpO2",), _PHILIPS),
    SignalCode(_S.PULSE_PER_MIN, System.MDIL, "0002-4822", ("Pulse", "PulseR"), _PHILIPS),
    SignalCode(_S.PULSE_PER_MIN, System.MDIL, "0002-480a", ("Pulse",), _PHILIPS),
    SignalCode(_S.HEART_RATE_PER_MIN, System.MDIL, "0002-4182", ("HR",), _PHILIPS),
    SignalCode(_S.SBP_MMHG, System.MDIL, "0002-4a05", ("NBPs",), _PHILIPS),
    SignalCode(_S.DBP_MMHG, System.MDIL, "0002-4a06", ("NBPd",), _PHILIPS),
    SignalCode(_S.MBP_MMHG, System.MDIL, "0002-4a07", ("NBPm",), _PHILIPS),
    SignalCode(_S.RESP_PER_MIN, System.MDIL, "0002-500a", ("RR",), _PHILIPS),
    SignalCode(_S.RESP_PER_MIN, System.MDIL, "0002-5000", ("Resp",), _PHILIPS),
    SignalCode(_S.TEMPERATURE_CEL, System.MDIL, "0002-4b48", ("Temp",), _PHILIPS),
    SignalCode(_S.SPO2_PERCENT, System.EHC, "327680", ("SPO2_SPO2",), _EDAN),
    SignalCode(_S.PULSE_PER_MIN, System.EHC, "327681", ("SPO2_PR",), _EDAN_TOO),
    SignalCode(_S.HEART_RATE_PER_MIN, System.EHC, "131072", ("ECG_HR",), _EDAN),
    SignalCode(_S.SBP_MMHG, System.EHC, "393216", ("NIBP_SYS",), _EDAN),
    SignalCode(_S.DBP_MMHG, System.EHC, "393217", ("NIBP_DIA",), _EDAN),
    SignalCode(_S.MBP_MMHG, System.EHC, "393218", ("NIBP_MEAN",), _EDAN_TOO),
    SignalCode(_S.CUFF_PULSE_PER_MIN, System.EHC, "393219", ("NIBP_PR",), _EDAN),
    # Words without a system, as gateways of IntelliVue and BeneVision write them. No other means these; a unit that
    # fits must stand beside each.
    SignalCode(_S.HEART_RATE_PER_MIN, System.PLAIN, "HR", (), _GATEWAYS),
    SignalCode(_S.SPO2_PERCENT, System.PLAIN, "SPO2", (), _GATEWAYS),
    SignalCode(_S.SBP_MMHG, System.PLAIN, "NIBPs", (), _GATEWAYS),
    SignalCode(_S.DBP_MMHG, System.PLAIN, "NIBPd", (), _GATEWAYS),
    SignalCode(_S.MBP_MMHG, System.PLAIN, "NIBPm", (), _GATEWAYS),
)

_U = Unit
UNIT_CODES: tuple[UnitCode, ...] = (
    UnitCode(_U.PERCENT, System.MDC, "262688", ("MDC_DIM_PERCENT",), _PCD),
    UnitCode(_U.PER_MIN, System.MDC, "264864", ("MDC_DIM_BEAT_PER_MIN",), _PCD),
    UnitCode(_U.PER_MIN, System.MDC, "264928", ("MDC_DIM_RESP_PER_MIN",), _PCD),
    UnitCode(_U.MMHG, System.MDC, "266016", ("MDC_DIM_MMHG",), _PCD),
    UnitCode(_U.KPA, System.MDC, "265987", ("MDC_DIM_KILO_PASCAL",), _10101),
    UnitCode(_U.CEL, System.MDC, "268192", ("MDC_DIM_DEGC",), _10101),
    UnitCode(_U.DEGF, System.MDC, "266560", ("MDC_DIM_FAHR",), _PCD),
    UnitCode(_U.PERCENT, System.UCUM, "%", ("percent",), _UCUM),
    UnitCode(_U.PER_MIN, System.UCUM, "/min", ("per minute", "bpm", "rpm"), _UCUM),
    UnitCode(_U.PER_MIN, System.UCUM, "{beats}/min", ("beats per minute", "bpm"), _UCUM),
    UnitCode(_U.PER_MIN, System.UCUM, "{breaths}/min", ("breaths per minute", "rpm"), _UCUM),
    UnitCode(_U.MMHG, System.UCUM, "mm[Hg]", ("millimeter of mercury",), _UCUM),
    UnitCode(_U.KPA, System.UCUM, "kPa", ("kilopascal",), _UCUM),
    UnitCode(_U.CEL, System.UCUM, "Cel", ("degree Celsius", "\N{DEGREE SIGN}C"), _UCUM),
    UnitCode(_U.DEGF, System.UCUM, "[degF]", ("degree Fahrenheit", "\N{DEGREE SIGN}F"), _UCUM),
    UnitCode(_U.ML, System.MDC, "263762", ("MDC_DIM_MILLI_L",), _PCD),
    UnitCode(_U.ML_PER_H, System.MDC, "265266", ("MDC_DIM_MILLI_L_PER_HR",), _PCD),
    UnitCode(_U.ML, System.UCUM, "mL", ("milliliter",), _UCUM),
    UnitCode(_U.ML_PER_H, System.UCUM, "mL/h", ("milliliter per hour",), _UCUM),
    UnitCode(_U.PERCENT, System.MDIL, "0004-0220", ("%",), _PHILIPS),
    UnitCode(_U.PER_MIN, System.MDIL, "0004-0aa0", ("bpm",), _PHILIPS),
    UnitCode(_U.PER_MIN, System.MDIL, "0004-0ae0", ("rpm",), _PHILIPS),
    UnitCode(_U.MMHG, System.MDIL, "0004-0f20", ("mmHg",), _PHILIPS),
    UnitCode(_U.KPA, System.MDIL, "0004-0f03", ("kPa",), _PHILIPS),
    UnitCode(_U.CEL, System.MDIL, "0004-17a0", ("\N{DEGREE SIGN}C",), _PHILIPS),
    UnitCode(_U.PER_MIN, System.PLAIN, "bpm", (), _FACE),
    UnitCode(_U.PER_MIN, System.PLAIN, "rpm", (), _FACE),
    UnitCode(_U.MMHG, System.PLAIN, "mmHg", (), _FACE),
    UnitCode(_U.CEL, System.PLAIN, "\N{DEGREE SIGN}C", (), _FACE),
    UnitCode(_U.DEGF, System.PLAIN, "\N{DEGREE SIGN}F", (), _FACE),
)

_OWN_UNIT: Mapping[Signal, Unit] = {
    Signal.SPO2_PERCENT: Unit.PERCENT,
    Signal.PULSE_PER_MIN: Unit.PER_MIN,
    Signal.HEART_RATE_PER_MIN: Unit.PER_MIN,
    Signal.SBP_MMHG: Unit.MMHG,
    Signal.DBP_MMHG: Unit.MMHG,
    Signal.MBP_MMHG: Unit.MMHG,
    Signal.CUFF_PULSE_PER_MIN: Unit.PER_MIN,
    Signal.RESP_PER_MIN: Unit.PER_MIN,
    Signal.ETCO2_MMHG: Unit.MMHG,
    Signal.TEMPERATURE_CEL: Unit.CEL,
}

_SAY_IT_ALONE = frozenset({System.LOINC, System.PLAIN})
"""Codes that have a check digit, and words."""
PA_PER_MMHG = Decimal("133.322387415")
"""The conventional millimetre of mercury (BIPM, The International System of Units, 8th ed., table 8)."""
CONVERTED_STEP = Decimal("0.01")
"""Converted values are kept to a hundredth of the unit: finer than any monitor shows, so nothing shown is lost."""


def signal_named(system: str, code: str, name: str) -> Signal | CodeFault:
    """The signal a code and its name stand for, or why they stand for none that we keep."""
    row = _SIGNAL_BY_CODE.get((system, code))
    if row is None:
        return CodeFault.NAME_MISMATCH if (system, _plain(name)) in _SIGNAL_NAMES else CodeFault.UNKNOWN
    return _fault_of(row, name, is_name_needed=row.system not in _SAY_IT_ALONE) or row.signal


def unit_named(system: str, code: str, name: str) -> Unit | CodeFault:
    """The unit a code and its name stand for. Without a system, UCUM and what monitors print are read."""
    row = _UNIT_BY_CODE.get((system, code))
    if row is None:
        return CodeFault.UNKNOWN
    return _fault_of(row, name, is_name_needed=row.system is System.MDC) or row.unit


def in_own_unit(signal: Signal, value: Decimal, unit: Unit) -> Decimal | None:
    """`value` in the unit its signal names: unchanged if it came in it, converted from kPa or degrees Fahrenheit.

    None if the unit measures something else: a pressure in percent is not a pressure.
    """
    own = _OWN_UNIT[signal]
    if unit is own:
        return value
    if (unit, own) == (Unit.KPA, Unit.MMHG):
        return (value * 1000 / PA_PER_MMHG).quantize(CONVERTED_STEP)
    if (unit, own) == (Unit.DEGF, Unit.CEL):
        return ((value - 32) * 5 / 9).quantize(CONVERTED_STEP)
    return None


def own_unit(signal: Signal) -> Unit:
    """The UCUM unit of a signal's values."""
    return _OWN_UNIT[signal]


def code_of(signal: Signal, system: System) -> SignalCode | None:
    """The code we write for a signal in `system`, where the table has one."""
    return next((row for row in SIGNAL_CODES if row.signal is signal and row.system is system), None)


def unit_code_of(signal: Signal, system: System) -> UnitCode | None:
    """The unit we write for a signal's values in `system`. MDC tells breaths from beats."""
    rows = [row for row in UNIT_CODES if row.unit is _OWN_UNIT[signal] and row.system is system]
    if signal is Signal.RESP_PER_MIN and system in (System.MDC, System.MDIL):
        return rows[1]
    return rows[0] if rows else None


def _fault_of(row: SignalCode | UnitCode, name: str, *, is_name_needed: bool) -> CodeFault | None:
    if not name:
        return CodeFault.NAME_MISSING if is_name_needed else None
    if any(_plain(name) == _plain(known) for known in (row.code, *row.names)):
        return None
    return CodeFault.NAME_MISMATCH


def _plain(name: str) -> str:
    """A name without case, spaces and punctuation: monitors write `heartrate` where LOINC writes `Heart rate`."""
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name


_SIGNAL_BY_CODE = {(row.system.value, row.code): row for row in SIGNAL_CODES} | {
    ("LOINC", row.code): row for row in SIGNAL_CODES if row.system is System.LOINC
}
_SIGNAL_NAMES = {(system, _plain(name)) for (system, _), row in _SIGNAL_BY_CODE.items() for name in row.names}
_UNIT_BY_CODE = {(row.system.value, row.code): row for row in UNIT_CODES} | {
    (System.PLAIN.value, row.code): row for row in UNIT_CODES if row.system is System.UCUM
}
