"""Escapes of the standard's text literals, resolved for a parser that knows one of them."""

import time

import pytest

from layers.errors import InvalidParameter
from layers.published.cql2.escapes import resolved
from layers.published.cql2.parsing import tree

CASES = {
    r"'it''s'": "it's",
    r"'it\'s'": "it's",
    r"'\''": "'",
    r"''''": "'",
    r"''": "",
    r"'a\\b'": "a\\b",
    r"'a\\'": "a\\",
    r"'\\\''": "\\'",
    r"'\a\b\t\n\v\f\r'": "\a\b\t\n\v\f\r",
    r"'50\%\_'": r"50\%\_",  # of a pattern
    r"'\q\1\é'": r"\q\1\é",
    r"'\\n'": r"\n",
    r"'(\'('": "('(",
}


@pytest.mark.parametrize("text", CASES)
def test_a_text_is_read_with_its_escapes(text: str) -> None:
    assert tree(f"a = {text} AND b = 'x'", "cql2-text") == {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "a"}, CASES[text]]},
            {"op": "=", "args": [{"property": "b"}, "x"]},
        ],
    }


def test_a_backslash_in_a_name_is_a_character() -> None:
    assert tree(r'"a\n" = 1', "cql2-text")["args"][0] == {"property": r"a\n"}


@pytest.mark.parametrize("text", [r"a = 'x\'", "a = '\\", r"a = 'x\\\'", r"a = \'x'"])
def test_an_escaped_quote_ends_no_text(text: str) -> None:
    with pytest.raises(InvalidParameter):
        tree(text, "cql2-text")


@pytest.mark.parametrize("piece", [r"\'", "'\\", r"\\", "'", '"\\', r"''\'"])
def test_escapes_without_an_end_cost_no_time(piece: str) -> None:
    begun = time.perf_counter()
    resolved("a = '" + piece * 10_000 + "\\")
    assert time.perf_counter() - begun < 1
