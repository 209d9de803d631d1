"""What a patient may erase goes for good, what the clinic must keep stays, and the chain still verifies."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import stillroom.infusions
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.infusion import entries as e
from stillroom.exchange.judging import judge
from stillroom.exchange.making import made
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import EntryText, TextErasure
from stillroom.infusions.reading import entries_of
from stillroom.journal.erasing import MINE_IN_THE_LOG
from stillroom.outcomes.models import CheckIn, Note
from tests.cast import Cast, signed_in
from tests.exchange.records import furnish, gathered

SCRIPT = Path(stillroom.infusions.__path__[0]) / "standalone_verify.py"


@pytest.fixture(autouse=True)
def record(cast: Cast) -> None:
    furnish(cast)


def keys_on_page(cast: Cast) -> list[str]:
    page, _, _ = signed_in(cast.pat).get("/journal/erase/").content.decode().partition("What staff wrote about me")
    return re.findall(r'name="words" value="([^"]+)"', page)


def erase(cast: Cast, key: str) -> None:
    asked = signed_in(cast.pat).post("/journal/erase/", {"words": key})
    assert "Erase this for good?" in asked.content.decode()
    assert signed_in(cast.pat).post("/journal/erase/", {"words": key, "sure": "yes"}).status_code == 302


def test_what_one_chose_goes_and_the_chain_still_verifies_for_anybody(cast: Cast, tmp_path: Path) -> None:
    (key,) = [each for each in keys_on_page(cast) if each.startswith("log ")]
    erase(cast, key)
    with person_scope(cast.pat.pk):
        infusion = EntryText.objects.values_list("infusion", flat=True).first()
        assert infusion is not None
        log = tmp_path / "log.jsonl"
        log.write_text("".join(f"{line}\n" for line in lines_of(infusion)))
        (fact,) = [entry.fact for entry in entries_of(infusion) if isinstance(entry.fact, e.ComfortSet)]
    assert fact.choice == "[erased]"
    assert "Slow strings" not in log.read_text()
    judged = subprocess.run([sys.executable, "-I", SCRIPT, log], capture_output=True, text=True)
    assert (judged.returncode, judged.stderr) == (0, "")
    assert key not in keys_on_page(cast)


def test_who_erased_it_and_why_stays(cast: Cast) -> None:
    (key,) = [each for each in keys_on_page(cast) if each.startswith("log ")]
    erase(cast, key)
    with clinic_scope(cast.clinic.pk):
        (trace,) = TextErasure.objects.all()
    assert (trace.by, trace.ground) == (f"person:{cast.pat.pk}", "asked by the patient")


def test_the_portable_record_is_whole_after_an_erasure(cast: Cast) -> None:
    for key in keys_on_page(cast):
        erase(cast, key)
    judged = judge(made(gathered(cast), key=None))
    text = b"".join(judged.part.files.values())
    for words in (b"Slow strings", b"a hard day", b"Only for me"):
        assert words not in text


def test_ones_own_words_go_and_the_figure_of_that_day_stays(cast: Cast) -> None:
    for key in keys_on_page(cast):
        erase(cast, key)
    with person_scope(cast.pat.pk):
        assert [(row.low, row.words) for row in CheckIn.objects.order_by("written_at")] == [
            (8, "[erased]"),
            (0, ""),
            (None, ""),
        ]
        assert [note.words for note in Note.objects.all()] == ["[erased]"]
    assert keys_on_page(cast) == []


def test_what_the_clinic_must_keep_is_not_offered(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        kept = EntryText.objects.exclude(field__in=[name for names in MINE_IN_THE_LOG.values() for name in names])
        reason = kept.filter(field="reason").first()
    assert reason is not None
    key = f"log {reason.infusion_id} {reason.seq} reason"
    assert signed_in(cast.pat).post("/journal/erase/", {"words": key, "sure": "yes"}).status_code == 404
    with clinic_scope(cast.clinic.pk):
        assert EntryText.objects.filter(pk=reason.pk).exists()


def test_nobody_erases_what_is_not_theirs(cast: Cast) -> None:
    for key in keys_on_page(cast):
        assert signed_in(cast.kim).post("/journal/erase/", {"words": key, "sure": "yes"}).status_code == 404
        assert signed_in(cast.ben).post("/journal/erase/", {"words": key, "sure": "yes"}).status_code == 404
    with person_scope(cast.pat.pk):
        assert Note.objects.get().words == "Only for me"
