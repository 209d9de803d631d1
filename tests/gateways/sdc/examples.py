"""What a device says in the contract's examples, as the document of an SDC report."""

from __future__ import annotations

from stillroom.gateways.sdc.wire import frame_of
from tests.gateways.said import CALIBRATING, DEMONSTRATING, INVALID, QUESTIONABLE, WELL, Said

VALIDITIES = {WELL: "Vld", INVALID: "Inv", QUESTIONABLE: "Qst", CALIBRATING: "Calib", DEMONSTRATING: "Vld"}


def frame_saying(*said: Said) -> bytes:
    metrics = [_metric(number, each) for number, each in enumerate(said)]
    return frame_of(sequence="urn:uuid:1", instance=None, version=1, metrics=metrics)


def _metric(number: int, said: Said) -> dict[str, object]:
    code, name = said.named
    return {
        "handle": f"metric.{number}",
        "code": code,
        "system": "",
        "name": name,
        "others": [],
        "unit": [said.unit[0], "", said.unit[1]],
        "value": said.value,
        "validity": VALIDITIES[said.validity],
        "mode": "Demo" if said.validity == DEMONSTRATING else "Real",
        "activation": "On",
        "at_ms": round(said.at.timestamp() * 1000) if said.at else None,
        "is_second": False,
    }
