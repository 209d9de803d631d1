"""What a device says in the contract's examples, as HL7."""

from __future__ import annotations

from stillroom.gateways.hl7.times import written
from tests.gateways.hl7.messages import message
from tests.gateways.said import CALIBRATING, DEMONSTRATING, INVALID, QUESTIONABLE, WELL, Said

FLAGS = {WELL: "", INVALID: "INV", QUESTIONABLE: "QUES", CALIBRATING: "CAL", DEMONSTRATING: "DEMO"}


def frame_saying(*said: Said) -> bytes:
    return message([_observation(number, each) for number, each in enumerate(said, 1)], sent="", request="OBR|1")


def _observation(number: int, said: Said) -> str:
    code, unit = "^".join((*said.named, "MDC")), "^".join((*said.unit, "MDC"))
    at = written(said.at) if said.at else ""
    return f"OBX|{number}|NM|{code}|1.{number}|{said.value}|{unit}||{FLAGS[said.validity]}|||R|||{at}"
