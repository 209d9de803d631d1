"""A record as FHIR R4 resources: plain dictionaries, validated in the tests by fhir.resources (R4B) and npm's fhir."""

from stillroom.exchange.fhir.bundle import bundle
from stillroom.exchange.fhir.resources import as_json

__all__ = ["as_json", "bundle"]
