"""What names the features of a layer: ids that the file gives them, or numbers of ours."""

from dataclasses import dataclass

from django.db import connection

from layers.errors import InvalidParameter
from layers.ingest.layer_columns import Columns, column
from layers.ingest.layer_names import free_name
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_source import Source
from layers.ingest.layer_staging import STAGING
from layers.ingest.layer_types import KEY_TYPES
from layers.ingest.report import Report
from layers.published.layers.layer import Column

MAX_KEY_BYTES = 200
"""Bytes of a text that names a feature: it stands in addresses."""

GENERATED = "fid"
"""Name of a key that the file does not have."""

_FILE_IDS = "id"
"""Where the staging table has the ids that the file gives its features."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a layer.

    Attributes
    ----------
    column : Column
        Of the table.
    staged : str or None
        Where its values are staged; None where rows are numbered in the table's order.
    is_new : bool
        Whether it is a column beside those of the file.
    """

    column: Column
    staged: str | None
    is_new: bool


def layer_key(
    source: Source, options: LayerOptions, columns: Columns, report: Report
) -> Key:
    """Return the key of a layer.

    The column that was asked for; else the ids that the file itself gives its features
    (GeoPackage's `fid`, GeoJSON's `id`, the object ids of a geodatabase); else a number
    in the order of the rows on disk. A column that merely looks like an id is no key
    unless somebody says so.

    Raises
    ------
    InvalidParameter
        The column that was asked for does not exist, is of another type, or its values
        are not unique, missing or too long.
    """
    if options.key is not None:
        return _asked(options.key, source, columns)
    found = None if options.is_renumbered else _of_the_file(source, columns, report)
    return found or Key(column(_free(GENERATED, columns), "bigint"), None, is_new=True)


def _asked(name: str, source: Source, columns: Columns) -> Key:
    if name == source.id_name and name not in columns.names:
        return Key(column(name, "bigint"), _FILE_IDS, is_new=True)
    chosen = columns.called(name, "key", sorted(KEY_TYPES))
    staged = columns.staged[chosen.name]
    if not _is_key(staged):
        raise InvalidParameter(
            "key",
            name,
            "a column with another value in every row, none missing, none longer than "
            f"{MAX_KEY_BYTES} bytes",
        )
    return Key(chosen, staged, is_new=False)


def _of_the_file(source: Source, columns: Columns, report: Report) -> Key | None:
    if source.id_column is not None:
        chosen = next((c for c in columns.columns if c.name == source.id_column), None)
        staged = columns.staged.get(source.id_column, "")
        if chosen is None or not _is_key(staged):
            report.find(
                "noted",
                None,
                source.id_column,
                "",
                "ids of features that are missing, not unique or too long: numbered anew",
            )
            return None
        return Key(chosen, staged, is_new=False)
    if source.id_name is None or not _is_key(_FILE_IDS):
        return None
    same = next((c for c in columns.columns if c.name == source.id_name), None)
    if same is not None and same.sql_type in KEY_TYPES - {"text", "uuid"}:
        staged = columns.staged[same.name]
        if _all(f"{staged} IS NOT DISTINCT FROM {_FILE_IDS}"):
            return Key(same, staged, is_new=False)
    name = source.id_name if same is None else GENERATED
    return Key(column(_free(name, columns), "bigint"), _FILE_IDS, is_new=True)


def _free(name: str, columns: Columns) -> str:
    return free_name(name, columns.names, any_case=True)


def _is_key(staged: str) -> bool:
    """Tell whether a staged column can name features."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) = count(DISTINCT {staged})"
            f" AND coalesce(bool_and({staged}::text <> ''"
            f" AND octet_length({staged}::text) <= {MAX_KEY_BYTES}), true)"
            f" FROM {STAGING}"
        )
        return bool(cursor.fetchone()[0])


def _all(condition: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(bool_and({condition}), true) FROM {STAGING}")
        return bool(cursor.fetchone()[0])
