"""Kinds of values: what each reads from text and from JSON, and what it refuses."""

import contextlib
import math
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.params.kinds import (
    NOT_SHOWN,
    Choice,
    Code,
    Flag,
    Kind,
    Number,
    Uuid,
    Whole,
    Words,
)

KINDS: list[Kind] = [
    Whole(0, 10),
    Whole(1, 10, clamps=True),
    Number(-1, 1),
    Number(-180, 180, private=True),
    Flag(),
    Choice(("a", "b")),
    Code(),
    Uuid(),
    Words(),
]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Whole(0, 10), "0", 0),
        (Whole(0, 10), "10", 10),
        (Whole(-5, 10), "-5", -5),
        (Whole(0, 10), "+7", 7),
        (Whole(1, 10, clamps=True), "999999999999", 10),
        (Number(0, 1), ".5", 0.5),
        (Number(0, 1), "1.", 1.0),
        (Number(-1, 1), "-1e-3", -0.001),
        (Flag(), "true", True),
        (Flag(), "false", False),
        (
            Choice(("a", "temporarily closed")),
            "temporarily closed",
            "temporarily closed",
        ),
        (Code(), "ATH-N01", "ATH-N01"),
        (Code(), "9186", "9186"),
        (
            Uuid(),
            "9B2F0F5E-6C1D-4E0E-8C83-0D2F5F6A7B8C",
            UUID("9b2f0f5e6c1d4e0e8c830d2f5f6a7b8c"),
        ),
        (Words(), "  Κυψέλη 7 ", "Κυψέλη 7"),
        (Words(), "می‌خواهم", "می‌خواهم"),  # with the joiner that Persian is spelled with
    ],
)
def test_text_is_read(kind: Kind, raw: str, value: Any) -> None:
    assert kind.from_text("x", raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Whole(0, 10), "11"),
        (Whole(0, 10), "-1"),
        (Whole(1, 10, clamps=True), "0"),
        (Whole(0, 10), "1.0"),
        (Whole(0, 10), "1e1"),
        (Whole(0, 10), " 1"),
        (Whole(0, 10), "1_0"),
        (Whole(0, 10), "٣"),
        (Whole(0, 10), "9" * 400),
        (Number(0, 1), "nan"),
        (Number(0, 1), "inf"),
        (Number(0, 1), "1e999"),
        (Number(0, 1), "0x1"),
        (Number(0, 1), "1,0"),
        (Number(0, 1), "."),
        (Number(0, 1), ""),
        (Number(0, 1), "½"),
        (Flag(), "True"),
        (Flag(), "1"),
        (Flag(), "yes"),
        (Choice(("a",)), "A"),
        (Choice(("a",)), "a "),
        (Code(), "-a"),
        (Code(), "a b"),
        (Code(), "x" * 61),
        (Code(), "α"),
        (Code(), "a\n"),
        (Code(), "a\x00"),
        (Uuid(), "9b2f0f5e6c1d4e0e8c830d2f5f6a7b8c"),
        (Uuid(), "{9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c}"),
        (Uuid(), "urn:uuid:9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"),
        (Uuid(), "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c\n"),
        (Words(), ""),
        (Words(), "?!"),
        (Words(), "\u200c\u200d"),
        (Words(), "a\x00"),
        (Words(), "a\nb"),
        (Words(), "x" * 101),
    ],
)
def test_other_text_is_refused_with_name_value_and_what_is_allowed(
    kind: Kind, raw: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        kind.from_text("speed", raw)
    assert caught.value.name == "speed"
    assert kind.allowed in caught.value.detail
    assert "\x00" not in caught.value.detail
    assert len(caught.value.detail) < 400


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Whole(0, 10), "1"),
        (Whole(0, 10), 1.0),
        (Whole(0, 10), True),
        (Number(0, 1), "0.5"),
        (Number(0, 1), False),
        (Number(0, 1), math.nan),
        (Number(0, 1), math.inf),
        (Number(0, 1), 10**18),
        (Flag(), 1),
        (Flag(), "true"),
        (Flag(), 0.0),
        (Choice(("1",)), 1),
        (Code(), 9186),
        (Uuid(), None),
        (Words(), ["a"]),
        (Words(), {"a": 1}),
    ],
)
def test_json_of_another_type_is_refused(kind: Kind, raw: object) -> None:
    with pytest.raises(InvalidParameter):
        kind.from_json("x", raw)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Whole(0, 10), 7, 7),
        (Number(0, 10), 7, 7.0),
        (Number(0, 1), 0.25, 0.25),
        (Flag(), False, False),
        (Code(), "N1", "N1"),
    ],
)
def test_json_of_its_type_is_read(kind: Kind, raw: object, value: Any) -> None:
    assert kind.from_json("x", raw) == value


@pytest.mark.parametrize("raw", ["23.7281x", "200", "-181", ""])
def test_a_private_number_is_never_repeated(raw: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Number(-180, 180, private=True).from_text("lon", raw)
    assert NOT_SHOWN in caught.value.detail
    assert not raw or raw not in caught.value.detail


@given(raw=st.text(max_size=200), kind=st.sampled_from(KINDS))
def test_any_text_is_read_or_refused_and_nothing_else(raw: str, kind: Kind) -> None:
    with contextlib.suppress(InvalidParameter):
        kind.from_text("x", raw)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(raw=_JSON, kind=st.sampled_from(KINDS))
def test_any_json_is_read_or_refused_and_nothing_else(raw: Any, kind: Kind) -> None:
    with contextlib.suppress(InvalidParameter):
        kind.from_json("x", raw)


@given(st.floats(-180, 180))
def test_every_number_in_range_survives_its_own_text(value: float) -> None:
    kind = Number(-180, 180)
    try:
        read = kind.from_text("x", repr(value))
    except InvalidParameter:
        # More than 20 digits on a side are nobody's coordinate.
        assert abs(value) < 1e-6
    else:
        assert read == value
