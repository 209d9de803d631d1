"""A passkey as a browser would have registered it, for pages that show and remove one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from stillroom.clinics.models import Person

ORIGIN = "https://clinic.test"


def add_passkey(person: Person) -> Authenticator:
    """A row in the database that reads like any other; its private key is 7 and opens nothing."""
    name = person.pk.bytes
    public = ES256.from_cryptography_key(ec.derive_private_key(7, ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), name, public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    registered = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, credential), {})
    asked = CollectedClientData.create(type="webauthn.create", challenge=b"x", origin=ORIGIN)
    response = {"clientDataJSON": websafe_encode(asked), "attestationObject": websafe_encode(registered)}
    kept = {"type": "public-key", "id": websafe_encode(name), "rawId": websafe_encode(name), "response": response}
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "key", "credential": kept | {"clientExtensionResults": {"credProps": {"rk": True}}}},
    )
