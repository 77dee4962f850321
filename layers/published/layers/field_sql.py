"""The SQL of a layer's fields as the texts that files are made from.

JSON answers need none of it: `feature_sql` writes whole features.
"""

from layers.published.layers.layer import Column, Geometry, Kind

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
"""The days that every format can hold; others, infinity among them, are null in files."""

_LAST_MOMENT = f"{LAST_DAY} 23:59:59.999999+00"
_FIRST_MOMENT = f"{FIRST_DAY} 00:00:00+00"


def value_sql(column: Column) -> str:
    """Return the SQL of a value that a program reads again by the kind of its column.

    Lists and JSON are JSON text. A moment is one of UTC, and a column without a zone is
    taken as UTC. Days and moments beyond FIRST_DAY to LAST_DAY are null.
    """
    sql = column.sql
    match column.kind:
        case Kind.DATE:
            return (
                f"CASE WHEN {sql} BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}' THEN {sql} END"
            )
        case Kind.DATETIME:
            moment = _moment(column)
            within = f"BETWEEN '{_FIRST_MOMENT}' AND '{_LAST_MOMENT}'"
            return f"CASE WHEN {moment} {within} THEN {moment} END"
        case Kind.STRINGS | Kind.INTEGERS | Kind.NUMBERS | Kind.JSON:
            return json_sql(column)
        case _:
            return sql


def json_sql(column: Column) -> str:
    """Return the SQL of a list or JSON value as JSON text."""
    if column.sql_type.endswith("]"):
        return f"array_to_json({column.sql})"
    return f"{column.sql}::text"


def text_sql(column: Column) -> str:
    """Return the SQL of a value as people read it: as JSON has it, without quotes."""
    match column.kind:
        case Kind.BOOLEAN:
            return f"{column.sql}::text"  # true, not t
        case Kind.DATETIME:
            return f"(to_json({_moment(column)}) #>> '{{}}')"
        case Kind.DATE:
            return f"(to_json({column.sql}) #>> '{{}}')"
        case Kind.STRINGS | Kind.INTEGERS | Kind.NUMBERS | Kind.JSON:
            return json_sql(column)
        case _:
            return column.sql


def spreadsheet_sql(column: Column) -> str:
    """Return the SQL of a value that no spreadsheet takes for a formula.

    Texts that begin with one of `= + - @`, a tab or a carriage return get an apostrophe
    before them, which spreadsheets hide.
    """
    sql = text_sql(column)
    if column.kind not in (Kind.STRING, Kind.JSON):
        return sql  # a number, a day, a word of ours, or a list that begins with [
    return f"CASE WHEN {sql} ~ '^[-=+@\\t\\r]' THEN '''' || {sql} ELSE {sql}::text END"


def _moment(column: Column) -> str:
    if "without time zone" in column.sql_type:
        return f"({column.sql} AT TIME ZONE 'UTC')"
    return column.sql


def geometry_sql(geometry: Geometry, srid: int) -> str:
    """Return the SQL of the geometry in a system, x (east, lon) before y."""
    if srid == geometry.srid:
        return geometry.sql
    return f"ST_Transform({geometry.sql}, {srid})"


def wkb_sql(shape: str) -> str:
    """Return the SQL of a geometry's WKB (ISO, little-endian) in hexadecimal."""
    return f"encode(ST_AsBinary({shape}, 'NDR'), 'hex')"
