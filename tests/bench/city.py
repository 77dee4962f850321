"""The shape of an invented city of any size: districts, places and people, by seed.

Drawn in metres around the middle of Athens, so that the metric system of the
deployment fits; nothing in it is real. The same seed and sizes give the same city.
"""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

CENTRE_M = (476_000.0, 4_204_000.0)
SIDE_M = 20_000.0
N_NEIGHBOURHOODS = 90
N_COMMUNITIES = 9
N_CLUSTERS = 60
BORDER_LEVELS = 6
"""Each border is halved so often: about 400 vertices a neighbourhood, as real ones have."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Area:
    """A district: its level, code, parent's code and boundary in EPSG:4326."""

    level: str
    code: str
    parent: str | None
    boundary: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class City:
    """Districts coarse to fine; lon/lat of places and of people; people per point."""

    areas: list[Area]
    places: Array
    demand: Array
    people: Array


def drawn(seed: int, n_places: int, n_demand: int) -> City:
    """Return the city of a seed."""
    rng = np.random.default_rng(seed)
    centres = CENTRE_M + rng.uniform(-0.42, 0.42, (N_CLUSTERS, 2)) * SIDE_M
    spread = rng.uniform(300, 1_500, N_CLUSTERS)
    weight = rng.gamma(1.0, 1.0, N_CLUSTERS)
    areas = _areas(rng)
    places = _clustered(rng, n_places, centres, spread, weight)
    cells = _cells(n_demand)
    return City(areas, degrees(places), degrees(cells), _people(rng, cells, centres))


def degrees(metres: Array) -> Array:
    """Return lon, lat of points in EPSG:2100."""
    lon, lat = _to_degrees().transform(metres[:, 0], metres[:, 1])
    return np.column_stack((lon, lat))


def _to_degrees() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(2100, 4326, always_xy=True)


def _clustered(
    rng: np.random.Generator, n: int, centres: Array, spread: Array, weight: Array
) -> Array:
    """Return points, most of them in clusters and one in seven anywhere."""
    cluster = rng.choice(len(centres), n, p=weight / weight.sum())
    points = centres[cluster] + rng.normal(size=(n, 2)) * spread[cluster, None]
    anywhere = rng.random(n) < 1 / 7
    points[anywhere] = (
        CENTRE_M + rng.uniform(-0.5, 0.5, (int(anywhere.sum()), 2)) * SIDE_M
    )
    return points


def _cells(n: int) -> Array:
    """Return the middles of n square cells that cover the city."""
    side = int(np.ceil(np.sqrt(n)))
    step = SIDE_M / side
    index = np.arange(n)
    south_west = np.array(CENTRE_M) - SIDE_M / 2
    return south_west + step * (np.column_stack((index % side, index // side)) + 0.5)


def _people(rng: np.random.Generator, cells: Array, centres: Array) -> Array:
    """Return residents per cell, fewer with the distance from the next cluster."""
    near = np.full(len(cells), np.inf)
    for centre in centres:
        near = np.minimum(near, np.hypot(*(cells - centre).T))
    return np.round(rng.gamma(2.0, 40.0, len(cells)) * np.exp(-near / 3_000), 3)


def _areas(rng: np.random.Generator) -> list[Area]:
    """Return the municipality, its communities and neighbourhoods, border to border."""
    faces = sorted(_faces(rng), key=lambda face: (face.centroid.y, face.centroid.x))
    per_community = N_NEIGHBOURHOODS // N_COMMUNITIES
    communities = [f"C{n + 1:02d}" for n in range(N_COMMUNITIES)]
    found = [Area("municipality", "BENCH", None, _multi(shapely.union_all(faces)))]
    for n, code in enumerate(communities):
        part = faces[n * per_community : (n + 1) * per_community]
        boundary = _multi(shapely.union_all(part))
        found.append(Area("municipal_community", code, "BENCH", boundary))
    for n, face in enumerate(faces):
        parent = communities[n // per_community]
        found.append(Area("neighbourhood", f"N{n + 1:02d}", parent, _multi(face)))
    return found


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    moved = shapely.transform(shape, degrees)
    return (
        moved
        if isinstance(moved, shapely.MultiPolygon)
        else shapely.MultiPolygon([moved])
    )


def _faces(rng: np.random.Generator) -> list[shapely.Polygon]:
    """Return ragged Voronoi cells that share their borders vertex by vertex."""
    square = shapely.box(*(np.array(CENTRE_M) - SIDE_M / 2), *(np.array(CENTRE_M) + SIDE_M / 2))  # fmt: skip
    middles = CENTRE_M + rng.uniform(-0.48, 0.48, (N_NEIGHBOURHOODS, 2)) * SIDE_M
    cells = shapely.voronoi_polygons(shapely.MultiPoint(middles), extend_to=square)
    straight = shapely.union_all(
        [shapely.intersection(cell, square).exterior for cell in cells.geoms]
    )
    for roughness in (0.12, 0.06, 0.03, 0.0):  # rarely, ragged borders cross
        lines = [_ragged(rng, line, roughness) for line in straight.geoms]
        faces = list(shapely.polygonize(lines).geoms)
        if len(faces) == N_NEIGHBOURHOODS and shapely.coverage_is_valid(faces):
            return faces
    raise AssertionError("a straight Voronoi diagram is always a coverage")


def _ragged(
    rng: np.random.Generator, line: shapely.LineString, roughness: float
) -> shapely.LineString:
    """Return the line with every middle moved aside, again and again."""
    points = shapely.get_coordinates(line)
    for _ in range(BORDER_LEVELS):
        along = np.diff(points, axis=0)
        aside = np.column_stack((-along[:, 1], along[:, 0]))
        shift = rng.normal(0, roughness, len(along))[:, None]
        middles = points[:-1] + along / 2 + aside * shift
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
    return shapely.LineString(points)
