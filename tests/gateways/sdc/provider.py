"""An SDC device on loopback: the library's own provider, with metrics of the kinds that devices have."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sdc11073.certloader import SSLContextContainer
from sdc11073.definitions_sdc import SdcV1Definitions
from sdc11073.httpserver.httpserverimpl import HttpServerThreadBase
from sdc11073.mdib import ProviderMdib
from sdc11073.provider import SdcProvider
from sdc11073.provider.providerimpl import provider_components_sync_factory
from sdc11073.xml_types.dpws_types import ThisDeviceType, ThisModelType
from sdc11073.xml_types.pm_types import MeasurementValidity

THE_DEVICE = UUID(int=7)
MDC_SYSTEM = "urn:oid:1.2.840.10004.1.1.1.0.0.1"

# handle, code, symbolic name, unit's code, a coding system where it is said. Handles say nothing, as on real devices.
METRICS = (
    ("n0", "150456", "MDC_PULS_OXIM_SAT_O2", "262688", ""),
    ("n1", "149530", "", "264864", MDC_SYSTEM),
    ("n2", "150021", "MDC_PRESS_BLD_NONINV_SYS", "265987", ""),
    ("n3", "150022", "MDC_PRESS_BLD_NONINV_DIA", "266016", ""),
    ("n4", "42", "", "262688", "urn:oid:1.2.3.4.5"),
    ("n5", "150456", "MDC_PULS_OXIM_SAT_O2", "262688", ""),
    ("n6", "151562", "MDC_RESP_RATE", "1", ""),
)

VALID, QUESTIONABLE, INVALID, CALIBRATING = (
    MeasurementValidity.VALID,
    MeasurementValidity.QUESTIONABLE,
    MeasurementValidity.INVALID,
    MeasurementValidity.CALIBRATION_ONGOING,
)


class NoDiscovery:
    """Stands in for WS-Discovery: the device is called at its address, and nothing is sent to everybody."""

    active_address = "127.0.0.1"

    def publish_service(self, *said: Any) -> None: ...

    def clear_service(self, *said: Any) -> None: ...


class Device:
    """One device that runs."""

    def __init__(self, *, metrics: tuple[tuple[str, ...], ...], port_of: SdcProvider, mdib: ProviderMdib) -> None:
        self.provider = port_of
        self.mdib = mdib
        self.metrics = metrics

    @property
    def address(self) -> str:
        [address] = self.provider.get_xaddrs()
        return str(address)

    @property
    def port(self) -> int:
        return int(urlsplit(self.address).port or 0)

    def measures(self, handle: str, value: str, validity: MeasurementValidity = VALID) -> None:
        """A value of now, told to whoever subscribed."""
        with self.mdib.metric_state_transaction() as transaction:
            state = transaction.get_state(handle)
            if state.MetricValue is None:
                state.mk_metric_value()
            state.MetricValue.Value = Decimal(value)
            state.MetricValue.MetricQuality.Validity = validity

    def restarts(self, instance: int) -> None:
        """As after a power cut that no line noticed: everything begins anew, under other ids."""
        self.mdib.sequence_id = f"urn:uuid:00000000-0000-0000-0000-{instance:012d}"
        self.mdib.instance_id = instance


@contextmanager
def one_address() -> Iterator[HttpServerThreadBase]:
    """A port that stays, so that a device which was away is found where it was."""
    server = HttpServerThreadBase(
        my_ipaddress="127.0.0.1", ssl_context=None, supported_encodings=[], logger=logging.getLogger("sdc.device")
    )
    server.start()
    assert server.started_evt.wait(10)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def device(
    *,
    tls: SSLContextContainer | None = None,
    metrics: tuple[tuple[str, ...], ...] = METRICS,
    at: HttpServerThreadBase | None = None,
) -> Iterator[Device]:
    logging.getLogger("sdc").setLevel(logging.ERROR)
    mdib = ProviderMdib.from_string(_mdib(metrics), protocol_definition=SdcV1Definitions)
    model = ThisModelType(manufacturer="Nobody", model_name="Example")
    provider = SdcProvider(
        NoDiscovery(),
        model,
        ThisDeviceType(friendly_name="Example"),
        mdib,
        epr=THE_DEVICE if at else None,
        ssl_context_container=tls,
        max_subscription_duration=4,
        socket_timeout=2,
        # The other kind leaves a loop of its own behind, unclosed.
        components=provider_components_sync_factory(),
    )
    if at is not None:
        at.dispatcher._instances.clear()  # of the one that was there before
    provider.start_all(start_rtsample_loop=False, shared_http_server=at)
    try:
        yield Device(metrics=metrics, port_of=provider, mdib=mdib)
    finally:
        provider.stop_all(send_subscription_end=False)
        if at is not None:
            at.dispatcher._instances.clear()


def _mdib(metrics: tuple[tuple[str, ...], ...]) -> bytes:
    described = "".join(_descriptor(*each) for each in metrics)
    states = "".join(
        f'<pm:State xsi:type="pm:NumericMetricState" DescriptorHandle="{handle}" ActivationState="On"/>'
        for handle, *_ in metrics
    )
    components = "".join(
        f'<pm:State xsi:type="pm:{kind}State" DescriptorHandle="{handle}" ActivationState="On"/>'
        for kind, handle in (("Mds", "mds"), ("Vmd", "vmd"), ("Channel", "channel"))
    )
    return f"""<?xml version="1.0"?>
<msg:GetMdibResponse xmlns:msg="http://standards.ieee.org/downloads/11073/11073-10207-2017/message"
  xmlns:pm="http://standards.ieee.org/downloads/11073/11073-10207-2017/participant"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" SequenceId="urn:uuid:1" MdibVersion="0">
  <msg:Mdib SequenceId="urn:uuid:1" MdibVersion="0">
    <pm:MdDescription><pm:Mds Handle="mds"><pm:Type Code="69965"/>
      <pm:Vmd Handle="vmd"><pm:Channel Handle="channel">{described}</pm:Channel></pm:Vmd></pm:Mds></pm:MdDescription>
    <pm:MdState>{components}{states}</pm:MdState>
  </msg:Mdib>
</msg:GetMdibResponse>""".encode()


def _descriptor(handle: str, code: str, name: str, unit: str, system: str) -> str:
    said = (f' CodingSystem="{system}"' if system else "") + (f' SymbolicCodeName="{name}"' if name else "")
    return (
        f'<pm:Metric xsi:type="pm:NumericMetricDescriptor" Handle="{handle}" MetricCategory="Msrmt"'
        f' MetricAvailability="Cont" Resolution="0.1"><pm:Type Code="{code}"{said}/><pm:Unit Code="{unit}"/>'
        "</pm:Metric>"
    )
