"""The streets of the centre of Athens, from the real files; skipped where they are absent."""

import heapq
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import call_command

from layers.analysis.calibration import city_detour
from layers.analysis.street_graphs import PreparedStreets
from layers.analysis.street_network import StreetNetwork
from layers.ingest.street_drawing import StreetOptions
from layers.ingest.streets import import_streets
from layers.models import StreetEdge
from layers.selectors.streets import Streets, streets
from tests.factories import MunicipalityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.reference]

OPTIONS = StreetOptions(
    municipality="athens",
    source="© OpenStreetMap contributors",
    licence="ODbL 1.0",
    margin_m=None,
)

# What SOURCES.md of the data says of the files.
NODES, DIRECTED_EDGES, DIRECTED_KM = 1417, 2692, 139.8


@pytest.fixture
def centre(shared_data: Path, db: None) -> Streets:
    athens = MunicipalityFactory(slug="athens", code="9186")
    import_streets(shared_data / "athens_centre.graphml", OPTIONS)
    return streets(athens.pk)


def test_the_graph_comes_in_whole(shared_data: Path, db: None) -> None:
    MunicipalityFactory(slug="athens", code="9186")

    report = import_streets(shared_data / "athens_centre.graphml", OPTIONS)

    assert report.read == DIRECTED_EDGES
    assert report.refused == 0
    assert report.figures["junctions"] == NODES
    assert report.figures["parts that are not connected"] == 1
    # Both directions of a street are one: between half and all of the directed edges.
    assert DIRECTED_EDGES / 2 < StreetEdge.objects.count() < DIRECTED_EDGES
    assert DIRECTED_KM / 2 < report.figures["kilometres"] < DIRECTED_KM
    # OSMnx measured great circles: all within 2 % and 1 m of what we measure.
    assert report.findings["noted"].count == 0


def test_the_layers_are_the_same_streets_as_the_graph(
    shared_data: Path, centre: Streets
) -> None:
    ids = set(StreetEdge.objects.values_list("pk", flat=True))

    report = import_streets(
        shared_data / "athens_centre_streets_edges.geojson",
        OPTIONS,
        nodes_path=shared_data / "athens_centre_streets_nodes.geojson",
    )

    assert (report.created, report.updated, report.retired) == (0, 0, 0)
    assert set(StreetEdge.objects.values_list("pk", flat=True)) == ids


def walk_by_heap(found: Streets, start: int) -> dict[int, float]:
    """Return metres from one junction to all, by the textbook."""
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for a, b, length in zip(found.start, found.end, found.length_m, strict=True):
        ways[int(a)].append((int(b), float(length)))
        ways[int(b)].append((int(a), float(length)))
    least: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        metres, here = heapq.heappop(waiting)
        if here not in least:
            least[here] = metres
            for there, more in ways[here]:
                heapq.heappush(waiting, (metres + more, there))
    return least


def test_walks_between_junctions_are_those_of_the_textbook(centre: Streets) -> None:
    engine = StreetNetwork(PreparedStreets(centre))
    for start in (0, 700, 1400):
        known = walk_by_heap(centre, start)

        walk_m, _ = engine.to_closest(centre.xy, centre.xy[start : start + 1])

        wanted = [known[n] for n in range(NODES)]
        assert np.allclose(walk_m, wanted, atol=1e-5)


def test_places_are_put_where_shapely_puts_them(centre: Streets) -> None:
    lines = shapely.linestrings(
        centre.vertices,
        indices=np.repeat(np.arange(len(centre.start)), np.diff(centre.first)),
    )
    rng = np.random.default_rng(4)
    low, high = centre.xy.min(axis=0) - 300, centre.xy.max(axis=0) + 300
    spots = rng.uniform(low, high, (3000, 2))
    tree = shapely.STRtree(lines)
    _, wanted_m = tree.query_nearest(
        shapely.points(spots), return_distance=True, all_matches=False
    )

    found = PreparedStreets(centre).snapped(spots, 250.0)

    near = wanted_m <= 250
    assert (found.line >= 0).tolist() == near.tolist()
    assert np.allclose(found.away_m[near], wanted_m[near], atol=1e-6)
    along = shapely.line_interpolate_point(
        lines[found.line[near]], found.fraction[near], normalized=True
    )
    assert np.allclose(
        shapely.distance(along, shapely.points(spots[near])), wanted_m[near], atol=1e-6
    )


def test_no_walk_in_athens_is_shorter_than_the_straight_line(centre: Streets) -> None:
    rng = np.random.default_rng(2)
    low, high = centre.xy.min(axis=0), centre.xy.max(axis=0)
    homes, sites = rng.uniform(low, high, (2000, 2)), rng.uniform(low, high, (60, 2))

    walk_m, index = StreetNetwork(PreparedStreets(centre)).k_closest(homes, sites, 3)

    reached = np.isfinite(walk_m)
    assert reached.all(axis=1).mean() > 0.99
    straight_m = np.hypot(*np.moveaxis(homes[:, None] - sites[index], 2, 0))
    assert (walk_m[reached] >= straight_m[reached] - 1e-6).all()
    assert (walk_m[:, 1:] >= walk_m[:, :-1]).all()


def test_the_detour_of_the_centre_is_that_of_a_european_city(centre: Streets) -> None:
    nobody = np.empty((0, 2)), np.empty(0)

    found = city_detour(PreparedStreets(centre), *nobody, pairs=2000, seed=1)

    # 1.2 (Newell 1980), 1.21-1.23 (O'Sullivan & Morrall 1996), for streets for cars
    # and junctions a little more; never the 1.3 nor the 1 that nobody measured.
    assert 1.15 < found.detour < 1.3
    assert found.share_without_way == 0.0


def test_the_commands_do_it_as_the_how_to_says(
    shared_data: Path, db: None, capsys: Any
) -> None:
    MunicipalityFactory(slug="athens", code="9186")

    call_command(
        "import_streets",
        shared_data / "athens_centre.graphml",
        source="© OpenStreetMap contributors",
        license="ODbL 1.0",
        whole_file=True,
    )
    call_command("calibrate_detour")

    said = capsys.readouterr().out
    assert "1,417" in said
    assert "detour 1.2" in said
    assert "kept for straight_line" in said
