"""`stillroom predict`: numbers that others computed, refusals with a reason, nothing ignored in silence."""

from __future__ import annotations

import ast
import csv
import io
import json
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

import stillroom.core.pharmacology
from stillroom.core.errors import Finding, Severity
from stillroom.core.pharmacology import MODELS, ROOM_MODELS
from stillroom.project.commands import predict as module
from stillroom.project.commands.predict import predict
from stillroom.project.commands.predict_words import ESTIMATED, NOTES, REFUSALS, said
from tests.core.pharmacology.reference import OURS, Curve, curves

app = typer.Typer()
app.command()(predict)

WHO = ("--weight-kg", "70", "--age-y", "40")
DOSE = ("--dose-mg-per-kg", "0.5", "--duration-min", "40")
HEADER = "start_min,end_min,rate_mg_per_min\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


@pytest.mark.parametrize("curve", [each for each in curves() if each.is_exact and each.model in OURS], ids=str)
def test_it_prints_what_other_solvers_found(curve: Curve) -> None:
    infusion = curve.infusion
    found = rows(
        run(
            *("--model", OURS[curve.model], "--weight-kg", str(infusion.weight_kg), "--age-y", "40"),
            *("--dose-mg-per-kg", str(infusion.dose_mg_per_kg), "--duration-min", str(infusion.duration_min)),
            *("--at", ",".join(f"{t_min:g}" for t_min in curve.t_min), "--format", "csv"),
        )
    )
    column = "effect_site_ng_per_ml" if curve.is_effect_site else "plasma_ng_per_ml"
    assert [float(row["t_min"]) for row in found] == list(curve.t_min)
    assert [float(row[column]) for row in found] == pytest.approx(curve.conc_ng_per_ml, rel=1e-9, abs=0)


def test_csv_has_exactly_the_promised_columns_and_12_digits() -> None:
    result = run(*WHO, *DOSE, "--model", "kamp2020", "--at", "5,40", "--format", "csv")
    assert result.stdout == (
        "model,t_min,plasma_ng_per_ml,effect_site_ng_per_ml\n"
        "kamp2020,5,109.324580282,22.9711077819\n"
        "kamp2020,40,253.05183479,214.695133516\n"
    )
    assert ESTIMATED in result.stderr
    assert "band" not in result.stderr


def test_rates_from_a_file_and_a_dose_over_time_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(HEADER + "0,10,0.875\n10,40,0.875\n\n")
    by_rates = run(*WHO, "--rates", str(tmp_path / "rates.csv"), "--format", "csv", "--model", "all")
    by_dose = run(*WHO, *DOSE, "--format", "csv", "--model", "all")
    for one, other in zip(rows(by_rates), rows(by_dose), strict=True):
        for column in ("plasma_ng_per_ml", "effect_site_ng_per_ml"):
            assert float(one[column]) == pytest.approx(float(other[column]), rel=1e-11)


def test_all_is_every_model_and_none_named_is_the_room() -> None:
    assert [row["model"] for row in rows(run(*WHO, *DOSE, "--model", "all", "--at", "5", "--format", "csv"))] == [
        *MODELS
    ]
    assert [row["model"] for row in rows(run(*WHO, *DOSE, "--at", "5", "--format", "csv"))] == [*ROOM_MODELS]
    both = ("--model", "hijazi2003", "--model", "kamp2020_linear,domino1984")
    named = [row["model"] for row in rows(run(*WHO, *DOSE, *both, "--at", "5", "--format", "csv"))]
    assert named == ["hijazi2003", "kamp2020_linear", "domino1984"]


def test_times_come_back_in_the_order_asked_for() -> None:
    asked = ("--model", "kamp2020", "--at", "40,5,0.5", "--format", "csv")
    assert [row["t_min"] for row in rows(run(*WHO, *DOSE, *asked))] == ["40", "5", "0.5"]


def test_the_table_says_that_nothing_was_measured_and_what_the_band_is() -> None:
    table = run(*WHO, *DOSE).stdout
    assert ESTIMATED in table
    assert "an assumption, not a share of people" in table
    assert "253.1" in table


def test_json_carries_the_rows_the_band_the_sources_and_what_must_be_said() -> None:
    answer = json.loads(run(*WHO, *DOSE, "--at", "40", "--format", "json").stdout)
    assert answer["estimated_not_measured"] == ESTIMATED
    assert answer["rows"][0] == {
        "model": "kamp2020",
        "t_min": 40.0,
        "plasma_ng_per_ml": 253.05183479,
        "effect_site_ng_per_ml": 214.695133516,
    }
    [band] = answer["plasma_band"]
    assert band["lower_ng_per_ml"] == pytest.approx(0.7 * 177.313275541, rel=1e-11)
    assert band["upper_ng_per_ml"] == pytest.approx(1.3 * 253.05183479, rel=1e-11)
    assert {model["model"] for model in answer["models"]} == set(ROOM_MODELS)
    assert "spread_assumed" in {note["code"] for note in answer["notes"]}


def test_an_input_that_changes_nothing_is_said_to_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(HEADER + "0,40,0.875\n")
    by_rates = ("--rates", str(tmp_path / "rates.csv"), "--model", "perezruixo2021")
    said_of_all = run(*WHO, *by_rates, "--sex", "F", "--height-cm", "170").stdout
    for field in ("sex", "height-cm", "weight-kg"):
        assert f"{field}: none of these models uses it; it changes nothing." in said_of_all
    said_of_dose = run(*WHO, *DOSE, "--model", "perezruixo2021").stdout
    assert "it changes nothing" not in said_of_dose
    assert "perezruixo2021 uses: age_y." in said_of_dose


def test_no_weight_is_needed_where_nothing_uses_it(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(HEADER + "0,40,0.875\n")
    by_rates = ("--age-y", "40", "--rates", str(tmp_path / "rates.csv"))
    assert rows(run(*by_rates, "--model", "perezruixo2021", "--format", "csv"))
    assert "kamp2020" in refusal(*by_rates, "--model", "kamp2020")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((*DOSE, "--weight-kg", "70"), "Say the age"),
        ((*DOSE, "--weight-kg", "30", "--age-y", "9"), "nobody under 18"),
        ((*DOSE, "--weight-kg", "70", "--age-y", "-4"), "--age-y -4 cannot be true"),
        ((*DOSE, "--weight-kg", "-70", "--age-y", "40"), "--weight-kg -70 cannot be true"),
        ((*DOSE, "--weight-kg", "7000", "--age-y", "40"), "not between 20 and 400"),
        ((*DOSE, "--weight-kg", "nan", "--age-y", "40"), "--weight-kg nan cannot be true"),
        ((*DOSE, "--age-y", "40"), "needs --weight-kg"),
        ((*DOSE, *WHO, "--height-cm", "1.75"), "--height-cm 1.75 cannot be true"),
        ((*DOSE, *WHO, "--sex", "x"), "male, female, other or unknown"),
        ((*DOSE, *WHO, "--model", "schnider"), "There is no model called 'schnider'"),
        ((*DOSE, *WHO, "--model", ""), "There is no model called ''"),
        ((*DOSE, *WHO, "--at", "5,-1"), "0 or later"),
        ((*DOSE, *WHO, "--at", "5;10"), "parted by commas"),
        ((*DOSE, *WHO, "--at", ""), "parted by commas"),
        ((*DOSE, *WHO, "--at", "5,nan"), "finite numbers"),
        (WHO, "Say what was given"),
        ((*WHO, "--duration-min", "40"), "belong together"),
        ((*WHO, "--dose-mg-per-kg", "0.5"), "belong together"),
        ((*WHO, "--dose-mg-per-kg", "0", "--duration-min", "40"), "above 0 and at most 10"),
        ((*WHO, "--dose-mg-per-kg", "50", "--duration-min", "40"), "above 0 and at most 10"),
        ((*WHO, "--dose-mg-per-kg", "nan", "--duration-min", "40"), "above 0 and at most 10"),
        ((*WHO, "--dose-mg-per-kg", "0.5", "--duration-min", "0"), "minutes above 0"),
        ((*WHO, "--dose-mg-per-kg", "0.5", "--duration-min", "inf"), "minutes above 0"),
        ((*WHO, *DOSE, "--rates", "rates.csv"), "one way"),
        ((*WHO, "--rates", "not-there.csv"), "No such file"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(arguments: tuple[str, ...], reason: str) -> None:
    assert reason in refusal(*arguments)


@pytest.mark.parametrize("arguments", [("--weight-kg", "heavy"), ("--format", "xml"), ("--age-y", "40,5")])
def test_what_is_no_number_or_no_choice_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*WHO, *DOSE, *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has nothing"),
        (HEADER, "no row of rates"),
        ("start_min,end_min,rate_ml_per_h\n0,40,150\n", "it has start_min,end_min,rate_ml_per_h"),
        ("start_min,end_min\n0,40\n", "must have the columns"),
        (HEADER + "0,40\n", "row 1: '0,40' is not three numbers"),
        (HEADER + "0,40,1,2\n", "is not three numbers"),
        (HEADER + "0,10,0.9\n10,twenty,0.9\n", "row 2"),
        (HEADER + "0,10,1\n5,20,1\n", "row 2: it starts at 5 min, before the row above it has ended"),
        (HEADER + "10,20,1\n0,10,1\n", "row 2: it starts at 0 min, before the row above it"),
        (HEADER + "10,10,1\n", "it ends at 10 min and starts at 10 min"),
        (HEADER + "0,10,-1\n", "-1 mg/min is below zero"),
        (HEADER + "-5,10,1\n", "before the start of the infusion"),
        (HEADER + "0,inf,1\n", "finite numbers"),
    ],
)
def test_rates_that_make_no_sense_are_refused_with_their_row(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "rates.csv").write_text(text)
    assert reason in refusal(*WHO, "--rates", str(tmp_path / "rates.csv"))


def test_a_file_as_a_spreadsheet_writes_it_is_read(tmp_path: Path) -> None:
    """With a byte order mark, and lines ended as Windows ends them."""
    (tmp_path / "rates.csv").write_bytes(b"\xef\xbb\xbf" + f"{HEADER}0,40,0.875\n".replace("\n", "\r\n").encode())
    assert len(rows(run(*WHO, "--rates", str(tmp_path / "rates.csv"), "--at", "5", "--format", "csv"))) == 3


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_bytes(b"\xff\xfe\x00")
    assert "not text" in refusal(*WHO, "--rates", str(tmp_path / "rates.csv"))


def test_every_code_has_its_sentence_and_every_sentence_a_code() -> None:
    core = Path(stillroom.core.pharmacology.__file__).parent
    commands = Path(module.__file__).parent
    reached = [path for path in core.glob("*.py") if path.name != "learning.py"]  # it draws no scores
    used = {code for path in (*reached, *commands.glob("predict*.py")) for code in _codes_in(path)}
    assert used == set(REFUSALS) | set(NOTES)


def _codes_in(path: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
    makers = [node for node in calls if getattr(node.func, "id", "") in {"Finding", "refuse", "_hard"}]
    return {str(node.args[0].value) for node in makers if isinstance(node.args[0], ast.Constant)}


def test_a_field_is_named_as_it_is_typed() -> None:
    facts = {"field": "age_y", "value": "-4", "lowest": "0", "highest": "120"}
    assert said(Finding("cannot_be_true", Severity.HARD, facts)).startswith("--age-y -4")
