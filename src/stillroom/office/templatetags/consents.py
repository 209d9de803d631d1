"""How a patient's consent stands, in one line: on their page, at the order, wherever somebody should know."""

from __future__ import annotations

from typing import Any

from django import template

from stillroom.patients.consents import language_name, standing_of
from stillroom.patients.models import Patient

register = template.Library()
register.filter("spoken", language_name)


@register.inclusion_tag("office/_consent_line.html")
def consent_line(patient: Patient) -> dict[str, Any]:
    return {"patient": patient, "standing": standing_of(patient)}
