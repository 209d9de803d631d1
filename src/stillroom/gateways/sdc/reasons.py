"""Why was a metric, or all that a device says, not taken? Each reason in words that an engineer can act on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    # The line.
    NOT_INSTALLED = "not_installed"
    NO_CERTIFICATE = "no_certificate"
    NOT_SECURED = "not_secured"
    UNREACHABLE = "unreachable"
    ANOTHER_CERTIFICATE = "another_certificate"
    SEVERAL_DEVICES = "several_devices"
    LINE_LOST = "line_lost"
    NOT_STORED = "not_stored"
    # What came is not a report.
    NOT_A_REPORT = "not_a_report"
    # One metric is not what it should be.
    NAME_MISMATCH = "name_mismatch"
    CODES_DISAGREE = "codes_disagree"
    NOT_A_NUMBER = "not_a_number"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_MISMATCH = "unit_mismatch"
    UNIT_OF_ANOTHER_KIND = "unit_of_another_kind"
    VALIDITY_UNKNOWN = "validity_unknown"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    TIME_AHEAD = "time_ahead"
    TIME_OLD = "time_old"
    SIGNAL_TWICE = "signal_twice"
    # It is as it should be, and there is nothing to keep.
    NOT_KEPT = "not_kept"
    NO_VALUE = "no_value"


SENTENCES: Mapping[Reason, str] = {
    Reason.NOT_INSTALLED: "The part that speaks SDC is not here. Whoever runs this server installs stillroom[sdc].",
    Reason.NO_CERTIFICATE: (
        "This server has no certificate to show the device. Whoever runs it sets STILLROOM_SDC_CERTIFICATE,"
        " STILLROOM_SDC_KEY and STILLROOM_SDC_ISSUER."
    ),
    Reason.NOT_SECURED: (
        "Only an address as https://192.0.2.17:6464/name is called, with its port; in plain only one on this machine."
    ),
    Reason.UNREACHABLE: (
        "The device did not answer at its address, or is no SDC device. Check its address, cable and certificate."
    ),
    Reason.ANOTHER_CERTIFICATE: "The device showed another certificate than the one it was enrolled with.",
    Reason.SEVERAL_DEVICES: (
        "It speaks for several devices at once, and nobody can tell whose a value is. Call each at its own address."
    ),
    Reason.LINE_LOST: "The device ended the line, or said nothing of its subscriptions. It is called again.",
    Reason.NOT_STORED: "What it said could not be stored. It is called again, and says it again.",
    Reason.NOT_A_REPORT: "What came is no report of metrics.",
    Reason.NAME_MISMATCH: "The code and the name of the metric mean different things.",
    Reason.CODES_DISAGREE: "Two codes of the metric mean different things.",
    Reason.NOT_A_NUMBER: "The value is not a number.",
    Reason.UNIT_MISSING: "The metric has no unit.",
    Reason.UNIT_UNKNOWN: "The unit of the metric is not known here.",
    Reason.UNIT_MISMATCH: "The code and the name of the unit mean different units.",
    Reason.UNIT_OF_ANOTHER_KIND: "The unit does not measure what the metric names.",
    Reason.VALIDITY_UNKNOWN: "The metric does not say in a known word how valid its value is.",
    Reason.TIME_MISSING: "The value does not say when it was measured (DeterminationTime).",
    Reason.TIME_UNREADABLE: "The time of the value is no time.",
    Reason.TIME_AHEAD: "The time lies ahead of ours. Set the device's clock.",
    Reason.TIME_OLD: "The time is more than a day ago. Set the device's clock.",
    Reason.SIGNAL_TWICE: "Two metrics of the device are the same sign; the first was kept.",
    Reason.NOT_KEPT: "The metric is a sign that is not kept here.",
    Reason.NO_VALUE: "The device had no value for this sign.",
}
