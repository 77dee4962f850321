"""Rational agents: people choose between a long way and a crowded place."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, IntArray, checked_people
from layers.measures.floating_catchment import quotient
from layers.measures.pairs import checked_pairs, rows_of

TAU = 60.0
"""Travel cost that is as bad as a place with the mean crowd: 60 minutes."""

MAX_CYCLES = 150

FIRST_STEP, LAST_STEP, HALF_LIFE = 0.2, 0.005, 50
"""Largest share of a point's people that moves in a cycle: 0.2, halved every 50
cycles, never below 0.005."""

GENTLE_CYCLES = 20
"""In the first cycles no site receives more than the mean crowd at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Raam:
    """What the people of each point pay, and how settled that is.

    Attributes
    ----------
    cost : ndarray, (n,)
        Mean of crowd and travel over the people of a point: (D_j/S_j)/rho + d/tau.
        **Lower is better.** Of a point without people: what one more person would
        pay. inf where no site with places is in reach.
    unsettled : float
        Share of the whole cost that people could save by moving, all else as it is;
        0 is an equilibrium.
    """

    cost: FloatArray
    unsettled: float


def raam(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    rho: float | None = None,
    tau: float = TAU,
    max_cycles: int = MAX_CYCLES,
) -> Raam:
    """Return the rational agent access model: congestion plus travel.

    Parameters
    ----------
    demand, supply : array_like, (n,) and (m,)
        People and places, 0 or more. Sites without places are nobody's choice.
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    rho : float, optional
        People per place that count as a crowd of 1; the mean, sum P / sum S, without.
    tau : float
        Travel cost that counts as much as a crowd of 1, in the unit of costs.
    max_cycles : int
        Cycles of moving, 1 or more.

    Raises
    ------
    InvalidArray
        As `floating_catchment.catchment`; rho or tau that is not above 0; fewer than
        one cycle.

    Notes
    -----
    Everybody starts at the nearest site. In each cycle the people of each point at
    their dearest site move to the cheapest one, as many as would make both equal, at
    most a share of the point's people that falls from 0.2 to 0.005, and **whole
    people only** (rounded towards 0). All points move at once; in the first 20 cycles
    a site takes no more than the mean crowd. Equal costs: the site that comes first.
    The cost is that of the last cycle's crowds.

    These are the steps of pysal/access, whose results it gives. So points with fewer
    than 1 / 0.2 people never move, and the result depends on how people are cut into
    points: `unsettled` says how far from an equilibrium it stopped.

    References
    ----------
    Saxon & Snow (2020), Annals of the AAG 110:205, doi:10.1080/24694452.2019.1629870.
    """
    people = checked_people(demand, "demand")
    places = checked_people(supply, "supply")
    pairs = checked_pairs(costs, n=len(people), m=len(places))
    if not (np.isfinite(tau) and tau > 0):
        raise InvalidArray(f"tau: {tau} is not a number above 0")
    if max_cycles < 1:
        raise InvalidArray(f"max_cycles: {max_cycles} is below 1")
    room = places * _rho(rho, people, places)
    game = _game(pairs, people, room, tau)
    total = game.total_cost()
    for cycle in range(max_cycles if len(game.people) else 0):
        total = game.total_cost()
        if not game.move(total, cycle):
            break
    return _result(game, total, _at_the_margin(pairs, room, game, tau))


@dataclass(slots=True, eq=False)
class _Game:
    """Who goes where: people per pair, of points with people and sites with places.

    `row` is the place of a pair's point in `points` and `people`, `starts` where the
    pairs of a row begin. Costs are in crowds: travel / tau, people / (places rho).
    """

    points: IntArray
    people: FloatArray
    room: FloatArray
    travel: FloatArray
    site: IntArray
    row: IntArray
    starts: IntArray
    assigned: FloatArray

    def load(self) -> FloatArray:
        """Return the people at each site."""
        load = np.bincount(self.site, self.assigned, minlength=len(self.room))
        return load.astype(np.float64, copy=False)

    def total_cost(self) -> FloatArray:
        """Return crowd and travel of each pair."""
        return quotient(self.load(), self.room)[self.site] + self.travel

    def move(self, total: FloatArray, cycle: int) -> bool:
        """Move people from the dearest of their sites to the cheapest in reach.

        False when nobody moved and, as steps only get smaller, nobody will again.
        """
        low = self.cheapest(total)
        high = self.cheapest(np.where(self.assigned > 0, -total, np.inf))
        moving = np.where(low == high, 0.0, self._balance(low, high))
        share = max(FIRST_STEP * 0.5 ** (cycle / HALF_LIFE), LAST_STEP)
        moving = np.trunc(np.minimum(moving, share * self.people))
        if cycle < GENTLE_CYCLES:
            arriving = np.bincount(self.site[low], moving, minlength=len(self.room))
            crowd = np.maximum(quotient(arriving.astype(np.float64), self.room), 1.0)
            moving = np.round(moving / crowd[self.site[low]])
        self.assigned[low] += moving
        self.assigned[high] -= moving
        return cycle < GENTLE_CYCLES or bool(moving.any())

    def _balance(self, low: IntArray, high: IntArray) -> FloatArray:
        """Return how many would have to move for both sites to cost the same."""
        crowd = self.load()
        room_low, room_high = self.room[self.site[low]], self.room[self.site[high]]
        here_low, here_high = self.assigned[low], self.assigned[high]
        others_low = crowd[self.site[low]] - here_low
        others_high = crowd[self.site[high]] - here_high
        level = (room_low * room_high) / (room_low + room_high)
        settled = level * (
            (self.travel[high] - self.travel[low])
            + (here_low + here_high + others_high) / room_high
            - others_low / room_low
        )
        return np.minimum(settled - here_low, here_high)

    def cheapest(self, values: FloatArray) -> IntArray:
        """Return the first pair with the least value of each row."""
        least = np.minimum.reduceat(values, self.starts)
        at = np.flatnonzero(values == least[self.row])
        rows = self.row[at]
        return at[np.concatenate(([True], rows[1:] != rows[:-1]))]


def _game(pairs: csr_array, people: FloatArray, room: FloatArray, tau: float) -> _Game:
    """Return everybody at the nearest site."""
    point = rows_of(pairs)
    playing = (people[point] > 0) & (room[pairs.indices] > 0)
    site = pairs.indices[playing].astype(np.int64)
    travel = pairs.data[playing] / tau
    points, starts, row = np.unique(
        point[playing], return_index=True, return_inverse=True
    )
    game = _Game(
        points, people[points], room, travel, site, row, starts, np.zeros(len(site))
    )
    if len(points):
        game.assigned[game.cheapest(travel)] = game.people
    return game


def _rho(rho: float | None, people: FloatArray, places: FloatArray) -> float:
    if rho is None:
        # Without places nobody chooses; without people a crowd is none, whatever rho.
        both = people.sum() > 0 and places.sum() > 0
        return float(people.sum() / places.sum()) if both else 1.0
    if not (np.isfinite(rho) and rho > 0):
        raise InvalidArray(f"rho: {rho} is not a number above 0")
    return rho


def _at_the_margin(
    pairs: csr_array, room: FloatArray, game: _Game, tau: float
) -> FloatArray:
    """Return what one more person would pay at each point; inf without a choice."""
    crowd = np.where(room > 0, quotient(game.load(), room), np.inf)
    result = np.full(pairs.shape[0], np.inf)
    np.minimum.at(result, rows_of(pairs), crowd[pairs.indices] + pairs.data / tau)
    return result


def _result(game: _Game, total: FloatArray, margin: FloatArray) -> Raam:
    cost = margin.copy()
    paid = np.bincount(
        game.row, weights=total * game.assigned, minlength=len(game.points)
    )
    cost[game.points] = paid / game.people
    now = game.total_cost() * game.assigned
    saved = now.sum() - (margin[game.points] * game.people).sum()
    return Raam(cost, float(max(saved, 0.0) / now.sum()) if now.sum() > 0 else 0.0)
