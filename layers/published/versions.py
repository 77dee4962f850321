"""Which state of the data an answer was made from."""

from dataclasses import dataclass
from datetime import datetime

from layers.published.connection import read_one

VERSION_SQL = """(SELECT coalesce(sum(v.version), 0)::text || '.' ||
    coalesce(extract(epoch FROM max(v.changed_at)) * 1000000, 0)::bigint
  FROM published.data_version v),
 (SELECT max(v.changed_at) FROM published.data_version v)"""
"""Two select items: the version's text and when the data last changed (or null).

The time is part of it, so that a database made anew never repeats an old version.
"""


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
