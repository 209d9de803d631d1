"""What does one report of an SDC device say? Metrics with the descriptors they were described by, into samples. Pure.

A report on the wire names its metrics by handles alone, which mean something else in each device. So a frame, as it is
kept and read here, is a document of its own: each state of the report beside what its descriptor says of code and unit,
as the device wrote them. `consumer.py` writes it (`frame_of`); nothing in it is about a patient.

    {"sequence": ..., "instance": ..., "version": ..., "metrics": [
        {"handle": ..., "code": ..., "system": ..., "name": ..., "others": [[code, system, name], ...],
         "unit": [code, system, name], "value": ..., "validity": ..., "mode": ..., "activation": ..., "at_ms": ...,
         "is_second": ...}, ...]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from stillroom.core.vitals import Sample, Signal, Validity, flagged
from stillroom.core.vitals.codes import CodeFault, System, Unit, in_own_unit, signal_named, unit_named
from stillroom.gateways.contract import HARMLESS, Answer, Report, SetAside, Shown, time_fault
from stillroom.gateways.sdc.reasons import Reason

SHOWN_CHARACTERS = 80
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Coded = tuple[str, str, str]
"""Code, coding system as the device wrote it, symbolic name."""

# ISO/IEEE 11073-10207: a code without a system is of ISO/IEEE 11073-10101.
_SYSTEMS = {
    "": System.MDC,
    "urn:oid:1.2.840.10004.1.1.1.0.0.1": System.MDC,
    "urn:oid:2.16.840.1.113883.6.1": System.LOINC,
    "http://loinc.org": System.LOINC,
    "urn:oid:2.16.840.1.113883.6.8": System.UCUM,
    "http://unitsofmeasure.org": System.UCUM,
}
# ISO/IEEE 11073-10207 MeasurementValidity. What lies beyond what the device can measure may well lie there.
_VALIDITIES = {
    "Vld": Validity.VALID,
    "Vldated": Validity.VALID,
    "Qst": Validity.QUESTIONABLE,
    "Oflw": Validity.QUESTIONABLE,
    "Uflw": Validity.QUESTIONABLE,
    "Ong": Validity.INVALID,
    "Calib": Validity.INVALID,
    "Inv": Validity.INVALID,
    "NA": Validity.INVALID,
}
_REAL, _ON = "Real", "On"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


class _Faulty(Exception):
    def __init__(self, reason: Reason, what: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.what = what


def frame_of(*, sequence: str, instance: int | None, version: int, metrics: list[dict[str, Any]]) -> bytes:
    """The document of one report. The same report makes the same bytes."""
    said = {"sequence": sequence, "instance": instance, "version": version, "metrics": metrics}
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read(frame: bytes, *, received_at: datetime, zone: tzinfo | None) -> Report:
    """The samples of a report. SDC tells time in UTC alone, so `zone` is not asked."""
    try:
        metrics = _metrics(frame)
    except (ValueError, RecursionError):
        return Report(Answer.REJECT, set_aside=(SetAside(Reason.NOT_A_REPORT, "report"),))
    samples: dict[tuple[Signal, datetime], Sample] = {}
    set_aside: list[SetAside] = []
    for metric in metrics:
        try:
            sample = _sample(metric, received_at)
            if samples.setdefault((sample.signal, sample.measured_at), sample) is not sample:
                raise _Faulty(Reason.SIGNAL_TWICE, _text(metric, "code"))
        except _Faulty as fault:
            set_aside.append(SetAside(fault.reason, f"metric {_text(metric, 'handle')}"[:SHOWN_CHARACTERS], fault.what))
    is_useless = not samples and any(item.reason not in HARMLESS for item in set_aside)
    answer = Answer.ERROR if is_useless else Answer.ACCEPT
    # A report has no time of its own; it is sent when the newest of its values was measured.
    sent_at = max((each.measured_at for each in samples.values()), default=None)
    return Report(answer, flagged(samples.values()), set_aside=tuple(set_aside), sent_at=sent_at)


def shown(text: str) -> Iterator[Shown]:
    """The document as it is: it holds codes, units, values and times."""
    return (Shown(line) for line in text.splitlines() if line.strip())


def signal_of(code: str, system: str, name: str, others: list[Coded]) -> Signal | Reason:
    """The sign a metric's type names, by its own code or by a translation of it."""
    named = [_signal(*each) for each in ((code, system, name), *others)]
    if CodeFault.NAME_MISMATCH in named:
        return Reason.NAME_MISMATCH
    signals = {each for each in named if isinstance(each, Signal)}
    if not signals:
        return Reason.NOT_KEPT
    return signals.pop() if len(signals) == 1 else Reason.CODES_DISAGREE


def _metrics(frame: bytes) -> list[Mapping[str, Any]]:
    said = json.loads(frame)
    metrics = said.get("metrics") if isinstance(said, dict) else None
    if not isinstance(metrics, list) or not all(isinstance(each, dict) for each in metrics):
        raise ValueError("no list of metrics")
    return metrics


def _sample(metric: Mapping[str, Any], received_at: datetime) -> Sample:
    """One metric as a sample. Raises `_Faulty`."""
    code = _text(metric, "code")
    signal = signal_of(code, _text(metric, "system"), _text(metric, "name"), _others(metric))
    if isinstance(signal, Reason):
        raise _Faulty(signal, code)
    amount = _amount(_text(metric, "value"), code)
    unit = _unit(metric)
    value = in_own_unit(signal, amount, unit)
    if value is None:
        raise _Faulty(Reason.UNIT_OF_ANOTHER_KIND, unit)
    if metric.get("is_second"):
        raise _Faulty(Reason.SIGNAL_TWICE, code)
    return Sample(signal, value, _measured_at(metric, received_at), received_at, _validity(metric))


def _signal(code: str, system: str, name: str) -> Signal | CodeFault:
    """A name is checked where there is one. Without it the code stands alone: its descriptor is held by a schema, and
    the name is not demanded by ISO/IEEE 11073-10207."""
    known = _SYSTEMS.get(system)
    return signal_named(known, code, name or code) if known else CodeFault.UNKNOWN


def _unit(metric: Mapping[str, Any]) -> Unit:
    code, system, name = _coded(metric.get("unit"))
    if not code:
        raise _Faulty(Reason.UNIT_MISSING)
    known = _SYSTEMS.get(system)
    unit = unit_named(known, code, name or code) if known else CodeFault.UNKNOWN
    if isinstance(unit, Unit):
        return unit
    is_known = unit is CodeFault.NAME_MISMATCH
    raise _Faulty(Reason.UNIT_MISMATCH if is_known else Reason.UNIT_UNKNOWN, f"{code} {name}"[:SHOWN_CHARACTERS])


def _amount(text: str, code: str) -> Decimal:
    if not text:
        raise _Faulty(Reason.NO_VALUE, code)
    if len(text) > 16 or not _NUMBER.fullmatch(text):
        raise _Faulty(Reason.NOT_A_NUMBER, text[:SHOWN_CHARACTERS])
    return Decimal(text)


def _validity(metric: Mapping[str, Any]) -> Validity:
    """Of this patient, now, or not: what is measured for a test, or by a sensor that is off, is no sign of life."""
    said = _text(metric, "validity")
    if said not in _VALIDITIES:
        raise _Faulty(Reason.VALIDITY_UNKNOWN, said)
    if _text(metric, "mode") != _REAL or _text(metric, "activation") != _ON:
        return Validity.INVALID
    return _VALIDITIES[said]


def _measured_at(metric: Mapping[str, Any], received_at: datetime) -> datetime:
    at_ms = metric.get("at_ms")
    if at_ms is None:
        raise _Faulty(Reason.TIME_MISSING)
    try:
        measured_at = EPOCH + timedelta(milliseconds=at_ms) if type(at_ms) is int else None
    except OverflowError:
        measured_at = None
    if measured_at is None:
        raise _Faulty(Reason.TIME_UNREADABLE, str(at_ms)[:SHOWN_CHARACTERS])
    fault = time_fault(measured_at, received_at)
    if fault:
        raise _Faulty(Reason(fault), measured_at.isoformat())
    return measured_at


def _others(metric: Mapping[str, Any]) -> list[Coded]:
    others = metric.get("others")
    return [_coded(each) for each in others] if isinstance(others, list) else []


def _coded(said: Any) -> Coded:
    parts = [each if isinstance(each, str) else "" for each in said] if isinstance(said, list) else []
    code, system, name = [*parts, "", "", ""][:3]
    return code, system, name


def _text(metric: Mapping[str, Any], key: str) -> str:
    said = metric.get(key)
    return said[:SHOWN_CHARACTERS] if isinstance(said, str) else ""
