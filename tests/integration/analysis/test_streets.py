"""Streets from the database to the figures: kept while they are true, and no longer."""

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import LineString
from django.core.management import CommandError, call_command

from layers.analysis import street_graphs
from layers.analysis.city_defaults import as_the_city_walks, detour_of
from layers.analysis.coverage import analyse
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.analysis.street_graphs import prepared_streets
from layers.analysis.travel_cost import travel_cost
from layers.directory import read_model
from layers.errors import InvalidParameter, NotFound
from layers.models import DataVersion, StreetEdge, StreetNetwork, StreetNode
from tests import factories as make
from tests.integration.analysis.city import CORNER, SRID, City, at
from tests.unit.analysis.worlds import NOVEMBER

ON_STREETS = CoverageParameters("athens", engine="street_network", threshold_min=10)


@pytest.fixture(autouse=True)
def _nothing_kept():
    street_graphs.forget()
    yield
    street_graphs.forget()


def streets(city: City, *roads: Any, step: float = 250) -> list[Any]:
    """Load roads, each a list of (x, y) in metres with a junction at every bend."""
    junctions: dict[tuple[float, float], Any] = {}
    for road in roads:
        for spot in road:
            if spot not in junctions:
                junctions[spot] = make.StreetNodeFactory(
                    municipality=city.municipality, point=at(*spot)
                )
        for one, other in pairwise(road):
            make.StreetEdgeFactory(
                start=junctions[one],
                end=junctions[other],
                line=None,
                length_m=float(np.hypot(one[0] - other[0], one[1] - other[1])),
            )
    make.StreetNetworkFactory(municipality=city.municipality)
    return list(junctions.values())


def served(found: Any, term: str = "clinic") -> Any:
    (row,) = (r for r in found.rows if r.is_total and r.term == term)
    return row


def test_a_canal_parts_those_who_look_near(city: City) -> None:
    # A clinic at (900, 500); 100 people at (1100, 500), 200 m as the crow flies. The
    # canal runs at x = 1000, and the only bridge is 600 m north: (900, 500) to
    # (900, 1100), over to (1100, 1100), down again: 600 + 200 + 600 = 1400 m.
    streets(city, [(900, 500), (900, 1100), (1100, 1100), (1100, 500)])
    city.people(1100, 100)
    city.people(900, 30)
    city.place(900, "clinic")
    city.publish()

    on_streets = served(analyse(ON_STREETS, as_of=NOVEMBER))
    straight = served(
        analyse(CoverageParameters("athens", threshold_min=10), as_of=NOVEMBER)
    )

    # 10 minutes are 750 m.
    assert (on_streets.residents_served, straight.residents_served) == (30, 130)
    assert on_streets.mean_walk_m == pytest.approx((100 * 1400 + 0) / 130, abs=0.2)
    assert "NO_NETWORK" not in on_streets.flags
    assert "NO_SLOPE" in on_streets.flags
    assert "NO_NETWORK" in straight.flags


def test_people_off_the_streets_are_told_and_flagged(city: City) -> None:
    streets(city, [(100, 500), (900, 500)])
    city.people(500, 50, y=560)  # 60 m off: flagged
    city.people(500, 70, y=900)  # 400 m off: not reached
    city.place(400, "clinic")
    city.publish()

    found = analyse(ON_STREETS, as_of=NOVEMBER)

    assert served(found).residents_served == 50
    assert "SNAP" in served(found).flags
    assert found.summary["residents_off_streets"] == 70
    assert found.summary["snap_limit_m"] == 250
    assert found.summary["streets"]["licence"] == "ODbL 1.0"


def test_a_few_people_off_the_streets_are_not_told(city: City) -> None:
    streets(city, [(100, 500), (900, 500)])
    city.people(500, 70, y=500)
    city.people(500, 3, y=900)
    city.publish()

    found = analyse(ON_STREETS, as_of=NOVEMBER)

    assert found.summary["residents_off_streets"] is None


def test_streets_are_read_once_and_anew_when_they_change(
    city: City, django_assert_num_queries: Any
) -> None:
    junctions = streets(city, [(0, 500), (900, 500)])
    key = city.municipality.pk

    first = prepared_streets(key)
    with django_assert_num_queries(1):
        assert prepared_streets(key) is first

    make.StreetEdgeFactory(start=junctions[0], end=junctions[1], line=None, length_m=5)
    second = prepared_streets(key)
    assert second is not first
    read_model.bump("streets")
    assert prepared_streets(key) is not second


def test_a_process_holds_few_cities(city: City) -> None:
    first = city.municipality.pk
    streets(city, [(0, 500), (900, 500)])
    kept = prepared_streets(first)
    others = []
    for _ in range(3):
        start = make.StreetNodeFactory()
        end = make.StreetNodeFactory(municipality=start.municipality)
        make.StreetEdgeFactory(start=start, end=end)
        others.append(start.municipality_id)

    for other in others:
        assert prepared_streets(other) is not None

    assert list(street_graphs._kept) == others[-street_graphs.KEPT_NETWORKS :]
    assert prepared_streets(first) is not kept


def test_lines_are_taken_as_they_are_drawn(city: City) -> None:
    start = make.StreetNodeFactory(municipality=city.municipality, point=at(0, 0))
    end = make.StreetNodeFactory(municipality=city.municipality, point=at(400, 0))
    bow = LineString(
        *((CORNER[0] + x, CORNER[1] + y) for x, y in ((0, 0), (0, 300), (400, 0))),
        srid=SRID,
    )
    make.StreetEdgeFactory(start=start, end=end, line=bow, length_m=800)

    engine = travel_cost(ON_STREETS)
    walk_m, _ = engine.to_closest(
        np.array([(CORNER[0] - 10, CORNER[1] + 200)]), np.array([CORNER])
    )

    # 10 m to the bow at (0, 200), and 200 m down to its beginning.
    assert walk_m[0] == pytest.approx(210, abs=0.01)


@pytest.mark.parametrize(
    ("slug", "error"), [("athens", InvalidParameter), ("sparta", NotFound)]
)
def test_streets_that_are_not_there_are_told(city: City, slug: str, error: Any) -> None:
    with pytest.raises(error, match=slug):
        travel_cost(CoverageParameters(slug, engine="street_network"))


def test_a_run_is_made_anew_when_the_streets_change(city: City) -> None:
    junctions = streets(city, [(900, 500), (900, 1100), (1100, 1100), (1100, 500)])
    city.people(1100, 100)
    city.place(900, "clinic")
    city.publish()
    before = get_or_run(ON_STREETS, today=NOVEMBER)
    assert get_or_run(ON_STREETS, today=NOVEMBER).pk == before.pk

    # A second bridge, 200 m long, between the clinic and the people.
    make.StreetEdgeFactory(
        start=junctions[0], end=junctions[3], line=None, length_m=200
    )
    read_model.bump("streets")
    after = get_or_run(ON_STREETS, today=NOVEMBER)

    def reached(run: Any) -> float:
        return run.rows.get(is_total=True, term="clinic").residents_served

    assert after.pk != before.pk
    assert (reached(before), reached(after)) == (0, 100)


# Calibration


def block_of_streets(city: City, n: int = 12, step: float = 90) -> None:
    across = [[(x * step, y * step) for x in range(n)] for y in range(n)]
    up = [[(x * step, y * step) for y in range(n)] for x in range(n)]
    streets(city, *across, *up)


def calibrated(**given: Any) -> str:
    out = io.StringIO()
    call_command("calibrate_detour", municipality="athens", stdout=out, **given)
    return out.getvalue()


def test_the_detour_is_measured_kept_and_used(city: City) -> None:
    block_of_streets(city)
    city.people(500, 100)
    city.place(520, "clinic")
    city.publish()
    assert detour_of("athens", "straight_line") == 1.3

    said = calibrated(pairs=300)

    network = StreetNetwork.objects.get()
    # In a grid between 1 and sqrt(2), and at home 500, 500 is near no junction.
    assert 1.15 < network.detour < 1.45
    assert f"detour {network.detour:.3f}" in said
    assert network.calibration["pairs"] == 300
    assert DataVersion.objects.get(name="streets").version == 1
    assert detour_of("athens", "straight_line") == network.detour
    assert detour_of("athens", "straight_line", 1.2) == 1.2
    call_command("run_coverage", municipality="athens", stdout=io.StringIO())
    question = as_the_city_walks(CoverageParameters("athens", by="committee"))
    assert question.detour == network.detour
    run = get_or_run(question)
    assert run.is_default
    assert run.summary["detour_measured"] == network.calibration
    assert set(StreetNode.objects.values_list("local_detour", flat=True)) != {None}


def test_the_second_calibration_says_the_same(city: City) -> None:
    block_of_streets(city)

    first = calibrated()
    junctions = list(StreetNode.objects.order_by("pk").values_list("local_detour"))
    again = calibrated()

    assert first == again
    assert junctions == list(
        StreetNode.objects.order_by("pk").values_list("local_detour")
    )


def test_a_dry_calibration_keeps_nothing(city: City) -> None:
    block_of_streets(city)

    assert "nothing was kept" in calibrated(dry_run=True)

    assert StreetNetwork.objects.get().detour is None
    assert not DataVersion.objects.filter(name="streets").exists()
    assert set(StreetNode.objects.values_list("local_detour", flat=True)) == {None}


def test_people_where_walks_are_long_are_flagged_on_straight_lines(city: City) -> None:
    junctions = streets(city, [(100, 500), (900, 500)])
    junctions[0].local_detour, junctions[1].local_detour = 1.7, 1.2
    StreetNode.objects.bulk_update(junctions, ["local_detour"])
    city.people(110, 100)
    city.publish()
    asked = CoverageParameters("athens")

    assert "LOCAL_DETOUR" in served(analyse(asked, as_of=NOVEMBER)).flags

    junctions[0].local_detour = 1.6  # not above 1.6
    junctions[0].save()
    assert "LOCAL_DETOUR" not in served(analyse(asked, as_of=NOVEMBER)).flags


def test_walks_along_streets_become_what_pages_show(city: City) -> None:
    streets(city, [(100, 500), (900, 500)])
    city.people(400, 100)
    city.place(500, "clinic")
    city.publish()
    out = io.StringIO()

    call_command(
        "run_coverage", municipality="athens", engine="street_network", stdout=out
    )

    assert "by street_network" in out.getvalue()
    asked = as_the_city_walks(CoverageParameters("athens", threshold_min=20))
    assert (asked.engine, asked.detour) == ("street_network", 1.0)


def test_the_command_says_how_many_live_off_the_streets(city: City) -> None:
    streets(city, [(100, 500), (900, 500)])
    city.people(1900, 1234)
    city.publish()
    out = io.StringIO()

    call_command(
        "run_coverage", municipality="athens", engine="street_network", stdout=out
    )

    assert "1,234 of them live more than 250 m from any street" in out.getvalue()


@pytest.mark.parametrize(
    ("given", "said"),
    [({"pairs": 0}, "pairs"), ({"pairs": 10**9}, "pairs"), ({}, "import_streets")],
)
def test_a_calibration_that_cannot_be_made_says_why(
    city: City, given: Any, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        calibrated(**given)


def test_an_unknown_city_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="sparta"):
        call_command("calibrate_detour", municipality="sparta")


def test_streets_go_with_their_municipality(city: City) -> None:
    streets(city, [(100, 500), (900, 500)])

    city.municipality.delete()

    assert not StreetEdge.objects.exists()
    assert not StreetNetwork.objects.exists()
