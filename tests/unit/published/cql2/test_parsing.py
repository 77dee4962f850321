"""Text and JSON become the same tree, or are refused with the place of the fault."""

from typing import Any

import pytest

from layers.errors import InvalidParameter
from layers.published.cql2 import parsing
from layers.published.cql2.parsing import tree

A = {"property": "a"}
B = {"property": "b"}

TEXTS: dict[str, Any] = {
    "a = 1": {"op": "=", "args": [A, 1]},
    '"a" = \'it\'\'s\'': {"op": "=", "args": [A, "it's"]},
    "a <> b": {"op": "<>", "args": [A, B]},
    "όνομα:el.x = 'Κυψέλη'": {"op": "=", "args": [{"property": "όνομα:el.x"}, "Κυψέλη"]},
    "NOT a = 1 AND b = 2": {"op": "and", "args": [
        {"op": "not", "args": [{"op": "=", "args": [A, 1]}]}, {"op": "=", "args": [B, 2]}]},
    "a NOT IN (1, 2)": {"op": "not", "args": [{"op": "in", "args": [A, [1, 2]]}]},
    "a IS NOT NULL": {"op": "not", "args": [{"op": "isNull", "args": [A]}]},
    "a + b * 2 = 3": {"op": "=", "args": [
        {"op": "+", "args": [A, {"op": "*", "args": [B, 2]}]}, 3]},
    "a ^ (b ^ 2) = 3": {"op": "=", "args": [
        {"op": "^", "args": [A, {"op": "^", "args": [B, 2]}]}, 3]},
    "a - b - 1 = 0": {"op": "=", "args": [
        {"op": "-", "args": [{"op": "-", "args": [A, B]}, 1]}, 0]},
    "S_INTERSECTS(a, BBOX(1, 2, 3, 4))": {"op": "s_intersects", "args": [A, {"bbox": [1, 2, 3, 4]}]},
    "a = DATE('2026-11-22')": {"op": "=", "args": [A, {"date": "2026-11-22"}]},
    "T_AFTER(a, INTERVAL('..', b))": {"op": "t_after", "args": [A, {"interval": ["..", B]}]},
    "CASEI(a) LIKE casei('x%')": {"op": "like", "args": [
        {"op": "casei", "args": [A]}, {"op": "casei", "args": ["x%"]}]},
    "A_OVERLAPS(a, ('x', 1))": {"op": "a_overlaps", "args": [A, ["x", 1]]},
    "true": True,
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_the_tree_that_the_standard_writes_as_json(text: str) -> None:
    assert tree(text, "cql2-text") == TEXTS[text]


def test_json_is_taken_as_it_was_sent() -> None:
    sent = '{"op": "=", "args": [{"property": "a"}, 9007199254740993]}'
    assert tree(sent, "cql2-json") == {"op": "=", "args": [A, 9007199254740993]}
    assert tree(sent.encode(), "cql2-json") == tree(sent, "cql2-json")
    assert tree({"op": "=", "args": [A, 1]}, "cql2-json") == {"op": "=", "args": [A, 1]}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = ", "line 1, column 5"),
        ("a = 1\nAND b ==", "line 2, column 8"),
        ("a ! 1", "line 1, column 3"),
        ("S_INTERSECTS(a, POINT EMPTY)", "position"),
    ],
)
def test_a_text_that_is_none_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(InvalidParameter, match=place) as refusal:
        tree(text, "cql2-text")
    assert refusal.value.name == "filter"
    assert "\n" not in refusal.value.detail


@pytest.mark.parametrize("text", ["a ^ b ^ c = 1", "(a ^ b) ^ 2 = 1", "2 ^ 3 ^ 2 = a"])
def test_powers_of_powers_in_text_need_brackets_on_the_right(text: str) -> None:
    with pytest.raises(InvalidParameter, match="brackets on the right"):
        tree(text, "cql2-text")


def test_json_says_itself_which_power_comes_first() -> None:
    node = {"op": "^", "args": [{"op": "^", "args": [2, 3]}, 2]}
    assert tree(node, "cql2-json") == node


class PanicException(BaseException):
    """What a fault inside the parser comes out as."""


@pytest.mark.parametrize("fault", [PanicException, KeyboardInterrupt])
def test_a_fault_inside_the_parser_is_refused_and_an_interrupt_is_not(
    monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def fails(_: str) -> None:
        raise fault

    monkeypatch.setattr(parsing.cql2, "parse_text", fails)
    wanted = InvalidParameter if fault is PanicException else KeyboardInterrupt
    with pytest.raises(wanted):
        tree("a = 1", "cql2-text")


@pytest.mark.parametrize("text", ["", "{", "nul", "{'op': 1}", '{"a": NaN}', "a = 1"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="JSON") as refusal:
        tree(text, "cql2-json")
    assert refusal.value.name == "filter"


@pytest.mark.parametrize("language", ["cql-text", "CQL2-TEXT", "", "sql"])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        tree("a = 1", language)
    assert refusal.value.name == "filter-lang"
