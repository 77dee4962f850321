"""Tiles that were made before, as many as fit."""

from collections import OrderedDict
from threading import Lock

from layers.published.versions import DataState

Address = tuple[str, int, int, int]
"""Layer, zoom, column, row."""


class TileCache:
    """The tiles last asked for, each with the state of the data it was made from.

    Parameters
    ----------
    most_bytes : int
        Room for all of them; what was not asked for longest goes first.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._tiles: OrderedDict[Address, tuple[DataState, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, address: Address) -> tuple[DataState, bytes] | None:
        """Return a tile and its state, None where it is not kept."""
        with self._lock:
            kept = self._tiles.get(address)
            if kept is not None:
                self._tiles.move_to_end(address)
            return kept

    def put(self, address: Address, state: DataState, body: bytes) -> None:
        """Keep a tile in place of an older one; a tile without room is not kept."""
        with self._lock:
            _, old = self._tiles.pop(address, (None, b""))
            self._bytes -= len(old)
            if len(body) > self.most_bytes:
                return
            self._tiles[address] = (state, body)
            self._bytes += len(body)
            while self._bytes > self.most_bytes:
                _, (_, gone) = self._tiles.popitem(last=False)
                self._bytes -= len(gone)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._tiles.clear()
            self._bytes = 0
