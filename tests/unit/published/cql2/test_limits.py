"""Texts that would overflow the parser's stack or keep it busy never reach it."""

import threading
import time
from typing import Any

import pytest

from layers.errors import InvalidParameter
from layers.published.cql2 import parsing
from layers.published.cql2.limits import (
    DEEPEST_BRACKETS,
    LONGEST_JSON,
    LONGEST_TEXT,
    MOST_OPERATORS,
    check_text,
)
from layers.published.cql2.parsing import tree

REFUSED = {
    "a megabyte": ("a = '" + "x" * 1_000_000 + "'", "characters"),
    "brackets that stay open": ("(" * 5 + "a = 1", "each that opens"),
    "brackets that nobody opened": ("a = 1)", "each that closes"),
    "deep brackets": ("f(" * 41 + "1" + ")" * 41 + " = 1", "40 deep"),
    "brackets inside brackets": ("(" * 20 + "a = 1" + ")" * 20, "fewer brackets"),
    "brackets around a long text": ("(" * 8 + "a = 1 AND " * 100 + "a = 1" + ")" * 8, "fewer brackets"),
    "geometry in brackets": ("POLYGON" + "(" * 20 + "1 1" + ")" * 20, "fewer brackets"),
    "NOT NOT NOT": ("NOT " * 1001 + "a = 1", "operators"),
    "- - -": ("a = " + "-" * 1001 + "b", "operators"),
    "a long sum": ("a = 1" + " + 1" * 1000, "operators"),
    "a quote that stays open": ("a = 'x", "ends with its quote"),
    "a name that stays open": ('"a = 1', "ends with its quote"),
    "nothing": ("", "a CQL2 expression"),
    "blanks": (" \n\t ", "a CQL2 expression"),
    "a NUL": ("a = '\x00'", "a CQL2 expression"),
    "a lone surrogate": ("a = '\ud800'", "Unicode"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_beyond_a_limit_is_refused_at_once(name: str) -> None:
    text, hint = REFUSED[name]
    begun = time.perf_counter()
    with pytest.raises(InvalidParameter, match=hint) as refusal:
        check_text(text)
    assert time.perf_counter() - begun < 1
    assert refusal.value.name == "filter"
    assert len(refusal.value.detail) < 300


ALLOWED = [
    "a IN (" + ", ".join(["-1"] * 5000) + ")",  # the sign of a number nests nothing
    "S_INTERSECTS(g, POLYGON((" + "1.5 2.5, " * 3000 + "1.5 2.5)))",
    " AND ".join(f"(a = {n} OR (b < {n} AND NOT (c = 'x (')))" for n in range(200)),
    "a = '((((((((((((((((((((((((((((((((((((((((((((((('",
    '"((((((((((((((((((((((((((((((((((((((((((((((((" = 1',
    "lower(" * 39 + "a" + ")" * 39 + " = 'x'",
]


@pytest.mark.parametrize("text", ALLOWED, ids=lambda text: text[:20])
def test_what_people_write_is_within_the_limits(text: str) -> None:
    check_text(text)


def outcome(text: str) -> Any:
    """Parse in a thread, as a server does, and return what came of it."""
    came: list[Any] = []

    def parse() -> None:
        try:
            came.append(tree(text, "cql2-text"))
        except InvalidParameter as fault:
            came.append(fault)

    thread = threading.Thread(target=parse)
    thread.start()
    thread.join()
    return came[0]


@pytest.mark.parametrize(
    "text",
    [
        "NOT " * (MOST_OPERATORS - 1) + "a = 1",
        "a = " + "-" * (MOST_OPERATORS - 1) + "b",
        "a = b" + " ^ b" * (MOST_OPERATORS - 1),
        "a" + " = b" * MOST_OPERATORS,
        "f(" * DEEPEST_BRACKETS + "1" + ")" * DEEPEST_BRACKETS + " = 1",
        # each of these makes the parser try every bracket in two ways
        "(" * 12 + "a = " + ")" * 12,
        "(a BETWEEN " * 10 + "1 1" + ")" * 10,
        "(f(" * 13 + "1 1" + "))" * 13,
        "((" + "a = 1 AND " * 4000 + "a = " + "))",
        "a IN " + "(" * 3 + "1, " * 9000 + "x x" + ")" * 3,
        "(" * 5 + "'" + "x" * 7000 + "' x" + ")" * 5,
        "a = 1 AND " * 3000 + "a = ",
    ],
    ids=lambda text: f"{text[:14]}... {len(text)}",
)
def test_the_worst_that_is_within_the_limits_is_quick_and_safe(text: str) -> None:
    begun = time.perf_counter()
    assert outcome(text) is not None
    assert time.perf_counter() - begun < 3  # some tenths on a quiet machine


def test_the_parser_is_not_asked_about_what_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parsing.cql2, "parse_text", None)
    with pytest.raises(InvalidParameter):
        tree("(" * 2000 + "a = 1" + ")" * 2000, "cql2-text")


def test_json_has_limits_of_its_own() -> None:
    with pytest.raises(InvalidParameter, match="bytes"):
        tree('"' + "x" * LONGEST_JSON + '"', "cql2-json")
    with pytest.raises(InvalidParameter, match="levels"):
        tree('{"op": "not", "args": [' * 60 + "true" + "]}" * 60, "cql2-json")
    with pytest.raises(InvalidParameter, match="levels"):
        tree("[1, " * 200 + "1" + "]" * 200, "cql2-json")
    with pytest.raises(InvalidParameter):
        tree("[" * 100_000, "cql2-json")
    nodes = ", ".join(['{"property": "a"}'] * 6000)
    with pytest.raises(InvalidParameter, match="5000 operators"):
        tree(f'{{"op": "and", "args": [{nodes}]}}', "cql2-json")


def test_the_longest_text_is_as_long_as_said() -> None:
    text = "a = '" + "x" * (LONGEST_TEXT - 6) + "'"
    assert len(text) == LONGEST_TEXT
    check_text(text)
    with pytest.raises(InvalidParameter):
        check_text(text + " ")
