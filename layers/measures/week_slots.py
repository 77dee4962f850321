"""The hours of an ordinary week as 168 slots, and which of them a place is open in.

Slot 0 is Monday 00:00 to 01:00. A place is open in a slot if it is open when the slot
begins, so hours from 08:30 to 14:30 are six slots, 09 to 14. A week is kept as three
64-bit words, one bit for each slot.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from layers.errors import InvalidParameter
from layers.measures.timetables import DAY_MIN, KEY_MIN, Interval

N_SLOTS = 168
N_WORDS = 3
SLOT_MIN = 60

Words = NDArray[np.uint64]

_HOURS = {
    "morning": range(8, 12),
    "afternoon": range(12, 17),
    "evening": range(17, 21),
}
_DAYS = {"weekday": range(5), "weekend": range(5, 7)}
_NIGHT = (*range(8), *range(21, 24))

PARTS: dict[str, tuple[int, ...]] = {
    **{
        f"{days}_{hours}": tuple(24 * day + hour for day in of_days for hour in of_day)
        for days, of_days in _DAYS.items()
        for hours, of_day in _HOURS.items()
    },
    "night": tuple(24 * day + hour for day in range(7) for hour in _NIGHT),
}
"""Parts of the week by name; together each slot once."""

EVERY_SLOT = tuple(range(N_SLOTS))


def slots_of(parts: Iterable[str]) -> tuple[int, ...]:
    """Return the slots of some parts of the week, ascending; without any all 168.

    Raises
    ------
    InvalidParameter
        A part that there is not.

    Examples
    --------
    >>> len(slots_of(["weekday_morning"])), slots_of([])[:3]
    (20, (0, 1, 2))
    """
    found: set[int] = set()
    for part in parts:
        if part not in PARTS:
            raise InvalidParameter("open_slots", part, f"one of {', '.join(PARTS)}")
        found.update(PARTS[part])
    return tuple(sorted(found)) or EVERY_SLOT


def keys_of(slots: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return each slot's first minute as a key of its own day, and of the day before.

    Keys are `weekday * KEY_MIN + minute`, as in `timetables`: hours past midnight belong
    to the day on which they opened.
    """
    own, eve = [], []
    for slot in slots:
        day, minute = slot // 24, slot % 24 * SLOT_MIN
        own.append(day * KEY_MIN + minute)
        eve.append((day - 1) % 7 * KEY_MIN + minute + DAY_MIN)
    return own, eve


_OWN, _EVE = (np.array(keys) for keys in keys_of(EVERY_SLOT))


def week_words(pattern: Iterable[Interval]) -> Words:
    """Return the slots in which a pattern of hours is open, as three words.

    Parameters
    ----------
    pattern : iterable of (int, int)
        Opening and closing keys, `weekday * KEY_MIN + minute`; closing is not open.

    Examples
    --------
    Monday 08:30 to 10:30 is open when the slots of 9 and 10 begin:

    >>> words = week_words([(8 * 60 + 30, 10 * 60 + 30)])
    >>> int(words[0]) == 2**9 + 2**10
    True
    """
    is_open = np.zeros(N_SLOTS, dtype=np.bool_)
    for begin, end in pattern:
        is_open |= (begin <= _OWN) & (end > _OWN)
        is_open |= (begin <= _EVE) & (end > _EVE)
    return words_of(np.flatnonzero(is_open).tolist())


def words_of(slots: Iterable[int]) -> Words:
    """Return some slots as three words."""
    words = [0] * N_WORDS
    for slot in slots:
        words[slot // 64] |= 1 << slot % 64
    return np.array(words, dtype=np.uint64)
