"""Rows of a run into their table, as one stream: four times as fast as row by row."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any

import orjson
from django.db import connection, models
from psycopg import sql

from layers.analysis.parameters import CoverageParameters
from layers.analysis.rows import CoverageRow
from layers.models import AnalysisRun, ResultRow

_CELL = ("run_id", "level", "term_kind", "group")
"""What every row of a run has alike."""


def store_rows(
    run: AnalysisRun, parameters: CoverageParameters, rows: Iterable[CoverageRow]
) -> None:
    """Store the rows of a run.

    A figure is stored in the column of its own name; `CoverageRow` and `ResultRow` need
    to agree on it and nothing here has to know it.

    Raises
    ------
    IntegrityError
        A row breaks a rule of the table; then none is stored.
    """
    alike = (run.pk, parameters.level, parameters.by, parameters.group or "")
    columns = _columns()
    names = (*_CELL, *columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(ResultRow._meta.db_table),  # noqa: SLF001 (Django's own word)
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                (*alike, *(told(getattr(row, name)) for name, told in columns.items()))
            )


@cache
def _columns() -> dict[str, Callable[[Any], Any]]:
    """Return the columns that rows bring, each with what turns a value into SQL's."""
    computed = {field.name for field in fields(CoverageRow)}
    return {
        field.name: _json if isinstance(field, models.JSONField) else _as_it_is
        for field in ResultRow._meta.concrete_fields  # noqa: SLF001 (the same)
        if field.name in computed
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _as_it_is(value: object) -> object:
    return value
