"""Hidden and district-only places: nothing anywhere tells where they are.

Every address is asked: each GET of the OpenAPI document, nearest by POST, and every page,
with ids and filters chosen by somebody who knows what to look for.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import psycopg.sql
import pytest
from django.apps import apps
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from layers.api.schema import document
from layers.exports.formats import FORMATS
from layers.published import connection as reader
from layers.published.layers import catalogue
from tests import factories as make
from tests.api.files import as_text
from tests.api.world import REFUGE_AT, SAFE_HOUSE_AT, SECRETS, World

pytestmark = pytest.mark.django_db

DECIMALS = range(3, 8)
"""Three decimals are 100 m: near enough to find a house."""

QUERIES: list[dict[str, str]] = [
    {},
    {"lang": "en"},
    {"category": "shelter"},
    {"category": "shelter", "district": "N3", "count": "true"},
    {"district": "N2,N3"},
    {"status": "active,inactive,defunct,temporarily closed"},
    {"q": SECRETS[0]},
    {"q": SECRETS[1]},
    {"q": "safe_house"},
    {"bbox": "23.7123,38.0345,23.7124,38.0346"},
    {"facets": "category,district,group,organization", "category": "shelter"},
    {"lon": str(SAFE_HOUSE_AT[0]), "lat": str(SAFE_HOUSE_AT[1]), "category": "shelter"},
    {"lon": str(REFUGE_AT[0]), "lat": str(REFUGE_AT[1]), "max_distance_m": "50"},
    {"filter": "S_INTERSECTS(point, BBOX(23.7123,38.0345,23.7124,38.0346))"},
    {"crs": "EPSG:2100"},
    {"f": "geojson", "category": "shelter"},
    {"f": "csv", "category": "shelter"},
    {"f": "geojson", "by": "committee", "committee": "gender", "level": "municipality"},
]


def roundings(at: tuple[float, float]) -> Iterator[str]:
    for value, n in itertools.product(at, DECIMALS):
        yield f"{value:.{n}f}"
        yield str(int(value * 10**n) / 10**n)  # cut off, not rounded


def secrets(world: World) -> set[str]:
    """Return every text that would give a protected place away."""
    hidden, refuge = world.locations["safe_house"], world.locations["refuge"]
    return {
        *roundings(SAFE_HOUSE_AT),
        *roundings(REFUGE_AT),
        *SECRETS,
        "safe_house",
        str(hidden.pk),
        str(refuge.pk),
        str(world.services["safe_house"].pk),
        world.points["safe_house"],
    }


def leaks(world: World, said: str, asked: str) -> set[str]:
    """Return the secrets in an answer that were not in the question."""
    folded = said.lower()
    return {
        secret
        for secret in secrets(world)
        if secret.lower() in folded and secret.lower() not in asked.lower()
    }


def filled(path: str, world: World) -> Iterator[str]:
    """Return the addresses of a path: every id that there is, protected or not."""
    ids = [
        str(one.pk)
        for held in (world.services, world.locations)
        for one in held.values()
    ]
    choices: dict[str, list[str]] = {
        "id": [*ids, *world.points.values(), str(world.organization.pk)],
        "service_id": [*ids, *world.points.values()],
        "level": ["municipality", "neighbourhood"],
        "code": ["9186", "N2", "N3"],
        "slug": ["shelter", "gender", "category", "health", "athens"],
        "lang": ["el", "en", "fa"],
        "layer": [layer.id for layer in catalogue.layers()],
        "file_format": list(FORMATS),
    }
    names = re.findall(r"{(\w+)}", path)
    for values in itertools.product(*(choices.get(n, ["x"]) for n in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def api_paths() -> list[str]:
    return [path for path, of in document()["paths"].items() if "get" in of]


def page_paths() -> list[str]:
    """Return every route of the site that is no API and no admin, as templates."""
    return [
        route
        for route in routes(get_resolver().url_patterns)
        if not route.startswith(("/api/", "/admin", "/static"))
    ]


def routes(
    patterns: list[URLPattern | URLResolver], before: str = "/"
) -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            simple = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", here)
            simple = re.sub(r"\(\?P\{(\w+)\}[^)]*\)", r"{\1}", simple)
            yield simple.replace("^", "").replace("$", "")


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    """Somebody lives beside each place, so that analyses have something to say."""
    for at in (SAFE_HOUSE_AT, REFUGE_AT, (23.72, 37.97)):
        make.DemandPointFactory(
            municipality=world.municipality,
            point=Point(at[0] + 0.002, at[1] + 0.002, srid=4326),
            population=500,
        )


@pytest.mark.parametrize("path", api_paths())
def test_no_answer_of_the_api_gives_a_protected_place_away(
    world: World, client: Client, path: str
) -> None:
    for address, query in itertools.product(filled(path, world), QUERIES):
        answer = client.get(address, query)
        said = readable(answer) + str(answer.headers)
        found = leaks(world, said, f"{address} {query}")
        assert not found, f"{address} {query} says {found}"
        assert answer.status_code < 500


def readable(answer: Any) -> str:
    """Return all that an answer says, files taken apart."""
    name = answer.get("Content-Disposition", "").rpartition("=")[2].strip('"')
    return as_text(answer.getvalue(), name)


@pytest.mark.parametrize("at", [SAFE_HOUSE_AT, REFUGE_AT])
def test_standing_at_the_door_does_not_find_it(
    world: World, client: Client, at: tuple[float, float]
) -> None:
    body = {"lon": at[0], "lat": at[1], "category": "shelter", "lang": "en"}
    answer = client.post("/api/v1/nearest", body, content_type="application/json")
    found = answer.json()
    assert found["features"] == []
    assert world.names(found["without_place"]) == ["refuge"]
    assert found["explanation"]["without"]["category"] == 4
    assert not leaks(world, answer.content.decode(), "")


@pytest.mark.parametrize("path", page_paths())
def test_no_page_gives_a_protected_place_away(
    world: World, client: Client, path: str
) -> None:
    # A form says again what was typed into it, so the query is part of what was asked.
    queries = [{}, *QUERIES[2:5], *QUERIES[6:9]]
    for address, query in itertools.product(filled(path, world), queries):
        answer = client.get(address, query)
        said = answer.getvalue().decode(errors="replace") + str(answer.headers)
        found = leaks(world, said, f"{address} {query}")
        assert not found, f"{address} {query} says {found}"


def test_the_search_has_something_to_find(world: World) -> None:
    assert len(api_paths()) >= 18
    assert any("{lang}" in path for path in page_paths())
    place = world.locations["safe_house"]
    told = f"{place.point.x} {place.names} {place.pk}"
    assert len(leaks(world, told, "")) >= 4


@pytest.mark.parametrize("code", list(FORMATS))
def test_the_search_sees_into_files(world: World, client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/exports/service-points.{code}")
    told = readable(answer)
    assert "The hospital" in told
    assert "23.72" in told


def select_of(relation: str) -> psycopg.sql.Composed:
    return psycopg.sql.SQL("SELECT 1 FROM {}").format(
        psycopg.sql.Identifier("public", relation)
    )


@pytest.mark.parametrize("model", list(apps.get_app_config("layers").get_models()))
def test_the_public_reader_can_read_no_table(model: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.read(select_of(model._meta.db_table))


@pytest.mark.parametrize(
    "relation", ["layers_service_point_source", "auth_user", "django_session"]
)
def test_the_public_reader_can_read_nothing_else_either(relation: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.read(select_of(relation))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT layers_write_service_points(NULL)",
        "CREATE TABLE published.x (a int)",
        "CREATE TEMP TABLE x (a int)",
        "UPDATE published.data_version SET version = 0 RETURNING 1",
        "COPY (SELECT 1) TO '/tmp/x'",
    ],
)
def test_the_public_reader_can_write_nothing(world: World, statement: str) -> None:
    with pytest.raises(psycopg.Error):
        reader.read(statement)


def test_a_row_of_the_read_model_can_never_be_hidden(world: World) -> None:
    rows = reader.read(
        "SELECT DISTINCT visibility FROM published.service_point ORDER BY 1"
    )
    assert rows == [("district_only",), ("public",)]
    (count,) = reader.read(
        "SELECT count(*) FROM published.service_point WHERE visibility <> 'public' "
        "AND (point IS NOT NULL OR location_id IS NOT NULL)"
    )
    assert count == (0,)
