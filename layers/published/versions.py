"""Which state of the data an answer was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from layers.published.connection import read_one


def version_sql(counters: Sequence[str] = ()) -> str:
    """Return two select items: the version's text and when the data last changed or null.

    Parameters
    ----------
    counters : sequence of str
        Names of data versions that count; without any all of them do.

    Notes
    -----
    The time is part of the text, so that a database made anew never repeats an old
    version.
    """
    where = ""
    if counters:
        names = ", ".join("'" + name.replace("'", "''") + "'" for name in counters)
        where = f" WHERE v.name IN ({names.replace('%', '%%')})"
    return f"""(SELECT coalesce(sum(v.version), 0)::text || '.' ||
    coalesce(extract(epoch FROM max(v.changed_at)) * 1000000, 0)::bigint
  FROM published.data_version v{where}),
 (SELECT max(v.changed_at) FROM published.data_version v{where})"""


VERSION_SQL = version_sql()
"""The select items of `version_sql` for all published data."""


@dataclass(frozen=True, slots=True)
class DataState:
    """A state of all published data.

    Attributes
    ----------
    version : str
        Differs after every change.
    changed_at : datetime or None
        When the last change was written; None where nothing was ever written.
    """

    version: str
    changed_at: datetime | None


def data_state() -> DataState:
    """Return the state as of now; one cheap statement."""
    row = read_one(f"SELECT {VERSION_SQL}")
    assert row is not None  # noqa: S101 (an aggregate always has a row)
    return DataState(*row)
