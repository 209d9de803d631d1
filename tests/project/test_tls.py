"""With a certificate, pages are served by HTTPS alone, with cookies that stay on it."""

from __future__ import annotations

import shutil
import signal
import ssl
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from tests.conftest import KEPT
from tests.project.test_serving import end, served


@pytest.fixture
def home() -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    yield folder
    shutil.rmtree(folder)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Signed by itself, for 127.0.0.1, for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "clinic.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "clinic.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "clinic.key").write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return folder / "clinic.pem", folder / "clinic.key"


def test_pages_come_by_https_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_migrated_cluster(home / "postgres", kept_in=KEPT)
    certificate, key = _certificate(tmp_path)
    monkeypatch.setenv("STILLROOM_TLS_CERTIFICATE", str(certificate))
    monkeypatch.setenv("STILLROOM_TLS_KEY", str(key))
    trust = ssl.create_default_context(cafile=str(certificate))
    clinic = served(home, trust=trust)
    try:
        clinic.wait_until_it_answers()
        status, _, headers = clinic.get("/accounts/login/")
        assert status == 200
        assert "max-age=31536000" in headers["strict-transport-security"]
        assert headers["set-cookie"].startswith("__Host-csrf=")
        assert "Secure" in headers["set-cookie"]
        with pytest.raises((OSError, HTTPException)):
            urllib.request.urlopen(f"http://127.0.0.1:{clinic.port}/health", timeout=5)
    finally:
        _, said = end(clinic, signal.SIGTERM)
    assert f"Stillroom runs at https://127.0.0.1:{clinic.port}/" in said
