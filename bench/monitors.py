"""Monitors for bench_devices: sends reports over some lines and prints how long each waited for its answer.

    python monitors.py PORT LINES SECONDS INTERVAL_S [CORE]

Each line sends a report of 10 observations, all vital signs that are kept, waits for the answer, and sends the next: at
its interval, or at once if that is 0. Prints the waits in milliseconds, one a line.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime

import uvloop

SIGNS = [
    ("147842^MDC_ECG_HEART_RATE^MDC", "72", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "97", "262688^MDC_DIM_PERCENT^MDC"),
    ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "71", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "120", "266016^MDC_DIM_MMHG^MDC"),
    ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "80", "266016^MDC_DIM_MMHG^MDC"),
    ("150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", "93", "266016^MDC_DIM_MMHG^MDC"),
    ("149546^MDC_PULS_RATE_NON_INV^MDC", "70", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    ("151562^MDC_RESP_RATE^MDC", "14", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
    ("150344^MDC_TEMP^MDC", "36.8", "268192^MDC_DIM_DEGC^MDC"),
    ("151708^MDC_CONC_AWAY_CO2_ET^MDC", "38", "266016^MDC_DIM_MMHG^MDC"),
]
KEPT = 10


def report(bed: str, at: datetime, number: int) -> bytes:
    """One message of 1.6 kB, as IHE PCD-01 writes it."""
    stamp = f"{at:%Y%m%d%H%M%S}.{at.microsecond // 100:04d}+0000"
    device = "AcmeInc^ACDE48234567ABCD^EUI-64"
    head = (
        f"MSH|^~\\&|{device}||||{stamp}||ORU^R01^ORU_R01|M{number}|P|2.6|||NE|AL|||||"
        "IHE PCD ORU-R01 2006^HL7^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r"
        f"PID|||789567^^^Imaginary Hospital^PI||Doe^John^Joseph^^^^L^A|||M\rPV1||I|{bed}\r"
        f"OBR|1|AB12345^{device}|CD12345^{device}|182777000^monitoring of patient^SCT|||{stamp}\r"
    )
    lines = (
        f"OBX|{n}|NM|{code}|1.{n}.1.1|{value}|{unit}|||||R|||{stamp}||||0123456789ABCDEF^EUI-64\r"
        for n, (code, value, unit) in enumerate(SIGNS, 1)
    )
    return (head + "".join(lines)).encode()


async def send(port: int, bed: str, seconds: float, interval_s: float, waits_ms: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    until_s = time.perf_counter() + seconds
    number = 0
    while time.perf_counter() < until_s:
        number += 1
        frame = b"\x0b" + report(bed, datetime.now(UTC), number) + b"\x1c\r"
        began_s = time.perf_counter()
        writer.write(frame)
        answer = await reader.readuntil(b"\x1c\r")
        waits_ms.append((time.perf_counter() - began_s) * 1000)
        assert b"\rMSA|AA|" in answer, answer
        await asyncio.sleep(max(0.0, interval_s - waits_ms[-1] / 1000))
    writer.close()


async def main(port: int, lines: int, seconds: float, interval_s: float) -> list[float]:
    waits_ms: list[float] = []

    async def one(number: int) -> None:
        await asyncio.sleep(interval_s * number / lines)
        await send(port, f"BED{number}", seconds, interval_s, waits_ms)

    await asyncio.gather(*map(one, range(lines)))
    return waits_ms


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[4:]:
        os.sched_setaffinity(0, {int(arguments[4])})
    found_ms = uvloop.run(main(int(arguments[0]), int(arguments[1]), float(arguments[2]), float(arguments[3])))
    sys.stdout.write("\n".join(f"{wait_ms:.4f}" for wait_ms in found_ms))
