"""A layer of points as an analyst would publish it: 14 attributes a row, by seed.

About 350 bytes a row and 600 as a GeoJSON feature, in Greek and in English, with every
kind of value that a file can hold. Nothing in it is real.
"""

from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from tests.bench.city import drawn
from tests.bench.published.attributes import ATTRIBUTES

Texts = NDArray[np.object_]

STREETS = ("Πατησίων", "Αχαρνών", "Λιοσίων", "Πειραιώς", "Σταδίου", "Ηπείρου", "Φυλής")
KINDS = {
    "health": ("Ιατρείο", "Clinic"),
    "education": ("Σχολείο γλώσσας", "Language school"),
    "legal-aid": ("Νομική υποστήριξη", "Legal support"),
    "shelter-housing": ("Ξενώνας", "Shelter"),
    "basic-needs": ("Συσσίτιο", "Food distribution"),
    "social-integration": ("Κέντρο κοινότητας", "Community centre"),
}
BODIES = (
    "Δήμος Αθηναίων",
    "Solidarity Now",
    "Γιατροί του Κόσμου",
    "Μελίσσα",
    "PRAKSIS",
)


def write_points(path: Path, n: int, seed: int) -> None:
    """Write n points as a GeoPackage, in EPSG:4326; the same file for the same seed."""
    lon_lat = drawn(seed, n, 1).places
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapely.points(lon_lat)),
        field_data=list(_columns(n, seed)),
        fields=list(ATTRIBUTES),
        layer="points",
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
        layer_options={"SPATIAL_INDEX": "NO"},
    )


def _columns(n: int, seed: int) -> tuple[NDArray[np.generic], ...]:
    """Return the values of ATTRIBUTES, one array each."""
    rng = np.random.default_rng(seed + 3)
    slugs = list(KINDS)
    kind = rng.integers(0, len(slugs), n)
    body = rng.integers(0, len(BODIES), n)
    street = rng.integers(0, len(STREETS), n)
    house = rng.integers(1, 300, n)
    serial = np.arange(1, n + 1)
    days = rng.integers(0, 9_000, n).astype("timedelta64[D]")
    checked = rng.integers(0, 40_000_000, n).astype("timedelta64[s]")
    return (
        _texts(f"P{i:08d}" for i in serial),
        _texts(
            f"{KINDS[slugs[k]][0]} αρ. {i}" for k, i in zip(kind, serial, strict=True)
        ),
        _texts(
            f"{KINDS[slugs[k]][1]} no. {i}" for k, i in zip(kind, serial, strict=True)
        ),
        _texts(slugs[k] for k in kind),
        _texts(BODIES[b] for b in body),
        _texts(f"{STREETS[s]} {h}, Αθήνα" for s, h in zip(street, house, strict=True)),
        _texts(f"{10_000 + int(h) % 90:05d}" for h in house),
        _texts(f"+30 210 {int(i) % 10_000_000:07d}" for i in serial),
        _texts(f"https://example.org/places/{i}" for i in serial),
        rng.integers(0, 400, n).astype(np.int32),
        np.round(rng.gamma(2.0, 90.0, n), 1),
        rng.random(n) < 0.4,
        np.datetime64("2001-01-01", "D") + days,
        np.datetime64("2025-06-01T00:00:00", "ms") + checked,
    )


def _texts(values: "np.typing.ArrayLike") -> Texts:
    """Return texts as an array of objects, as the writer wants them."""
    return np.array(list(values), dtype=object)  # type: ignore[call-overload]
