"""What a scenario changes: places that close, open or move, their hours and capacity."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from layers.analysis.scenario_hours import Hours
from layers.errors import InvalidParameter

MAX_CHANGES = 50

MAX_CAPACITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Opening:
    """A new place of a category; lon and lat in degrees (EPSG:4326).

    `capacity` is in the unit of the category's other places; None is not known.
    """

    category: str
    lon: float
    lat: float
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A service point, and where it is then; lon and lat in degrees (EPSG:4326)."""

    id: UUID
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NewHours:
    """A service point, and its hours in an ordinary week then; none is never open."""

    id: UUID
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """A service point, and how many it takes then, in the unit it has now."""

    id: UUID
    capacity: float


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
    hours : tuple of NewHours
        Service points with other hours.
    capacity : tuple of NewCapacity
        Service points that take more or fewer people.

    Raises
    ------
    InvalidParameter
        No change at all, more than 50, a service point that is named twice in a list or
        closed and changed, too; coordinates, hours or a capacity that are none.
    """

    close: tuple[UUID, ...] = ()
    open: tuple[Opening, ...] = ()
    move: tuple[Move, ...] = ()
    hours: tuple[NewHours, ...] = ()
    capacity: tuple[NewCapacity, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no scenario."""
        lists = (self.close, self.open, self.move, self.hours, self.capacity)
        n = sum(map(len, lists))
        if not 1 <= n <= MAX_CHANGES:
            raise InvalidParameter(
                "close",
                f"{n} changes",
                f"1 to {MAX_CHANGES} changes, those of every kind together",
            )
        self._check_named_once()
        for name, spots in (("open", self.open), ("move", self.move)):
            for spot in spots:
                _check_degrees(name, spot.lon, 180)
                _check_degrees(name, spot.lat, 90)
        for one in self.hours:
            Hours.of(one.hours)
        _check_capacities("capacity", (one.capacity for one in self.capacity))
        given = (one.capacity for one in self.open)
        _check_capacities("open", (many for many in given if many is not None))

    def _check_named_once(self) -> None:
        if len(set(self.close)) != len(self.close):
            raise InvalidParameter("close", "an id twice", "each service point once")
        named: dict[str, tuple[Move | NewHours | NewCapacity, ...]] = {
            "move": self.move,
            "hours": self.hours,
            "capacity": self.capacity,
        }
        for name, changed in named.items():
            ids = [one.id for one in changed]
            seen = set(self.close)
            for id_ in ids:
                if id_ in seen:
                    raise InvalidParameter(
                        name, id_, "a service point once, and none that closes"
                    )
                seen.add(id_)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The service points that are named, each once."""
        changed: tuple[Move | NewHours | NewCapacity, ...] = (
            *self.move,
            *self.hours,
            *self.capacity,
        )
        return tuple(dict.fromkeys([*self.close, *(one.id for one in changed)]))

    @property
    def asks_capacity(self) -> bool:
        """Whether how many a place takes is a part of the question."""
        return bool(self.capacity) or any(one.capacity is not None for one in self.open)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "close": [str(id_) for id_ in self.close],
            "open": [_opening(one) for one in self.open],
            "move": [
                {"id": str(one.id), "lon": one.lon, "lat": one.lat} for one in self.move
            ],
            "hours": [
                {"id": str(one.id), "hours": list(one.hours)} for one in self.hours
            ],
            "capacity": [
                {"id": str(one.id), "capacity": one.capacity} for one in self.capacity
            ],
        }


def _opening(one: Opening) -> dict[str, Any]:
    said: dict[str, Any] = {"category": one.category, "lon": one.lon, "lat": one.lat}
    return said if one.capacity is None else {**said, "capacity": one.capacity}


def _check_degrees(name: str, value: float, most: int) -> None:
    if not math.isfinite(value) or abs(value) > most:
        raise InvalidParameter(name, value, f"degrees from -{most} to {most}")


def _check_capacities(name: str, values: Iterable[float]) -> None:
    for value in values:
        if not math.isfinite(value) or not 0 <= value <= MAX_CAPACITY:
            raise InvalidParameter(name, value, f"a number from 0 to {MAX_CAPACITY}")
