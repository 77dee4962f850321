"""The table of a published layer: made from the staged rows, in the order of the map."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers.ingest.layer_staging import STAGING
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.layer import (
    ROW,
    SCHEMA,
    Geometry,
    GeometryKind,
    Layer,
    quoted,
)

THREE_DIMENSIONS = 3

NO_LANGUAGE = "und"
"""Language of a text that nobody said the language of (ISO 639-2)."""

WHOLE_ROWS = 8160
"""Bytes up to which a row stays in one piece (toast_tuple_target): a page of a list is
then read from few blocks. The same as for the service points."""

UNPUBLISHED = "new_"
"""Stands before the id while the table is not the layer yet; no id has an underscore."""

INDEXES = ("_pkey", "_geometry", "_time")
"""Ends of the names of a layer's indexes, after its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """What the table will be.

    Attributes
    ----------
    layer : Layer
        As it will be published; its geometry's kind is what the column is declared to be.
    staged : mapping of str to str
        The layer's columns (without a generated key) and the staged column of each.
    original_names : mapping of str to str
        Columns whose name had to be changed, and what the file called them.
    is_key_generated : bool
        Whether features are numbered in the order of the table.
    has_measures : bool
        Whether the file's geometries have M values, which are left out.
    is_multi : bool
        Whether single geometries become multi-geometries.
    """

    layer: Layer
    staged: Mapping[str, str]
    original_names: Mapping[str, str]
    is_key_generated: bool
    has_measures: bool = False
    is_multi: bool = False


def write_table(plan: TablePlan) -> str:
    """Make the table from the staged rows, with its indexes; return its present name.

    Rows lie in the order of a Hilbert curve through the map (PostGIS sorts geometries
    so), that a box of the map reads few blocks. A generated key counts in that order.
    """
    name = f"{UNPUBLISHED}{plan.layer.id}"
    statements = (
        _create(plan, name),
        _insert(plan, name),
        *_indexes(plan, name),
        f"ANALYZE {SCHEMA}.{quoted(name)}",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            # {}: the names of columns have their percent signs doubled.
            cursor.execute(statement, {})
    _describe(plan, name)
    return name


def _create(plan: TablePlan, name: str) -> str:
    layer = plan.layer
    columns = [f"{quoted(c.name)} {c.sql_type}" for c in layer.columns]
    if layer.geometry is not None:
        columns.append(_geometry_column(layer.geometry))
    if layer.feature_text is not None:
        compression = " COMPRESSION lz4" if _has_lz4() else ""
        columns.append(f"{quoted(layer.feature_text)} text{compression} NOT NULL")
    return (
        f"CREATE TABLE {SCHEMA}.{quoted(name)} ({', '.join(columns)})"
        f" WITH (toast_tuple_target = {WHOLE_ROWS})"
    )


def _geometry_column(geometry: Geometry) -> str:
    kind = "geometry" if geometry.kind == GeometryKind.ANY else geometry.kind.value
    z = "z" if geometry.dimensions == THREE_DIMENSIONS else ""
    never_null = "" if geometry.is_nullable else " NOT NULL"
    return f"{quoted(geometry.name)} geometry({kind}{z}, {geometry.srid}){never_null}"


def _has_lz4() -> bool:
    """Tell whether this server can pack long texts so that they unpack quickly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'lz4' = ANY (enumvals) FROM pg_settings"
            " WHERE name = 'default_toast_compression'"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _insert(plan: TablePlan, name: str) -> str:
    layer = plan.layer
    order = "n" if layer.geometry is None else "g, n"
    shape = "" if layer.geometry is None else f", {_geometry_sql(plan)} AS g"
    staged = [f"{plan.staged[c]} AS {quoted(c)}" for c in plan.staged]
    if plan.is_key_generated:
        key = quoted(layer.key.name)
        staged.insert(0, f"row_number() OVER (ORDER BY {order}) AS {key}")
    names = [c.name for c in layer.columns]
    if layer.geometry is not None:
        staged.append(f"g AS {quoted(layer.geometry.name)}")
        names.append(layer.geometry.name)
    values = [f"{ROW}.{quoted(n)}" for n in names]
    if layer.feature_text is not None:
        names.append(layer.feature_text)
        values.append(feature_sql(replace(layer, feature_text=None), Shape()))
    return (
        f"INSERT INTO {SCHEMA}.{quoted(name)} ({', '.join(map(quoted, names))})"
        f" SELECT {', '.join(values)} FROM (SELECT {', '.join(staged)}"
        f" FROM (SELECT *{shape} FROM {STAGING}) s ORDER BY {order}) {ROW}"
    )


def _geometry_sql(plan: TablePlan) -> str:
    """Return the SQL of a staged geometry as it is stored."""
    geometry = plan.layer.geometry
    assert geometry is not None  # noqa: S101 (asked for layers with one)
    stored = "geometry"
    if geometry.dimensions == THREE_DIMENSIONS:
        stored = f"ST_Force3DZ({stored})"
    elif plan.has_measures:
        stored = f"ST_Force2D({stored})"
    if plan.is_multi:
        stored = f"ST_Multi({stored})"
    return f"ST_SetSRID({stored}, {geometry.srid})"


def _indexes(plan: TablePlan, name: str) -> Iterator[str]:
    layer = plan.layer
    table = f"{SCHEMA}.{quoted(name)}"
    pkey, shape, time = (quoted(f"{name}{ending}") for ending in INDEXES)
    key = quoted(layer.key.name)
    yield f"ALTER TABLE {table} ADD CONSTRAINT {pkey} PRIMARY KEY ({key})"
    if layer.geometry is not None:
        column = quoted(layer.geometry.name)
        yield f"CREATE INDEX {shape} ON {table} USING gist ({column})"
    times = layer.interval or ((layer.instant,) if layer.instant else ())
    if times:
        yield f"CREATE INDEX {time} ON {table} ({', '.join(map(quoted, times))})"


def _describe(plan: TablePlan, name: str) -> None:
    """Write what the layer is beside it, and let readers read it."""
    table = sql.Identifier(SCHEMA, name)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("COMMENT ON TABLE {} IS {}").format(
                table, sql.Literal(_comment(plan.layer))
            )
        )
        for column, original in plan.original_names.items():
            said = json.dumps({"title": {NO_LANGUAGE: original}}, ensure_ascii=False)
            cursor.execute(
                sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                    sql.Identifier(SCHEMA, name, column), sql.Literal(said)
                )
            )
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)",
            [settings.PUBLISHED_ROLE],
        )
        if cursor.fetchone()[0]:  # the system check layers.E003 says where it is not
            cursor.execute(
                sql.SQL("GRANT SELECT ON {} TO {}").format(
                    table, sql.Identifier(settings.PUBLISHED_ROLE)
                )
            )


def _comment(layer: Layer) -> str:
    """Return the layer's description as `published/layers/catalogue.py` reads it."""
    said: dict[str, object] = {
        "layer": True,
        "import": True,
        "title": dict(layer.titles),
        "description": dict(layer.descriptions),
        "key": layer.key.name,
        "instant": layer.instant,
        "interval": layer.interval,
        "feature_text": layer.feature_text,
        "hidden": [layer.feature_text] if layer.feature_text else [],
        "counters": list(layer.counters),
        "geometry_never_null": bool(
            layer.geometry is not None and not layer.geometry.is_nullable
        ),
        "licence": layer.licence,
        "attribution": layer.attribution,
        "source": layer.source,
    }
    return json.dumps({k: v for k, v in said.items() if v}, ensure_ascii=False)
