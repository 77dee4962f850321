"""`manage.py measure` as a script calls it; no database is there to be asked."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from layers.workbench.question import MEASURES
from tests.unit.workbench.test_points import vector

REPOSITORY = Path(__file__).resolve().parents[3]

# The world of tests/unit/measures/pair_world.py, where the sums are written out.
DEMAND = "id,people\nA,100\nB,200\nC,50\n"
SUPPLY = "site,places\ns,30\nt,14\n"
COSTS = "from,to,min\nA,s,2\nA,t,8\nB,s,5\nB,t,5\nC,t,10\n"

# Three points and two sites in a line: 0, 300, 1000 and 0, 400 metres.
PLACED = "id,people,x,y\na,10,0,0\nb,20,300,0\nc,30,1000,0\n"
SITES = "id,places,x,y\np,6,0,0\nq,9,400,0\n"

SUMMARY_KEYS = [
    "measure", "n", "total_demand", "mean", "weighted_mean", "weighted_median",
    "weighted_p90", "gini", "mass", "value", "parameters", "flags",
]  # fmt: skip


class Run:
    """Calls the command in a folder, and reads what it wrote."""

    def __init__(self, folder):
        self.folder = folder
        for name, text in (
            ("demand.csv", DEMAND), ("supply.csv", SUPPLY), ("costs.csv", COSTS),
            ("placed.csv", PLACED), ("sites.csv", SITES),
        ):  # fmt: skip
            self.write(name, text)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def __call__(self, measure, *options, out="out.csv", summary="summary.json"):
        self.told, self.said = io.StringIO(), io.StringIO()
        files = []
        if out:
            files += ["--out", str(self.folder / out)]
        if summary:
            files += ["--summary", str(self.folder / summary)]
        call_command(
            "measure", "--measure", measure, *map(str, options), *files,
            stdout=self.said, stderr=self.told,
        )  # fmt: skip
        if summary:
            self.summary = json.loads((self.folder / summary).read_text("utf-8"))
        if out:
            with (self.folder / out).open(encoding="utf-8", newline="") as file:
                self.rows = list(csv.reader(file))
            return [row[1] for row in self.rows[1:]]
        return None

    def refused(self, measure, *options):
        with pytest.raises(CommandError) as refusal:
            self(measure, *options)
        left = {p.name for p in self.folder.iterdir()} - {
            "demand.csv", "supply.csv", "costs.csv", "placed.csv", "sites.csv", "bad.csv",
        }  # fmt: skip
        assert left == set(), "a refused question leaves nothing behind"
        return str(refusal.value)

    def demand(self, file="demand.csv"):
        return [
            "--demand",
            self.folder / file,
            "--demand-id",
            "id",
            "--demand-value",
            "people",
        ]

    def given(self):
        """Return the options of the world whose costs are given."""
        return [
            *self.demand(),
            "--supply", self.folder / "supply.csv", "--supply-id", "site",
            "--supply-value", "places",
            "--cost", self.folder / "costs.csv", "--cost-from", "from",
            "--cost-to", "to", "--cost-value", "min",
        ]  # fmt: skip

    def placed(self, *, srid=2100):
        """Return the options of the world in a line."""
        return [
            *self.demand("placed.csv"),
            "--supply", self.folder / "sites.csv", "--supply-id", "id",
            "--supply-value", "places", "--x", "x", "--y", "y", "--srid", srid,
        ]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


STEPS = ["--decay", "stepped:5=1,8=0.5"]

# By hand in tests/unit/measures/test_floating_catchment.py and test_gravity.py.
BY_HAND = [
    ("cost_to_closest", [], [2, 5, 10]),
    ("cost_to_closest", ["--k", 2], [8, 5, None]),
    ("cost_to_closest", ["--threshold", 5], [2, 5, None]),
    ("coverage", ["--threshold", 5], [1, 1, 0]),
    ("cumulative_cutoff", ["--threshold", 8], [44, 44, 0]),
    ("gravity", STEPS, [37, 44, 0]),
    ("two_step_fca", ["--threshold", 8], [0.1 + 14 / 300, 0.1 + 14 / 300, 0]),
    ("enhanced_two_step_fca", STEPS, [0.128, 0.156, 0]),
    ("three_step_fca", STEPS, [0.14, 0.15, 0]),
    ("three_step_fca", ["--threshold", 5], [0.15, 0.145, 0]),
    ("balanced_fca", STEPS, [0.125, 0.16, 0]),
    ("spatial_availability", STEPS, [12.8, 31.2, 0]),
]


@pytest.mark.parametrize(("measure", "options", "expected"), BY_HAND)
def test_each_measure_gives_the_sums_done_by_hand(run, measure, options, expected):
    values = run(measure, *run.given(), *options)

    assert run.rows[0] == ["id", "value"]
    assert [row[0] for row in run.rows[1:]] == ["A", "B", "C"]
    got = [float(value) if value else None for value in values]
    assert got == pytest.approx(expected)
    assert run.summary["measure"] == measure
    assert run.summary["n"] == 3
    assert run.summary["total_demand"] == 350


def test_a_name_may_have_hyphens(run):
    run("enhanced-two-step-fca", *run.given(), *STEPS)

    assert run.summary["measure"] == "enhanced_two_step_fca"


def test_rational_agents_pay_crowd_and_way(run):
    # One site: rho = 350/44; with tau 10 the way of A is 0.2, and nobody can move
    # from s but those who reach t. C has only t.
    run("raam", *run.given(), "--tau", 10)

    assert run.summary["parameters"]["rho"] == pytest.approx(350 / 44)
    assert run.summary["parameters"]["tau"] == 10
    assert run.summary["parameters"]["max_cycles"] == 150
    assert "unsettled" in run.summary["details"]


def test_the_summary_has_its_keys_and_weighs_people(run):
    run("enhanced_two_step_fca", *run.given(), *STEPS)
    s = run.summary

    assert list(s)[: len(SUMMARY_KEYS)] == SUMMARY_KEYS
    # Values 0.128, 0.156, 0 of 100, 200, 50 people.
    assert s["mean"] == pytest.approx((0.128 + 0.156) / 3)
    assert s["mass"] == pytest.approx(44)
    assert s["weighted_mean"] == pytest.approx(44 / 350)
    # Sorted 0 (50), 0.128 (150), 0.156 (350): half of 350 is 175, 90 % is 315.
    assert s["weighted_median"] == pytest.approx(0.156)
    assert s["weighted_p90"] == pytest.approx(0.156)
    # 1 - sum dF (L + L before): L 0, 12.8/44, 1.
    low = 12.8 / 44
    expected = 1 - (100 / 350 * low + 200 / 350 * (1 + low))
    assert s["gini"] == pytest.approx(expected)
    assert s["value"] is None
    assert s["parameters"]["decay"] == "stepped:5=1,8=0.5"
    assert s["parameters"]["cost"] == "costs.csv"
    assert s["flags"] == ["UNREACHABLE"]  # C at 10


def test_an_infinite_cost_is_empty_and_its_mean_is_null(run):
    values = run("cost_to_closest", *run.given(), "--threshold", 5)
    s = run.summary

    assert values == ["2", "5", ""]
    assert (s["mean"], s["weighted_mean"], s["mass"], s["gini"]) == (None,) * 4
    # 300 of 350 people are at 5 or less; the ninetieth percentile is at none.
    assert (s["weighted_median"], s["weighted_p90"]) == (5, None)
    assert s["flags"] == ["UNREACHABLE"]


def test_nobody_weighs_nothing_even_where_it_is_infinitely_far(run):
    run.write("demand.csv", DEMAND.replace("C,50", "C,0"))
    run("cost_to_closest", *run.given(), "--threshold", 5)

    assert run.summary["mass"] == 100 * 2 + 200 * 5
    assert run.summary["mean"] is None
    assert run.summary["flags"] == []


def test_coverage_is_one_number_too(run):
    run("coverage", *run.given(), "--threshold", 5)

    assert run.summary["value"] == pytest.approx(300 / 350)
    assert run.summary["weighted_mean"] == pytest.approx(300 / 350)


def test_straight_lines_between_places_of_tables(run):
    values = run("cost_to_closest", *run.placed())

    assert [float(v) for v in values] == [0, 100, 600]
    assert run.summary["flags"] == ["NO_NETWORK"]
    assert run.summary["parameters"]["srid"] == 2100
    assert run.summary["parameters"]["detour"] == 1


def test_the_detour_lengthens_the_way(run):
    values = run("cost_to_closest", *run.placed(), "--detour", 1.5, "--k", 2)

    assert [float(v) for v in values] == [600, 450, 1500]


def test_the_threshold_includes_its_end_in_straight_lines_as_well(run):
    near = run("cumulative_cutoff", *run.placed(), "--threshold", 600)
    less = run("cumulative_cutoff", *run.placed(), "--threshold", 599.999)

    assert [float(v) for v in near] == [15, 15, 9]
    assert [float(v) for v in less] == [15, 15, 0]


def test_a_decay_without_an_end_takes_all_pairs(run):
    values = run("gravity", *run.placed(), "--decay", "exponential:0.01")

    # a: 6 + 9 e^-4; c: 6 e^-10 + 9 e^-6.
    assert float(values[0]) == pytest.approx(6 + 9 * np.exp(-4))
    assert float(values[2]) == pytest.approx(6 * np.exp(-10) + 9 * np.exp(-6))


def test_vector_files_are_measured_in_the_metric_system_asked_for(run, tmp_path):
    # 1 degree of latitude at Omonia is about 111.0 km.
    a = vector(tmp_path / "a.geojson", [shapely.Point(23.7, 37.9)], crs="EPSG:4326")
    b = vector(tmp_path / "b.gpkg", [shapely.Point(23.7, 38.0)], crs="EPSG:4326")

    values = run(
        "cost_to_closest", "--demand", a, "--demand-id", "id", "--supply", b,
        "--supply-id", "id", "--srid", 2100,
    )  # fmt: skip

    assert float(values[0]) == pytest.approx(11_100, rel=0.002)


def test_a_table_and_a_vector_file_may_be_mixed(run, tmp_path):
    sites = vector(tmp_path / "s.gpkg", [shapely.box(-50, -50, 50, 50)])

    values = run(
        "cost_to_closest", *run.demand("placed.csv"), "--x", "x", "--y", "y",
        "--supply", sites, "--supply-id", "id", "--srid", 2100,
    )  # fmt: skip

    assert [float(v) for v in values] == [0, 300, 1000]
    assert run.summary["flags"] == ["NO_NETWORK", "AREA_AS_POINT"]


def test_without_a_system_that_of_the_house_is_taken(run, settings):
    settings.METRIC_SRID = 2100
    options = run.placed()

    run("cost_to_closest", *options[: options.index("--srid")])

    assert run.summary["parameters"]["srid"] == 2100


COLUMN = "id,people,access,income,area\na,10,0,5,n\nb,10,2,9,n\nc,20,4,20,s\n"
BY_COLUMN = [
    # Sorted 0, 2, 4 with 10, 10, 20: L 0, 0.2, 1; 1 - (0.25*0.2 + 0.5*1.2) = 0.35.
    ("gini_index", [], 0.35),
    ("concentration_index", ["--rank-column", "income"], 0.35),
    # mu = 2.5; 0.25*0.8 ln 0.8 + 0.5*1.6 ln 1.6.
    ("theil_t", [], 0.2 * np.log(0.8) + 0.8 * np.log(1.6)),
    # The poorest 16 people: 10 at 0, 6 at 2: 0.75; the richest 4: 4.
    ("palma_ratio", [], 4 / 0.75),
    ("palma_ratio", ["--rank-column", "income"], 4 / 0.75),
    # Standard 4: 20 of 40 below; depths 1 and 1/2.
    ("fgt", ["--standard", 4, "--alpha", 0], 0.5),
    ("fgt", ["--standard", 4], 0.375),
    ("fgt", ["--standard", 4, "--alpha", 2], (10 + 2.5) / 40),
]


@pytest.mark.parametrize(("measure", "options", "expected"), BY_COLUMN)
def test_measures_of_a_column_give_one_number(run, measure, options, expected):
    run.write("demand.csv", COLUMN)

    run(measure, *run.demand(), "--value-column", "access", *options)

    assert run.summary["value"] == pytest.approx(expected)
    assert run.summary["flags"] == []
    if measure == "fgt":
        assert run.summary["weighted_mean"] == pytest.approx(expected)
    else:
        assert [row[1] for row in run.rows[1:]] == ["0", "2", "4"]


def test_groups_split_theil_and_have_a_figure_each(run):
    run.write("demand.csv", COLUMN)

    run("theil_t", *run.demand(), "--value-column", "access", "--group-column", "area")
    d = run.summary["details"]

    assert d["between"] + d["within"] == pytest.approx(run.summary["value"])
    # n: 0 and 2 alike in number: ln 2; s: all alike.
    assert d["groups"] == {"n": pytest.approx(np.log(2)), "s": 0}


def test_without_weights_each_point_counts_one_and_it_is_said(run):
    run.write("demand.csv", COLUMN)

    run(
        "gini_index", "--demand", run.folder / "demand.csv", "--demand-id", "id",
        "--value-column", "access",
    )  # fmt: skip

    # 0, 2, 4: 1 - 1/3 (1/3 + 4/3) = 4/9.
    assert run.summary["value"] == pytest.approx(4 / 9)
    assert run.summary["flags"] == ["COUNTED_AS_ONE"]


def test_without_an_answer_file_the_summary_is_printed(run):
    run("gravity", *run.given(), *STEPS, out=None, summary=None)

    assert json.loads(run.said.getvalue())["mass"] == 100 * 37 + 200 * 44
    assert {p.suffix for p in run.folder.iterdir()} == {".csv"}


def test_options_that_mean_nothing_here_are_named(run):
    run("gravity", *run.given(), *STEPS, "--k", 2, "--standard", 5, "--detour", 1.3)

    assert run.told.getvalue().splitlines() == [
        "--k is not used here", "--standard is not used here", "--detour is not used here",
    ]  # fmt: skip


def test_places_that_nobody_reaches_and_foreign_costs_are_flagged(run):
    run.write("supply.csv", SUPPLY + "u,7\n")
    run.write("costs.csv", COSTS + "Z,s,1\n")

    run("two_step_fca", *run.given(), "--threshold", 8)

    assert run.summary["flags"] == [
        "COST_IDS_UNKNOWN", "UNREACHABLE", "SUPPLY_OUT_OF_REACH",
    ]  # fmt: skip
    assert run.summary["details"]["cost_rows_left_out"] == 1


def test_nobody_has_no_mean(run):
    run.write("demand.csv", "id,people\nA,0\nB,0\nC,0\n")

    run("two_step_fca", *run.given(), "--threshold", 8)

    assert run.summary["flags"] == ["NO_DEMAND"]
    assert run.summary["weighted_mean"] is None
    assert run.summary["weighted_median"] is None
    assert (run.summary["mass"], run.summary["gini"]) == (0, None)


def test_ids_of_any_script_come_back_as_they_were(run):
    run.write("demand.csv", 'id,people\n"Κυψέλη, άνω",1\n007,2\n"a""b",3\n')
    run.write("costs.csv", 'from,to,min\n"Κυψέλη, άνω",s,1\n007,s,0\n')

    run("cost_to_closest", *run.given())

    assert run.rows[1:] == [["Κυψέλη, άνω", "1"], ["007", "0"], ['a"b', ""]]


def test_the_same_question_gives_the_same_bytes(run):
    options = [*run.given(), "--decay", "gaussian:4"]
    run("three_step_fca", *options)
    first = (
        (run.folder / "out.csv").read_bytes(),
        (run.folder / "summary.json").read_bytes(),
    )
    run("three_step_fca", *options)

    assert first == (
        (run.folder / "out.csv").read_bytes(),
        (run.folder / "summary.json").read_bytes(),
    )


REFUSED = [
    ("nearest", [], r"measure: 'nearest' is not allowed; one of balanced_fca"),
    ("two_step_fca", [], "threshold: .* two_step_fca needs it"),
    ("coverage", [], "threshold"),
    ("cumulative_cutoff", [], "threshold"),
    ("two_step_fca", ["--threshold", -1], "threshold: '-1.0'"),
    ("two_step_fca", ["--threshold", "nan"], "threshold: 'nan'"),
    ("two_step_fca", ["--threshold", 5, "--decay", "gaussian:5"], "use enhanced_two"),
    ("cumulative_cutoff", ["--threshold", 5, "--decay", "linear:5"], "use gravity"),
    ("raam", ["--decay", "linear:5"], "decay: 'linear:5'"),
    ("gravity", ["--decay", "gauss:5"], "decay: 'gauss:5'"),
    ("gravity", ["--decay", "gaussian:-5"], "decay"),
    ("cost_to_closest", ["--k", 0], "k: '0'"),
    ("cost_to_closest", ["--k", 5_000_000], "k: '5000000' .* 1 to 100"),
    ("raam", ["--tau", 0], "tau"),
    ("raam", ["--rho", "nan"], "rho"),
    ("raam", ["--rho", "-1"], "rho"),
    ("raam", ["--max-cycles", 0], "max-cycles"),
    ("gini_index", [], "value-column: .* gini_index needs it"),
    ("gini_index", ["--value-column", "nope"], "value-column: 'nope'"),
    ("fgt", ["--value-column", "people"], "standard"),
    ("fgt", ["--value-column", "people", "--standard", 0], "standard"),
    ("fgt", ["--value-column", "people", "--standard", 9, "--alpha", -1], "alpha"),
    ("concentration_index", ["--value-column", "people"], "rank-column"),
    ("gravity", ["--cost-value", "minutes"], "cost-value: 'minutes'"),
    ("gravity", ["--demand-value", "pop"], "demand-value: 'pop'"),
    ("gravity", ["--supply-id", "pop"], "supply-id: 'pop'"),
    ("gravity", ["--supply", "nowhere.csv"], r"nowhere\.csv"),
    ("gravity", ["--cost", "nowhere.csv"], r"nowhere\.csv"),
]


@pytest.mark.parametrize(("measure", "options", "message"), REFUSED)
def test_a_question_that_cannot_be_answered_is_refused(run, measure, options, message):
    import re

    assert re.search(message, run.refused(measure, *run.given(), *options))


@pytest.mark.parametrize("srid", [4326, 4258, 1, -5])
def test_degrees_are_no_distance(run, srid):
    assert "srid" in run.refused("cost_to_closest", *run.placed(srid=srid))


@pytest.mark.parametrize("detour", ["0", "-1", "nan", "inf"])
def test_a_detour_that_is_no_factor_is_refused(run, detour):
    told = run.refused("cost_to_closest", *run.placed(), "--detour", detour)
    assert "detour" in told


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("demand.csv", DEMAND.replace("200", "-200"), "demand.csv, row 3, people"),
        ("demand.csv", DEMAND.replace("200", "NaN"), "demand.csv, row 3, people"),
        ("demand.csv", DEMAND.replace("200", ""), "demand.csv, row 3, people"),
        ("demand.csv", DEMAND + "A,1\n", "demand.csv, row 5, id"),
        ("demand.csv", "id,people\n", "no row below it"),
        ("demand.csv", "", "empty"),
        ("supply.csv", SUPPLY.replace("14", "x"), "supply.csv, row 3, places"),
        ("costs.csv", COSTS.replace(",2\n", ",-2\n"), "costs.csv, row 2, min"),
        ("costs.csv", COSTS + "A,s,2\n", "costs.csv, row 7"),
        ("costs.csv", "from,to,min\ns,A,2\n", "the right way round"),
    ],
)
def test_a_bad_file_is_refused_with_its_row(run, file, text, message):
    run.write(file, text)

    assert message in run.refused("gravity", *run.given(), *STEPS)


@pytest.mark.parametrize("option", ["--out", "--summary"])
@pytest.mark.parametrize("path", ["nowhere/out.csv", "demand.csv", "."])
def test_an_answer_goes_into_a_file_of_its_own(run, option, path):
    files = {"--out": run.folder / "o.csv", "--summary": run.folder / "s.json"}
    files[option] = run.folder / path

    with pytest.raises(CommandError, match=option.removeprefix("--")):
        call_command(
            "measure", "--measure", "gravity", *map(str, run.given()),
            *(str(word) for pair in files.items() for word in pair),
        )  # fmt: skip
    assert (run.folder / "demand.csv").read_text() == DEMAND


def test_a_pipe_is_not_waited_for(run):
    import os

    os.mkfifo(run.folder / "pipe")
    with pytest.raises(CommandError, match="pipe: not a regular file"):
        run("gini_index", *run.demand("pipe"), "--value-column", "people")


def test_a_place_outside_of_its_system_says_so(run):
    far = run.write("bad.csv", "id,lon,lat\na,23.7,37.9\nb,23.7,97.9\n")
    options = [
        "--demand",
        far,
        "--demand-id",
        "id",
        "--supply",
        far,
        "--supply-id",
        "id",
    ]

    told = run.refused("gravity", *options, "--x", "lon", "--y", "lat")

    assert "bad.csv, row 3, lon, lat: '23.7, 97.9'" in told


def test_the_two_answers_are_not_one_file(run):
    with pytest.raises(CommandError, match="summary"):
        run("gravity", *run.given(), out="x.csv", summary="x.csv")


def test_what_stood_there_before_stays_when_the_question_is_refused(run):
    (run.folder / "out.csv").write_text("before")
    run.write("costs.csv", COSTS.replace(",2\n", ",-2\n"))

    with pytest.raises(CommandError):
        run("gravity", *run.given())

    assert (run.folder / "out.csv").read_text() == "before"


def test_supply_is_needed_where_it_is_measured(run):
    assert "supply" in run.refused("gravity", *run.demand())


def test_it_starts_without_a_database_or_any_setting(run):
    options = [str(o) for o in (*run.demand(), "--value-column", "people")]

    said = subprocess.run(
        [
            sys.executable,
            REPOSITORY / "manage.py",
            "measure",
            "--measure",
            "gini-index",
            *options,
        ],
        env={"PATH": "/usr/bin:/bin"},
        cwd=run.folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(said.stdout)["measure"] == "gini_index"


def test_the_help_names_every_measure(capsys):
    with pytest.raises(SystemExit):
        call_command("measure", "--help")

    text = " ".join(capsys.readouterr().out.split())
    assert all(name in text for name in MEASURES)
