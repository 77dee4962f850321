"""Opening hours of an ordinary week, as a scenario gives them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from layers.errors import InvalidParameter
from layers.selectors.eligibility import DAYS

MOST_SPANS = 21
"""Three a day."""

_DAY_MIN = 24 * 60
_WEEK_MIN = 7 * _DAY_MIN
_NAMES = "|".join(DAYS)
_SPAN = re.compile(
    rf"({_NAMES})(?:-({_NAMES}))? ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)"
)
_ALLOWED = "hours like `mon-fri 09:00-17:00` or `sat 22:00-02:00`"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is open, in minutes since Monday 00:00.

    Attributes
    ----------
    spans : tuple of (int, int)
        First minute, and the first one after closing; may run past the week's end.
    """

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return the hours that some texts say; none is never open.

        Raises
        ------
        InvalidParameter
            A text that says no hours; more than 21 of them.

        Examples
        --------
        >>> Hours.of(["mon-tue 09:00-17:00"]).spans
        ((540, 1020), (1980, 2460))
        """
        given = tuple(texts)
        if len(given) > MOST_SPANS:
            raise InvalidParameter("hours", len(given), f"at most {MOST_SPANS} spans")
        return cls(tuple(span for text in given for span in _spans(text)))

    def is_open(self, at: str) -> bool:
        """Return whether it is open at a weekday and time like `mon 18:00`.

        The minute of opening is within, that of closing is not.

        Examples
        --------
        >>> late = Hours.of(["sun 22:00-02:00"])
        >>> (
        ...     late.is_open("sun 22:00"),
        ...     late.is_open("mon 01:59"),
        ...     late.is_open("mon 02:00"),
        ... )
        (True, True, False)
        """
        day, _, time = at.partition(" ")
        minute = DAYS.index(day) * _DAY_MIN + int(time[:2]) * 60 + int(time[3:])
        return any(
            first <= minute < last or first <= minute + _WEEK_MIN < last
            for first, last in self.spans
        )


def _spans(text: str) -> list[tuple[int, int]]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise InvalidParameter("hours", text, _ALLOWED)
    first_day, last_day, *times = match.groups()
    opens, closes = (int(h) * 60 + int(m) for h, m in (times[:2], times[2:]))
    if closes > _DAY_MIN or opens == closes:
        raise InvalidParameter("hours", text, _ALLOWED)
    if closes < opens:
        closes += _DAY_MIN
    first = DAYS.index(first_day)
    n_days = (DAYS.index(last_day or first_day) - first) % 7 + 1
    days = [(first + n) % 7 * _DAY_MIN for n in range(n_days)]
    return [(day + opens, day + closes) for day in days]
