"""Small towns of streets, drawn in metres, whose walks are hand arithmetic."""

import numpy as np

from layers.analysis.street_graphs import PreparedStreets
from layers.analysis.street_network import StreetNetwork
from layers.selectors.streets import Streets


def town(nodes, *streets, heights=None):
    """Return the streets of a town.

    `nodes` are (x, y); a street is (start, end), straight, or (start, end, [(x, y), ...])
    with the bends between. Each is as long as it is drawn.
    """
    xy = np.array(nodes, dtype=float).reshape(-1, 2)
    lines = [
        np.array([xy[s[0]], *(s[2] if len(s) > 2 else ()), xy[s[1]]]) for s in streets
    ]
    length = [np.hypot(*np.diff(line, axis=0).T).sum() for line in lines]
    n = len(xy)
    return Streets(
        node_ids=np.arange(n),
        xy=xy,
        elevation_m=np.full(n, np.nan) if heights is None else np.array(heights, float),
        local_detour=np.full(n, np.nan),
        start=np.array([s[0] for s in streets], dtype=np.int64),
        end=np.array([s[1] for s in streets], dtype=np.int64),
        length_m=np.array(length, dtype=float),
        vertices=np.concatenate([np.empty((0, 2)), *lines]),
        first=np.cumsum([0, *map(len, lines)]),
    )


def engine(found, **options):
    return StreetNetwork(PreparedStreets(found), **options)


def points(*xy):
    return np.array(xy, dtype=float).reshape(-1, 2)


# Two streets 400 m apart along a canal that runs east at y = 200. The only bridge is at
# x = 1000: from (0, 0) to (0, 400) it is 1000 + 400 + 1000 m on foot.
CANAL = town([(0, 0), (1000, 0), (1000, 400), (0, 400)], (0, 1), (1, 2), (2, 3))

# The same two streets before the bridge was built.
NO_BRIDGE = town([(0, 0), (1000, 0), (1000, 400), (0, 400)], (0, 1), (2, 3))


def random_town(rng, n=60, share=1.0):
    """Return a town of bent streets between random junctions, parts of it cut off."""
    nodes = rng.uniform(0, 2000, (n, 2))
    streets = []
    for a in range(n):
        order = np.argsort(np.hypot(*(nodes - nodes[a]).T))
        for b in order[1:4]:
            if rng.random() < share:
                middle = (nodes[a] + nodes[b]) / 2 + rng.normal(0, 30, 2)
                streets.append((a, int(b), [tuple(middle)]))
    return town(nodes, *streets)
