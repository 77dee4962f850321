"""Reading a query or a body by declared parameters."""

import contextlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import (
    InvalidParameter,
    InvalidParameters,
    MalformedBody,
    UnknownParameter,
)
from layers.params.kinds import Choice, Code, Number, Whole
from layers.params.paging import Cursor, cursor_text
from layers.params.reading import (
    MOST_FIELDS,
    MOST_VALUES,
    Parameter,
    Parameters,
    query_pairs,
)

ASKED = Parameters(
    Parameter("limit", Whole(1, 100), "How many.", default=10),
    Parameter("category", Code(), "Which.", many=True),
    Parameter("status", Choice(("a", "b")), "State.", many=True, default=("a",)),
    Parameter("lon", Number(-180, 180, private=True), "Where.", required=True),
)


def test_defaults_stand_where_nothing_is_given() -> None:
    assert ASKED.read_query("lon=1") == {
        "limit": 10, "category": (), "status": ("a",), "lon": 1.0,
    }  # fmt: skip


def test_repeated_and_comma_separated_values_are_the_same() -> None:
    one = ASKED.read_query("lon=1&category=x&category=y,z")["category"]
    other = ASKED.read_query("lon=1&category=x,y,z,x")["category"]
    assert one == other == ("x", "y", "z")


def test_json_takes_one_value_or_several() -> None:
    assert ASKED.read_body(b'{"lon":1,"category":"x"}')["category"] == ("x",)
    assert ASKED.read_body(b'{"lon":1,"category":["x","y"]}')["category"] == ("x", "y")


def test_null_in_json_is_not_given() -> None:
    assert ASKED.read_body(b'{"lon":1,"limit":null}')["limit"] == 10


@pytest.mark.parametrize(
    ("query", "error", "name"),
    [
        ("lon=1&colour=red", UnknownParameter, "colour"),
        ("lon=1&Limit=1", UnknownParameter, "Limit"),
        ("lon=1&limit=1&limit=2", InvalidParameter, "limit"),
        ("lon=1&limit=", InvalidParameter, "limit"),
        ("lon=1&category=,", InvalidParameter, "category"),
        ("lon=1&category=a,,b", InvalidParameter, "category"),
        ("lon=1&limit", InvalidParameter, "limit"),
        ("limit=5", InvalidParameter, "lon"),
        ("", InvalidParameter, "lon"),
        ("lon=1&category=%FF", InvalidParameter, "query"),
        ("lon=1&category=\xe9", InvalidParameter, "query"),
        ("&".join(["lon=1"] * (MOST_FIELDS + 1)), InvalidParameter, "query"),
        (
            "lon=1&category=" + ",".join(f"c{n}" for n in range(MOST_VALUES + 1)),
            InvalidParameter,
            "category",
        ),
    ],
)
def test_a_bad_query_is_refused_by_name(
    query: str, error: type[Exception], name: str
) -> None:
    with pytest.raises(error) as caught:
        ASKED.read_query(query)
    assert caught.value.name == name  # type: ignore[attr-defined]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidParameters) as caught:
        ASKED.read_query("limit=0&status=c")
    assert [fault.name for fault in caught.value.faults] == ["limit", "status", "lon"]


@pytest.mark.parametrize("name", ["23.7281,37.98", "a b", "", "x" * 41, "<script>"])
def test_a_name_that_is_none_is_not_repeated(name: str) -> None:
    with pytest.raises(UnknownParameter) as caught:
        ASKED.read_query(urlencode({"lon": "1", name: "1"}))
    assert not name or name not in caught.value.detail


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b'"x"', b"null", b"{", b"{]", b"\xff", b'{"lon":NaN}',
     b'{"lon":1}{}', b"{'lon':1}", b'{"lon":01}', b"[" * 5000, b'{"lon":1e999}'],
)  # fmt: skip
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        ASKED.read_body(body)


@pytest.mark.parametrize(
    "body", [b'{"lon":1,"category":[]}', b'{"lon":1,"category":[[]]}', b'{"lon":[1]}']
)
def test_arrays_stand_only_where_they_are_meant(body: bytes) -> None:
    with pytest.raises(InvalidParameter):
        ASKED.read_body(body)


@given(st.binary(max_size=80))
def test_any_query_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(InvalidParameter, InvalidParameters, UnknownParameter):
        ASKED.read_query(raw.decode("latin-1"))


@given(st.binary(max_size=80))
def test_any_body_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(
        InvalidParameter, InvalidParameters, MalformedBody, UnknownParameter
    ):
        ASKED.read_body(raw)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=5))
def test_pairs_survive_their_own_encoding(pairs: dict[str, str]) -> None:
    try:
        query = urlencode(pairs)
    except UnicodeEncodeError:  # half a surrogate pair has no encoding
        return
    assert dict(query_pairs(query)) == pairs


def test_sets_join_and_part() -> None:
    rest = ASKED.without("lon", "limit")
    assert [p.name for p in rest] == ["category", "status"]
    assert [p.name for p in rest + Parameters(ASKED.by_name["lon"])][-1] == "lon"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_a_cursor_survives_its_own_text(key: list[str]) -> None:
    kind = Cursor(len(key))
    try:
        text = cursor_text(key)
    except TypeError:  # half a surrogate pair has no encoding
        return
    if any("\x00" in part for part in key) or len(text) > 400:
        with pytest.raises(InvalidParameter):
            kind.from_text("cursor", text)
    else:
        assert kind.from_text("cursor", text) == tuple(key)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a",
        "====",
        "WzFd",
        "W10",
        "WyJhIiwiYiJd",
        "eyJhIjoxfQ",
        "Ω",
        "bnVsbA",
        "x" * 500,
    ],
)
def test_what_is_no_cursor_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter):
        Cursor(1).from_text("cursor", raw)
