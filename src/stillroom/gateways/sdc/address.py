"""May this address be called? Only where nobody in between could say what they like of a patient. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from stillroom.gateways.sdc.reasons import Reason


def fault_of(address: str) -> Reason | None:
    """Why it may not, or None. By TLS anywhere; in plain only this machine, where there is no in between."""
    try:
        parts = urlsplit(address)
        port_is_said = bool(parts.port)
        is_here = parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return Reason.NOT_SECURED
    is_secured = parts.scheme == "https" and bool(parts.hostname)
    return None if port_is_said and (is_secured or is_here) else Reason.NOT_SECURED
