"""Streets come in from every format alike, whole or not at all."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from layers.errors import InvalidParameter, NotFound, UnreadableFile
from layers.ingest import streets as ingest
from layers.ingest.report import Mode
from layers.ingest.street_drawing import StreetOptions
from layers.ingest.streets import import_streets
from layers.models import (
    DataVersion,
    Municipality,
    StreetEdge,
    StreetNetwork,
    StreetNode,
)
from layers.selectors.streets import streets
from tests.factories import square
from tests.integration.ingest import street_files as files
from tests.integration.ingest.street_files import SPOTS, STRETCHES

pytestmark = pytest.mark.django_db

# One thousandth of a degree of longitude at 37.98 north in EPSG:2100, and of latitude.
EAST_M, SOUTH_M = 87.83, 110.98

WHOLE = {"margin_m": None, "smallest_part_m": 0.0}


def options(**given: Any) -> StreetOptions:
    values = {"municipality": "athens", "source": "OSM", "licence": "ODbL", **WHOLE}
    return StreetOptions(**{**values, **given})


def stored() -> list[tuple[int, int, float]]:
    rows = StreetEdge.objects.values_list(
        "start__source_id", "end__source_id", "length_m"
    )
    return sorted((a, b, round(length, 1)) for a, b, length in rows)


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (StreetNode, StreetEdge, StreetNetwork, DataVersion)
    ]


TOWN = [(1, 2, 87.8), (2, 3, 87.8), (2, 4, 111.0), (5, 6, 87.8)]


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: files.pbf(folder / "town.osm.pbf"),
        lambda folder: files.pbf(folder / "town.osm"),
        lambda folder: files.graphml(folder / "town.graphml"),
        lambda folder: files.geojson(folder / "town.geojson", ends=True),
    ],
    ids=["pbf", "osm xml", "graphml", "lines with u and v"],
)
def test_every_format_gives_the_same_network(city, tmp_path: Path, make: Any) -> None:
    report = import_streets(make(tmp_path), options())

    assert stored() == TOWN
    assert report.written
    assert report.figures["left out: motorways and the like"] == 1
    assert report.figures["streets between junctions"] == 4
    assert report.figures["kilometres"] == pytest.approx(
        (3 * EAST_M + SOUTH_M) / 1000, abs=1e-3
    )
    network = StreetNetwork.objects.get(municipality=city)
    assert (network.source, network.licence, network.detour) == ("OSM", "ODbL", None)
    assert DataVersion.objects.get(name="streets").version == 1


def test_lines_without_ends_meet_where_they_share_a_vertex(
    city, tmp_path: Path
) -> None:
    # Main Street is one line of three vertices; the steps touch it in its middle.
    lines = [
        {"highway": "residential", "coordinates": [SPOTS[n] for n in (1, 2, 3)]},
        {"highway": "steps", "coordinates": [SPOTS[4], SPOTS[2]]},
        {"highway": "footway", "coordinates": [(23.7205, 37.985), (23.7205, 37.975)]},
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"highway": line["highway"]},
            "geometry": {"type": "LineString", "coordinates": line["coordinates"]},
        }
        for line in lines
    ]
    path = tmp_path / "lines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    report = import_streets(path, options())

    # The footway crosses Main Street without a common vertex: it is a bridge.
    assert sorted(length for _, _, length in stored()) == [87.8, 87.8, 111.0, 1109.5]
    assert report.figures["parts that are not connected"] == 2
    assert StreetNode.objects.count() == 6


def test_heights_come_along(city, tmp_path: Path) -> None:
    heights = {1: 80.0, 2: 95.5}
    import_streets(files.pbf(tmp_path / "a.osm.pbf", heights=heights), options())
    from_osm = dict(StreetNode.objects.values_list("source_id", "elevation_m"))

    import_streets(
        files.geojson(tmp_path / "lines.geojson", ends=True),
        options(),
        nodes_path=files.junctions(tmp_path / "nodes.geojson", heights=heights),
    )
    from_layers = dict(StreetNode.objects.values_list("source_id", "elevation_m"))
    spots = {
        n: (*spot, heights[n]) if n in heights else spot for n, spot in SPOTS.items()
    }
    import_streets(files.graphml(tmp_path / "a.graphml", spots=spots), options())
    from_graph = dict(StreetNode.objects.values_list("source_id", "elevation_m"))

    wanted = {**dict.fromkeys(SPOTS), **heights}
    assert from_osm == from_layers == from_graph == wanted


def test_the_same_file_again_changes_nothing(city, tmp_path: Path) -> None:
    path = files.pbf(tmp_path / "town.osm.pbf")
    first = import_streets(path, options())
    StreetNetwork.objects.update(detour=1.25)
    before = everything()

    again = import_streets(path, options())

    assert everything() == before
    assert (first.created, again.created, again.unchanged) == (3, 0, 3)
    assert again.retired == 0


def test_the_same_streets_under_another_licence_are_the_same_streets(
    city, tmp_path: Path
) -> None:
    path = files.pbf(tmp_path / "town.osm.pbf")
    import_streets(path, options())
    ids = set(StreetEdge.objects.values_list("pk", flat=True))

    import_streets(path, options(licence="ODbL 1.0"))

    assert set(StreetEdge.objects.values_list("pk", flat=True)) == ids
    assert StreetNetwork.objects.get().licence == "ODbL 1.0"
    assert DataVersion.objects.get(name="streets").version == 2


def test_a_changed_file_replaces_the_network_and_says_what_changed(
    city, tmp_path: Path
) -> None:
    import_streets(files.pbf(tmp_path / "a.osm.pbf"), options())
    StreetNetwork.objects.update(detour=1.25, calibration={"pairs": 9})

    ways = [*files.WAYS[:2], ((3, 4), {"highway": "footway"})]
    report = import_streets(files.pbf(tmp_path / "b.osm.pbf", ways), options())

    assert [row[:2] for row in stored()] == [(1, 2), (2, 3), (2, 4), (3, 4)]
    assert (report.created, report.unchanged, report.retired) == (1, 2, 1)
    assert StreetNetwork.objects.get().detour is None
    (noted,) = report.findings["noted"].kept
    assert "calibrate_detour" in noted.reason


def test_a_dry_run_says_all_and_does_nothing(city, tmp_path: Path) -> None:
    before = everything()

    report = import_streets(
        files.pbf(tmp_path / "a.osm.pbf"), options(), Mode(dry_run=True)
    )

    assert everything() == before
    assert (report.created, report.written) == (3, False)


def test_both_directions_and_twins_are_one_street(city, tmp_path: Path) -> None:
    both = [(1, 2, {}), (2, 1, {}), (1, 2, {}), (2, 3, {})]

    report = import_streets(files.graphml(tmp_path / "a.graphml", both), options())

    assert stored() == [(1, 2, 87.8), (2, 3, 87.8)]
    assert report.figures["drawn twice or in both directions, kept once"] == 2


def test_two_ways_between_the_same_junctions_are_two_streets(
    city, tmp_path: Path
) -> None:
    bow = "LINESTRING (23.722 37.98, 23.7215 37.981, 23.721 37.98)"
    both = [(2, 3, {}), (2, 3, {"geometry": bow})]

    import_streets(files.graphml(tmp_path / "a.graphml", both), options())

    # Half a degree-thousandth east and one north: 2 x sqrt(43.9^2 + 111^2) = 238.7 m.
    assert [length for *_, length in stored()] == [87.8, pytest.approx(238.7, abs=0.1)]
    # The bow was drawn from 3 to 2, and is stored from 2 to 3.
    line = StreetEdge.objects.exclude(line=None).get().line
    assert line.coords[0] == SPOTS[2]


def test_loops_stay_and_streets_of_no_length_go_or_link(city, tmp_path: Path) -> None:
    spots = {**SPOTS, 7: SPOTS[3]}
    square_loop = "LINESTRING (23.72 37.98, 23.719 37.98, 23.719 37.981, 23.72 37.98)"
    stretches = [
        (1, 2, {}),
        (1, 1, {"geometry": square_loop}),
        (2, 2, {}),
        (2, 3, {}),
        (3, 7, {}),
        (7, 4, {}),
    ]

    report = import_streets(
        files.graphml(tmp_path / "a.graphml", stretches, spots), options()
    )

    assert (1, 1) in [row[:2] for row in stored()]
    assert (2, 2) not in [row[:2] for row in stored()]
    assert (3, 7, 0.0) in stored()
    assert report.figures["streets without length, left out"] == 1
    assert report.figures["links without length"] == 1
    assert report.figures["parts that are not connected"] == 1


def test_lengths_are_measured_and_what_the_file_says_is_compared(
    city, tmp_path: Path
) -> None:
    drawn = "LINESTRING (23.721 37.98, 23.722 37.98)"
    stretches = [
        (1, 2, {"length": 88.0}),  # within 2 % and 1 m: nothing to say
        (2, 3, {"length": 300.0, "geometry": drawn}),  # drawn: what is drawn counts
        (2, 4, {"length": 150.0}),  # not drawn: the way there winds
        (5, 6, {"length": 40.0}),  # shorter than the straight line: no street is
    ]

    report = import_streets(files.graphml(tmp_path / "a.graphml", stretches), options())

    assert [length for *_, length in stored()] == [87.8, 87.8, 150.0, 87.8]
    assert [(f.row, f.value) for f in report.findings["noted"].kept] == [
        (2, "300"),
        (4, "40"),
    ]


def test_small_parts_are_left_out_but_never_the_longest(city, tmp_path: Path) -> None:
    path = files.pbf(tmp_path / "a.osm.pbf")

    report = import_streets(path, options(smallest_part_m=100.0))
    assert [row[:2] for row in stored()] == [(1, 2), (2, 3), (2, 4)]
    assert report.figures["parts shorter than 100 m, left out"] == 1

    import_streets(path, options(smallest_part_m=5000.0))
    assert len(stored()) == 3


def test_streets_far_from_the_municipality_are_left_out(city, tmp_path: Path) -> None:
    Municipality.objects.update(boundary=square(23.7195, 37.9795, 0.002))

    # 0.0005 degrees of longitude past junction 3 are 44 m; the courtyard is 220 m off.
    report = import_streets(files.pbf(tmp_path / "a.osm.pbf"), options(margin_m=100.0))

    assert [row[:2] for row in stored()] == [(1, 2), (2, 3), (2, 4)]
    assert report.figures["streets outside, left out"] == 1


def test_an_extract_that_was_cut_off_ends_its_streets_there(
    city, tmp_path: Path
) -> None:
    without_3 = {number: spot for number, spot in SPOTS.items() if number != 3}

    import_streets(files.pbf(tmp_path / "a.osm.pbf", spots=without_3), options())

    assert [row[:2] for row in stored()] == [(1, 2), (2, 4), (5, 6)]


def test_a_graph_in_metres_is_read_in_its_own_system(city, tmp_path: Path) -> None:
    # Corners of a 3-4-5 triangle in EPSG:2100.
    spots = {1: (476000, 4203000), 2: (476300, 4203000), 3: (476300, 4203400)}
    stretches = [(1, 2, {}), (2, 3, {}), (1, 3, {})]
    path = files.graphml(tmp_path / "a.graphml", stretches, spots, crs="epsg:2100")

    import_streets(path, options())

    assert [length for *_, length in stored()] == [300.0, 500.0, 400.0]


def test_ids_that_are_words_are_numbered_alike_each_time(city, tmp_path: Path) -> None:
    spots = {"a": SPOTS[1], "b": SPOTS[2]}
    path = files.graphml(tmp_path / "a.graphml", [("a", "b", {})], spots)

    import_streets(path, options())
    ids = set(StreetNode.objects.values_list("source_id", flat=True))
    again = import_streets(path, options())

    assert len(ids) == 2
    assert again.unchanged == 1


REFUSED = [
    ([(1, 9, {})], "no node of that id"),
    ([(1, 2, {"length": "far"})], "metres, 0 or more"),
    ([(1, 2, {"length": -5})], "metres, 0 or more"),
    ([(1, 2, {"geometry": "POINT (1 1)"})], "LINESTRING"),
    ([(1, 2, {"geometry": "LINESTRING (1 1, 999 1)"})], "longitudes"),
    ([(1, 2, {"geometry": "nonsense"})], "LINESTRING"),
]


@pytest.mark.parametrize(("stretches", "reason"), REFUSED)
def test_one_broken_street_keeps_the_whole_file_out(
    city, tmp_path: Path, stretches: Any, reason: str
) -> None:
    before = everything()
    path = files.graphml(tmp_path / "a.graphml", [*STRETCHES, *stretches])

    report = import_streets(path, options())

    assert reason in report.findings["refused"].kept[0].reason
    assert (report.written, report.refused_rows) == (False, {len(STRETCHES) + 1})
    assert everything() == before
    partly = import_streets(path, options(), Mode(accept_partial=True))
    assert partly.written
    assert len(stored()) >= len(TOWN)


def test_a_node_without_a_position_keeps_the_file_out(city, tmp_path: Path) -> None:
    path = files.graphml(tmp_path / "a.graphml", spots={**SPOTS, 9: ("north", 1)})

    assert not import_streets(path, options()).written


def test_coordinates_of_another_system_are_told(city, tmp_path: Path) -> None:
    spots = {1: (476000, 4203000), 2: (476300, 4203000)}
    path = files.graphml(tmp_path / "a.graphml", [(1, 2, {})], spots)

    report = import_streets(path, options())

    assert "--crs" in report.findings["refused"].kept[0].reason


@pytest.mark.parametrize(
    "properties",
    [{"u": None, "v": 2}, {"u": 1.5, "v": 2}, {"u": "one", "v": 2}],
)
def test_ends_are_whole_ids(city, tmp_path: Path, properties: Any) -> None:
    path = files.geojson(tmp_path / "a.geojson", ends=True)
    found = json.loads(path.read_text())
    found["features"][0]["properties"].update(properties)
    path.write_text(json.dumps(found))

    assert not import_streets(path, options()).written


def test_a_polygon_is_no_street(city, tmp_path: Path) -> None:
    ring = [[23.72, 37.98], [23.73, 37.98], [23.73, 37.99], [23.72, 37.98]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"highway": "path"}, "geometry": shape}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    report = import_streets(path, options())

    assert "a street is a line" in report.findings["refused"].kept[0].reason


def test_a_layer_without_kinds_says_that_everything_counts(
    city, tmp_path: Path
) -> None:
    bare = [(a, b, {"street": "x"}) for a, b, _ in STRETCHES]

    report = import_streets(files.geojson(tmp_path / "a.geojson", bare), options())

    assert len(stored()) == 5  # the motorway, too: nobody can tell
    assert "no column highway" in report.findings["noted"].kept[0].reason


def test_geofabriks_name_for_highway_is_known(city, tmp_path: Path) -> None:
    renamed = [(a, b, {"fclass": tags["highway"]}) for a, b, tags in STRETCHES]

    import_streets(files.geojson(tmp_path / "a.geojson", renamed), options())

    assert len(stored()) == 4


@pytest.mark.parametrize(
    ("ways", "reason"),
    [
        ([], "no streets in it"),
        ([((1, 2), {"highway": "motorway"})], "no street in it that people may walk"),
    ],
)
def test_nothing_to_walk_is_refused(
    city, tmp_path: Path, ways: Any, reason: str
) -> None:
    import_streets(files.pbf(tmp_path / "a.osm.pbf"), options())
    before = everything()

    report = import_streets(files.pbf(tmp_path / "b.osm.pbf", ways), options())

    assert reason in report.findings["refused"].kept[0].reason
    assert everything() == before


def test_a_city_elsewhere_is_refused(city, tmp_path: Path) -> None:
    Municipality.objects.update(boundary=square(22.94, 40.62))  # Thessaloniki

    report = import_streets(files.pbf(tmp_path / "a.osm.pbf"), options(margin_m=3000.0))

    assert "check the reference system" in report.findings["refused"].kept[0].reason


BOMB = (
    '<!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
FETCH = '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("more", [BOMB, FETCH, "<!DOCTYPE graphml>"])
def test_entities_are_refused_before_they_unfold(
    city, tmp_path: Path, more: str
) -> None:
    path = files.graphml(tmp_path / "a.graphml", more=more)

    with pytest.raises(UnreadableFile, match="document type or entities"):
        import_streets(path, options())


@pytest.mark.parametrize("more", [BOMB, FETCH])
def test_osm_xml_has_no_entities_either(city, tmp_path: Path, more: str) -> None:
    path = tmp_path / "a.osm"
    node = '<node id="1" lat="37.98" lon="23.72"><tag k="name" v="&c;"/></node>'
    path.write_text(f'<?xml version="1.0"?>{more}<osm version="0.6">{node}</osm>')

    with pytest.raises(UnreadableFile, match="osmium cannot read it"):
        import_streets(path, options())


def test_broken_files_are_refused_without_telling_where_they_lie(
    city, tmp_path: Path
) -> None:
    whole = files.pbf(tmp_path / "a.osm.pbf").read_bytes()
    broken = {
        "cut.osm.pbf": whole[: len(whole) // 2],
        "cut.graphml": files.graphml(tmp_path / "b.graphml").read_bytes()[:600],
        "no.graphml": b'<?xml version="1.0"?><graphml><<',
        "empty.graphml": b"",
        "latin.graphml": b'<?xml version="1.0" encoding="x-none"?><graphml></graphml>',
    }
    for name, content in broken.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as caught:
            import_streets(path, options())
        assert name in caught.value.detail
        assert str(tmp_path) not in caught.value.detail


def test_options_that_do_not_fit_are_refused_by_name(city, tmp_path: Path) -> None:
    path = files.pbf(tmp_path / "a.osm.pbf")
    with pytest.raises(InvalidParameter, match="nodes"):
        import_streets(path, options(), nodes_path=tmp_path / "nodes.geojson")
    lines = files.geojson(tmp_path / "a.geojson")
    with pytest.raises(InvalidParameter, match="columns u and v"):
        import_streets(lines, options(), nodes_path=lines)
    with pytest.raises(InvalidParameter, match="crs"):
        import_streets(
            files.graphml(tmp_path / "a.graphml"), options(crs="EPSG:nonsense")
        )
    with pytest.raises(NotFound, match="municipality"):
        import_streets(path, options(municipality="sparta"))
    Municipality.objects.update(boundary=None)
    with pytest.raises(InvalidParameter, match="boundary"):
        import_streets(path, options(margin_m=3000.0))


def test_a_failure_half_way_leaves_nothing(
    city, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layers.ingest import street_writes

    import_streets(files.pbf(tmp_path / "a.osm.pbf"), options())
    before = everything()

    def broken(*_: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(street_writes, "_write_edges", broken)
    with pytest.raises(RuntimeError):
        import_streets(files.pbf(tmp_path / "b.osm.pbf", files.WAYS[:1]), options())

    assert everything() == before


def test_another_municipality_keeps_its_streets(city, tmp_path: Path) -> None:
    from tests.factories import StreetEdgeFactory

    other = StreetEdgeFactory()

    import_streets(files.pbf(tmp_path / "a.osm.pbf"), options())
    import_streets(files.pbf(tmp_path / "b.osm.pbf", files.WAYS[:1]), options())

    assert StreetEdge.objects.filter(pk=other.pk).exists()


def test_the_command_prints_the_report_and_refuses_bad_metres(
    city, tmp_path: Path
) -> None:
    path = files.pbf(tmp_path / "a.osm.pbf")
    out = io.StringIO()
    given = {"source": "OSM", "license": "ODbL", "stdout": out}

    call_command("import_streets", path, whole_file=True, **given)

    assert "2 accepted" in out.getvalue()
    for name in ("margin_m", "smallest_part_m"):
        for value in (-1.0, float("nan"), float("inf")):
            with pytest.raises(CommandError, match=name.replace("_", "-")):
                call_command("import_streets", path, **given, **{name: value})


def test_arrays_from_the_database_are_what_was_loaded(city, tmp_path: Path) -> None:
    bow = "LINESTRING (23.722 37.98, 23.7215 37.981, 23.721 37.98)"
    stretches = [*STRETCHES, (2, 3, {"geometry": bow})]
    import_streets(files.graphml(tmp_path / "a.graphml", stretches), options())

    found = streets(city.pk)

    assert sorted(found.node_ids) == [1, 2, 3, 4, 5, 6]
    assert len(found.start) == len(found.first) - 1 == 5
    for number in range(5):
        line = found.vertices[found.first[number] : found.first[number + 1]]
        assert np.allclose(line[0], found.xy[found.start[number]], atol=1e-6)
        assert np.allclose(line[-1], found.xy[found.end[number]], atol=1e-6)
        drawn_m = np.hypot(*np.diff(line, axis=0).T).sum()
        assert found.length_m[number] == pytest.approx(drawn_m, abs=1e-6)
    assert np.isnan(found.elevation_m).all()


def test_a_municipality_without_streets_has_empty_arrays(city) -> None:
    found = streets(city.pk)

    assert (len(found.xy), len(found.start), found.first.tolist()) == (0, 0, [0])


def test_what_a_file_is_is_told_by_what_is_in_it(city, tmp_path: Path) -> None:
    odd = files.pbf(tmp_path / "town.osm.pbf").rename(tmp_path / "town.txt")

    assert ingest._kind(odd) == "pbf"
    assert import_streets(odd, options()).written
