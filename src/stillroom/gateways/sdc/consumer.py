"""One line to one SDC device, by the library `sdc11073`: the only module that knows it. Everything here blocks.

It runs on threads of the library and of whoever opened it, in a process that does nothing else. It reads what the
device is made of, subscribes, and tells each report as a document (`wire.py`). A device that was restarted says so by
another sequence or instance id: everything is then read again, as a handle may mean something else now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from stillroom.core.vitals import Signal
from stillroom.gateways.contract import LineFault, Source
from stillroom.gateways.sdc.address import fault_of
from stillroom.gateways.sdc.reasons import Reason
from stillroom.gateways.sdc.wire import frame_of, signal_of

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 5


class Consumer:
    """`tell` takes one report, and may block: that slows the device down."""

    def __init__(self, source: Source, tell: Callable[[bytes], None]) -> None:
        self._source = source
        self._tell = tell
        self._line: Any = None
        self._mdib: Any = None
        self._second: frozenset[str] = frozenset()
        self._is_restarted = False
        self._is_described_anew = False
        self._fault: LineFault | None = None

    def open(self) -> None:
        """Connect, read what the device is made of, subscribe, and tell what it shows now. Raises `LineFault`."""
        fault_of_address = fault_of(self._source.address)
        if fault_of_address:
            raise LineFault(fault_of_address, self._source.address, permanent=True)
        try:
            self._connect()
        except LineFault:
            raise
        except Exception as fault:  # whatever the library, the socket or the device came up with
            raise LineFault(Reason.UNREACHABLE, _plainly(fault)) from fault
        self._tell_all()

    def look(self) -> None:
        """Called again and again: follow a restart; raises `LineFault` when the line is lost."""
        if self._fault is not None:
            raise self._fault
        if not self._line.is_connected:
            raise LineFault(Reason.LINE_LOST)
        if not (self._is_restarted or self._is_described_anew):
            return
        is_restarted, self._is_restarted, self._is_described_anew = self._is_restarted, False, False
        if is_restarted:
            log.warning("the device at %s was restarted: it is read again", self._source.address)
            try:
                self._mdib.reload_all()
            except Exception as fault:
                raise LineFault(Reason.LINE_LOST, _plainly(fault)) from fault
        self._describe()
        self._tell_all()

    def close(self) -> None:
        if self._line is None:
            return
        try:
            self._line.stop_all(unsubscribe=bool(self._line.is_connected))
        except Exception as fault:  # it is gone; there is nobody to take leave of
            log.info("the line to %s ended: %s", self._source.address, _plainly(fault))
        self._line = None

    def _connect(self) -> None:
        try:
            from sdc11073 import observableproperties
            from sdc11073.consumer.consumerimpl import SdcConsumer
            from sdc11073.definitions_sdc import SdcV1Definitions
            from sdc11073.mdib.consumermdib import ConsumerMdib
        except ImportError as fault:
            raise LineFault(Reason.NOT_INSTALLED, permanent=True) from fault
        logging.getLogger("sdc").setLevel(logging.WARNING)
        trust = _trusting(self._source)
        self._line = SdcConsumer(
            self._source.address,
            SdcV1Definitions,
            trust,
            force_ssl_connect=trust is not None,
            socket_timeout=ANSWER_WITHIN_S,
        )
        # Curves are not kept, and nothing is ever invoked. What is not asked for costs neither side anything.
        actions = SdcV1Definitions.Actions
        self._line.start_all(not_subscribed_actions=[actions.Waveform, actions.OperationInvokedReport])
        self._refuse_another_certificate()
        self._mdib = ConsumerMdib(self._line)
        self._mdib.init_mdib()
        self._describe()
        observableproperties.strongbind(
            self._mdib,
            metrics_by_handle=self._on_metrics,
            description_modifications=self._on_description,
            sequence_or_instance_id_changed_event=self._on_restart,
        )

    def _refuse_another_certificate(self) -> None:
        wanted, shown = self._source.certificate, self._line.binary_peer_certificate
        if wanted and (not shown or sha256(shown).hexdigest() != wanted):
            raise LineFault(Reason.ANOTHER_CERTIFICATE, permanent=True)

    def _describe(self) -> None:
        """Which metrics name a sign that another one names already. Two probes of one sign are never one stream."""
        names = [each.NODETYPE.localname for each in self._mdib.descriptions.objects]
        if names.count("MdsDescriptor") > 1:
            raise LineFault(Reason.SEVERAL_DEVICES, permanent=True)
        taken: set[Signal] = set()
        second: set[str] = set()
        for descriptor in sorted(self._numbers(), key=lambda each: str(each.Handle)):
            signal = signal_of(*_coded(descriptor.Type), _translations(descriptor.Type))
            if isinstance(signal, Signal):
                (second if signal in taken else taken).add(descriptor.Handle if signal in taken else signal)
        self._second = frozenset(second)

    def _numbers(self) -> Iterable[Any]:
        found = self._mdib.descriptions.objects
        return [each for each in found if each.NODETYPE.localname == "NumericMetricDescriptor"]

    def _on_metrics(self, states: dict[str, Any]) -> None:
        """On a thread of the library, which would pass over a fault without a word: `look` raises it."""
        if not states:
            return
        try:
            self._tell(self._frame(states.values()))
        except LineFault as fault:
            self._fault = fault
        except Exception as fault:
            log.exception("a report of the device at %s could not be read", self._source.address)
            self._fault = LineFault(Reason.NOT_A_REPORT, _plainly(fault))

    def _on_description(self, report: Any) -> None:
        self._is_described_anew = True

    def _on_restart(self, changed: bool) -> None:
        self._is_restarted = self._is_restarted or changed

    def _tell_all(self) -> None:
        with self._mdib.mdib_lock:
            handles = [each.Handle for each in self._numbers()]
            states = [self._mdib.states.descriptor_handle.get_one(each, allow_none=True) for each in handles]
            frame = self._frame(each for each in states if each is not None)
        self._tell(frame)

    def _frame(self, states: Iterable[Any]) -> bytes:
        described = {each.Handle: each for each in self._numbers()}
        return frame_of(
            sequence=str(self._mdib.sequence_id),
            instance=self._mdib.instance_id,
            version=self._mdib.mdib_version,
            metrics=[
                _metric(described[state.DescriptorHandle], state, state.DescriptorHandle in self._second)
                for state in states
                if state.DescriptorHandle in described
            ],
        )


def _metric(descriptor: Any, state: Any, is_second: bool) -> dict[str, Any]:
    """One metric as the device describes it and as it stands, nothing translated."""
    code, system, name = _coded(descriptor.Type)
    value = state.MetricValue
    quality = value.MetricQuality if value is not None else None
    number = value.Value if value is not None else None
    at_s = value.DeterminationTime if value is not None else None
    return {
        "handle": descriptor.Handle,
        "code": code,
        "system": system,
        "name": name,
        "others": [list(each) for each in _translations(descriptor.Type)],
        "unit": list(_coded(descriptor.Unit)),
        "value": "" if number is None else f"{number:f}",
        "validity": _said(quality.Validity) if quality is not None else "",
        "mode": _said(quality.Mode) if quality is not None else "",
        "activation": _said(state.ActivationState),
        "at_ms": None if at_s is None else round(at_s * 1000),
        "is_second": is_second,
    }


def _coded(said: Any) -> tuple[str, str, str]:
    """Code, system and symbolic name, as written. Words for people are of many languages, and not compared."""
    if said is None:
        return "", "", ""
    return str(said.Code), said.CodingSystem or "", said.SymbolicCodeName or ""


def _translations(said: Any) -> list[tuple[str, str, str]]:
    return [(str(each.Code), each.CodingSystem or "", "") for each in said.Translation] if said is not None else []


def _said(word: Any) -> str:
    return str(getattr(word, "value", word) or "")


def _trusting(source: Source) -> Any:
    """The two contexts of the library, by our files: to call the device, and to be told by it. None in plain."""
    if not source.address.startswith("https:"):
        return None
    if source.trust is None:
        raise LineFault(Reason.NO_CERTIFICATE, permanent=True)
    from sdc11073.certloader import mk_ssl_contexts

    trust = source.trust
    # check_hostname is off there: devices have addresses, no names. Who it is is said by issuer and fingerprint.
    return mk_ssl_contexts(trust.key, trust.certificate, trust.issuer)


def _plainly(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:80]
