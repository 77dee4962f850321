"""Which columns hold the time of a layer's features."""

from django.db import connection

from layers.errors import InvalidParameter, shown
from layers.ingest.layer_columns import Columns
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_staging import STAGING
from layers.ingest.layer_types import TIME_TYPES
from layers.ingest.report import Report

Interval = tuple[str, str]


def layer_time(
    columns: Columns, options: LayerOptions, report: Report
) -> tuple[str | None, Interval | None]:
    """Return the column of the moment, or the columns of the first and last moment.

    Where nobody says and exactly one column of dates or moments has values, it is that;
    of several none is guessed.

    Raises
    ------
    InvalidParameter
        A column that was named does not exist or holds no dates or moments, or two are
        not of the same kind.
    """
    types = sorted(TIME_TYPES)
    if options.is_timeless:
        return None, None
    if options.instant is not None:
        return columns.called(options.instant, "instant", types).name, None
    if options.interval is not None:
        first, last = (columns.called(n, "interval", types) for n in options.interval)
        if first.sql_type != last.sql_type:
            raise InvalidParameter(
                "interval",
                ", ".join(options.interval),
                "two columns of dates, or two of moments",
            )
        _note_backward(columns.staged[first.name], columns.staged[last.name], report)
        return None, (first.name, last.name)
    found = [c.name for c in columns.columns if c.sql_type in TIME_TYPES]
    if len(found) > 1:  # a format's own columns (KML's begin and end) are often empty
        found = [name for name in found if _has_values(columns.staged[name])] or found
    if len(found) == 1:
        report.figures["time"] = f"{shown(found[0])} (the only one; --no-time for none)"
        return found[0], None
    if found:
        report.find(
            "noted",
            None,
            "",
            shown(", ".join(found)),
            "several columns of dates: --instant or --interval says which is the time",
        )
    return None, None


def _has_values(staged: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {STAGING} WHERE {staged} IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


def _note_backward(first: str, last: str, report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            # Staged columns have names of ours.
            f"SELECT count(*) FROM {STAGING} WHERE {last} < {first}"
        )
        backward = cursor.fetchone()[0]
    if backward:
        report.find(
            "noted", None, "", "", f"{backward} intervals end before they begin"
        )
