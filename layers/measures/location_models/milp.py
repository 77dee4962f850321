"""HiGHS behind one function: a mixed-integer programme, a start, an answer with a bound.

HiGHS is called directly because `scipy.optimize.milp` cannot be given a start: out of
time, a cold HiGHS was seen to return 1 % of what the greedy start is worth.
"""

import math
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from layers.measures.arrays import BoolArray, FloatArray

MIP_GAP = 1e-9
"""Relative gap at which HiGHS may stop; its default of 1e-4 is no proof."""

LARGE_PRICE = 2.0**16
"""Prices above this are brought down to it: HiGHS's tolerances are absolute."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise `price @ x` with `least <= rows @ x <= most`, `low <= x <= high`.

    Attributes
    ----------
    price, low, high : ndarray, (n,)
        Of each variable.
    whole : ndarray of bool, (n,)
        Which variables are whole numbers.
    rows : csr_array, (m, n)
        Left sides of the constraints.
    least, most : ndarray, (m,)
        Their right sides; -inf and inf are none.
    """

    price: FloatArray
    low: FloatArray
    high: FloatArray
    whole: BoolArray
    rows: csr_array
    least: FloatArray
    most: FloatArray


@dataclass(frozen=True, slots=True)
class MilpAnswer:
    """What HiGHS knows when it stops.

    Attributes
    ----------
    x : ndarray, (n,), or None
        The best solution, whole variables exactly whole; None when it has none.
    bound : float
        No solution costs less; inf when there is none at all.
    is_proven : bool
        Whether `x` is optimal, or there is no solution.
    """

    x: FloatArray | None
    bound: float
    is_proven: bool


def solve(
    programme: Programme, *, time_limit_s: float, start: FloatArray | None = None
) -> MilpAnswer:
    """Return the best solution that HiGHS finds in time, and its bound.

    Parameters
    ----------
    programme : Programme
        What to solve.
    time_limit_s : float
        Seconds; 0 or less returns the start unproven.
    start : ndarray, (n,)
        A feasible solution to improve on; the answer is never worse.

    Notes
    -----
    One thread and one seed: the same programme gives the same answer, unless time
    runs out first.
    """
    if time_limit_s <= 0:
        return MilpAnswer(start, -math.inf, is_proven=False)
    # A power of two changes no digit, and whole prices stay whole as long as they can.
    largest = float(np.abs(programme.price).max(initial=0.0))
    scale = 2.0 ** max(0, math.ceil(math.log2(max(largest, 1.0) / LARGE_PRICE)))
    highs = _loaded(programme, time_limit_s, scale)
    if start is not None:
        index = np.arange(len(start), dtype=np.int32)
        highs.setSolution(len(start), index, start.astype(np.float64))
    highs.run()
    return _answer(highs, programme, scale)


def _loaded(programme: Programme, time_limit_s: float, scale: float) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS takes no keywords
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("mip_rel_gap", MIP_GAP)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("time_limit", float(time_limit_s))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = programme.rows.shape
    lp.col_cost_, lp.row_lower_ = programme.price / scale, programme.least
    lp.col_lower_, lp.col_upper_ = programme.low, programme.high
    lp.row_upper_ = programme.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = programme.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = programme.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = programme.rows.data.astype(np.float64)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(is_whole)] for is_whole in programme.whole]
    highs.passModel(lp)
    return highs


def _answer(highs: highspy.Highs, programme: Programme, scale: float) -> MilpAnswer:
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return MilpAnswer(None, math.inf, is_proven=True)
    info = highs.getInfo()
    is_proven = status == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return MilpAnswer(None, info.mip_dual_bound * scale, is_proven=False)
    x = np.array(highs.getSolution().col_value, dtype=np.float64)
    x[programme.whole] = np.round(x[programme.whole])
    return MilpAnswer(x, info.mip_dual_bound * scale, is_proven=is_proven)
