"""A page of a small box comes from a statement of its own: it is the same page."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from layers.published.layers import catalogue, items, page_sql
from layers.published.layers.feature_sql import Shape
from layers.published.layers.filters import Box, LayerFilters
from layers.published.layers.items import ItemsPage
from layers.published.layers.page_sql import (
    ItemsQuestion,
    SortKey,
    asks_small_box,
    small_box_statement,
)

pytestmark = pytest.mark.django_db

N = 900
HALF = Box(23.0, 37.0, 23.5, 39.0)
"""501 of the posts: those of longitude 23.0 to 23.5, both included."""

TABLE = f"""
CREATE TABLE published.posts (id bigint PRIMARY KEY, name text,
  geom geometry(Point, 4326) NOT NULL, _feature text);
INSERT INTO published.posts SELECT n, 'post ' || n,
  ST_Point(23.0 + ((n * 7) % 1000) * 0.001, 38.0, 4326) FROM generate_series(1, {N}) n;
UPDATE published.posts SET _feature = '{{"type":"Feature","id":' || id || ',"geometry":'
  || ST_AsGeoJSON(geom) || ',"properties":{{"name":"' || name || '"}}}}';
CREATE INDEX posts_place ON published.posts USING gist (geom);
ANALYZE published.posts;
COMMENT ON TABLE published.posts IS '{{"layer": true, "import": true, "hidden": ["_feature"],
 "feature_text": "_feature", "counters": ["layer:posts"]}}';
"""  # noqa: S608 (numbers of our own)


@pytest.fixture(autouse=True)
def posts(db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE.replace("%", "%%"), [])
        role = settings.PUBLISHED_ROLE
        cursor.execute(f'GRANT SELECT ON published.posts TO "{role}"')
    catalogue.forget()
    yield
    catalogue.forget()


def page(box: Box = HALF, **asked: object) -> ItemsPage:
    filters = LayerFilters(box=box)
    return items.page("posts", lambda _: ItemsQuestion(filters=filters, **asked))  # type: ignore[arg-type]


def inside(west: float, east: float) -> int:
    """Count the posts between two longitudes, as they were made."""
    lon = [round(23.0 + ((n * 7) % 1000) * 0.001, 3) for n in range(1, N + 1)]
    return sum(west <= x <= east for x in lon)


@pytest.mark.parametrize("limit", [1, 10, 300, 1000])
@pytest.mark.parametrize("after", [None, ("400",)])
@pytest.mark.parametrize(
    "shape", [Shape(), Shape(srid=2100, decimals=3), Shape(properties=())]
)
def test_it_is_the_page_that_the_other_statement_finds(
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    after: tuple[str] | None,
    shape: Shape,
) -> None:
    found = page(limit=limit, after=after, shape=shape)
    monkeypatch.setattr(page_sql, "MOST_IN_BOX", 0)
    expected = page(limit=limit, after=after, shape=shape)
    assert (found.features, found.n) == (expected.features, expected.n)
    assert (found.next_key, found.state) == (expected.next_key, expected.state)


def test_a_small_box_is_counted_with_its_first_page() -> None:
    assert page(limit=10).matched == inside(23.0, 23.5)
    assert page(limit=10, after=("400",)).matched is None
    assert page(limit=10, after=("400",), has_count=True).matched == inside(23.0, 23.5)


def test_a_box_that_holds_much_is_left_to_the_other_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_sql, "MOST_IN_BOX", 100)
    found = page(limit=20)
    assert found.n == 20
    assert found.next_key is not None
    assert found.matched is None  # to count so many costs more than the page


def test_a_box_of_just_as_many_is_still_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_sql, "MOST_IN_BOX", inside(23.0, 23.5))
    assert page(limit=1).matched == inside(23.0, 23.5)
    monkeypatch.setattr(page_sql, "MOST_IN_BOX", inside(23.0, 23.5) - 1)
    assert page(limit=1).matched is None


def test_an_empty_box_has_an_empty_page() -> None:
    found = page(Box(10.0, 10.0, 11.0, 11.0))
    assert (found.features, found.n, found.matched, found.next_key) == (b"", 0, 0, None)


def test_what_else_is_asked_goes_the_other_way() -> None:
    layer = catalogue.layer("posts")
    box = LayerFilters(box=HALF)
    assert asks_small_box(layer, ItemsQuestion(filters=box))
    others = [
        ItemsQuestion(),
        ItemsQuestion(filters=LayerFilters(box=HALF, terms=("post",))),
        ItemsQuestion(filters=box, sort=(SortKey(layer.columns[0]),)),
        ItemsQuestion(filters=box, offset=5),
        ItemsQuestion(filters=box, limit=10_000),
    ]
    assert not any(asks_small_box(layer, other) for other in others)


def test_the_plan_for_any_box_reads_the_index_of_places() -> None:
    layer = catalogue.layer("posts")
    question = ItemsQuestion(filters=LayerFilters(box=Box(23.1, 37.0, 23.11, 39.0)))
    sql, values = small_box_statement(layer, question)
    numbers = {name: f"${n}" for n, name in enumerate(values, start=1)}
    types = ", ".join("float8" for _ in values)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE small ({types}) AS {_numbered(sql, numbers)}")
        given = ", ".join(str(value) for value in values.values())
        cursor.execute(f"EXPLAIN EXECUTE small ({given})")
        lines = [line for (line,) in cursor.fetchall()]
        cursor.execute("DEALLOCATE small")
    assert any("posts_place" in line for line in lines), lines


def _numbered(sql: str, numbers: dict[str, str]) -> str:
    """Return a statement with PostgreSQL's own placeholders."""
    for name, number in numbers.items():
        sql = sql.replace(f"%({name})s", number)
    return sql
