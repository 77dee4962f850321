"""What a scenario changes: places that close, open or move."""

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from layers.errors import InvalidParameter

MAX_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """A new place of a category; lon and lat in degrees (EPSG:4326)."""

    category: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Move:
    """A service point, and where it is then; lon and lat in degrees (EPSG:4326)."""

    id: UUID
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one scenario.

    Attributes
    ----------
    close : tuple of UUID
        Service points that are no more.
    open : tuple of Opening
        Places that are new; they have no doubts and serve whoever is asked about.
    move : tuple of Move
        Service points that are elsewhere.

    Raises
    ------
    InvalidParameter
        No change at all, more than 50, a service point that is named twice, coordinates
        that are none.
    """

    close: tuple[UUID, ...] = ()
    open: tuple[Opening, ...] = ()
    move: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no scenario."""
        n = len(self.close) + len(self.open) + len(self.move)
        if not 1 <= n <= MAX_CHANGES:
            raise InvalidParameter(
                "close",
                f"{n} changes",
                f"1 to {MAX_CHANGES} changes, `open` and `move` counted",
            )
        seen = set(self.close)
        for change in self.move:
            if change.id in seen:
                raise InvalidParameter(
                    "move", change.id, "a service point that is closed or moved once"
                )
            seen.add(change.id)
        for name, spots in (("open", self.open), ("move", self.move)):
            for spot in spots:
                _check_degrees(name, spot.lon, 180)
                _check_degrees(name, spot.lat, 90)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "close": [str(id_) for id_ in self.close],
            "open": [
                {"category": one.category, "lon": one.lon, "lat": one.lat}
                for one in self.open
            ],
            "move": [
                {"id": str(one.id), "lon": one.lon, "lat": one.lat} for one in self.move
            ],
        }


def _check_degrees(name: str, value: float, most: int) -> None:
    if not math.isfinite(value) or abs(value) > most:
        raise InvalidParameter(name, value, f"degrees from -{most} to {most}")
