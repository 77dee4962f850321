"""`./dev bench` runs from an empty server to its table; times are never asserted here."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.databases import bench_name, drop
from tests.bench.figures import Figure, Promise, figure_table, ratio
from tests.bench.published.peer_packages import PINNED, peer_versions
from tests.bench.published.requests import boxes, places_of, tiles
from tests.bench.published.worlds import Layers
from tests.bench.rows import Sizes
from tests.bench.server import SERVING

REPOSITORY = Path(__file__).resolve().parents[2]
POINTS, DEMAND, SEED = 300, 200, 77


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "DEBUG": "0"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_bench_fills_a_tiny_city_and_prints_every_figure(tmp_path: Path) -> None:
    size = ["--points", str(POINTS), "--demand", str(DEMAND), "--seed", str(SEED)]
    turn = ["--rounds", "1", "--seconds", "0.05", "--connections", "2", "--never-fail"]
    written = tmp_path / "bench.json"
    wanted = ["--only", "nearest", "list", "coverage", "rebuild"]
    try:
        done = bench(*size, *turn, *wanted, "--json", str(written))
    finally:
        drop(bench_name(POINTS, DEMAND, SEED))
    assert done.returncode == 0, done.stderr
    found = json.loads(written.read_text())
    names = [figure["name"] for figure in found["figures"]]
    assert names == [
        "nearest / bare statement",
        "nearest / lean statement",
        "nearest / DRF-GIS distance filter",
        "list of 1000, 1 conn. / DRF-GIS",
        "list of 1000, 1 conn. / bare statement",
        "list of 1000, 2 conn. / DRF-GIS",
        "coverage, all categories / SciPy",
        "coverage, peak memory",
        "rebuild of the read model, time / CPU",
    ]
    assert all(name in done.stdout for name in names)
    assert found["conditions"]["points"] == POINTS


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_bench_publishes_tiny_layers_and_prints_every_figure(
    tmp_path: Path,
) -> None:
    # Without the peers: they come from a package index, and no test talks to one.
    size = ["--points", str(POINTS), "--seed", str(SEED)]
    turn = ["--rounds", "1", "--seconds", "0.05", "--connections", "2", "--never-fail"]
    written = tmp_path / "bench.json"
    wanted = ["--without-peers", "--only", "item", "pages", "tile", "files", "whole"]
    try:
        done = bench(*size, *turn, *wanted, "--json", str(written))
    finally:
        drop(bench_name(POINTS, 0, SEED))
    assert done.returncode == 0, done.stderr
    found = json.loads(written.read_text())
    names = [figure["name"] for figure in found["figures"]]
    assert {
        "one feature, 1 conn. / bare",
        "page, 3,000 / 30 rows",
        "page behind 90 % of 3,000 rows / first",
        "tile z14, 1 conn. / bare",
        "tile z14, 2 conn., unchanged / bare",
        "largest tile, z8 to z12",
        ".parquet of 300 rows / pyarrow",
        "GeoJSON of 3,000 rows / COPY of the same text",
        "GeoJSON of 3,000 rows, first byte",
    } <= set(names)
    assert len(names) == len(set(names))


def test_every_peer_is_pinned_and_no_address_is_named() -> None:
    lines = [line for line in PINNED.read_text().splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.+]*", line) for line in lines)
    assert peer_versions().keys() == {"tipg", "pygeoapi"}


def test_boxes_hold_at_least_what_they_are_asked_to_hold() -> None:
    lon_lat = places_of(2_000, SEED)
    for west, south, east, north in boxes(lon_lat, 50, SEED):
        inside = (lon_lat >= (west - 1e-6, south - 1e-6)) & (
            lon_lat <= (east + 1e-6, north + 1e-6)
        )
        assert 50 <= inside.all(axis=1).sum() < 100


def test_tiles_are_numbered_from_the_north_west() -> None:
    # Athens lies east of Greenwich and north of the equator: the upper right of four.
    assert tiles(places_of(100, SEED), 1, SEED) == [(1, 1, 0)]


@pytest.mark.parametrize("n", [1, 7, 300])
def test_layers_of_the_bench_are_a_tenth_and_ten_times_as_large(n: int) -> None:
    sizes = list(Layers("postgres://nowhere/x", n).sizes().values())
    assert sizes == [max(1, n // 10), n, 2 * n, 10 * n]


def test_the_bench_says_what_it_needs_when_there_is_no_database() -> None:
    env = {name: v for name, v in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench"],
        cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "set DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--points", "0"],
        ["--points", "many"],
        ["--rounds", "-1"],
        ["--only", "everything"],
        ["--unknown"],
    ],
)
def test_the_bench_refuses_arguments_that_make_no_sense(arguments: list[str]) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert "usage: ./dev bench" in done.stderr


def test_the_bench_never_drops_a_database_of_anybody_else() -> None:
    with pytest.raises(ValueError, match="not a database of the bench"):
        drop("geoaccmr")


def test_the_bench_serves_as_dev_run_does() -> None:
    script = (REPOSITORY / ".dev.d" / "serve.sh").read_text()
    assert SERVING in script


@pytest.mark.parametrize("n", [10, 300, 100_000, 1_000_000])
def test_a_bench_city_has_just_the_points_asked_for(n: int) -> None:
    sizes = Sizes.of(n)
    assert sizes.placed + sizes.second_places + sizes.placeless == n
    assert 0 <= sizes.second_places <= sizes.placed


def test_a_promise_holds_at_its_own_value() -> None:
    assert Promise(0.4).holds(0.4)
    assert not Promise(0.4).holds(0.399)
    assert Promise(2, at_least=False).holds(2.0)
    assert not Promise(2, at_least=False).holds(2.001)


def test_a_ratio_is_that_of_rounds_not_of_medians() -> None:
    # Rounds 1/2, 10/20, 300/100: each side's medians would say 10/20, as does the middle
    # round; a busy round on both sides changes nothing.
    assert ratio([1, 10, 300], [2, 20, 100]) == 0.5
    assert ratio([1, 1000, 3], [2, 2000, 3]) == 0.5


def test_a_missed_promise_is_said_in_the_table() -> None:
    table = figure_table([Figure("x", 1.0, 4.0, "req/s", 0.25, Promise(0.4))])
    assert "MISSED" in table
    assert ">= 0.4" in table
