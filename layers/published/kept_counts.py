"""Facet counts that were made once are kept until the data changes.

Counting every option of the finder's form takes most of its time, and most readers begin
with the same few questions. A process keeps the counts of the questions asked last, each
with the version of the data that it was counted from; the statement that lists the
entries compares that version itself and counts only where it differs.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from layers.published.filters import Conditions

MOST_KEPT = 200
"""Questions whose counts a process keeps, about 5 kB each."""

COUNTERS = ("service_points", "districts", "taxonomy")
"""The data versions that counts depend on."""

PASSING = frozenset({"open_at"})
"""Filters whose answer changes by itself; what was counted with them is not kept."""

Counts = Mapping[str, Mapping[str, int]]
Key = tuple[Any, ...]

_kept: OrderedDict[Key, tuple[str, Counts]] = OrderedDict()
_lock = Lock()


def key_of(asked: Conditions) -> Key | None:
    """Return what tells one question from another; None where counts do not last."""
    if PASSING & set(asked.sql):
        return None
    values = sorted((name, repr(value)) for name, value in asked.values.items())
    return (*sorted(asked.sql), *values)


def kept(key: Key | None) -> tuple[str, Counts] | None:
    """Return the data version and the counts kept for a question, or None."""
    with _lock:
        if key is None or key not in _kept:
            return None
        _kept.move_to_end(key)
        return _kept[key]


def keep(key: Key | None, version: str, counts: Counts) -> None:
    """Keep the counts of a question, and forget the one that was asked longest ago."""
    if key is None:
        return
    with _lock:
        _kept[key] = (version, counts)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def forget() -> None:
    """Forget everything: another database may have the same versions."""
    with _lock:
        _kept.clear()
