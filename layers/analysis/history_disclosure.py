"""What may be told of a change between two dates.

The one place for this rule: whatever compares runs of different dates asks here.
"""

from collections.abc import Sequence

from layers.selectors.run_history import CellPair


def withheld_changes(cells: Sequence[CellPair]) -> list[bool]:
    """Return which cells of one term may not be compared.

    Parameters
    ----------
    cells : sequence of CellPair
        Every cell of one term in both runs: districts, outside, municipality.

    Returns
    -------
    list of bool
        True where the cell is withheld at either date: its difference from a published
        figure, or from the municipality's, would give the withheld one away.

    Notes
    -----
    What remains is made of figures that both runs publish, so the comparison tells
    nothing that the two runs side by side do not. Whether these two may stand side by
    side is decided where runs are published.
    """
    return [
        any(
            side is not None and side.is_suppressed
            for side in (cell.before, cell.after)
        )
        for cell in cells
    ]
