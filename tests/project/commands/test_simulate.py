"""`stillroom simulate`: the stated share is borne out, an interrupted run goes on, a cluster finds the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from stillroom.core.pharmacology import ROOM_MODELS
from stillroom.core.pharmacology.calibration import COVERAGE, Coverage, holds_as_stated
from stillroom.project import simulation
from stillroom.project.commands.simulate import simulate

app = typer.Typer()
app.command()(simulate)


def run(keep: Path, *arguments: str) -> Result:
    options = ["--people", "60", "--at-once", "20", "--keep", str(keep), *arguments]
    return CliRunner().invoke(app, options, env={"COLUMNS": "200"})


def rows(keep: Path) -> list[dict[str, Any]]:
    """What was counted, in an order of its own."""
    found = [json.loads(line) for line in keep.read_text().splitlines()[1:]]
    return sorted(found, key=lambda row: (row["truth"], row["number"], row["fitted"]))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keep = tmp_path_factory.mktemp("simulated") / "whole.jsonl"
    assert run(keep).exit_code == 0
    return keep


def test_it_tells_every_pair_of_models_and_where_no_share_may_be_named(whole: Path) -> None:
    told = run(whole).stdout
    for name in ROOM_MODELS:
        assert f"{name}: " in told
    assert told.count("│ kamp2020 ") >= len(simulation.TRUTHS)


def test_an_interrupted_run_goes_on_where_it_stopped(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, done = tmp_path / "stopped.jsonl", 0
    counted = simulation.counted

    def interrupted(batch: simulation.Batch) -> tuple[simulation.Counted, ...]:
        nonlocal done
        done += 1
        if done == 5:
            raise KeyboardInterrupt
        return counted(batch)

    monkeypatch.setattr(simulation, "counted", interrupted)
    stopped = run(keep)
    assert stopped.exit_code == 1
    assert "goes on from there" in stopped.stderr
    assert len(rows(keep)) == 4 * len(ROOM_MODELS)
    keep.write_text(keep.read_text()[:-30])  # and its last line was cut short
    assert run(keep).exit_code == 0
    assert rows(keep) == rows(whole)
    assert done == 5 + len(rows(whole)) // len(ROOM_MODELS) - 3


def test_a_file_of_another_run_is_refused(whole: Path) -> None:
    refused = run(whole, "--seed", "2")
    assert refused.exit_code == 2
    assert "another run" in refused.stderr


def test_a_cluster_finds_the_same(whole: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    keep = tmp_path / "cluster.jsonl"
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        assert run(keep, "--cluster", cluster.scheduler_address).exit_code == 0
    assert rows(keep) == rows(whole)


def test_what_the_core_keeps_is_what_people_drawn_anew_show() -> None:
    """Other people than those it was measured with; within what so few can say."""
    done = [each for batch in simulation.batches(people=240, at_once=80, seed=7) for each in simulation.counted(batch)]
    found = {(each.fitted, each.truth): each.percent for each in simulation.coverage(done)}
    assert {(each.fitted, each.truth) for each in COVERAGE} == set(found)
    for each in COVERAGE:
        assert found[each.fitted, each.truth] == pytest.approx(each.percent, abs=5.0)


def test_a_share_is_stated_only_where_every_possible_truth_bears_it_out() -> None:
    good = (Coverage("a", "a", 90.0), Coverage("a", "b", 85.5))
    assert holds_as_stated("a", good)
    assert not holds_as_stated("a", (*good, Coverage("a", "c", 85.4)))
    assert not holds_as_stated("a", (*good, Coverage("a", "c", 94.6)))
    assert not holds_as_stated("b", good)
    assert [name for name in ROOM_MODELS if holds_as_stated(name)] == ["kamp2020", "domino1984"]


def test_a_share_that_is_stated_and_not_borne_out_is_an_error(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "stillroom.project.commands.simulate.holds_as_stated", lambda name, found=None, **_: found is None
    )
    assert run(whole).exit_code == 1
