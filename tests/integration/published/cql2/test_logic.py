"""Annex A, `/conf/*/logical`: predicates of all classes joined by AND, OR and NOT.

What each combination should find is worked out in Python by the truth table of the
standard (clause 6.2), from the rows for which each predicate is true and is false.
"""

import json
import random

import pytest
from django.db import connection

from layers.published.cql2.filters import compiled
from layers.published.cql2.parsing import tree
from layers.published.layers.layer import Layer
from tests.integration.published.cql2 import (
    test_arithmetic,
    test_arrays,
    test_comparisons,
    test_functions,
    test_spatial,
    test_temporal,
)
from tests.integration.published.cql2.conftest import Found

ALL = frozenset(range(1, 9))
GOLDEN: dict[str, list[int]] = {
    **test_comparisons.GOLDEN,
    **test_comparisons.LIKE,
    **test_comparisons.FOLDED,
    **test_arithmetic.GOLDEN,
    **test_temporal.INTERVALS,
    **test_temporal.INSTANTS,
    **test_arrays.GOLDEN,
    **test_functions.PLACES,
    **test_spatial.PACIFIC,
}
PATTERN = "((NOT ({0}) AND ({1})) OR (({2}) AND NOT ({3})) OR NOT (({0}) AND ({3})))"

Truth = tuple[frozenset[int], frozenset[int]]
"""The rows for which a predicate is true, and those for which it is false."""


def negated(one: Truth) -> Truth:
    return one[1], one[0]


def both(one: Truth, other: Truth) -> Truth:
    return one[0] & other[0], one[1] | other[1]


def either(one: Truth, other: Truth) -> Truth:
    return one[0] | other[0], one[1] & other[1]


@pytest.mark.parametrize("seed", range(40))
def test_four_predicates_joined_find_what_the_truth_table_says(
    places: Layer, found: Found, seed: int
) -> None:
    chosen = random.Random(seed).sample(sorted(GOLDEN), 4)
    truths: list[Truth] = []
    for text in chosen:
        is_true = frozenset(GOLDEN[text])
        is_false = frozenset(found(places, f"NOT ({text})"))
        assert not is_true & is_false
        truths.append((is_true, is_false))
    p1, p2, p3, p4 = truths
    expected = either(
        either(both(negated(p1), p2), both(p3, negated(p4))), negated(both(p1, p4))
    )
    assert found(places, PATTERN.format(*chosen)) == sorted(expected[0])


def test_the_truth_table_has_three_values() -> None:
    true, false, unknown = (ALL, frozenset()), (frozenset(), ALL), (frozenset(),) * 2
    assert both(true, unknown) == unknown
    assert both(false, unknown) == false
    assert either(true, unknown) == true
    assert either(false, unknown) == unknown
    assert negated(unknown) == unknown


def test_every_predicate_finds_the_same_written_as_json(
    places: Layer, found: Found
) -> None:
    for text, ids in GOLDEN.items():
        node = json.dumps(tree(text, "cql2-text"), ensure_ascii=False)
        assert found(places, node, "cql2-json") == ids, text


def test_every_predicate_finds_the_same_where_the_driver_writes_the_values_in(
    places: Layer,
) -> None:
    # COPY, which exports are made of, takes no parameters. Django's cursor binds so, too.
    for text, ids in GOLDEN.items():
        condition = compiled(text, "cql2-text", places)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT r.id FROM {places.relation} WHERE {condition.sql} ORDER BY 1",  # noqa: S608
                condition.values,
            )
            assert [row[0] for row in cursor.fetchall()] == ids, text
