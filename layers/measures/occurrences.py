"""When something that may repeat happens next."""

from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from layers.errors import InvalidParameter

NO_TIME = timedelta()


def next_occurrence(
    starts_at: datetime,
    rule: str,
    after: datetime,
    *,
    lasts: timedelta = NO_TIME,
) -> datetime | None:
    """Return the start of the first occurrence that has not ended before a moment.

    Parameters
    ----------
    starts_at : datetime
        Start of the first occurrence, in the zone in which it repeats: at 18:00 in
        summer and in winter.
    rule : str
        RRULE of RFC 5545 without its name; empty where it happens once.
    after : datetime
        The moment, with its zone; an occurrence that ends just then is still found.
    lasts : timedelta
        How long one lasts.

    Returns
    -------
    datetime or None
        In the zone of `starts_at`; None where all are over.

    Raises
    ------
    InvalidParameter
        A rule that cannot be read.

    Examples
    --------
    >>> from datetime import UTC
    >>> first = datetime(2026, 9, 8, 18, tzinfo=UTC)
    >>> next_occurrence(first, "FREQ=WEEKLY", datetime(2026, 11, 22, tzinfo=UTC)).date()
    datetime.date(2026, 11, 24)
    """
    earliest = (after - lasts).astimezone(starts_at.tzinfo)
    if not rule:
        return starts_at if starts_at >= earliest else None
    try:
        found = rrulestr(f"RRULE:{rule}", dtstart=starts_at)
        happens: datetime | None = found.after(earliest, inc=True)
    except (ValueError, TypeError) as fault:
        raise InvalidParameter("rule", rule, "an RRULE of RFC 5545") from fault
    return happens
