"""Nothing withheld can be worked out: a rank test, and the golden table of the literature."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.secondary_suppression import (
    is_small_difference,
    recoverable,
    rounded,
    secondary_suppression,
)


def rank_says_recoverable(cells: np.ndarray, withheld: np.ndarray) -> np.ndarray:
    """Return the same by exact ranks of integer matrices, one cell at a time (slow)."""
    published = cells[~withheld].astype(float)
    base = np.linalg.matrix_rank(published) if len(published) else 0
    found = np.zeros(len(cells), dtype=bool)
    for n in np.flatnonzero(withheld):
        stacked = np.vstack([published, cells[n]])
        found[n] = np.linalg.matrix_rank(stacked) == base
    return found


def cross_table(n_rows: int, n_columns: int) -> np.ndarray:
    """Return all cells and margins of a table as sums of its inner cells."""
    atoms = list(product(range(n_rows), range(n_columns)))
    cells = [
        [(r is None or r == a) and (c is None or c == b) for a, b in atoms]
        for r in [*range(n_rows), None]
        for c in [*range(n_columns), None]
    ]
    return np.array(cells)


TABLES = st.tuples(st.integers(1, 7), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(
        arrays(bool, shape),
        arrays(bool, shape[0]),
        arrays(float, shape[0], elements=st.integers(0, 50).map(float)),
    )
)


@given(TABLES)
def test_recoverable_is_what_the_rank_says(table: tuple[np.ndarray, ...]) -> None:
    cells, withheld, _ = table
    assert (
        recoverable(cells, withheld).tolist()
        == rank_says_recoverable(cells, withheld).tolist()
    )


@given(TABLES)
def test_after_suppression_nothing_withheld_can_be_worked_out(
    table: tuple[np.ndarray, ...],
) -> None:
    cells, primary, counts = table
    withheld = secondary_suppression(cells, primary, counts)
    assert not rank_says_recoverable(cells, withheld).any()
    has_people = cells.any(axis=1)
    assert (withheld | ~has_people | ~primary).all()  # every primary cell with atoms


@given(TABLES)
def test_the_same_table_loses_the_same_cells(table: tuple[np.ndarray, ...]) -> None:
    cells, primary, counts = table
    first = secondary_suppression(cells, primary, counts)
    assert secondary_suppression(cells, primary, counts).tolist() == first.tolist()


def test_one_withheld_district_takes_the_smallest_other_with_it() -> None:
    # Districts of 4, 40, 20 people and their sum.
    cells = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    withheld = secondary_suppression(
        cells, [1, 0, 0, 0], [4, 40, 20, 64], is_total=[0, 0, 0, 1]
    )
    assert withheld.tolist() == [True, False, True, False]


def test_two_withheld_districts_need_no_third() -> None:
    cells = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    withheld = secondary_suppression(cells, [1, 1, 0, 0], [4, 5, 20, 29])
    assert withheld.tolist() == [True, True, False, False]


def test_a_city_of_one_district_loses_its_total() -> None:
    withheld = secondary_suppression([[1], [1]], [1, 0], [4, 4], is_total=[False, True])
    assert withheld.tolist() == [True, True]


def test_a_level_that_cuts_across_gives_nothing_away() -> None:
    # Atoms: a1, a2, b1, b2 of districts a, b and communities 1, 2.
    cells = np.array(
        [
            [1, 1, 0, 0],  # district a
            [0, 0, 1, 1],  # district b
            [1, 0, 1, 0],  # community 1
            [0, 1, 0, 1],  # community 2
            [1, 1, 1, 1],  # city
        ]
    )
    withheld = secondary_suppression(
        cells, [1, 0, 0, 0, 0], [4, 60, 30, 34, 64], is_total=[0, 0, 0, 0, 1]
    )
    assert not recoverable(cells, withheld).any()
    # b gives a away together with the city, or with both communities: b goes.
    assert withheld.tolist() == [True, True, False, False, False]


def test_the_golden_table_of_age_and_country() -> None:
    """GaussSuppression's vignette (maxN = 1, 2015): young-Portugal is 0 and withheld.

    Published are the margins 20, 5, 4 (countries), 11, 13 (ages) and spain's cells; three
    further inner cells are withheld: {old-Iceland, old-Portugal, young-Iceland} there.
    """
    # Rows: old, young; columns: Iceland, Portugal, Spain. Old 3, 4, 6; young 2, 0, 14
    # stand for the vignette's shape: one primary cell in a 2 x 3 table with margins.
    cells = cross_table(2, 3)
    inner = np.array([3, 4, 6, 2, 0, 14.0])
    counts = cells @ inner
    primary = np.zeros(len(cells), dtype=bool)
    primary[5] = True  # young (row 1 of rows of 4 cells), Portugal
    is_total = [False] * 3 + [True] + [False] * 3 + [True] + [True] * 4
    withheld = secondary_suppression(cells, primary, counts, is_total=is_total)
    assert np.flatnonzero(withheld).tolist() == [0, 1, 4, 5]  # the four of a rectangle
    assert not rank_says_recoverable(cells, withheld).any()


def test_an_empty_cell_is_no_secret() -> None:
    cells = [[0, 0], [1, 0], [1, 1]]
    assert secondary_suppression(cells, [1, 0, 0], [0, 9, 20]).tolist() == [False] * 3


def test_two_withheld_districts_hide_each_other_but_not_their_sum() -> None:
    # What is proven is that no single count follows; the sum of both is public, and is
    # why the primary rule, not this one, keeps pairs of small counts apart.
    cells = np.array([[1, 0], [0, 1], [1, 1]])
    assert not recoverable(cells, np.array([True, True, False])).any()


def test_counts_are_rounded_alike_each_time() -> None:
    assert rounded([0, 2, 3, 7, 8, 12.5]).tolist() == [0, 0, 5, 5, 10, 10]
    assert rounded([1, 2], base=1).tolist() == [1, 2]


def test_differences_of_a_few_people_are_seen() -> None:
    assert is_small_difference([10, 10, 10], [10, 7, 30], k=10).tolist() == [
        False,
        True,
        False,
    ]
    strict = is_small_difference([10], [10], k=10, may_be_zero=False)
    assert strict.tolist() == [True]


@pytest.mark.parametrize(
    ("cells", "primary", "counts"),
    [
        ([1, 0], [1], [4]),
        ([[1, 0]], [1, 0], [4]),
        ([[1, 0]], [1], [4, 5]),
        ([[1, 0]], [1], [-4]),
        ([[1, 0]], [1], [float("nan")]),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    cells: list[object], primary: list[int], counts: list[float]
) -> None:
    with pytest.raises(InvalidArray):
        secondary_suppression(cells, primary, counts)


@pytest.mark.parametrize("wrong", [0, -5])
def test_bases_and_thresholds_below_one_are_refused(wrong: int) -> None:
    with pytest.raises(InvalidParameter):
        rounded([1], base=wrong)
    with pytest.raises(InvalidParameter):
        is_small_difference([1], [2], k=wrong)
