"""What may be told of a change between two dates.

The one place for this rule: whatever compares runs of different dates asks here.
"""

from collections.abc import Sequence

import numpy as np

from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.secondary_suppression import secondary_suppression
from layers.measures.suppression import SMALL_COUNT
from layers.selectors.run_history import CellPair

SAME = 1e-6
"""A difference below this is none: figures are kept to six decimals."""


def withheld_changes(cells: Sequence[CellPair], *, k: int = SMALL_COUNT) -> list[bool]:
    """Return which cells of one term may not be compared.

    Parameters
    ----------
    cells : sequence of CellPair
        Every cell of one term in both runs: districts, outside, municipality.
    k : int
        The smallest count of people that may be told.

    Returns
    -------
    list of bool
        True where the cell is withheld at either date; where fewer than k people came,
        went, or are reached or not reached any more; and where such a change would follow
        from the municipality's and the other districts'.

    Notes
    -----
    Where nothing changed everybody may know it, for no place near there did: such a
    district protects no other one. A cell that is in one run only is compared with
    nothing, so it is not withheld, and protects none either.
    """
    if not cells:
        return []
    is_pair = np.array([c.before is not None and c.after is not None for c in cells])
    primary = np.array([_is_withheld_at_a_date(cell) for cell in cells])
    differences = np.array([_differences(cell) for cell in cells])
    moved = np.abs(differences)
    primary |= ((moved > SAME) & (moved < k)).any(axis=1)
    is_total = np.array([cell.is_total for cell in cells])
    found = primary.copy()
    residents = _residents(cells)
    for side in moved.T:
        # Not known is NaN: whether anybody moved there nobody is told, so it may be.
        is_anybody = ~(side <= SAME) & is_pair & ~is_total
        table = _sums(is_total)[:, ~is_total] * is_anybody[~is_total]
        found |= secondary_suppression(table, primary, residents, is_total=is_total)
    return [bool(one) for one in found]


def _is_withheld_at_a_date(cell: CellPair) -> bool:
    sides = (cell.before, cell.after)
    return any(side is not None and side.is_suppressed for side in sides)


def _differences(cell: CellPair) -> tuple[float, float, float]:
    """Return how many residents, reached and not reached, there are more; or NaN."""
    residents, unserved = (
        _difference(cell, name) for name in ("residents", "residents_unserved")
    )
    return residents, residents - unserved, unserved


def _difference(cell: CellPair, name: str) -> float:
    was, now = getattr(cell.before, name, None), getattr(cell.after, name, None)
    return float("nan") if was is None or now is None else float(now - was)


def _residents(cells: Sequence[CellPair]) -> FloatArray:
    sides = [[cell.before, cell.after] for cell in cells]
    known = [[one.residents or 0.0 for one in pair if one] for pair in sides]
    return np.array([max(counts, default=0.0) for counts in known], dtype=np.float64)


def _sums(is_total: BoolArray) -> FloatArray:
    """Return each cell as a sum of cells: itself, or all districts and the outside."""
    return np.where(is_total[:, None], ~is_total, np.eye(len(is_total)))
