"""Walks over streets the slow, obvious way: every street cut where somebody stands on it.

A second implementation on purpose: places become vertices in the middle of their street,
in both directions, and one heap-based search runs for each origin. It shares no code
and no idea with `layers.measures.street_search`.
"""

import heapq
from collections import defaultdict
from itertools import pairwise
from math import hypot, inf


def walks(n_nodes, streets, origins, places):
    """Return rows of costs from each origin to each place, inf where there is no way.

    `streets` are (start, end, cost); `origins` and `places` (street, fraction, leg),
    street -1 for somebody too far from any.
    """
    ways = defaultdict(list)
    stops_on = defaultdict(list)
    for kind, spots in (("from", origins), ("to", places)):
        for number, (street, fraction, leg) in enumerate(spots):
            who, stop = (kind, number), ("on", kind, number)
            stops_on[street].append((fraction, stop))
            # Origins only step onto the street, places are only stepped off to.
            one, other = (who, stop) if kind == "from" else (stop, who)
            ways[one].append((other, leg))
    for street, (start, end, cost) in enumerate(streets):
        between = sorted(stops_on[street], key=lambda stop: stop[0])
        for (f0, one), (f1, other) in pairwise([(0.0, start), *between, (1.0, end)]):
            ways[one].append((other, (f1 - f0) * cost))
            ways[other].append((one, (f1 - f0) * cost))
    return [
        [found.get(("to", place), inf) for place in range(len(places))]
        for found in (_search(ways, ("from", n)) for n in range(len(origins)))
    ]


def _search(ways, begin):
    least, waiting, number = {}, [(0.0, 0, begin)], 1
    while waiting:
        cost, _, here = heapq.heappop(waiting)
        if here in least:
            continue
        least[here] = cost
        for there, more in ways[here]:
            if there not in least:
                heapq.heappush(waiting, (cost + more, number, there))
                number += 1
    return least


def nearest_on_lines(lines, point):
    """Return (line, metres) of the line nearest to a point; lines are lists of (x, y)."""
    found = [
        (min(_to_segment(point, a, b) for a, b in pairwise(line)), number)
        for number, line in enumerate(lines)
    ]
    metres, line = min(found)
    return line, metres


def _to_segment(point, a, b):
    (px, py), (ax, ay), (bx, by) = point, a, b
    square = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0
    if square:
        share = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / square
        share = min(1.0, max(0.0, share))
    return hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay))
