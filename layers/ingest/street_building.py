"""From streets as drawn to a network: where they meet, how long they are, what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.geo import WGS84, transformer
from layers.ingest.report import Report
from layers.ingest.street_drawing import Drawing, Way
from layers.measures.street_graph import StreetGraph

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

LENGTH_SLACK = 0.02
LENGTH_SLACK_M = 1.0
"""A length that the file says may differ so much from the drawn one without a word."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A street between two junctions.

    Attributes
    ----------
    way : Way
        What it is part of.
    start, end : int
        Ids of its junctions, the lower one first.
    lonlat : ndarray, (k, 2)
        Its vertices from `start` to `end`.
    length_m : float
        In METRIC_SRID, or what the file says where it draws nothing and says more.
    """

    way: Way
    start: int
    end: int
    lonlat: Floats
    length_m: float

    @property
    def key(self) -> tuple[int, int, bytes]:
        """What makes it the same as another: its junctions, and where it runs."""
        whole = np.round(self.lonlat * 1e7).astype(np.int64)
        return self.start, self.end, whole.tobytes()


def stretches_of(
    drawing: Drawing, area: BaseGeometry | None, report: Report
) -> list[Stretch]:
    """Return the streets between junctions, each once.

    Parameters
    ----------
    drawing : Drawing
        The walkable streets of a file.
    area : shapely geometry, optional
        In METRIC_SRID: only what lies in it is kept.
    report : Report
        Gets what was left out, mended and compared.

    Notes
    -----
    Streets meet where two of them share a vertex, or at their ends. A street without
    length from a junction to itself is none; between two junctions it is a link. Both
    directions of one street, and a street drawn twice, are one street.
    """
    ways = _inside(drawing.ways, area, report)
    junctions = _junctions(ways)
    xy = np.split(
        metric(np.concatenate([np.empty((0, 2)), *(way.lonlat for way in ways)])),
        np.cumsum([len(way.lonlat) for way in ways]),
    )
    found: dict[tuple[int, int, bytes], Stretch] = {}
    twice = points = links = 0
    for way, way_xy in zip(ways, xy, strict=False):
        for stretch in _between(way, way_xy, junctions):
            if not np.isfinite(stretch.length_m):
                reason = "coordinates outside METRIC_SRID; check --crs"
                report.refuse(way.row, "geometry", None, reason)
                continue
            if stretch.length_m == 0:
                points += stretch.start == stretch.end
                links += stretch.start != stretch.end
            if stretch.length_m == 0 and stretch.start == stretch.end:
                continue
            twice += stretch.key in found
            found.setdefault(stretch.key, stretch)
    for name, count in (
        ("drawn twice or in both directions, kept once", twice),
        ("streets without length, left out", points),
        ("links without length", links),
    ):
        if count:
            report.figures[name] = count
    _compare_lengths(found.values(), report)
    return list(found.values())


def without_small_parts(
    stretches: list[Stretch], smallest_part_m: float, report: Report
) -> list[Stretch]:
    """Return the streets of parts of the network that are long enough, and the longest.

    A courtyard drawn without its gate would otherwise catch whoever lives beside it,
    and cut them off from the whole city.
    """
    if not stretches:
        return []
    part = parts_of(stretches)
    length_m = np.bincount(part, weights=[s.length_m for s in stretches])
    is_kept = length_m >= smallest_part_m
    is_kept[length_m.argmax()] = True
    kept = [s for s, number in zip(stretches, part, strict=True) if is_kept[number]]
    if not is_kept.all():
        report.figures[f"parts shorter than {smallest_part_m:g} m, left out"] = int(
            (~is_kept).sum()
        )
        report.figures["kilometres in them"] = round(length_m[~is_kept].sum() / 1000, 3)
    report.figures["parts that are not connected"] = int(is_kept.sum())
    report.figures["share of the longest"] = round(
        float(length_m.max() / length_m[is_kept].sum()) if length_m.any() else 1.0, 4
    )
    return kept


def parts_of(stretches: Sequence[Stretch]) -> Integers:
    """Return for each street the number of the connected part that it belongs to."""
    ends = np.array([(s.start, s.end) for s in stretches], dtype=np.int64)
    ids, place = np.unique(ends, return_inverse=True)
    place = place.reshape(-1, 2)
    graph = StreetGraph.of(
        len(ids), place[:, 0], place[:, 1], [s.length_m for s in stretches]
    )
    return graph.components()[place[:, 0]]


def metric(lonlat: Floats) -> Floats:
    """Return longitudes and latitudes in METRIC_SRID, (n, 2)."""
    turn = transformer(WGS84, settings.METRIC_SRID)
    return np.column_stack(turn.transform(lonlat[:, 0], lonlat[:, 1]))


def _inside(ways: list[Way], area: BaseGeometry | None, report: Report) -> list[Way]:
    """Return the ways, or the runs of them, inside the area.

    Of a way of which only the ends are known nothing is cut: it is inside with an end.
    """
    if area is None or not ways:
        return ways
    shapely.prepare(area)
    whole = metric(np.concatenate([way.lonlat for way in ways]))
    is_in = shapely.contains_xy(area, whole[:, 0], whole[:, 1])
    kept: list[Way] = []
    outside = at = 0
    for way in ways:
        here = is_in[at : at + len(way.lonlat)]
        at += len(way.lonlat)
        runs = [way] if here.all() else _runs(way, here)
        outside += not runs
        kept += runs
    if outside:
        report.figures["streets outside, left out"] = outside
    return kept


def _runs(way: Way, is_in: Booleans) -> list[Way]:
    if len(way.ids) != len(way.lonlat):
        return [way] if is_in[0] or is_in[-1] else []
    cuts = np.flatnonzero(np.diff(is_in)) + 1
    runs = np.split(np.arange(len(is_in)), cuts)
    return [
        Way(
            way.row,
            tuple(way.ids[n] for n in run),
            way.lonlat[run],
            highway=way.highway,
            name=way.name,
        )
        for run in runs
        if len(run) > 1 and is_in[run[0]]
    ]


def _junctions(ways: list[Way]) -> frozenset[int]:
    """Return the vertices at which a way ends, or which ways pass more than once."""
    ids = np.concatenate(
        [np.empty(0, np.int64), *(np.array(way.ids, np.int64) for way in ways)]
    )
    vertex, times = np.unique(ids, return_counts=True)
    ends = {number for way in ways for number in (way.ids[0], way.ids[-1])}
    return frozenset(vertex[times > 1].tolist()) | ends


def _between(way: Way, xy: Floats, junctions: frozenset[int]) -> list[Stretch]:
    """Return the stretches of a way from junction to junction."""
    last = len(xy) - 1
    if len(way.ids) != len(xy):
        return [_stretch(way, xy, (0, last), way.ids)]
    at = [n for n, number in enumerate(way.ids) if number in junctions]
    return [
        _stretch(way, xy, (one, other), (way.ids[one], way.ids[other]))
        for one, other in pairwise(at)
    ]


def _stretch(
    way: Way, xy: Floats, at: tuple[int, int], ids: tuple[int, ...]
) -> Stretch:
    part = slice(at[0], at[1] + 1)
    lonlat, (start, end) = way.lonlat[part], ids
    drawn_m = float(np.hypot(*np.diff(xy[part], axis=0).T).sum())
    if start > end or (start == end and _runs_back(lonlat)):
        start, end, lonlat = end, start, lonlat[::-1]
    said_m = way.length_m
    is_said = said_m is not None and not way.is_drawn and said_m > _most(drawn_m)
    return Stretch(way, start, end, lonlat, said_m if is_said and said_m else drawn_m)


def _runs_back(loop: Floats) -> bool:
    """Tell whether a loop is to be turned, so that both directions of it are one."""
    return loop.tobytes() > loop[::-1].tobytes()


def _most(drawn_m: float) -> float:
    return drawn_m * (1 + LENGTH_SLACK) + LENGTH_SLACK_M


def _compare_lengths(stretches: Iterable[Stretch], report: Report) -> None:
    """Note where the file says another length than it draws."""
    for stretch in stretches:
        said_m, is_m = stretch.way.length_m, stretch.length_m
        if said_m is None or len(stretch.lonlat) != len(stretch.way.lonlat):
            continue
        if said_m > _most(is_m) or is_m > _most(said_m):
            reason = f"{is_m:.1f} m are drawn, and they count"
            report.find("noted", stretch.way.row, "length", f"{said_m:g}", reason)
