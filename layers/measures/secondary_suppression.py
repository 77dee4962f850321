"""Which further counts have to be withheld, so that no withheld one can be worked out.

A table publishes sums: of districts, of the city, of communities that cut across both.
Whoever subtracts what is published from a total finds what was withheld. Here a table is
a set of *cells*, each the sum of some *atoms*: groups of people that no published border
divides. A withheld cell is safe where it is no linear combination of published cells,
which is a question of rank and has a proof (`recoverable`).

References
----------
.. [1] Hundepool et al. (2012) Statistical Disclosure Control, Wiley, ch. 4.
.. [2] Langsrud (2024) Secondary cell suppression by Gaussian elimination: an algorithm
   suitable for handling issues with zeros and singletons, PSD 2024.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, checked_people

TOLERANCE = 1e-8
"""A residual below this is none: cells are sums of whole atoms, so real ones are larger."""

ROUND_TO = 5
"""Counts of people in a group are published as multiples of this."""


def recoverable(cells: ArrayLike, is_withheld: ArrayLike) -> BoolArray:
    """Return which withheld cells follow from the published ones.

    Parameters
    ----------
    cells : array_like of bool, (n_cells, n_atoms)
        Which atoms each cell sums. A row without atoms is an empty cell: its count is 0
        and everybody knows it.
    is_withheld : array_like of bool, (n_cells,)
        Which cells are not published.

    Returns
    -------
    ndarray of bool, (n_cells,)
        True where a withheld cell is a linear combination of published cells; False for
        published ones.

    Raises
    ------
    InvalidArray
        Shapes that do not fit.

    Examples
    --------
    Two districts and their sum; one withheld district is the sum less the other one:

    >>> recoverable([[1, 0], [0, 1], [1, 1]], [True, False, False])
    array([ True, False, False])
    >>> recoverable([[1, 0], [0, 1], [1, 1]], [True, True, False])
    array([False, False, False])
    """
    table, withheld = _checked(cells, is_withheld)
    found = np.zeros(len(table), dtype=np.bool_)
    rows = np.flatnonzero(withheld)
    if len(rows):
        _, residual = _combinations(table[~withheld], table[rows])
        found[rows] = residual <= TOLERANCE
    return found


def secondary_suppression(
    cells: ArrayLike,
    is_primary: ArrayLike,
    counts: ArrayLike,
    *,
    is_total: ArrayLike | None = None,
) -> BoolArray:
    """Return which cells to withhold, the primary ones among them.

    Parameters
    ----------
    cells : array_like of bool, (n_cells, n_atoms)
        As in `recoverable`.
    is_primary : array_like of bool, (n_cells,)
        Cells that must not be published, whatever else is.
    counts : array_like, (n_cells,)
        People in each cell: the smallest that helps is withheld first.
    is_total : array_like of bool, (n_cells,), optional
        Cells that are withheld only where nothing else helps.

    Returns
    -------
    ndarray of bool, (n_cells,)
        No cell of it is `recoverable`, except cells without atoms.

    Raises
    ------
    InvalidArray
        Shapes that do not fit, negative or unknown counts.

    Notes
    -----
    Greedy: of the published cells that give a withheld one away, the smallest goes next;
    a tie goes to the first. At the end each is published again, the largest first, where
    that gives nothing away. That keeps the loss small and not least: finding the least is
    NP-hard. Each step costs one solution of a linear system of the table's size.
    """
    table, withheld = _checked(cells, is_primary)
    people = checked_people(counts, "counts", n=len(table))
    totals = _flags(is_total, len(table))
    has_atoms = table.any(axis=1)
    primary = withheld & has_atoms
    withheld = primary.copy()
    order = np.lexsort((np.arange(len(table)), people, totals))
    rank = np.empty(len(table), dtype=np.int64)
    rank[order] = np.arange(len(table))
    further: list[int] = []
    while (helping := _giving_away(table, withheld, primary)).any():
        further.append(int(np.flatnonzero(helping)[np.argmin(rank[helping])]))
        withheld[further[-1]] = True
    for cell in sorted(further, key=lambda n: -rank[n]):
        # What was withheld early may no longer be needed, now that more is.
        withheld[cell] = False
        withheld[cell] = _giving_away(table, withheld, primary).any()
    return withheld


def is_small_difference(
    one: ArrayLike, other: ArrayLike, *, k: int, may_be_zero: bool = True
) -> BoolArray:
    """Return where two published counts differ by fewer than k people.

    Whoever sees both (of two thresholds, dates or scenarios) sees the few between them.

    Parameters
    ----------
    one, other : array_like, (n,)
        People.
    k : int
        The smallest count that may be seen, 1 or more.
    may_be_zero : bool
        Whether equal counts may be published: they show nobody.
    """
    if k < 1:
        raise InvalidParameter("k", k, "1 or more")
    first = checked_people(one, "one")
    gap = np.abs(first - checked_people(other, "other", n=len(first)))
    small = gap < k
    return np.asarray(small & (gap > 0) if may_be_zero else small)


def rounded(counts: ArrayLike, *, base: int = ROUND_TO) -> FloatArray:
    """Return counts as the nearest multiples of a base; half goes to the even multiple.

    The same count is always rounded alike, so that asking again tells nothing new. Sums
    of rounded counts differ from the rounded sum; each is right within half the base.

    Parameters
    ----------
    counts : array_like, (n,)
        People, 0 or more.
    base : int
        1 or more.

    Examples
    --------
    >>> rounded([12, 13, 2.5, 7.5])
    array([10., 15.,  0., 10.])
    """
    if base < 1:
        raise InvalidParameter("base", base, "1 or more")
    return np.asarray(np.round(checked_people(counts, "counts") / base) * base)


def _giving_away(
    table: NDArray[np.float64], withheld: BoolArray, primary: BoolArray
) -> BoolArray:
    """Return the published cells that a primary one is worked out from."""
    found = np.zeros(len(table), dtype=np.bool_)
    published, rows = np.flatnonzero(~withheld), np.flatnonzero(primary)
    if not len(published) or not len(rows):
        return found
    weights, residual = _combinations(table[published], table[rows])
    used = np.abs(weights[:, residual <= TOLERANCE]) > TOLERANCE
    # A cell without atoms carries nothing away, whatever weight the solution gives it.
    found[published] = used.any(axis=1) & table[published].any(axis=1)
    return found


def _combinations(
    basis: NDArray[np.float64], wanted: NDArray[np.float64]
) -> tuple[FloatArray, FloatArray]:
    """Return weights of `basis` that come nearest to each wanted row, and what is left."""
    if not len(basis):
        return np.zeros((0, len(wanted))), np.abs(wanted).max(axis=1, initial=0.0)
    weights, *_ = np.linalg.lstsq(basis.T, wanted.T, rcond=None)
    left = np.abs(basis.T @ weights - wanted.T).max(axis=0, initial=0.0)
    return np.asarray(weights, dtype=np.float64), np.asarray(left, dtype=np.float64)


def _checked(
    cells: ArrayLike, flags: ArrayLike
) -> tuple[NDArray[np.float64], BoolArray]:
    table = np.asarray(cells, dtype=np.bool_)
    if table.ndim != 2:
        raise InvalidArray(f"cells: shape {table.shape} is not (n_cells, n_atoms)")
    return table.astype(np.float64), _flags(flags, len(table)).copy()


def _flags(values: ArrayLike | None, n: int) -> BoolArray:
    if values is None:
        return np.zeros(n, dtype=np.bool_)
    flags = np.asarray(values, dtype=np.bool_)
    if flags.shape != (n,):
        raise InvalidArray(f"flags: shape {flags.shape} is not ({n},)")
    return flags
