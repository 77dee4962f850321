"""Draft Part 6: `properties` chooses columns; the geometry is one of them."""

import pytest

from tests.api.ogc.conftest import Get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-6/1.0/req"
PATHS = ("/collections/places/items?id=p05", "/collections/places/items/p05")


def feature(get: Get, path: str, properties: str | None) -> dict[str, object]:
    """Return p05, from the list or by itself."""
    at, _, query = path.partition("?")
    asked = {"id": "p05"} if query else {}
    if properties is not None:
        asked["properties"] = properties
    said = get(at, **asked)
    found: dict[str, object] = said["features"][0] if query else said
    return found


@pytest.mark.requirement(f"{REQ}/properties/parameter", f"{REQ}/properties/response")
@pytest.mark.requirement(f"{REQ}/properties-features/request")
@pytest.mark.parametrize("path", PATHS)
def test_only_the_chosen_columns_come(get: Get, path: str) -> None:
    said = feature(get, path, "n,Πλήθος")
    assert said["properties"] == {"n": 5, "Πλήθος": 5_000_000_000}
    assert (said["id"], said["geometry"]) == ("p05", None)


@pytest.mark.requirement(f"{REQ}/properties/response")
@pytest.mark.parametrize("path", PATHS)
def test_the_geometry_comes_where_it_is_chosen(get: Get, path: str) -> None:
    said = feature(get, path, "point")
    assert said["properties"] == {}
    assert said["geometry"] == {"type": "Point", "coordinates": [2, 0]}


@pytest.mark.requirement(f"{REQ}/properties/response")
@pytest.mark.parametrize("path", PATHS)
def test_everything_comes_where_nothing_is_chosen(get: Get, path: str) -> None:
    said = feature(get, path, None)
    assert len(said["properties"]) == 13  # type: ignore[arg-type]
    assert said["geometry"] is not None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "properties", ["nothing", "n,nothing", "N", "", "n,", "geometry"]
)
def test_a_column_that_is_not_there_is_refused(
    get: Get, path: str, properties: str
) -> None:
    at = path.partition("?")[0]
    assert get(at, 400, properties=properties)["parameter"] == "properties"
