"""Streets as a file draws them, before anybody asks where they meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layers.models.base import TEXT

HIGHWAY_LENGTH = 60

MAX_VERTICES = 20_000_000
"""Vertices of all streets of one file: some 5 GB of memory; a whole small country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetOptions:
    """How a file of streets is read; see the command `import_streets`.

    Attributes
    ----------
    municipality : str
        Slug.
    source, licence : str
        Whom the streets are owed to, and under which terms.
    margin_m : float or None
        Metres beyond the municipality's boundary that are kept; None keeps everything.
    smallest_part_m : float
        Parts of the network with less street than this are left out, but never the
        longest.
    crs : str or None
        Reference system where the file says none, or a wrong one.
    layer, nodes_layer : str or None
        Layers of a vector file.
    """

    municipality: str
    source: str
    licence: str = ""
    margin_m: float | None = 3000.0
    smallest_part_m: float = 300.0
    crs: str | None = None
    layer: str | None = None
    nodes_layer: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A street as drawn, walkable.

    Attributes
    ----------
    row : int
        Number in the file, from 1.
    ids : tuple of int
        Ids of all its vertices, or of its two ends only: then it meets others nowhere
        else.
    lonlat : ndarray, (k, 2)
        Its vertices in EPSG:4326.
    length_m : float or None
        What the file says.
    is_drawn : bool
        False where the file gives its ends only: it may be longer than the straight
        line.
    """

    row: int
    ids: tuple[int, ...]
    lonlat: NDArray[np.float64]
    highway: str = ""
    name: str = ""
    length_m: float | None = None
    is_drawn: bool = True


@dataclass(slots=True)
class Drawing:
    """The walkable streets of a file.

    Attributes
    ----------
    read : int
        Streets in the file, walkable or not.
    left_out : dict of str to int
        How many were left out, by the reason.
    elevation_m : dict of int to float
        Heights of vertices by id, where the file has them.
    remarks : list of str
        What the reader of the report should know of the file.
    """

    ways: list[Way] = field(default_factory=list)
    read: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    elevation_m: dict[int, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def leave_out(self, reason: str) -> None:
        """Count a street that is left out."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


def highway_of(tags: Mapping[str, str]) -> str:
    """Return the kind of street as it is stored."""
    return _printable(tags.get("highway", ""))[:HIGHWAY_LENGTH]


def name_of(tags: Mapping[str, str]) -> str:
    """Return the name of a street as it is stored."""
    return _printable(tags.get("name", ""))[:TEXT]


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())


def on_globe(lonlat: NDArray[np.float64]) -> bool:
    """Tell whether all vertices are longitudes and latitudes of EPSG:4326."""
    return bool(
        np.isfinite(lonlat).all()
        and (np.abs(lonlat[:, 0]) <= 180).all()
        and (np.abs(lonlat[:, 1]) <= 90).all()
    )
