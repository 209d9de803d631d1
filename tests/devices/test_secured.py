"""By TLS: only with a certificate of the named issuer, and a monitor bound to one is nobody else's."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.doors import doors
from stillroom.devices.models import Monitor, Stranger
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import gateway, now_message, said_to, soon, turned_away

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    folder: Path

    @property
    def fingerprint(self) -> str:
        return sha256(self.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()

    @property
    def name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def certificate_file(self) -> Path:
        path = self.folder / f"{self.name}.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    @property
    def key_file(self) -> Path:
        path = self.folder / f"{self.name}.key"
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        return path


def issue(folder: Path, name: str, by: Issued | None = None) -> Issued:
    """A certificate for 127.0.0.1 by an issuer; without one, an issuer's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - A_DAY)
        .not_valid_after(now + A_DAY)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Issued(made, key, folder)


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    return make_cast()


@pytest.fixture
def issuer(tmp_path: Path) -> Issued:
    return issue(tmp_path, "issuer")


@pytest.fixture
def door(tmp_path: Path, issuer: Issued, settings: Any) -> None:
    ours = issue(tmp_path, "stillroom", issuer)
    settings.HL7_TLS_CERTIFICATE, settings.HL7_TLS_KEY = str(ours.certificate_file), str(ours.key_file)
    settings.HL7_TLS_CLIENTS = str(issuer.certificate_file)
    settings.HL7_TLS_PORT = 0
    settings.HL7_PLAIN = False


@contextmanager
def line_of(port: int, issuer: Issued, shown: Issued | None) -> Iterator[socket.socket]:
    context = ssl.create_default_context(cafile=str(issuer.certificate_file))
    if shown:
        context.load_cert_chain(shown.certificate_file, shown.key_file)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with closing(plain), context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
        yield line


def is_taken(port: int, issuer: Issued, shown: Issued | None) -> bool:
    try:
        with line_of(port, issuer, shown) as line:
            return said_to(line, now_message(timezone.now())) == "AA"
    except (ssl.SSLError, ConnectionError):
        return False


@pytest.mark.usefixtures("door")
def test_a_monitor_with_a_certificate_of_the_issuer_is_heard(ward: Cast, issuer: Issued, tmp_path: Path) -> None:
    make_monitor(ward.clinic)
    with gateway(doors()) as port:
        assert is_taken(port, issuer, issue(tmp_path, "bed-1", issuer))


@pytest.mark.usefixtures("door")
def test_without_one_or_with_anothers_nobody_is(ward: Cast, issuer: Issued, tmp_path: Path) -> None:
    make_monitor(ward.clinic)
    elsewhere = issue(tmp_path, "elsewhere")
    with gateway(doors()) as port:
        assert not is_taken(port, issuer, None)
        assert not is_taken(port, issuer, issue(tmp_path, "stranger", elsewhere))


@pytest.mark.usefixtures("door")
def test_a_monitor_bound_to_a_certificate_is_nobody_elses(ward: Cast, issuer: Issued, tmp_path: Path) -> None:
    bed_1, bed_2 = issue(tmp_path, "bed-1", issuer), issue(tmp_path, "bed-2", issuer)
    make_monitor(ward.clinic, certificate=bed_1.fingerprint)
    with gateway(doors()) as port:
        assert is_taken(port, issuer, bed_1)
        assert not is_taken(port, issuer, bed_2)

        def heard() -> Stranger | None:
            with clinic_scope(ward.clinic.pk):
                return Stranger.objects.first()

        assert soon(heard).certificate == bed_2.fingerprint


def test_in_plain_a_bound_monitor_is_not_heard(ward: Cast, tmp_path: Path) -> None:
    make_monitor(ward.clinic, certificate="ab" * 32)
    with gateway() as port, closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        assert turned_away(line)


@pytest.mark.parametrize("typed", ["AB:" * 31 + "AB", "ab" * 32, " " + "Ab" * 32])
def test_a_fingerprint_is_taken_as_programs_print_it(cast: Cast, typed: str) -> None:
    said = {"name": "M", "peers": "192.0.2.1", "certificate": typed, "interval_s": "1", "cuff_interval_s": "300"}
    signed_in(cast.tom).post("/devices/enrol/", {**said, "is_enrolled": "on"})
    with clinic_scope(cast.clinic.pk):
        assert Monitor.objects.get().certificate == "ab" * 32


def test_what_is_no_fingerprint_is_refused_with_a_word(cast: Cast) -> None:
    said = {"name": "M", "peers": "192.0.2.1", "certificate": "abc", "interval_s": "1", "cuff_interval_s": "300"}
    tom: Client = signed_in(cast.tom)
    assert "64 digits" in tom.post("/devices/enrol/", said).content.decode()
