"""From a place to the street: the nearest point on any of many lines, exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, IntArray, checked_points

PIECE_M = 40.0
"""Lines are indexed in pieces no longer than this; it decides speed, never the answer."""

STRIP_M = 200.0
"""Height of the strips in which points are worked off; it decides speed only."""

FIRST_TRIED = 8
"""Pieces looked at for every point before those in doubt are looked at more closely."""

MOST_AT_ONCE = 2_000_000
"""Pairs of point and piece held in memory at a time."""

MANY_POINTS = 10_000
"""From so many points on, starting threads costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """Where points meet the lines.

    Attributes
    ----------
    line : ndarray of int, (n,)
        Index of the nearest line, -1 where none is within the limit.
    fraction : ndarray, (n,)
        How far along it, from 0 at its first vertex to 1 at its last; 0 without a line.
    away_m : ndarray, (n,)
        Metres from the point to the line, inf without one.
    """

    line: IntArray
    fraction: FloatArray
    away_m: FloatArray


class LineIndex:
    """Lines to snap points to.

    Parameters
    ----------
    vertices : array_like, (v, 2)
        x and y in metres of all lines one after another.
    first : array_like of int, (m + 1,)
        Line `i` has the vertices from `first[i]` up to, not with, `first[i + 1]`: two
        at least. They may lie on one spot: such a line is a point.

    Raises
    ------
    InvalidArray
        Coordinates that are not finite; offsets that do not fit.

    Notes
    -----
    The midpoints of pieces of the lines stand in a k-d tree. A piece whose midpoint is
    `d` away is at least `d - PIECE_M / 2` away, so once a line is found nearer than
    that bound of the farthest piece looked at, nothing nearer can be left: the answer
    is the one that comparing every point with every line would give.
    """

    def __init__(self, vertices: ArrayLike, first: ArrayLike) -> None:
        points = checked_points(vertices, "vertices")
        offsets = _checked_offsets(first, len(points))
        self.n_lines = len(offsets) - 1
        line_of = np.repeat(np.arange(self.n_lines), np.diff(offsets))
        begins = np.flatnonzero(line_of[:-1] == line_of[1:])
        self._from = points[begins]
        self._along = points[begins + 1] - self._from
        length = np.hypot(self._along[:, 0], self._along[:, 1])
        self._line = line_of[begins]
        self._square = np.where(length > 0, length**2, 1.0)
        self._begins_at, self._share = _shares(length, self._line, self.n_lines)
        self._piece, middle, half = _pieces(self._from, self._along, length)
        self._half_m = float(half.max()) if len(half) else 0.0
        self._tree = cKDTree(middle) if len(middle) else None

    def snap(self, points: ArrayLike, limit_m: float) -> Snapped:
        """Return the nearest point on a line for each point, within a limit.

        Parameters
        ----------
        points : array_like, (n, 2)
            x and y in metres; finite.
        limit_m : float
            Metres; exactly so far away is within.

        Raises
        ------
        InvalidArray
            Points that are not finite pairs; a limit below 0 or not finite.

        Examples
        --------
        >>> index = LineIndex([(0, 0), (100, 0)], [0, 2])
        >>> index.snap([(30, 40), (0, 300)], 250)
        Snapped(line=array([ 0, -1]), fraction=array([0.3, 0. ]), away_m=array([40., inf]))
        """
        spots = checked_points(points, "points")
        if not (np.isfinite(limit_m) and limit_m >= 0):
            raise InvalidArray(f"limit_m: {limit_m} is not a number >= 0")
        n = len(spots)
        found = Snapped(np.full(n, -1, dtype=np.int64), np.zeros(n), np.full(n, np.inf))
        doubtful = (
            np.empty(0, np.int64) if self._tree is None else _by_neighbourhood(spots)
        )
        k = FIRST_TRIED
        while len(doubtful):
            step = max(1, MOST_AT_ONCE // k)
            left = [
                self._try(spots, doubtful[at : at + step], k, limit_m, found)
                for at in range(0, len(doubtful), step)
            ]
            doubtful = np.concatenate(left)
            k *= 4
        return found

    def _try(
        self, spots: FloatArray, at: IntArray, k: int, limit_m: float, found: Snapped
    ) -> IntArray:
        """Write what the k nearest pieces say; return the points still in doubt."""
        assert self._tree is not None  # noqa: S101 (no lines, no points in doubt)
        k = min(k, self._tree.n)
        middle_m, piece = self._tree.query(
            spots[at],
            k=range(1, k + 1),
            distance_upper_bound=limit_m + self._half_m + 1e-6,
            workers=-1 if len(at) >= MANY_POINTS else 1,
        )
        is_there = piece < self._tree.n
        segment = self._piece[np.where(is_there, piece, 0)]
        away_m, share = self._measured(spots[at], segment)
        away_m[~is_there] = np.inf
        best = away_m.argmin(axis=1)
        row = np.arange(len(at))
        nearest_m, nearest = away_m[row, best], segment[row, best]
        is_near = nearest_m <= limit_m
        found.line[at] = np.where(is_near, self._line[nearest], -1)
        along = self._begins_at[nearest] + share[row, best] * self._share[nearest]
        found.fraction[at] = np.where(is_near, np.clip(along, 0, 1), 0)
        found.away_m[at] = np.where(is_near, nearest_m, np.inf)
        if k == self._tree.n:
            return at[:0]
        bound_m = middle_m[:, -1] - self._half_m
        is_settled: BoolArray = (nearest_m <= bound_m) | np.isinf(bound_m)
        return at[~is_settled]

    def _measured(
        self, spots: FloatArray, segment: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return metres to each segment, and how far along it that is, both (n, k)."""
        dx = spots[:, None, 0] - self._from[segment, 0]
        dy = spots[:, None, 1] - self._from[segment, 1]
        vx, vy = self._along[segment, 0], self._along[segment, 1]
        share = np.clip((dx * vx + dy * vy) / self._square[segment], 0, 1)
        return np.hypot(dx - share * vx, dy - share * vy), share


def _by_neighbourhood(spots: FloatArray) -> IntArray:
    """Return the order in strips from west to east: near points use the same memory."""
    return np.lexsort((spots[:, 0], spots[:, 1] // STRIP_M))


def _checked_offsets(first: ArrayLike, n_vertices: int) -> IntArray:
    offsets = np.asarray(first, dtype=np.int64)
    fits = (
        offsets.ndim == 1
        and len(offsets) > 0
        and offsets[0] == 0
        and offsets[-1] == n_vertices
        and bool((np.diff(offsets) >= 2).all())
    )
    if not fits:
        raise InvalidArray(
            f"first: lines of two vertices or more from 0 to {n_vertices} are wanted"
        )
    return offsets


def _shares(
    length: FloatArray, line: IntArray, n_lines: int
) -> tuple[FloatArray, FloatArray]:
    """Return for each segment where on its line it begins, and its share of it."""
    total = np.bincount(line, weights=length, minlength=n_lines)[line]
    whole = np.where(total > 0, total, 1.0)
    before = np.cumsum(length) - length
    is_first = np.ones(len(line), dtype=bool)
    is_first[1:] = line[1:] != line[:-1]
    of_line = np.repeat(
        before[is_first], np.diff(np.append(np.flatnonzero(is_first), len(line)))
    )
    return (before - of_line) / whole, length / whole


def _pieces(
    start: FloatArray, along: FloatArray, length: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return for each piece its segment, midpoint and half its length."""
    parts = np.maximum(1, np.ceil(length / PIECE_M)).astype(np.int64)
    segment = np.repeat(np.arange(len(length)), parts)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = ((number + 0.5) / parts[segment])[:, None]
    return segment, start[segment] + share * along[segment], length / parts / 2
