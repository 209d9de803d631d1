"""Where does the gateway listen? In plain on one port, by TLS on another, as the settings say."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Door:
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    is_shared: bool = False
    """Other gateways listen there too."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}{' (TLS)' if self.tls else ''}"


def doors() -> tuple[Door, ...]:
    """Every door that the settings open. Raises OSError or ssl.SSLError where a certificate cannot be used."""
    host, is_shared = settings.HL7_HOST, settings.HL7_PROCESSES > 1
    plain = (Door(host, settings.HL7_PORT, None, is_shared),) if settings.HL7_PLAIN else ()
    secured = (Door(host, settings.HL7_TLS_PORT, _tls(), is_shared),) if settings.HL7_TLS_CERTIFICATE else ()
    return plain + secured


def _tls() -> ssl.SSLContext:
    """Version 1.2 at least. Where the issuer of the monitors' certificates is named, each must show one of theirs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.HL7_TLS_CERTIFICATE, settings.HL7_TLS_KEY)
    if settings.HL7_TLS_CLIENTS:
        context.load_verify_locations(settings.HL7_TLS_CLIENTS)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
