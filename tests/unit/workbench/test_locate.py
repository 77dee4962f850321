"""`manage.py locate` from files to files, on worlds whose answer is seen at a glance."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

# Four villages on a road, 1 km apart, in EPSG:2100.
PLACES = """id,people,x,y
a,10,476000,4202000
b,20,477000,4202000
c,5,478000,4202000
d,40,479000,4202000
"""
PAIRS = """home,site,minutes
a,s1,5
b,s1,8
b,s2,3
c,s2,9
d,s2,
"""
EDGES = "from,to,cost\na,b,9\nb,c,2\nb,a,4\nc,d,1\n"


class Answer:
    """What the command wrote and said."""

    def __init__(self, folder, out, err):
        with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.reader(file))
        self.summary = json.loads((folder / "summary.json").read_text("utf-8"))
        self.out, self.err = out, err

    def __getitem__(self, key):
        return self.summary[key]


@pytest.fixture
def locate(write, tmp_path):
    """Return a function that runs the command on texts, and reads what it wrote."""
    files = {"demand", "sites", "fixed", "cost", "graph"}

    def run(model, demand=PLACES, sites=PLACES, **options):
        given = {"demand": demand, "sites": sites, **options}
        arguments = [f"--model={model}"]
        for name, value in given.items():
            if name in files:
                value = write(f"{name}.csv", value)
            arguments.append(f"--{name.replace('_', '-')}={value}")
        out, err = StringIO(), StringIO()
        call_command(
            "locate",
            *arguments,
            f"--out={tmp_path / 'out.csv'}",
            f"--summary={tmp_path / 'summary.json'}",
            stdout=out,
            stderr=err,
        )
        return Answer(tmp_path, out.getvalue(), err.getvalue())

    return run


STRAIGHT = {"x": "x", "y": "y", "demand_value": "people"}
BY_COST = {
    "demand": "home,people\na,10\nb,20\nc,5\nd,40\n",
    "sites": "site\ns1\ns2\n",
    "demand_id": "home",
    "supply_id": "site",
    "demand_value": "people",
    "cost": PAIRS,
    "cost_from": "home",
    "cost_to": "site",
    "cost_value": "minutes",
}


def test_mclp_writes_a_row_for_each_place_in_the_order_of_the_file(locate):
    # Within 1 km of c live b, c and d: 65 of 75 people; of no other place more.
    found = locate("mclp", **STRAIGHT, sites_count=1, radius=1000)

    assert found.rows == [
        ["id", "site", "cost", "covered"],
        ["a", "c", "2000", "false"],
        ["b", "c", "1000", "true"],
        ["c", "c", "0", "true"],
        ["d", "c", "1000", "true"],
    ]
    assert (found["objective"], found["bound"], found["gap"]) == (65, 65, 0)
    assert (found["status"], found["chosen"]) == ("optimal", ["c"])


def test_the_summary_begins_with_the_keys_that_scripts_rely_on(locate):
    found = locate("mclp", **STRAIGHT, sites_count=1, radius=1000)

    keys = [
        "model",
        "objective",
        "bound",
        "gap",
        "status",
        "chosen",
        "uncoverable",
        "seconds",
    ]
    assert list(found.summary)[: len(keys)] == keys
    assert found["model"] == "mclp"


def test_a_detour_makes_the_way_longer(locate):
    # At 1.3 m for a metre nobody is within 1 km of another village.
    found = locate("mclp", **STRAIGHT, sites_count=1, radius=1000, detour=1.3)

    assert (found["objective"], found["chosen"]) == (40, ["d"])
    assert found.rows[1] == ["a", "d", "3900", "false"]


def test_fixed_sites_need_no_more_than_their_ids(locate):
    found = locate("mclp", **STRAIGHT, sites_count=1, radius=0, fixed="id\nd\n")

    assert (found["fixed"], found["new"]) == (["d"], ["b"])
    assert (found["chosen"], found["objective"]) == (["b", "d"], 60)


def test_fixed_sites_that_are_no_candidates_are_read_with_their_place(locate):
    old = "id,x,y\nold,476000,4202100\n"
    found = locate("mclp", **STRAIGHT, sites_count=1, radius=100, fixed=old)

    assert (found["chosen"], found["objective"]) == (["d", "old"], 50)
    assert found.rows[1] == ["a", "old", "100", "true"]


def test_lscp_counts_all_sites_and_lists_whom_none_can_reach(locate):
    # With c fixed, a is the one village further than 1 km; b's site would do as well.
    found = locate("lscp", **STRAIGHT, radius=1000, fixed="id\nc\n")
    assert (found["objective"], found["new"]) == (2, ["a"])

    found = locate("lscp", **STRAIGHT, radius=900, sites="id,x,y\nb,477000,4202000\n")
    assert found["uncoverable"] == ["a", "c", "d"]
    assert (found["status"], found["objective"]) == ("optimal", 1)


def test_partial_lscp_stops_at_its_share(locate):
    # d alone has 40 of 75 people, with b 60; 0.8 of 75 is 60, exactly.
    few = locate("partial_lscp", **STRAIGHT, radius=0, target=0.8)
    more = locate("partial-lscp", **STRAIGHT, radius=0, target=0.81)

    assert (few["objective"], few["chosen"]) == (2, ["b", "d"])
    assert (more["objective"], more["chosen"]) == (3, ["a", "b", "d"])


def test_a_share_that_cannot_be_had_is_an_answer_and_no_crash(locate):
    one = "id,x,y\nb,477000,4202000\n"
    found = locate("partial_lscp", **STRAIGHT, radius=100, sites=one, target=0.9)

    assert found["status"] == "infeasible"
    assert (found["objective"], found["bound"], found["gap"]) == (None, None, None)
    assert (found["chosen"], found["uncoverable"]) == ([], ["a", "c", "d"])
    assert (
        found["why"] == "all sites together reach 26.6667% of the demand, not 90.0000%"
    )
    assert found.rows[1] == ["a", "", "", "false"]


def test_costs_of_pairs_decide_where_they_are_given(locate):
    found = locate("p_median", **BY_COST, sites_count=2)

    # a and b are nearest to s1 and s2: 10 * 5 + 20 * 3 + 5 * 9; d reaches nothing.
    assert found["objective"] == 155
    assert found["uncoverable"] == ["d"]
    assert found.rows[1:] == [
        ["a", "s1", "5", "true"],
        ["b", "s2", "3", "true"],
        ["c", "s2", "9", "true"],
        ["d", "", "", "false"],
    ]
    assert "UNREACHABLE" in found["flags"]


def test_too_few_sites_to_reach_everybody_is_an_answer_and_no_crash(locate):
    found = locate("p_center", **BY_COST, sites_count=1)

    assert (found["status"], found["objective"]) == ("infeasible", None)
    assert "so few sites cannot reach" in found["why"]


def test_a_radius_tells_covered_rows_of_a_p_median_apart(locate):
    found = locate("p_median", **BY_COST, sites_count=2, radius=5)

    assert [row[3] for row in found.rows[1:]] == ["true", "true", "false", "false"]
    assert found["covered_demand"] == 30


def test_capacities_send_people_on(locate):
    given = {**BY_COST, "sites": "site,beds\ns1,20\ns2,10\n"}
    found = locate("mclp", **given, supply_value="beds", sites_count=2, radius=10)

    # s1 has room for b and not for a as well, or for a; s2 for c only: 20 + 5.
    assert found["objective"] == 25
    assert [row[1] for row in found.rows[1:]] == ["", "s1", "s2", ""]


def test_a_graph_gives_the_shortest_ways(locate):
    # a-b is listed twice, the last row says 4: a to d is 4 + 2 + 1.
    ids = "id,people\na,1\nb,1\nc,1\nd,1\n"
    found = locate("p_center", ids, ids, graph=EDGES, sites_count=1)

    assert (found["objective"], found["chosen"]) == (4, ["b"])
    assert found.rows[4] == ["d", "b", "3", "true"]


def test_an_edge_that_costs_nothing_is_a_way(locate):
    ids = "id\na\nb\n"
    graph = "from,to,cost\na,b,0\n"
    found = locate("p_median", ids, ids, graph=graph, sites_count=1)

    assert (found["objective"], found["status"]) == (0, "optimal")


def test_parts_of_a_graph_that_hang_not_together_need_a_site_each(locate):
    ids = "id\na\nb\nc\nd\n"
    graph = "from,to,cost\na,b,1\nc,d,1\n"

    assert (
        locate("p_median", ids, ids, graph=graph, sites_count=1)["status"]
        == "infeasible"
    )
    assert locate("p_median", ids, ids, graph=graph, sites_count=2)["objective"] == 2


def test_a_second_run_gives_the_same_files_but_for_the_seconds(locate):
    one = locate("mclp", **STRAIGHT, sites_count=2, radius=1000)
    two = locate("mclp", **STRAIGHT, sites_count=2, radius=1000)

    assert one.rows == two.rows
    assert {**one.summary, "seconds": 0} == {**two.summary, "seconds": 0}


def test_options_without_a_use_are_named(locate):
    found = locate("lscp", **STRAIGHT, radius=500, target=0.5, supply_value="people")

    assert found.err == "--target is not used here\n--supply-value is not used here\n"


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("mclp", {"sites_count": 1}, "radius: '' is not allowed; mclp needs it"),
        ("lscp", {}, "radius: '' is not allowed; lscp needs it"),
        ("mclp", {"radius": 5}, "sites-count: '' is not allowed; mclp needs it"),
        ("p_center", {}, "sites-count: '' is not allowed; p_center needs it"),
        ("p-median", {"sites_count": 5}, "sites-count: '5' is not allowed; 1 to 4"),
        ("p_median", {"sites_count": 0}, "sites-count: '0' is not allowed; 1 to 4"),
        ("p_median", {"sites_count": -1}, "sites-count: '-1' is not allowed"),
        ("lscp", {"radius": -1}, "radius: '-1.0' is not allowed; a number of 0"),
        ("lscp", {"radius": "nan"}, "radius: 'nan' is not allowed"),
        ("lscp", {"radius": 5, "time_limit": 0}, "time-limit: '0.0' is not allowed"),
        ("lscp", {"radius": 5, "detour": 0}, "detour: '0.0' is not allowed"),
        ("partial_lscp", {"radius": 5, "target": 0}, "target: '0.0' is not allowed"),
        ("partial_lscp", {"radius": 5, "target": 90}, "target: '90.0'.*up to 1"),
        ("lscp", {"radius": 5, "srid": 4326}, "srid: '4326' .*degrees are no distance"),
        ("lscp", {"radius": 5, "demand_value": "men"}, "demand-value: 'men'"),
        ("lscp", {"radius": 5, "supply_id": "code"}, "supply-id: 'code'"),
        ("lscp", {"radius": 5, "fixed": "id\nz\n"}, "x: 'x' is not allowed; a column"),
        ("lscp", {"radius": 5, "fixed": "id\na\na\n"}, "the id of row 2, too"),
        ("lscp", {"radius": 5, "sites": "id,x,y\n"}, "sites.csv"),
        ("lscp", {"radius": 5, "demand": "id,people,x,y\na,-1,0,0\n"}, "below 0"),
        ("tsp", {}, "model: 'tsp' is not allowed; one of mclp, lscp"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    locate, tmp_path, model, options, message
):
    with pytest.raises(CommandError, match=message):
        locate(model, **{**STRAIGHT, **options})
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cost_to": "sites"}, "cost-to: 'sites' is not allowed; a column"),
        ({"cost": "home,site,minutes\na,s1,-5\n"}, "a cost is 0 or more"),
        ({"cost": "home,site,minutes\nz,s1,5\n"}, "no row joins ids of both files"),
        ({"fixed": "site\ns9\n"}, "'s9': neither among the sites nor in any cost"),
        ({"graph": EDGES}, "graph: .* is not allowed; not with --cost"),
    ],
)
def test_costs_that_do_not_fit_are_refused_by_name(locate, options, message):
    with pytest.raises(CommandError, match=message):
        locate("p_median", **{**BY_COST, "sites_count": 1, **options})


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ("from,to,cost\na,b,-4\n", "row 2, cost.*below 0"),
        ("from,to,cost\na,b,\n", "row 2, cost.*missing"),
        ("from,to,cost\na,,3\n", "row 2, to.*an id is missing"),
        ("from,to,cost\na,b,inf\n", "row 2, cost"),
        ("from,to,metres\na,b,1\n", "cost-value: 'cost' is not allowed; a column"),
        ("from,to,cost\na,b,1\n", "demand, id: 'c': no vertex of graph.csv"),
    ],
)
def test_a_graph_that_does_not_fit_is_refused_by_name(locate, graph, message):
    ids = "id\na\nb\nc\n"
    with pytest.raises(CommandError, match=message):
        locate("p_median", ids, ids, graph=graph, sites_count=1)
