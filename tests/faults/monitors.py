"""Monitors of the campaign: each sends message after message over MLLP, every one again until it was accepted."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from stillroom.core.vitals import Signal
from stillroom.gateways.hl7.frames import framed
from stillroom.rehearsal.dialects import A, report
from tests.faults.promise import PromiseBroken

SIGNS = {Signal.PULSE_PER_MIN: Decimal(71), Signal.SPO2_PERCENT: Decimal(97)}
ACCEPTED, END = b"\rMSA|AA|", b"\x1c\r"
ACCEPTED_WITHIN_S = 60.0
AGAIN_AFTER_S = 0.25


@dataclass
class Sender:
    """One monitor: how many messages were accepted, and how often one was sent again."""

    port: int
    name: str
    accepted: int = 0
    sent_again: int = 0

    def send_until(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            self.send_one()

    def send_one(self) -> None:
        at = datetime.now(UTC)
        control_id = f"{self.name}-{self.accepted}"
        self._until_accepted(framed(report(A, SIGNS, at=at, control_id=control_id, identifier="", bed="")))
        self.accepted += 1

    def _until_accepted(self, frame: bytes) -> None:
        until_s = time.monotonic() + ACCEPTED_WITHIN_S
        while time.monotonic() < until_s:
            if self._is_accepted(frame):
                return
            self.sent_again += 1
            time.sleep(AGAIN_AFTER_S)
        raise PromiseBroken(f"a message was not accepted within {ACCEPTED_WITHIN_S} s")

    def _is_accepted(self, frame: bytes) -> bool:
        """On a line of its own: a gateway that died leaves none behind."""
        answer = b""
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=5)) as line:
                line.sendall(frame)
                while not answer.endswith(END):
                    chunk = line.recv(4096)
                    if not chunk:
                        return False
                    answer += chunk
        except OSError:
            return False
        return ACCEPTED in answer
