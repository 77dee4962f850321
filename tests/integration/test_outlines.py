"""Outlines of districts for the maps that the server draws."""

import re

import pytest

from layers.published.outlines import LONGEST, district_outlines
from tests.factories import ORIGIN, DistrictFactory, MunicipalityFactory, square

pytestmark = pytest.mark.django_db


def numbers(path: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_the_outlines_of_a_level_lie_in_one_box() -> None:
    city = MunicipalityFactory(slug="athens")
    west, south = ORIGIN
    DistrictFactory(municipality=city, code="A", boundary=square(west, south, 0.01))
    DistrictFactory(
        municipality=city, code="B", boundary=square(west + 0.03, south, 0.01)
    )
    found = district_outlines("athens", "neighbourhood")
    assert list(found.by_code) == ["A", "B"]
    assert max(found.width, found.height) == pytest.approx(LONGEST)
    # two squares with a gap are wider than high: the height follows from their shape
    assert 0 < found.height < found.width
    for outline in found.by_code.values():
        assert re.fullmatch(r"(M [-\d ]+l [-\d ]+z ?)+", outline.path)
        x, y = outline.label_at
        assert 0 < x < found.width
        assert 0 < y < found.height


def test_north_is_up() -> None:
    city = MunicipalityFactory(slug="athens")
    west, south = ORIGIN
    DistrictFactory(
        municipality=city, code="N", boundary=square(west, south + 0.05, 0.01)
    )
    DistrictFactory(municipality=city, code="S", boundary=square(west, south, 0.01))
    found = district_outlines("athens", "neighbourhood").by_code
    assert found["N"].label_at[1] < found["S"].label_at[1]


def test_a_unit_is_as_many_metres_as_the_projected_box_says() -> None:
    city = MunicipalityFactory(slug="athens")
    district = DistrictFactory(municipality=city, code="A")
    west, south, east, north = district.boundary.transform(2100, clone=True).extent
    found = district_outlines("athens", "neighbourhood")
    # the longer side of the box in EPSG:2100 over a thousand units
    longer = max(east - west, north - south)
    assert found.metres_per_unit == pytest.approx(longer / LONGEST, rel=1e-6)


def test_no_districts_no_box() -> None:
    MunicipalityFactory(slug="athens")
    for municipality, level in (("athens", "neighbourhood"), ("nowhere", "x'; --")):
        found = district_outlines(municipality, level)
        assert (found.width, found.height, found.by_code) == (0.0, 0.0, {})


def test_closed_districts_are_not_drawn() -> None:
    city = MunicipalityFactory(slug="athens")
    DistrictFactory(municipality=city, code="OLD", valid_to="2020-01-01")
    assert district_outlines("athens", "neighbourhood").by_code == {}
