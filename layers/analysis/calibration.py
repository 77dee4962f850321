"""How much longer are walks than straight lines? Measured on a city's own streets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from layers.analysis.street_graphs import PreparedStreets
from layers.analysis.street_network import SNAP_LIMIT_M
from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray, IntArray
from layers.measures.street_pairs import costs_of_near_pairs

NEAR_M, FAR_M = 250.0, 1125.0
"""Straight lines that are compared: from a short walk to 15 minutes at 4.5 km/h."""

MOST_TIMES = 5.0
"""Walks of more than so many times the farthest straight line are not looked for."""

LOCAL_NEAR_M, LOCAL_FAR_M = 250.0, 500.0
"""The ring of junctions that a junction's own detour is measured to."""

LOCAL_MOST = 3.0
"""A local detour of this stands for itself and everything above, no way included."""

FEWEST_NEIGHBOURS = 5
"""With fewer junctions in its ring a junction has no detour of its own."""

TILE_M = 1000.0
"""Junctions are measured tile by tile, on the streets around each."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The detour of a city.

    Attributes
    ----------
    detour : float
        Median of walk over straight line.
    p10, p90 : float or None
        Tenth and ninetieth percentile; None where there is no way.
    pairs : int
        Walks that were compared.
    share_without_way : float
        Of the pairs, how many have no way at most `MOST_TIMES` as long.
    by_people : bool
        Whether walks began where people live, more often where more do.
    seed : int
        Of the sample.
    """

    detour: float
    p10: float | None
    p90: float | None
    pairs: int
    share_without_way: float
    by_people: bool
    seed: int


def city_detour(
    streets: PreparedStreets,
    homes: FloatArray,
    people: FloatArray,
    *,
    pairs: int,
    seed: int,
) -> Calibration:
    """Return the detour of a city from a sample of walks.

    Parameters
    ----------
    streets : PreparedStreets
        The network.
    homes : ndarray, (n, 2)
        Where people live, metres in METRIC_SRID; empty: walks begin at junctions.
    people : ndarray, (n,)
        How many live there.
    pairs : int
        How many walks.
    seed : int
        The same seed gives the same walks, and so the same detour.

    Raises
    ------
    InvalidParameter
        No two places 250 to 1,125 m apart on these streets, or no way between most.
    """
    rng = np.random.default_rng(seed)
    homes, weight, by_people = _starts(streets, homes, people)
    origin, junction = _drawn(streets, homes, weight, pairs, rng)
    if not len(origin):
        raise InvalidParameter(
            "pairs", pairs, f"streets with junctions {NEAR_M:g} to {FAR_M:g} m apart"
        )
    walk_m = costs_of_near_pairs(
        streets.graph,
        streets.xy,
        streets.spots(homes, SNAP_LIMIT_M),
        streets.spots(streets.xy, SNAP_LIMIT_M),
        streets.xy,
        origin,
        junction,
        limit=FAR_M * MOST_TIMES,
    )
    straight_m = np.hypot(*(homes[origin] - streets.xy[junction]).T)
    low, middle, high = np.quantile(
        walk_m / straight_m, [0.1, 0.5, 0.9], method="inverted_cdf"
    )
    if not np.isfinite(middle):
        raise InvalidParameter(
            "streets",
            "in parts",
            "streets that join most places; see the import report",
        )
    return Calibration(
        detour=round(max(1.0, float(middle)), 3),
        p10=_rounded(low),
        p90=_rounded(high),
        pairs=len(origin),
        share_without_way=round(float(np.isinf(walk_m).mean()), 4),
        by_people=by_people,
        seed=seed,
    )


def _rounded(ratio: float) -> float | None:
    return round(float(ratio), 3) if np.isfinite(ratio) else None


def _starts(
    streets: PreparedStreets, homes: FloatArray, people: FloatArray
) -> tuple[FloatArray, FloatArray, bool]:
    """Return where walks begin and how often: homes on the network, or junctions."""
    is_on = streets.spots(homes, SNAP_LIMIT_M).is_on & (people > 0)
    if is_on.any():
        return homes[is_on], people[is_on] / people[is_on].sum(), True
    n = len(streets.xy)
    return streets.xy, np.full(n, 1 / max(n, 1)), False


def _drawn(
    streets: PreparedStreets,
    homes: FloatArray,
    weight: FloatArray,
    pairs: int,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Return pairs of a home and a junction in the ring around it.

    A home without any such junction is left out.
    """
    drawn = rng.choice(len(homes), size=pairs, p=weight)
    tree = cKDTree(streets.xy)
    share = rng.random(pairs)
    origin, junction = [], []
    for home, at in zip(drawn.tolist(), share.tolist(), strict=True):
        near = np.array(tree.query_ball_point(homes[home], FAR_M, return_sorted=True))
        if not len(near):
            continue
        away_m = np.hypot(*(streets.xy[near] - homes[home]).T)
        ring = near[away_m >= NEAR_M]
        if len(ring):
            origin.append(home)
            junction.append(int(ring[int(at * len(ring))]))
    return np.array(origin, dtype=np.int64), np.array(junction, dtype=np.int64)


def local_detours(streets: PreparedStreets) -> Iterator[tuple[IntArray, FloatArray]]:
    """Yield the local detours of junctions, tile by tile.

    Yields
    ------
    (ndarray, ndarray), (k,) and (k,)
        Junctions, and for each the median of walk over straight line to the junctions
        250 to 500 m away, from 1 to `LOCAL_MOST`; NaN with fewer than
        `FEWEST_NEIGHBOURS` of them.

    Notes
    -----
    No walk leaves the circle of its own length, so each tile is searched on the streets
    around it alone.
    """
    if not len(streets.xy):
        return
    tile = np.floor(streets.xy / TILE_M).astype(np.int64)
    corners, of_tile = np.unique(tile, axis=0, return_inverse=True)
    margin_m = LOCAL_FAR_M * LOCAL_MOST
    for number, corner in enumerate(corners * TILE_M):
        around = (streets.xy >= corner - margin_m).all(axis=1) & (
            streets.xy <= corner + TILE_M + margin_m
        ).all(axis=1)
        nodes = np.flatnonzero(around)
        inside = np.flatnonzero(of_tile.reshape(-1) == number)
        yield inside, _local(streets, nodes, inside)


def _local(streets: PreparedStreets, nodes: IntArray, inside: IntArray) -> FloatArray:
    patch, place = streets.graph.patch(nodes)
    walk_m = dijkstra(
        patch.matrix(), indices=place[inside], limit=LOCAL_FAR_M * LOCAL_MOST
    )
    offset: NDArray[np.float64] = streets.xy[inside][:, None] - streets.xy[nodes][None]
    straight_m = np.hypot(offset[..., 0], offset[..., 1])
    in_ring = (straight_m >= LOCAL_NEAR_M) & (straight_m <= LOCAL_FAR_M)
    ratio = np.full(straight_m.shape, np.nan)
    np.divide(walk_m, straight_m, out=ratio, where=in_ring)
    is_enough = in_ring.sum(axis=1) >= FEWEST_NEIGHBOURS
    found = np.full(len(inside), np.nan)
    if is_enough.any():
        clipped = ratio[is_enough].clip(1.0, LOCAL_MOST)
        found[is_enough] = np.nanmedian(clipped, axis=1)
    return found
