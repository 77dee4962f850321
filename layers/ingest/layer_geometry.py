"""Geometries of a batch: looked at once, handed on as the WKB that PostGIS reads.

What the file has is kept: invalid rings are counted, not mended, unless that is asked
for. What no reader could use is refused: coordinates beyond their reference system, and
kinds of geometry that the Simple Features standard does not have on a map.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from layers.ingest.layer_crs import Storage
from layers.ingest.report import Report

Wkb = bytes | None
Linearise = Callable[[Sequence[bytes]], Sequence[tuple[bytes | None, bool]]]
"""Turns arcs into lines: WKB to straight WKB (None: cannot be read), and whether it had any."""

_KINDS = (
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)
"""Names of shapely's type ids, in their order."""

_COLLECTION = 7
"""WKB codes 1 to 6 are straight; collections may hold arcs, 8 to 14 are made of them."""

_LAST_ARC = 14

MAX_LON = 180.0
MAX_LAT = 90.0


@dataclass(slots=True)
class GeometryCensus:
    """What the geometries of a layer turned out to be.

    Attributes
    ----------
    kinds : Counter of str
        Rows by kind, such as `MultiPolygon`.
    flat, with_z, with_m : int
        Rows without and with heights, and with measures.
    missing, empty, curved, void, invalid, repaired : int
        Rows without geometry, with an empty one, with arcs, with heights that are no
        numbers, with a fault, mended.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    flat: int = 0
    with_z: int = 0
    with_m: int = 0
    missing: int = 0
    empty: int = 0
    curved: int = 0
    void: int = 0
    invalid: int = 0
    repaired: int = 0


@dataclass(slots=True)
class GeometryReader:
    """Reads the geometries of one layer, batch by batch.

    Attributes
    ----------
    storage : Storage
        Where coordinates come from and go to.
    linearise : callable
        Turns arcs into lines.
    is_repaired : bool
        Whether invalid geometries are mended.
    report : Report
        Takes what is refused and repaired.
    """

    storage: Storage
    linearise: Linearise
    is_repaired: bool
    report: Report
    census: GeometryCensus = field(default_factory=GeometryCensus)

    def read(self, wkb: Sequence[Wkb], first_row: int) -> list[str | None]:
        """Return geometries as hexadecimal WKB in the stored system, None for none.

        Rows with a fault are refused in the report under their number in the file.
        """
        raw = self._straight(list(wkb))
        geometries = shapely.from_wkb(np.array(raw, dtype=object), on_invalid="ignore")
        self._check_read(raw, geometries, first_row)
        is_new = self._flatten(geometries)
        if self.storage.to_storage is not None:
            geometries = _moved(geometries, self.storage.to_storage)
            is_new = True
        self._check_place(geometries, first_row)
        if self._check_validity(geometries, first_row):
            is_new = True
        self._count(geometries)
        gone = shapely.is_missing(geometries) | shapely.is_empty(geometries)
        if is_new:
            raw = shapely.to_wkb(geometries, flavor="iso")
        return [
            None if absent or item is None else item.hex()
            for item, absent in zip(raw, gone, strict=True)
        ]

    def _straight(self, raw: list[Wkb]) -> list[Wkb]:
        """Return the geometries with lines for arcs."""
        asked = [n for n, item in enumerate(raw) if item is not None and may_arc(item)]
        if asked:
            lines = self.linearise([raw[n] or b"" for n in asked])
            for n, (line, had_arc) in zip(asked, lines, strict=True):
                raw[n] = line if line is not None else b""  # unreadable, and said so
                self.census.curved += had_arc
        return raw

    def _check_read(
        self, raw: Sequence[Wkb], geometries: NDArray[np.object_], first_row: int
    ) -> None:
        for n in map(int, np.flatnonzero(shapely.is_missing(geometries))):
            if raw[n] is None:
                self.census.missing += 1
            else:
                self.report.refuse(
                    first_row + n, "", "", "a geometry that cannot be read"
                )

    def _flatten(self, geometries: NDArray[np.object_]) -> bool:
        """Take heights away that are no numbers; tell whether any geometry was changed.

        JSON knows no NaN, and a height of which a part is missing is none.
        """
        high = geometries.copy()
        high[~shapely.has_z(geometries)] = None
        xyz, owner = shapely.get_coordinates(high, include_z=True, return_index=True)
        void = np.unique(owner[~np.isfinite(xyz[:, 2])])
        geometries[void] = shapely.force_2d(geometries[void])
        self.census.void += len(void)
        return len(void) > 0

    def _check_place(self, geometries: NDArray[np.object_], first_row: int) -> None:
        """Refuse coordinates that are nowhere on the globe."""
        xy, owner = shapely.get_coordinates(geometries, return_index=True)
        if not len(xy):
            return
        lon, lat = xy.T
        if self.storage.to_lon_lat is not None:
            lon, lat = self.storage.to_lon_lat.transform(lon, lat, errcheck=False)
        # Written so that what is not a number is not on the globe either.
        nowhere = ~((np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT))
        if not nowhere.any():
            return
        for n in np.unique(owner[nowhere]):
            at = int(np.flatnonzero(nowhere & (owner == n))[0])
            self.report.refuse(
                first_row + int(n),
                "",
                f"{xy[at, 0]:g}, {xy[at, 1]:g}",
                f"lies outside the reference system EPSG:{self.storage.srid}; "
                "is --srid right, and x before y?",
            )

    def _check_validity(self, geometries: NDArray[np.object_], first_row: int) -> bool:
        """Count or mend invalid geometries; tell whether any was changed in place."""
        faulty = np.flatnonzero(
            ~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)
        )
        self.census.invalid += len(faulty)
        for n in faulty:
            why = shapely.is_valid_reason(geometries[n])
            if not self.is_repaired:
                self.report.find("noted", first_row + int(n), "", "", f"invalid: {why}")
                continue
            geometries[n] = shapely.make_valid(
                geometries[n], method="structure", keep_collapsed=False
            )
            self.census.repaired += 1
            self.report.find("repaired", first_row + int(n), "", "", why)
        return self.is_repaired and len(faulty) > 0

    def _count(self, geometries: NDArray[np.object_]) -> None:
        there = geometries[~shapely.is_missing(geometries)]
        empty = shapely.is_empty(there)
        self.census.empty += int(empty.sum())
        there = there[~empty]
        kinds = np.bincount(shapely.get_type_id(there), minlength=len(_KINDS))
        self.census.kinds.update(
            {name: int(n) for name, n in zip(_KINDS, kinds, strict=True) if n}
        )
        high = shapely.has_z(there)
        self.census.with_z += int(high.sum())
        self.census.flat += int((~high).sum())
        self.census.with_m += int(shapely.has_m(there).sum())


def may_arc(wkb: bytes) -> bool:
    """Tell whether a geometry is of a kind that may have arcs."""
    return _COLLECTION <= _code(wkb) % 1000 <= _LAST_ARC


def _code(wkb: bytes) -> int:
    """Return the kind of a geometry, in ISO's thousands where it has heights."""
    code = int.from_bytes(wkb[1:5], "little" if wkb[:1] == b"\x01" else "big")
    return code & 0x1FFFFFFF if not code & 0x80000000 else 1000 + (code & 0x1FFFFFFF)


def _moved(
    geometries: NDArray[np.object_], transformer: Transformer
) -> NDArray[np.object_]:
    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = transformer.transform(xy[:, 0], xy[:, 1], errcheck=False)
        return np.column_stack([x, y, *xy.T[2:]])

    moved: NDArray[np.object_] = shapely.transform(geometries, turned, include_z=True)
    return moved
