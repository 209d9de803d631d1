"""Which address takes how much: forms take words, a few take files. That it holds is asked in e2e/test_too_large."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

import stillroom
from stillroom.exchange.archive import MOST_PACKED_BYTES
from stillroom.intake.receiving import MOST_BYTES
from stillroom.patients.file_rows import MOST_BYTES as MOST_TABLE_BYTES
from stillroom.project.bodies import WITH_FILES, most_bytes

TEMPLATES = Path(stillroom.__file__).parent


@pytest.mark.parametrize(
    ("path", "least", "most"),
    [
        ("/intake/send/x/", MOST_BYTES, MOST_BYTES + 2**20),
        ("/journal/bring/", MOST_PACKED_BYTES, MOST_PACKED_BYTES + 2**20),
        ("/office/patients/import/", MOST_TABLE_BYTES, MOST_TABLE_BYTES + 2**20),
        ("/accounts/login/", 2**20, 4 * 2**20),
        ("/no/such/page", 2**20, 4 * 2**20),
    ],
)
def test_an_address_takes_what_its_page_says(path: str, least: int, most: int) -> None:
    assert least <= most_bytes(path) <= most


def test_every_form_that_takes_files_has_its_limit() -> None:
    """As many as there are forms of that kind, and each by a name that leads somewhere."""
    forms = [path for path in TEMPLATES.rglob("*.html") if re.search(r"<form[^>]*multipart", path.read_text())]
    assert len(WITH_FILES) == len(forms)
    given = {"intake:send": ["x"], "intake:self_referral": ["x"]}
    assert all(reverse(name, args=given.get(name, [])) for name in WITH_FILES)
