"""The one table: its numbers against outside sources, and its refusals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.core.vitals import Signal, codes
from stillroom.core.vitals.codes import CodeFault, System, Unit


@pytest.mark.parametrize(
    ("number", "term_hex"),
    [
        # Term codes of the Philips Data Export Interface, partition 2: NOM_PULS_OXIM_SAT_O2, NOM_PULS_RATE,
        # NOM_PLETH_PULS_RATE, NOM_ECG_CARD_BEAT_RATE, NOM_PRESS_BLD_NONINV_SYS, _DIA, _MEAN, NOM_RESP_RATE, NOM_TEMP.
        ("150456", "4bb8"),
        ("149514", "480a"),
        ("149538", "4822"),
        ("147842", "4182"),
        ("150021", "4a05"),
        ("150022", "4a06"),
        ("150023", "4a07"),
        ("151562", "500a"),
        ("150344", "4b48"),
    ],
)
def test_mdc_and_mdil_are_the_same_number(number: str, term_hex: str) -> None:
    assert int(number) == 2 * 65536 + int(term_hex, 16)
    by_code = {(row.system, row.code): row.signal for row in codes.SIGNAL_CODES}
    assert by_code[System.MDC, number] is by_code[System.MDIL, f"0002-{term_hex}"]


def test_loinc_codes_carry_their_check_digit() -> None:
    """LOINC Users' Guide, appendix C: mod 10 (Luhn) over the digits before the hyphen."""
    for row in codes.SIGNAL_CODES:
        if row.system is System.LOINC:
            number, check = row.code.split("-")
            odd = str(int(number[::-1][::2][::-1]) * 2)
            total = sum(map(int, odd + number[::-1][1::2]))
            assert int(check) == -total % 10, row.code


def test_no_code_stands_for_two_things() -> None:
    for table in (codes.SIGNAL_CODES, codes.UNIT_CODES):
        pairs = [(row.system, row.code) for row in table]
        assert len(pairs) == len(set(pairs))
        assert all(row.source for row in table)


@pytest.mark.parametrize(
    ("system", "code", "name", "expected"),
    [
        ("MDC", "150456", "MDC_PULS_OXIM_SAT_O2", Signal.SPO2_PERCENT),
        ("MDC", "147842", "MDC_ECG_CARD_BEAT_RATE", Signal.HEART_RATE_PER_MIN),
        ("MDC", "150456", "MDC_AWAY_CO2_ET", CodeFault.NAME_MISMATCH),
        ("MDC", "151708", "MDC_CONC_AWAY_CO2_ET", Signal.ETCO2_MMHG),
        ("MDC", "151728", "MDC_AWAY_CO2_ET", Signal.ETCO2_MMHG),
        ("LN", "19891-1", "", Signal.ETCO2_MMHG),
        ("LN", "19889-5", "", Signal.ETCO2_MMHG),
        ("MDC", "150456", "", CodeFault.NAME_MISSING),
        # A name that is known under a number that is not: a digit lost, or the number of another sign.
        ("MDC", "150031", "MDC_PRESS_CUFF_SYS", CodeFault.NAME_MISMATCH),
        ("MDC", "150017", "MDC_PRESS_BLD_NONINV_SYS", CodeFault.NAME_MISMATCH),  # 150017 is MDC_PRESS_BLD_SYS
        ("MDC", "149522", "MDC_PULS_RATE", CodeFault.NAME_MISMATCH),  # 149522 is MDC_BLD_PULS_RATE_INV
        ("MDC", "149514", "MDC_PULS_RATE", Signal.PULSE_PER_MIN),
        ("MDC", "149522", "MDC_BLD_PULS_RATE_INV", CodeFault.UNKNOWN),
        ("MDC", "19384", "mdc puls oxim sat o2", CodeFault.NAME_MISMATCH),
        ("LOINC", "2709-4", "SpO2", CodeFault.NAME_MISMATCH),
        ("MDC", "150033", "MDC_PRESS_BLD_ART_SYS", CodeFault.UNKNOWN),
        ("LN", "8867-4", "heartrate", Signal.HEART_RATE_PER_MIN),
        ("LN", "8867-4", "", Signal.HEART_RATE_PER_MIN),
        ("LOINC", "59408-5", "SpO2", Signal.SPO2_PERCENT),
        ("LN", "2708-6", "Oxygen saturation in Arterial blood", Signal.SPO2_PERCENT),
        ("LN", "8867-4", "Bacteria identified", CodeFault.NAME_MISMATCH),
        ("MDIL", "0002-4bb8", "SpO2", Signal.SPO2_PERCENT),
        ("EHC", "327680", "SPO2_SPO2", Signal.SPO2_PERCENT),
        ("EHC", "327681", "SPO2_PR", Signal.PULSE_PER_MIN),
        ("EHC", "131072", "ECG_HR", Signal.HEART_RATE_PER_MIN),
        ("EHC", "393216", "NIBP_SYS", Signal.SBP_MMHG),
        ("EHC", "393217", "NIBP_DIA", Signal.DBP_MMHG),
        ("EHC", "393218", "NIBP_MEAN", Signal.MBP_MMHG),
        ("EHC", "393219", "NIBP_PR", Signal.CUFF_PULSE_PER_MIN),
        ("", "HR", "", Signal.HEART_RATE_PER_MIN),
        ("", "SPO2", "SPO2", Signal.SPO2_PERCENT),
        ("", "NIBPs", "", Signal.SBP_MMHG),
        ("", "NIBPd", "", Signal.DBP_MMHG),
        ("", "NIBPm", "", Signal.MBP_MMHG),
        ("", "HR", "NIBPs", CodeFault.NAME_MISMATCH),
        ("", "hr", "", CodeFault.UNKNOWN),
        ("", "PVC", "HR", CodeFault.UNKNOWN),
        ("EHC", "393216", "NIBP_DIA", CodeFault.NAME_MISMATCH),
        ("EHC", "393220", "NIBP_DIA", CodeFault.NAME_MISMATCH),
        ("EHC", "327680", "", CodeFault.NAME_MISSING),
        ("EHC", "458752", "TEMP_T1", CodeFault.UNKNOWN),
        ("", "327680", "SPO2_SPO2", CodeFault.UNKNOWN),
        ("", "150456", "MDC_PULS_OXIM_SAT_O2", CodeFault.UNKNOWN),
        ("99COMEN", "150456", "MDC_PULS_OXIM_SAT_O2", CodeFault.UNKNOWN),
    ],
)
def test_code_and_name_are_checked_together(system: str, code: str, name: str, expected: object) -> None:
    assert codes.signal_named(system, code, name) is expected


@pytest.mark.parametrize(
    ("system", "code", "name", "expected"),
    [
        ("MDC", "266016", "MDC_DIM_MMHG", Unit.MMHG),
        ("MDC", "266016", "MDC_DIM_KILO_PASCAL", CodeFault.NAME_MISMATCH),
        ("MDC", "266016", "", CodeFault.NAME_MISSING),
        ("UCUM", "/min", "/min", Unit.PER_MIN),
        ("UCUM", "%", "mmHg", CodeFault.NAME_MISMATCH),
        ("UCUM", "MM[HG]", "", CodeFault.UNKNOWN),
        ("", "%", "", Unit.PERCENT),
        ("", "bpm", "", Unit.PER_MIN),
        ("UCUM", "bpm", "", CodeFault.UNKNOWN),
        ("", "", "", CodeFault.UNKNOWN),
        ("", "C", "", CodeFault.UNKNOWN),
        ("UCUM", "[drp]/min", "", CodeFault.UNKNOWN),
    ],
)
def test_a_unit_is_known_or_refused(system: str, code: str, name: str, expected: object) -> None:
    assert codes.unit_named(system, code, name) is expected


@pytest.mark.parametrize(
    ("signal", "value", "unit", "expected"),
    [
        # UCUM (@lhncbc/ucum-lhc 7.1.10): 5 kPa = 37.50 mm[Hg].
        (Signal.SBP_MMHG, "5", Unit.KPA, "37.50"),
        (Signal.SBP_MMHG, "16.0", Unit.KPA, "120.01"),
        (Signal.ETCO2_MMHG, "5", Unit.KPA, "37.50"),
        (Signal.TEMPERATURE_CEL, "98.6", Unit.DEGF, "37.00"),
        (Signal.SPO2_PERCENT, "91", Unit.PERCENT, "91"),
    ],
)
def test_values_come_in_the_signals_own_unit(signal: Signal, value: str, unit: Unit, expected: str) -> None:
    assert str(codes.in_own_unit(signal, Decimal(value), unit)) == expected


def test_a_unit_of_another_kind_converts_to_nothing() -> None:
    for signal in Signal:
        kin = {codes.own_unit(signal)}
        kin |= {Unit.KPA} if codes.own_unit(signal) is Unit.MMHG else set()
        kin |= {Unit.DEGF} if codes.own_unit(signal) is Unit.CEL else set()
        for unit in set(Unit) - kin:
            assert codes.in_own_unit(signal, Decimal(90), unit) is None


def test_what_we_write_we_read() -> None:
    for row in codes.SIGNAL_CODES:
        assert all(codes.signal_named(row.system, row.code, name) is row.signal for name in row.names)
    for signal in Signal:
        code, unit = codes.code_of(signal, System.MDC), codes.unit_code_of(signal, System.MDC)
        assert code is not None
        assert unit is not None
        assert codes.signal_named(code.system, code.code, code.names[0]) is signal
        assert codes.unit_named(unit.system, unit.code, unit.names[0]) is codes.own_unit(signal)
    breaths = codes.unit_code_of(Signal.RESP_PER_MIN, System.MDC)
    assert breaths is not None
    assert breaths.names == ("MDC_DIM_RESP_PER_MIN",)
