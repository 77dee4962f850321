"""`manage.py measure` on the real grid of Athens, beside plain loops over its rows."""

import csv
import io
import json
import math

import pytest
from django.core.management import call_command
from pyproj import Transformer

pytestmark = pytest.mark.reference


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def measure(tmp_path):
    """Return a function that runs the command, and gives values and summary."""

    def measure(name, *options):
        out, summary = tmp_path / "out.csv", tmp_path / "summary.json"
        call_command(
            "measure", "--measure", name, *map(str, options), "--out", str(out),
            "--summary", str(summary), stdout=io.StringIO(),
        )  # fmt: skip
        values = {r["grd_id"]: r["value"] for r in rows(out)}
        return values, json.loads(summary.read_text(encoding="utf-8"))

    return measure


def grid(shared_data, *, suffix="csv"):
    return [
        "--demand", shared_data / f"athens_grid_1km.{suffix}", "--demand-id", "grd_id",
        "--demand-value", "pop2011",
    ]  # fmt: skip


def test_the_nearest_hospital_of_every_cell(shared_data, measure, tmp_path):
    places = rows(shared_data / "facts" / "public_places.csv")
    hospitals = [p for p in places if p["category"] == "hospital"]
    file = tmp_path / "hospitals.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(
            opened, ["name_en", "lon", "lat"], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(hospitals)

    values, summary = measure(
        "cost_to_closest", *grid(shared_data, suffix="geojson"), "--supply", file,
        "--supply-id", "name_en", "--x", "lon", "--y", "lat", "--srid", 2100,
        "--detour", 1.3,
    )  # fmt: skip

    # The cells of the GeoJSON are squares of 1 km in EPSG:3035 whose lower-left corners
    # the CSV holds; their centroid in EPSG:2100 is within metres of their middle.
    to_metres = Transformer.from_crs(4326, 2100, always_xy=True).transform
    middle = Transformer.from_crs(3035, 2100, always_xy=True).transform
    there = [to_metres(float(h["lon"]), float(h["lat"])) for h in hospitals]
    for cell in rows(shared_data / "athens_grid_1km.csv"):
        x, y = middle(float(cell["x"]) + 500, float(cell["y"]) + 500)
        slow = min(1.3 * math.dist((x, y), hospital) for hospital in there)
        assert float(values[cell["grd_id"]]) == pytest.approx(slow, abs=5)
    assert summary["n"] == 217
    assert summary["flags"] == ["NO_NETWORK", "AREA_AS_POINT"]


def test_places_for_everybody_are_one_each_on_average(shared_data, measure):
    cells = grid(shared_data)
    supply = [
        "--supply",
        cells[1],
        "--supply-id",
        "grd_id",
        "--supply-value",
        "pop2011",
    ]

    for name, options in (
        ("two_step_fca", ["--threshold", 1000]),
        ("enhanced_two_step_fca", ["--decay", "gaussian:1500"]),
        ("three_step_fca", ["--decay", "stepped:1000=1,2000=0.5"]),
    ):
        _, summary = measure(
            name, *cells, *supply, "--x", "x", "--y", "y", "--srid", 3035, *options
        )
        people = sum(float(r["pop2011"]) for r in rows(cells[1]))
        assert summary["total_demand"] == people
        assert summary["mass"] == pytest.approx(people)
        assert summary["weighted_mean"] == pytest.approx(1)


def test_a_kilometre_reaches_the_four_neighbours_of_a_cell(shared_data, measure):
    # Corners lie 1000 m apart in EPSG:3035, exactly: the threshold includes its end.
    cells = grid(shared_data)
    values, _ = measure(
        "cumulative_cutoff", *cells, "--supply", cells[1], "--supply-id", "grd_id",
        "--x", "x", "--y", "y", "--srid", 3035, "--threshold", 1000,
    )  # fmt: skip

    corners = {(int(r["x"]), int(r["y"])): r["grd_id"] for r in rows(cells[1])}
    for (x, y), cell in corners.items():
        around = [(x, y), (x - 1000, y), (x + 1000, y), (x, y - 1000), (x, y + 1000)]
        assert int(values[cell]) == sum(corner in corners for corner in around)
