"""Pages and single features of any layer, counted by hand on the layer of trees."""

import datetime as dt
from itertools import pairwise
from typing import Any

import orjson
import pytest
from django.db import connection

from layers.errors import InvalidParameter, NotFound
from layers.published.layers import catalogue, extents, items
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.filters import Box, LayerFilters, Span
from layers.published.layers.items import ItemsPage
from layers.published.layers.layer import Condition, Layer
from layers.published.layers.page_sql import ItemsQuestion, SortKey
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(layer: str, **asked: Any) -> ItemsPage:
    return items.page(layer, lambda _: ItemsQuestion(**{"limit": 100, **asked}))


def features(found: ItemsPage) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = orjson.loads(b"[%b]" % found.features)
    return listed


def ids(layer: str, **filters: Any) -> list[Any]:
    return [f["id"] for f in features(page(layer, filters=LayerFilters(**filters)))]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_feature_holds_every_column_as_it_is(trees: str) -> None:
    assert features(page(trees))[0] == {
        "type": "Feature",
        "id": 1,
        "geometry": {"type": "Point", "coordinates": [23.7, 37.98]},
        "properties": {
            "No": 1,
            "Είδος": "Ελιά",
            "height_m": 4.5,
            "girth_cm": 90,
            "is_old": True,
            "planted": "1990-03-01",
            "seen_at": "2026-11-01T10:00:00+00:00",
            "tags": ["a", "b"],
            '50 % "a" ': "x",
        },
    }


def test_a_feature_without_a_place_has_a_null_geometry(trees: str) -> None:
    assert features(page(trees))[3]["geometry"] is None


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(23.6, 37.9, 23.73, 38.1), [1, 2, 4]),  # 4 has no place: in every box
        (Box(23.70, 37.98, 23.72, 37.98), [1, 2, 4]),  # edges are inside
        (Box(23.700001, 37.9, 23.719999, 38.1), [4]),
        (Box(179, -1, -179, 1), [4, 10, 11]),  # over the antimeridian
        (Box(-180, -90, 180, 90), [1, 2, 3, 4, 10, 11]),
        (Box(0, 0, 0, 0), [4]),
        (Box(2610000, 4560000, 2642000, 4590000, srid=3857), [1, 2, 4]),
    ],
)
def test_boxes(trees: str, box: Box, expected: list[int]) -> None:
    assert ids(trees, box=box) == expected


def test_a_box_in_another_system_finds_polygons(areas: str) -> None:
    # Square b runs from x 477000 to 478000: a box inside it, and one that touches c.
    assert ids(areas, box=Box(477100, 4203100, 477900, 4203900, srid=2100)) == ["b"]
    assert ids(areas, box=Box(477100, 4203100, 478000, 4203900, srid=2100)) == [
        "b",
        "c",
    ]
    whole = page(areas, shape=Shape(srid=4326))
    west, south = features(whole)[0]["geometry"]["coordinates"][0][0][0]
    around = Box(west - 0.001, south - 0.001, west + 0.001, south + 0.001)
    assert ids(areas, box=around) == ["a"]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(moment("2001-01-01"), moment("2001-12-31T23:59:59")), [2, 3, 4]),
        (Span(moment("2001-12-31T18:00"), moment("2001-12-31T19:00")), [3, 4]),
        (Span(None, moment("1990-03-01")), [1, 4]),
        (Span(moment("2020-06-15T12:00"), None), [4, 10, 11]),
        (Span(None, None), [1, 2, 3, 4, 10, 11]),
    ],
)
def test_days_are_met_by_every_moment_of_theirs(
    trees: str, span: Span, expected: list[int]
) -> None:
    assert ids(trees, span=span) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2020-06-01", "2020-06-01", ["a", "b", "c"]),
        ("2021-01-01", "2021-01-02", ["b", "c"]),
        ("2022-01-01", "2022-01-01", ["c"]),
        ("2019-01-01", "2019-12-31", ["b", "c"]),
    ],
)
def test_intervals_may_be_open(
    areas: str, start: str, end: str, expected: list[str]
) -> None:
    assert ids(areas, span=Span(moment(start), moment(end))) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (("ελια",), [1, 2]),
        (("PINE",), [3]),
        (("oak", "pine"), [3, 10, 11]),
        (("%",), []),
    ],
)
def test_search_minds_neither_case_nor_accents(
    trees: str, terms: tuple[str, ...], expected: list[int]
) -> None:
    assert ids(trees, terms=terms) == expected


def test_pages_go_on_behind_the_last_key(trees: str) -> None:
    seen: list[int] = []
    after = None
    for _ in range(4):
        found = page(trees, limit=2, after=after)
        seen += [f["id"] for f in features(found)]
        after = found.next_key
        if after is None:
            break
    assert seen == [1, 2, 3, 4, 10, 11]  # by number, not by text: 10 behind 4


def test_a_feature_that_comes_between_two_pages_shifts_nothing(trees: str) -> None:
    first = page(trees, limit=2)
    with connection.cursor() as cursor:
        cursor.execute('INSERT INTO published.trees ("No") VALUES (0)')
    assert [f["id"] for f in features(page(trees, limit=2, after=first.next_key))] == [
        3,
        4,
    ]


@pytest.mark.parametrize("is_descending", [False, True])
def test_sorted_pages_keep_nulls_last_and_lose_nothing(
    trees: str, is_descending: bool
) -> None:
    column = catalogue.layer(trees).column("height_m")
    assert column is not None
    sort = (SortKey(column, is_descending),)
    seen: list[int] = []
    after: tuple[str | None, ...] | None = None
    while True:
        found = page(trees, limit=1, sort=sort, after=after)
        seen += [f["id"] for f in features(found)]
        after = found.next_key
        if after is None:
            break
    # heights 4.5, 6, 12, null, 9, 9; equal heights by key
    assert seen == ([3, 10, 11, 2, 1, 4] if is_descending else [1, 2, 10, 11, 3, 4])


def test_text_is_sorted_by_code_point(trees: str) -> None:
    column = catalogue.layer(trees).column("Είδος")
    assert column is not None
    names = [
        f["properties"]["Είδος"] for f in features(page(trees, sort=(SortKey(column),)))
    ]
    assert names == ["Oak", "Oak", "Pine", "ΕΛΙΑ", "Ελιά", None]


def test_offset_leaves_out(trees: str) -> None:
    assert [f["id"] for f in features(page(trees, limit=2, offset=4))] == [10, 11]
    assert features(page(trees, offset=100)) == []


def test_what_matches_is_counted_where_it_is_asked_or_known(trees: str) -> None:
    assert page(trees, limit=2).matched is None
    assert page(trees, limit=2, has_count=True).matched == 6
    assert page(trees, limit=100).matched == 6
    assert page(trees, limit=100, offset=4).matched == 6
    assert page(trees, limit=100, offset=50).matched is None


@pytest.mark.parametrize(
    "after", [("1", "2"), (None,), (), ("x",), ("1; DROP TABLE",), ("9" * 30,)]
)
def test_a_key_that_is_none_is_refused(trees: str, after: Any) -> None:
    with pytest.raises(InvalidParameter):
        page(trees, after=after)


def test_properties_are_chosen(trees: str) -> None:
    found = features(page(trees, shape=Shape(properties=("planted",))))
    assert found[0]["properties"] == {"planted": "1990-03-01"}
    nothing = features(page(trees, shape=Shape(properties=(), has_geometry=False)))
    assert (nothing[0]["properties"], nothing[0]["geometry"]) == ({}, None)


def test_other_systems_and_their_axes(trees: str) -> None:
    # Point 1 in EPSG:2100 by pyproj, always_xy.
    from layers.geo import transformer

    x, y = transformer(4326, 2100).transform(23.70, 37.98)
    metric = features(page(trees, shape=Shape(srid=2100, decimals=1)))[0]
    assert metric["geometry"]["coordinates"] == pytest.approx([x, y], abs=0.06)
    flipped = features(page(trees, shape=Shape(is_flipped=True)))[0]
    assert flipped["geometry"]["coordinates"] == [37.98, 23.7]


def test_outer_rings_run_against_the_clock(areas: str) -> None:
    ring = features(page(areas))[0]["geometry"]["coordinates"][0][0]
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    assert area > 0


def test_one_feature_by_its_key(trees: str) -> None:
    text, state = items.item(trees, "3", lambda _: Shape())
    assert text is not None
    assert orjson.loads(text)["properties"]["Είδος"] == "Pine"
    assert state.version.startswith("1.") or state.version.startswith("2.")
    assert items.item(trees, "99", lambda _: Shape())[0] is None


@pytest.mark.parametrize("fid", ["x", "1' OR '1", "9" * 40, "\x00", "1.5", ""])
def test_a_key_that_can_be_none_is_no_feature(trees: str, fid: str) -> None:
    with pytest.raises(NotFound):
        items.item(trees, fid, lambda _: Shape())


def test_a_filter_that_cannot_be_computed_is_the_reader_s_fault(trees: str) -> None:
    broken = Condition("1 / (%(n)s::integer) > r.height_m", {"n": 0})
    with pytest.raises(InvalidParameter, match="division by zero"):
        ids(trees, conditions=(broken,))


def test_a_layer_that_is_gone_is_not_found(trees: str) -> None:
    assert page(trees).n == 6
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE published.trees")
        cursor.execute(
            "UPDATE layers_dataversion SET version = version + 1 WHERE name = 'catalogue'"
        )
    with pytest.raises(NotFound):
        page(trees)


def test_a_layer_that_changed_its_columns_is_described_anew(trees: str) -> None:
    asked: list[Layer] = []

    def ask(layer: Layer) -> ItemsQuestion:
        asked.append(layer)
        return ItemsQuestion()

    items.page(trees, ask)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE published.trees DROP COLUMN girth_cm")
        cursor.execute(
            "UPDATE layers_dataversion SET version = version + 1 WHERE name = 'catalogue'"
        )
    found = items.page(trees, ask)
    assert "girth_cm" not in features(found)[0]["properties"]
    assert asked[-1].column("girth_cm") is None


def test_the_ready_made_feature_is_what_would_be_written_anew() -> None:
    from layers.directory.read_model import refresh

    pair = make.ServiceAtLocationFactory()
    refresh([pair.service_id])
    layer = catalogue.layer("service-points")
    assert "_feature" in feature_sql(layer, Shape())
    stored = features(page("service-points"))
    every = tuple(c.name for c in layer.columns)
    made = features(page("service-points", shape=Shape(properties=every)))
    assert stored == made
    assert len(stored) == 1


def test_extents_say_how_far_a_layer_reaches(trees: str, areas: str) -> None:
    found = extents.extent(catalogue.layer(trees))
    assert (found.n, found.n_placed) == (6, 5)
    assert found.bounds == (-179.9, 0, 179.9, 37.99)
    assert (found.first, found.last) == (dt.date(1990, 3, 1), dt.date(2020, 6, 15))
    squares = extents.extent(catalogue.layer(areas))
    assert squares.storage_bounds == (476000, 4203000, 479000, 4204000)
    assert squares.bounds is not None
    assert squares.bounds[0] < 23.75 < squares.bounds[2]
    assert (squares.first, squares.last) == (None, None)  # open at both ends


def test_an_extent_is_found_anew_when_the_data_changed(trees: str) -> None:
    layer = catalogue.layer(trees)
    before = extents.extent(layer)
    assert extents.count_at(layer, before.state) == 6
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM published.trees WHERE "No" = 1')
        cursor.execute(
            "UPDATE layers_dataversion SET version = version + 1"
            " WHERE name = 'layer:trees'"
        )
    assert extents.extent(layer).n == 5


def test_an_empty_layer_has_no_extent() -> None:
    found = extents.extent(catalogue.layer("activities"))
    assert (found.n, found.bounds, found.first) == (0, None, None)
