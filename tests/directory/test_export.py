"""A folder that opens from a disk, and another install's copy."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.directory.document import Document, Unreadable, digest, written
from stillroom.directory.exporting import export
from stillroom.directory.mirroring import mirror
from stillroom.directory.publishing import Shown
from tests.cast import Cast
from tests.directory.listed import DAY, a_clinic, a_document

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def shown_now(document: Document) -> Shown:
    return Shown(document, digest(written(document)), DAY)


def test_every_link_of_the_folder_leads_to_a_file_in_it(db: None, tmp_path: Path) -> None:
    export(shown_now(a_document(a_clinic(), a_clinic("another"))), tmp_path)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) == 4
    for page in pages:
        words = page.read_text()
        assert "<script src" not in words
        assert "<form" not in words
        for to in re.findall(r'(?:href|src)="([^"]*)"', words):
            parts = urlsplit(to)
            if parts.scheme in ("https", "tel", "data"):
                continue
            assert not to.startswith("/"), f"{page} leads out of the folder to {to}"
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page}: {to}"
            if parts.fragment and target == page:
                assert f'id="{parts.fragment}"' in words


def test_a_link_out_of_the_folder_leads_to_the_address_that_was_given(db: None, tmp_path: Path) -> None:
    export(shown_now(a_document(a_clinic())), tmp_path, address="https://keeper.example/")
    assert 'href="https://keeper.example/guide/"' in (tmp_path / "index.html").read_text()


def test_the_folder_has_the_same_data_as_json_and_csv(db: None, tmp_path: Path) -> None:
    document = a_document(a_clinic())
    export(shown_now(document), tmp_path)
    assert (tmp_path / "clinics.json").read_text() == written(document)
    assert "Alder House (invented)" in (tmp_path / "clinics.csv").read_text()


def test_an_install_that_keeps_none_shows_the_copy_it_was_given_and_says_whose(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        mirror(cast.clinic.pk, written(a_document(a_clinic())), at=NOW)
    for path in ("", "clinics/alder-house/"):
        page = Client().get(f"/directory/{path}").content.decode()
        assert "This is a copy, as of 20 November 2026. The directory is kept by Test Network." in page
        assert "apply" not in page.split("<main")[1]
    with override_settings(DIRECTORY_RUN_BY="Ours"):
        assert "No directory" in Client().get("/directory/").content.decode()


def test_a_copy_with_a_fault_is_not_taken_and_what_was_shown_stays(cast: Cast) -> None:
    good = a_document(a_clinic())
    with clinic_scope(cast.clinic.pk):
        mirror(cast.clinic.pk, written(good), at=NOW)
        for text in (
            "{}",
            written(a_document(a_clinic(website="javascript:alert(1)"))),
            written(replace(good, published_at=NOW + timedelta(hours=1))),
            written(replace(good, published_at=good.published_at - timedelta(days=1))),
        ):
            with pytest.raises(Unreadable):
                mirror(cast.clinic.pk, text, at=NOW)
    assert "Alder House (invented)" in Client().get("/directory/").content.decode()


def test_no_setting_says_that_a_directory_is_kept_here() -> None:
    assert settings.DIRECTORY_RUN_BY == ""
