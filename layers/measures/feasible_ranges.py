"""Between what an unknown count must lie, given everything that is published.

A withheld count that is no linear combination of published ones may still be known, or
nearly so, because nobody is fewer than none: of few people, each part is few. All that a
reader knows is a system of sums; the least and the most that a count can be in it are two
linear programmes. Their dual values say which published sums make the range so narrow.

References
----------
.. [1] Hundepool et al. (2012) Statistical Disclosure Control, Wiley, ch. 4.4 (auditing).
.. [2] Huangfu, Hall (2018) Parallelizing the dual revised simplex method, Mathematical
   Programming Computation 10 (HiGHS).
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from layers.errors import InvalidArray
from layers.measures.arrays import IntArray

TOLERANCE = 1e-6
"""Of a person: the programmes are solved to 1e-7."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a count can be.

    Attributes
    ----------
    low, high : float
        People.
    low_rows, high_rows : ndarray of int
        Positions of the published sums without which it could be less, or more.
    """

    low: float
    high: float
    low_rows: IntArray
    high_rows: IntArray


class KnownSums:
    """Everything that a reader knows of some counts of people.

    Parameters
    ----------
    sums : array_like or sparse array, (n_sums, n_counts)
        Which counts each published sum adds up.
    totals : array_like, (n_sums,)
        What is published: 0 or more.
    most : float
        No count is larger, as everybody knows; it keeps every range finite.

    Raises
    ------
    InvalidArray
        Shapes that do not fit.

    Examples
    --------
    Two districts have 100 people together, and the first one no more than 8, which it has
    together with somebody else:

    >>> known = KnownSums([[1, 1, 0], [1, 0, 1]], [100, 8], most=1000)
    >>> found = known.range_of([0, 1, 0])
    >>> found.low, found.high, found.low_rows.tolist()
    (92.0, 100.0, [0, 1])
    """

    def __init__(
        self,
        sums: ArrayLike | csr_array,
        totals: ArrayLike,
        *,
        most: float,
    ) -> None:
        table = sums if isinstance(sums, csr_array) else np.asarray(sums)
        published = np.asarray(totals, dtype=np.float64)
        if table.ndim != 2 or published.shape != table.shape[:1]:
            raise InvalidArray(
                f"sums: shape {table.shape} does not fit totals {published.shape}"
            )
        self._n_sums, self._n_counts = table.shape
        self._highs = _loaded(csr_array(table, dtype=np.float64), published, most)

    def range_of(self, weights: ArrayLike) -> Range:
        """Return the least and the most that a sum of counts can be.

        Parameters
        ----------
        weights : array_like, (n_counts,)
            How often each count is in it; below 0 is taken away.
        """
        wanted = np.asarray(weights, dtype=np.float64)
        if wanted.shape != (self._n_counts,):
            raise InvalidArray(
                f"weights: shape {wanted.shape} is not ({self._n_counts},)"
            )
        columns = np.arange(self._n_counts, dtype=np.int32)
        self._highs.changeColsCost(self._n_counts, columns, wanted)
        low, low_rows = self._solved(highspy.ObjSense.kMinimize)
        high, high_rows = self._solved(highspy.ObjSense.kMaximize)
        return Range(low, high, low_rows, high_rows)

    def _solved(self, sense: highspy.ObjSense) -> tuple[float, IntArray]:
        self._highs.changeObjectiveSense(sense)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Sums that contradict each other by a rounding: as if all of them told.
            return float("nan"), np.arange(self._n_sums, dtype=np.int64)
        duals = np.abs(np.array(self._highs.getSolution().row_dual))[: self._n_sums]
        value = float(self._highs.getInfo().objective_function_value)
        return round(value, 6) + 0.0, np.flatnonzero(duals > TOLERANCE)


def _loaded(
    rows: csr_array, totals: NDArray[np.float64], bound: float
) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS takes no keywords
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    # The next question starts where the last one ended, which presolve would forget.
    highs.setOptionValue("presolve", "off")
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = rows.shape
    programme.col_cost_ = np.zeros(rows.shape[1])
    programme.col_lower_ = np.zeros(rows.shape[1])
    programme.col_upper_ = np.full(rows.shape[1], float(bound))
    programme.row_lower_ = programme.row_upper_ = totals
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = rows.indptr.astype(np.int32)
    programme.a_matrix_.index_ = rows.indices.astype(np.int32)
    programme.a_matrix_.value_ = rows.data.astype(np.float64)
    highs.passModel(programme)
    return highs
