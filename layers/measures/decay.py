"""How much less does a farther site count? Weights from travel cost.

A decay turns costs into weights from 0 to 1; `decay_text` makes one from a text such
as `gaussian:5000`. Where a measure has a threshold as well, weights beyond it are 0
whatever the decay: W = f(d) 1[d <= t].
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray

POWER_MIN_COST = 1.0
"""Below this cost the power decay stays 1; at 0 it would be infinite."""


class Decay(Protocol):
    """Weights from costs."""

    @property
    def reach(self) -> float:
        """The largest cost that can have a weight above 0; inf where there is none."""
        ...

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost; costs are finite and 0 or more."""
        ...


@dataclass(frozen=True, slots=True)
class Binary:
    """f(d) = 1[d <= reach]; without a reach everything that can be travelled counts."""

    reach: float = math.inf

    def __post_init__(self) -> None:
        """Refuse a reach below 0."""
        if not self.reach >= 0:
            raise InvalidParameter("decay", self.reach, "binary: a reach of 0 or more")

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return 1 within reach, else 0."""
        if costs.size == 0 or costs.max() <= self.reach:
            return np.ones(costs.shape)
        return (costs <= self.reach).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Stepped:
    """f(d) = w_k for the first step k with d <= limit_k, 0 beyond the last.

    Parameters
    ----------
    limits, weights : tuple of float
        Limits ascending, each included in its step; weights 0 or more and not rising.

    References
    ----------
    Luo & Qi (2009), Health & Place 15:1100, doi:10.1016/j.healthplace.2009.06.002.
    """

    limits: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse steps that are not in order."""
        _check(
            0 < len(self.limits) == len(self.weights)
            and self.limits[0] >= 0
            and all(a < b for a, b in zip(self.limits, self.limits[1:], strict=False)),
            "stepped", self.limits, "limits of 0 or more, each greater than the last",
        )  # fmt: skip
        _check(
            self.weights[-1] >= 0
            and all(a >= b for a, b in zip(self.weights, self.weights[1:], strict=False)),
            "stepped", self.weights, "weights of 0 or more that do not rise",
        )  # fmt: skip

    @property
    def reach(self) -> float:
        """The last limit with a weight above 0."""
        heavy = [d for d, w in zip(self.limits, self.weights, strict=True) if w > 0]
        return max(heavy, default=0.0)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost's step."""
        # Counting passed limits is several times faster than searching for the step.
        step = np.zeros(costs.shape, dtype=np.intp)
        for limit in self.limits:
            step += costs > limit
        return np.asarray(np.array([*self.weights, 0.0])[step], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Linear:
    """f(d) = 1 - d/T up to T, then 0."""

    reach: float

    def __post_init__(self) -> None:
        """Refuse a T that is not above 0."""
        _check_positive("linear", self.reach)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost."""
        return np.maximum(1.0 - costs / self.reach, 0.0)


@dataclass(frozen=True, slots=True)
class Exponential:
    """f(d) = exp(-beta d)."""

    beta: float

    reach = math.inf

    def __post_init__(self) -> None:
        """Refuse a beta that is not above 0."""
        _check_positive("exponential", self.beta)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost."""
        return np.exp(-self.beta * costs)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """f(d) = exp(-(d/sigma)^2 / 2), so f(0) = 1 and f(sigma) = 0.607.

    No factor 1/sqrt(2 pi sigma^2), as in pysal/access. Not the variant of Dai (2010),
    which is shifted to reach 0 at the threshold.
    """

    sigma: float

    reach = math.inf

    def __post_init__(self) -> None:
        """Refuse a sigma that is not above 0."""
        _check_positive("gaussian", self.sigma)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost."""
        return np.exp(-costs * costs / (2 * self.sigma**2))


@dataclass(frozen=True, slots=True)
class Power:
    """f(d) = max(d, 1)^-alpha: 1 up to a cost of 1, for at 0 it would be infinite.

    As `decay_power` of ipeaGIT/accessibility, which cuts weights at 1. The unit of
    costs matters: up to one minute is not up to one metre.
    """

    alpha: float

    reach = math.inf

    def __post_init__(self) -> None:
        """Refuse an alpha that is not above 0."""
        _check_positive("power", self.alpha)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost."""
        return np.asarray(np.maximum(costs, POWER_MIN_COST) ** -self.alpha, np.float64)


@dataclass(frozen=True, slots=True)
class Logistic:
    """f(d) = g(0)/g(d), g(d) = 1 + exp((d - M) pi / (S sqrt(3))); f(0) = 1.

    A falling logistic curve with its turning point at the median M and a standard
    deviation of S, scaled such that it begins at 1.

    References
    ----------
    Bauer & Groneberg (2016), PLOS ONE 11:e0159148, doi:10.1371/journal.pone.0159148;
    `decay_logistic` of ipeaGIT/accessibility.
    """

    median: float
    sd: float

    reach = math.inf

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _check_positive("logistic", self.median)
        _check_positive("logistic", self.sd)

    def __call__(self, costs: FloatArray) -> FloatArray:
        """Return the weight of each cost."""
        scale = math.pi / (self.sd * math.sqrt(3))
        start = np.logaddexp(0.0, -self.median * scale)
        # By logarithms, for exp() of a large cost would overflow.
        fall = np.logaddexp(0.0, (costs - self.median) * scale)
        return np.asarray(np.exp(start - fall), dtype=np.float64)


def _check_positive(kind: str, value: float) -> None:
    _check(math.isfinite(value) and value > 0, kind, value, "a number above 0")


def _check(holds: bool, kind: str, value: object, allowed: str) -> None:  # noqa: FBT001
    if not holds:
        raise InvalidParameter("decay", value, f"{kind}: {allowed}")
