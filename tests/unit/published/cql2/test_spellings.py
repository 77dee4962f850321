"""Spellings of the standard, for a parser that does not know them all."""

import time

import pytest

from layers.errors import InvalidParameter
from layers.published.cql2.parsing import tree
from layers.published.cql2.spellings import respelled

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
    respelled("a = '" + piece * 10_000 + "\\")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".5", 0.5), ("-.5", -0.5), ("+.5e1", 5.0), ("1.", 1.0), ("1e3", 1000.0),
        ("1.5E-3", 0.0015), ("1e308", 1e308), ("5e-324", 5e-324), ("0e9", 0.0), ("12", 12.0),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_spelling(text: str, value: float) -> None:
    assert tree(f"a = {text}", "cql2-text")["args"][1] == value


def test_a_geometry_may_have_exponents() -> None:
    node = tree("S_INTERSECTS(a, LINESTRING(1e1 -.5, 1.5E-3 2.))", "cql2-text")
    assert node["args"][1]["coordinates"] == [[10, -0.5], [0.0015, 2]]


@pytest.mark.parametrize(
    "name", ["_a", ":a", "_1", "__a.b:c", "a1e5", "a.5", "e5", "_"]
)
def test_a_name_may_begin_and_go_on_as_the_standard_has_it(name: str) -> None:
    assert tree(f"{name} = 1", "cql2-text")["args"][0] == {"property": name}
    assert tree(f"lower({name}) = 'x'", "cql2-text")["args"][0]["args"] == [
        {"property": name}
    ]


@pytest.mark.parametrize(
    "text",
    ["a = '.5 1e3 _x'", '"a.5 1e3 _x" = 1', "a = 'it''s _b'", 'a = 1 AND "_b" = 2'],
)
def test_texts_and_quoted_names_stay_as_they_are(text: str) -> None:
    assert respelled(text) == text


@pytest.mark.parametrize("text", ["a = 1..5", "a = 1e", "a = .", "a = e", "a = 1e5.5"])
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    try:
        found = tree(text, "cql2-text")["args"][1]
    except InvalidParameter:
        return
    assert found == {"property": "e"}
