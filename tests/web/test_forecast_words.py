"""No page lets a curve open a door, promise relief, speak for a share of people, or ask for more drug.

Every template of every room is read sentence by sentence, as a reader sees it. A sentence that has a level and a door
in it, or a level and relief, must say no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import stillroom

SOURCE = Path(stillroom.__file__).parent
TEMPLATES = sorted(
    path for path in SOURCE.glob("*/**/*") if path.suffix in {".html", ".txt", ".typ"} and "static" not in path.parts
)

LEVEL = r"\blevels?\b|ng/mL|concentration|\bcurves?\b|in the blood|effect site|\bforecast|\bpredict|\bmodels?\b"
DOOR = r"\bhome\b|\bleav(e|es|ing)\b|discharge|\bdriv(e|es|ing)\b|clear-headed|\bsafe\b|\bfit to\b|\brecovered\b"
RELIEF = r"\bhelp(s|ed|ful)?\b|\bwork(s|ed)?\b|effective|efficacy|relie[fv]|\bbetter\b|respon[ds]|remission|benefit"
SCORE = r"\bscores?\b|\bdetached\b|\bfelt (too )?little\b|\bperception\b"
MORE = r"\bfaster\b|\braise\b|\bincrease\b|\bmore (drug|ketamine)\b|\bhigher (dose|rate)\b|\bspeed up\b"
DENIAL = r"\b(no|not|never|neither|nor|nothing|nobody|none|cannot)\b|n't\b"

TOGETHER_ONLY_WITH_NO = {
    "a level and a door": (LEVEL, DOOR),
    "a level and relief": (LEVEL, RELIEF),
    "a score and more": (SCORE, MORE),
}
NEVER = {
    "a share of people": r"\b(nine|9) ?(in|of|out of) ?(every )?(ten|10)\b|\b90 ?% of (people|patients|infusions)\b",
    "a level that treats": r"\b(therapeutic|target|effective|antidepressant|optimal) (levels?|range|window|dose)",
    "too little to work": r"\btoo (low|little|slow) to (help|work|be felt)\b|\bnot enough to (help|work)\b",
}


def sentences(template: str) -> list[str]:
    """What a reader sees, piece by piece: tags of a line's inside are left out, those of blocks end a sentence."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", " ", template, flags=re.S)
    text = re.sub(r"</?(strong|em|b|i|span|a|abbr|small|sup|sub)\b[^>]*>", "", text)
    text = re.sub(r"\{\{.*?\}\}", "7", text, flags=re.S)
    text = re.sub(r"<[^>]*>|\{%\s*(include|block|endblock|extends|load).*?%\}", " | ", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.S)
    return [re.sub(r"\s+", " ", each).strip() for each in re.split(r"[.!?;]\s|\|", text) if each.strip()]


def found_in(template: str) -> Iterator[str]:
    for said in sentences(template):
        for what, pattern in NEVER.items():
            if re.search(pattern, said, re.I):
                yield f"{what}: {said}"
        for what, (one, other) in TOGETHER_ONLY_WITH_NO.items():
            if re.search(one, said, re.I) and re.search(other, said, re.I) and not re.search(DENIAL, said, re.I):
                yield f"{what}: {said}"


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(SOURCE))) for path in TEMPLATES])
def test_no_template_makes_more_of_a_curve_than_it_is(path: Path) -> None:
    assert list(found_in(path.read_text())) == []


@pytest.mark.parametrize(
    "bad",
    [
        "<p>Below 50 ng/mL they may go home.</p>",
        "<p>When the curve is <strong>down</strong>, discharge.</p>",
        "<p>The level at which somebody is clear-headed.</p>",
        "<p>The shade holds nine of ten people.</p>",
        "<p>Holds 90 % of patients.</p>",
        "<p>A therapeutic level was reached.</p>",
        "<p>By this model it works above {{ level }} ng/mL.</p>",
        "<p>Levels like these help most people.</p>",
        "<p>Detached only {{ score }}: go faster.</p>",
        "<p>A low score: a higher dose may be wanted.</p>",
    ],
)
def test_such_words_would_be_seen(bad: str) -> None:
    assert list(found_in(bad)) != []


@pytest.mark.parametrize(
    "good",
    [
        "<p>No level here says when somebody may go home, or whether it will help.</p>",
        "<h2>Going home</h2><p>Ketamine in the blood</p>",
        "<p>Call for help</p>",
    ],
)
def test_what_must_be_said_may_be_said(good: str) -> None:
    assert list(found_in(good)) == []


ESTIMATES = r"{% include \"web/charts/(course|fan|felt|perceived)\.html\""
NAMED = r"{% include \"([^\"]+)\""


def said_with(path: Path) -> str:
    """A template with all that it includes."""
    text = path.read_text()
    parts = [part for name in re.findall(NAMED, text) for part in SOURCE.glob(f"*/templates/{name}") if part.is_file()]
    return text + "".join(said_with(part) for part in parts)


def test_wherever_an_estimate_is_drawn_it_is_said_that_nothing_was_measured() -> None:
    drawing = [path for path in TEMPLATES if path.suffix == ".html" and re.search(ESTIMATES, path.read_text())]
    assert len(drawing) >= 5
    for path in drawing:
        assert "stimated, not measured" in said_with(path), path


def test_it_reads_every_room() -> None:
    rooms = {path.relative_to(SOURCE).parts[0] for path in TEMPLATES}
    assert {"web", "bedside", "office", "journal"} <= rooms
