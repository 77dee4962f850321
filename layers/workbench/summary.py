"""One object that says what came out, weighted by the people it is about."""

import math

import numpy as np

from layers.measures.arrays import FloatArray
from layers.measures.coverage import cost_quantiles
from layers.measures.inequality import gini_index
from layers.workbench.flags import ordered
from layers.workbench.measuring import Measured


def summary(measure: str, answer: Measured) -> dict[str, object]:
    """Return the summary of an answer, keys in the order that is documented.

    Notes
    -----
    Points without demand are in `n` and `mean`, and weigh nothing elsewhere. An
    infinite value makes the sums it is part of null: there is no mean of an
    unreachable distance. `weighted_median` and `weighted_p90` are the smallest value
    that 50 % and 90 % of the demand do not exceed, without interpolation.
    """
    values, demand = answer.values, answer.demand
    total = float(demand.sum())
    lived_in = demand > 0
    settled = bool(np.isfinite(values[lived_in]).all())
    mass = _sum_of(values[lived_in] * demand[lived_in])
    median, p90 = _quantiles(values, demand)
    return {
        "measure": measure,
        "n": len(values),
        "total_demand": total,
        "mean": _sum_of(values) / len(values) if len(values) else math.nan,
        "weighted_mean": mass / total if total > 0 else math.nan,
        "weighted_median": median,
        "weighted_p90": p90,
        "gini": gini_index(values[lived_in], demand[lived_in]) if settled else None,
        "mass": mass,
        "value": answer.value,
        "parameters": answer.parameters,
        "flags": ordered(answer.flags),
        "details": answer.details,
    }


def _sum_of(values: FloatArray) -> float:
    return float(values.sum())


def _quantiles(values: FloatArray, demand: FloatArray) -> tuple[float, float]:
    zone = np.zeros(len(values), dtype=np.int64)
    found = cost_quantiles(values, demand, zone, n_zones=1, q=(0.5, 0.9))
    return float(found[0, 0]), float(found[1, 0])
