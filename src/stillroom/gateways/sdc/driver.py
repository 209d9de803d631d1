"""SDC as a driver: we call the device, at the address it was enrolled with."""

from __future__ import annotations

from stillroom.gateways.contract import Driver
from stillroom.gateways.sdc.address import fault_of
from stillroom.gateways.sdc.link import call
from stillroom.gateways.sdc.reasons import SENTENCES
from stillroom.gateways.sdc.wire import read, shown

DRIVER = Driver(
    name="sdc",
    title="IEEE 11073 SDC",
    suffix="json",
    reads=read,
    sentences=SENTENCES,
    shows=shown,
    calls=call,
    refuses=fault_of,
    warning=(
        "The library that speaks SDC here (sdc11073) says of itself that it is not for clinical routine."
        " Try the device beside its own screen first, and never let it be the only thing that watches a patient."
    ),
)
