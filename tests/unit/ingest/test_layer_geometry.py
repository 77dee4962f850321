"""Geometries of a batch: what is kept as it is, counted, mended and refused."""

from collections.abc import Sequence
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.ingest.layer_crs import Storage
from layers.ingest.layer_geometry import GeometryReader, may_arc
from layers.ingest.report import Report

DEGREES = Storage(4326)
ARC = bytes.fromhex(
    "0108000000"
    "03000000" + "00" * 16 + "000000000000f03f" * 2 + "0000000000000040" + "00" * 8
)


def no_arcs(wkb: Sequence[bytes]) -> list[tuple[bytes | None, bool]]:
    return [(one, False) for one in wkb]


def reader(*, is_repaired: bool = False, linearise: Any = no_arcs) -> GeometryReader:
    report = Report(what="layer", file="f", municipality="")
    return GeometryReader(DEGREES, linearise, is_repaired, report)


def wkb(*texts: str | None, flavor: str = "iso") -> list[bytes | None]:
    return [
        None if text is None else shapely.to_wkb(shapely.from_wkt(text), flavor=flavor)
        for text in texts
    ]


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("order", [0, 1])
def test_good_geometries_are_handed_on_byte_by_byte(flavor: str, order: int) -> None:
    shapes = ["POINT (1 2)", "POINT Z (1 2 3)", "POLYGON ((0 0, 0 1, 1 1, 0 0))"]
    raw = [
        shapely.to_wkb(shapely.from_wkt(s), flavor=flavor, byte_order=order)
        for s in shapes
    ]
    found = reader()
    assert found.read(raw, 1) == [one.hex() for one in raw]
    assert (found.census.flat, found.census.with_z) == (2, 1)
    assert dict(found.census.kinds) == {"Point": 2, "Polygon": 1}


def test_nothing_and_empty_are_none_and_counted_apart() -> None:
    found = reader()
    assert found.read(wkb(None, "POINT EMPTY", "POLYGON EMPTY"), 1) == [None] * 3
    assert (found.census.missing, found.census.empty) == (1, 2)
    assert found.census.kinds.total() == 0


@pytest.mark.parametrize(
    "text",
    ["POINT (181 0)", "POINT (0 90.1)", "POINT (0 -91)", "LINESTRING (0 0, 999 0)"],
)
def test_places_beyond_the_globe_are_refused_by_their_row(text: str) -> None:
    found = reader()
    found.read(wkb("POINT (180 90)", text, "POINT (-180 -90)"), 101)
    assert found.report.refused_rows == {102}


def test_a_height_that_is_no_number_is_none() -> None:
    found = reader()
    line = shapely.LineString([(0, 0, 1), (1, 1, float("nan"))])
    stored = found.read(
        [*wkb("POINT Z (1 2 3)"), shapely.to_wkb(line, flavor="iso")], 1
    )
    assert shapely.to_wkt(shapely.from_wkb(stored)).tolist() == [
        "POINT Z (1 2 3)",
        "LINESTRING (0 0, 1 1)",
    ]
    assert found.report.refused == 0
    assert (found.census.flat, found.census.with_z, found.census.void) == (1, 1, 1)


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x01\x01\x00\x00\x00", b"junk" * 9])
def test_bytes_that_are_no_geometry_are_refused(raw: bytes) -> None:
    found = reader()
    assert found.read([raw, *wkb("POINT (1 2)")], 1)[0] is None
    assert found.report.refused_rows == {1}


def test_invalid_rings_are_kept_or_mended() -> None:
    bowtie = wkb("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    kept = reader()
    assert kept.read(bowtie, 1) == [bowtie[0].hex()]  # type: ignore[union-attr]
    assert (kept.census.invalid, kept.census.repaired) == (1, 0)
    mended = reader(is_repaired=True)
    (text,) = mended.read(bowtie, 1)
    assert shapely.from_wkb(text).is_valid
    assert dict(mended.census.kinds) == {"MultiPolygon": 1}


def test_arcs_are_asked_for_as_lines_and_only_they() -> None:
    asked: list[bytes] = []

    def linearise(curves: Sequence[bytes]) -> list[tuple[bytes | None, bool]]:
        asked.extend(curves)
        return [(wkb("LINESTRING (0 0, 1 1)")[0], True) for _ in curves]

    found = reader(linearise=linearise)
    stored = found.read([*wkb("POINT (1 2)", None), ARC], 1)
    assert asked == [ARC]
    assert found.census.curved == 1
    assert shapely.from_wkb(stored[2]).geom_type == "LineString"


def test_collections_may_hold_arcs_and_plain_kinds_do_not() -> None:
    plain = wkb("POINT (1 2)", "MULTIPOLYGON Z (((0 0 1, 1 0 1, 1 1 1, 0 0 1)))")
    assert [may_arc(one) for one in plain if one] == [False, False]
    assert may_arc(wkb("GEOMETRYCOLLECTION (POINT (1 2))")[0] or b"")
    assert may_arc(ARC)


@given(st.binary(max_size=60))
def test_whatever_the_bytes_a_row_is_stored_or_refused(raw: bytes) -> None:
    found = reader()
    (stored,) = found.read([raw], 1)
    assert stored is not None or found.report.refused_rows == {1} or found.census.empty
