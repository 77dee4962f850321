"""Names of reference systems and the order of their axes, against PROJ itself."""

import random

import pytest
from pyproj import CRS, Transformer
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from layers.crs import (
    CRS84,
    CRS84H,
    LISTED_SRIDS,
    of_epsg,
    reference_system,
    storage_system,
)

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@pytest.mark.parametrize(
    "text",
    [
        CRS84_URI,
        "https://www.opengis.net/def/crs/OGC/0/CRS84",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "OGC:CRS84",
        "[OGC:CRS84]",
        "CRS84",
    ],
)
def test_crs84_has_many_names_and_one_uri(text: str) -> None:
    assert reference_system(text) == CRS84
    assert (CRS84.uri, CRS84.srid, CRS84.flips) == (CRS84_URI, 4326, False)


@pytest.mark.parametrize(
    "text",
    [
        "http://www.opengis.net/def/crs/EPSG/0/2100",
        "http://www.opengis.net/def/crs/EPSG/9.9.1/2100",
        "urn:ogc:def:crs:EPSG::2100",
        "urn:ogc:def:crs:EPSG:9.9:2100",
        "EPSG:2100",
        "epsg:2100",
        "[EPSG:2100]",
    ],
)
def test_an_epsg_system_has_many_names_and_one_uri(text: str) -> None:
    found = reference_system(text)
    assert found.uri == "http://www.opengis.net/def/crs/EPSG/0/2100"
    assert found.srid == 2100


def test_crs84h_is_crs84_with_heights() -> None:
    found = reference_system("http://www.opengis.net/def/crs/OGC/0/CRS84h")
    assert found == CRS84H
    assert (found.srid, found.flips) == (4326, False)


# OGC API - Features Part 2, 6.3 and the EPSG registry: which axis comes first.
@pytest.mark.parametrize(
    ("code", "flips"),
    [
        (4326, True),  # lat, lon
        (4258, True),
        (3857, False),
        (2100, False),  # the Greek grid: easting, northing
        (25834, False),
        (3035, True),  # northing, easting
        (2180, True),
        (31467, True),
        (3031, False),  # both axes point north; easting is named first
        (32661, True),  # both axes point south; northing is named first
        (5041, False),
    ],
)
def test_the_authority_decides_which_axis_is_first(code: int, flips: bool) -> None:
    assert of_epsg(code).flips is flips


def test_the_order_is_the_one_that_proj_itself_gives() -> None:
    chance = random.Random(2100)
    known = [
        info
        for kind in (PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS)
        for info in query_crs_info("EPSG", kind, allow_deprecated=False)
        if info.area_of_use is not None
    ]
    for info in chance.sample(known, 60):
        area = info.area_of_use
        assert area is not None
        east = area.east + 360 if area.east < area.west else area.east
        lon, lat = (area.west + east) / 2, (area.south + area.north) / 2 + 0.1
        authority, visual = (
            Transformer.from_crs(4326, CRS.from_epsg(info.code), always_xy=xy)
            for xy in (False, True)
        )
        x, y = visual.transform(lon, lat)
        given = authority.transform(lat, lon)
        expected = (y, x) if of_epsg(int(info.code)).flips else (x, y)
        assert given == pytest.approx(expected), info.code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4326",
        "EPSG:",
        "EPSG:0",
        "EPSG:02100",
        "EPSG:99999",
        "EPSG:٢١٠٠",
        "EPSG:4326 ",
        "EPSG:4326;SELECT",
        "EPSG:4979",  # three axes
        "EPSG:4978",  # geocentric
        "EPSG:5773",  # vertical
        "EPSG:7415",  # compound
        "OGC:CRS27",
        "IAU:49900",
        "http://www.opengis.net/def/crs/0/unsupported",
        "http://example.org/def/crs/EPSG/0/4326",
        "EPSG:" + "9" * 100,
        "EPSG:4326\x00",
    ],
)
def test_what_is_no_known_flat_system_is_refused(text: str) -> None:
    with pytest.raises(LookupError):
        reference_system(text)


def test_a_box_in_lat_lon_becomes_lon_lat() -> None:
    assert of_epsg(4326).xy((37.9, 23.6, 38.1, 23.8)) == (23.6, 37.9, 23.8, 38.1)
    assert CRS84.xy((23.6, 37.9, 23.8, 38.1)) == (23.6, 37.9, 23.8, 38.1)


def test_degrees_get_more_decimals_than_metres() -> None:
    assert (CRS84.decimals, of_epsg(2100).decimals) == (6, 3)


def test_stored_lon_lat_is_called_crs84() -> None:
    assert storage_system(4326) == CRS84
    assert storage_system(2100) == of_epsg(2100)


def test_the_listed_systems_are_known() -> None:
    assert [of_epsg(code).srid for code in LISTED_SRIDS] == list(LISTED_SRIDS)
