"""Inequality and gap measures over a column of one file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.measures.arrays import FloatArray
from layers.measures.inequality import (
    concentration_index,
    erreygers_index,
    gini_index,
    theil_t,
)
from layers.measures.palma import palma_ratio
from layers.measures.poverty import fgt, fgt_terms
from layers.workbench.files import Points, read_points
from layers.workbench.flags import FileFlag
from layers.workbench.measuring import Measured
from layers.workbench.question import DEFAULTS, Question


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """Values by point, their weights, and what orders and groups the points."""

    values: FloatArray
    weights: FloatArray
    rank: FloatArray | None
    groups: NDArray[np.str_] | None

    def of(self, name: str) -> "_Column":
        """Return the points of one group."""
        inside = self.groups == name
        rank = None if self.rank is None else self.rank[inside]
        return _Column(self.values[inside], self.weights[inside], rank, None)


def measure_column(question: Question) -> Measured:
    """Return a measure that is one number, over the value column of the demand file.

    Parameters
    ----------
    question : Question
        Checked; its measure is one of `COLUMN_MEASURES`.

    Returns
    -------
    Measured
        `value` is the measure. `values` are the column itself, or for `fgt` what each
        point adds per person, whose weighted mean is the measure. With a group
        column, `details` has the measure of each group.
    """
    points = read_points(
        question.demand,
        question.demand_id,
        question.demand_value,
        further={
            "value-column": question.value_column,
            "rank-column": question.rank_column,
            "group-column": question.group_column,
        },
    )
    column = _column(question, points)
    answer = Measured(points.ids, column.values, column.weights)
    answer.parameters = _parameters(question)
    if question.demand_value is None:
        answer.flags.add(FileFlag.COUNTED_AS_ONE)
    if not column.weights.sum() > 0:
        answer.flags.add(FileFlag.NO_DEMAND)
    if question.measure == "fgt":
        answer.values = fgt_terms(column.values, **_standard(question))
    answer.value = _one_number(question, column)
    answer.details = _details(question, column)
    if column.groups is not None:
        answer.details["groups"] = {
            str(name): _one_number(question, column.of(name))
            for name in np.unique(column.groups)
        }
    return answer


def _column(question: Question, points: Points) -> _Column:
    read = points.columns
    rank = groups = None
    if question.rank_column is not None:
        rank = read.numbers(question.rank_column)
    if question.group_column is not None:
        groups = np.array(read.texts[question.group_column], dtype=np.str_)
    values = read.amounts(question.value_column or "")
    return _Column(values, points.values, rank, groups)


def _one_number(question: Question, c: _Column) -> float:
    match question.measure:
        case "gini_index":
            return gini_index(c.values, c.weights)
        case "theil_t":
            return theil_t(c.values, c.weights).total
        case "palma_ratio":
            return palma_ratio(c.values, c.weights, c.rank)
        case "fgt":
            return fgt(c.values, c.weights, **_standard(question))
    rank = c.values if c.rank is None else c.rank
    return concentration_index(c.values, c.weights, rank)


def _details(question: Question, c: _Column) -> dict[str, object]:
    if question.measure == "theil_t":
        theil = theil_t(c.values, c.weights, c.groups)
        return {"between": theil.between, "within": theil.within}
    if question.measure == "concentration_index" and c.rank is not None:
        return {"erreygers": erreygers_index(c.values, c.weights, c.rank)}
    if question.measure == "fgt":
        z = _standard(question)["standard"]
        return {
            f"fgt{alpha}": fgt(c.values, c.weights, standard=z, alpha=alpha)
            for alpha in (0, 1, 2)
        }
    return {}


def _standard(question: Question) -> dict[str, float]:
    alpha = DEFAULTS["alpha"] if question.alpha is None else question.alpha
    return {"standard": question.standard or 0.0, "alpha": alpha}


def _parameters(question: Question) -> dict[str, object]:
    used: dict[str, object] = {
        "demand": question.demand.name,
        "demand_value": question.demand_value,
        "value_column": question.value_column,
        "group_column": question.group_column,
    }
    if question.measure in ("concentration_index", "palma_ratio"):
        used["rank_column"] = question.rank_column
    if question.measure == "fgt":
        used |= _standard(question)
    return used
