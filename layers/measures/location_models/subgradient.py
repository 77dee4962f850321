"""Prices that walk downhill on a bound that has corners."""

import numpy as np

from layers.measures.arrays import FloatArray

MEMORY = 0.9
"""Share of the last direction that is kept: corners are then cut, not bounced along."""

PATIENCE = 20
"""Steps without a better bound after which steps become shorter."""

SHRINK = 0.6
SMALLEST_STEP = 0.001
NOTICEABLE = 1e-6


class Descent:
    """Prices between `low` and `high` that minimise a convex, piecewise linear bound.

    Parameters
    ----------
    price : ndarray, (n,)
        Where to start.
    low, high : float or ndarray, (n,)
        Between which values prices stay.

    Notes
    -----
    Steps of Polyak's length along a direction with memory; components that would leave
    the box are left out. After `PATIENCE` steps in vain, shorter steps go on from the
    best prices so far. Nothing is drawn by chance: equal input walks equal ways.

    References
    ----------
    Polyak (1969), doi:10.1016/0041-5553(69)90061-5; memory: Camerini, Fratta &
    Maffioli (1975), doi:10.1007/BFb0120697.
    """

    def __init__(
        self, price: FloatArray, *, low: float | FloatArray, high: float | FloatArray
    ) -> None:
        self.price = price
        self._low, self._high = low, high
        self._best_price, self._best = price, np.inf
        self._direction = np.zeros(len(price))
        self._step, self._waited = 1.0, 0

    def move(self, slope: FloatArray, bound: float, room: float) -> bool:
        """Move the prices one step down; return whether it is worth going on.

        Parameters
        ----------
        slope : ndarray, (n,)
            A subgradient of the bound at the present prices.
        bound : float
            The bound at the present prices.
        room : float
            How far it may be from the best bound there is; 0 or more.
        """
        self._waited = 0 if self._is_progress(bound) else self._waited + 1
        if bound < self._best:
            self._best, self._best_price = bound, self.price
        if self._waited >= PATIENCE:
            self._step, self._waited = self._step * SHRINK, 0
            self.price = self._best_price
            self._direction = np.zeros(len(self.price))
            return self._step >= SMALLEST_STEP
        self._direction = MEMORY * self._direction + slope
        blocked = ((self.price <= self._low) & (self._direction > 0)) | (
            (self.price >= self._high) & (self._direction < 0)
        )
        way = np.where(blocked, 0.0, self._direction)
        length = float(way @ way)
        if length == 0:
            return False
        moved = self.price - self._step * room / length * way
        self.price = np.clip(moved, self._low, self._high)
        return True

    def _is_progress(self, bound: float) -> bool:
        if not np.isfinite(self._best):
            return True
        return bool(bound < self._best - NOTICEABLE * abs(self._best))
