"""Moments and boxes of requests."""

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.geo import BBox
from layers.params.moments import Box, Moment

UTC = dt.UTC


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-21T18:30:00+02:00", (2026, 11, 21, 16, 30)),
        ("2026-11-21T18:30:59.999Z", (2026, 11, 21, 18, 30)),
        ("2026-11-21t18:30z", (2026, 11, 21, 18, 30)),
        ("2026-11-21 18:30:00 02:00", (2026, 11, 21, 16, 30)),
        ("2026-11-21T00:30:00+05:30", (2026, 11, 20, 19, 0)),
        ("2026-11-21T18:30:00-14:00", (2026, 11, 22, 8, 30)),
        ("1970-01-01T00:00:00Z", (1970, 1, 1, 0, 0)),
        ("2100-12-31T23:59:59Z", (2100, 12, 31, 23, 59)),
    ],
)
def test_a_moment_is_read_in_utc_to_its_minute(
    raw: str, moment: tuple[int, ...]
) -> None:
    assert Moment().from_text("open_at", raw) == dt.datetime(*moment, tzinfo=UTC)


def test_now_is_the_minute_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = dt.datetime(2026, 11, 21, 18, 30, 59, 999, tzinfo=UTC)
    monkeypatch.setattr("layers.params.moments.now", lambda: now)
    assert Moment().from_text("open_at", "now") == now.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "raw",
    [
        "", "NOW", "today", "2026", "2026-11-21", "18:30", "2026-11-21T18:30:00",
        "2026-11-21T18:30:00+2", "2026-11-21T18:30:00+15:00", "2026-11-21T18:30:00+02:60",
        "2026-11-21T24:00:00Z", "2026-11-21T18:60:00Z", "2026-11-21T18:30:60Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "1969-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-14:00", "٢٠٢٦-١١-٢١T١٨:٣٠:٠٠Z",
        "2026-11-21T18:30:00Z ", "2026-11-21T18:30:00Z\n", "1763749800",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Moment().from_text("open_at", raw)
    assert caught.value.name == "open_at"


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_refused(raw: str) -> None:
    with contextlib.suppress(InvalidParameter):
        assert Moment().from_text("open_at", raw).tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "box"),
    [
        ("23.7,37.9,23.8,38.0", BBox(23.7, 37.9, 23.8, 38.0)),
        ("177,65,-177,70", BBox(177, 65, -177, 70)),
        ("23.7,37.9,0,23.8,38.0,900", BBox(23.7, 37.9, 23.8, 38.0)),
        ("-180,-90,180,90", BBox(-180, -90, 180, 90)),
        ("1,1,1,1", BBox(1, 1, 1, 1)),
    ],
)
def test_a_box_is_read(raw: str, box: BBox) -> None:
    assert Box().from_text("bbox", raw) == box
    numbers = [float(part) for part in raw.split(",")]
    assert Box().from_json("bbox", numbers) == box


@pytest.mark.parametrize(
    "raw",
    ["", ",", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,2,3,4", "nan,0,1,1", "0,0,inf,1",
     "0,2,1,1", "-180.1,0,0,1", "0,0,181,1", "0,-91,1,1", "0,0,1,91", "1;2;3;4", "1 2 3 4",
     "1,2,3,4,", "[1,2,3,4]"],
)  # fmt: skip
def test_what_is_no_box_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Box().from_text("bbox", raw)
    assert caught.value.name == "bbox"


@pytest.mark.parametrize(
    "raw",
    [
        "1,2,3,4",
        None,
        5,
        {},
        [1, 2, 3],
        [1, 2, 3, "4"],
        [1, 2, 3, True],
        [[1, 2, 3, 4]],
    ],
)
def test_what_is_no_box_in_json_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidParameter):
        Box().from_json("bbox", raw)
