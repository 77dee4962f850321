"""Which layers there are and what they hold, as the database itself says.

Relations of schema `published` are layers where their comment is JSON with
`"layer": true`. The description is kept in memory and read anew when the data version
`catalogue` was raised, which every import and removal of a layer does; statements on a
layer fetch that version along, so that a reader never waits for a look at the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import orjson

from layers.errors import NotFound
from layers.published.connection import read, read_one
from layers.published.layers.layer import (
    Column,
    Geometry,
    GeometryKind,
    Kind,
    Layer,
)

CATALOGUE = "catalogue"
"""Name of the data version that says whether a description still holds."""

CATALOGUE_VERSION_SQL = (
    "(SELECT coalesce(max(v.version), 0) FROM published.data_version v "
    f"WHERE v.name = '{CATALOGUE}')"
)
"""A select item: the version of the catalogue, 0 where it was never raised."""

_READ = f"""
SELECT c.relname::text, d.description,
 (SELECT json_agg(json_build_array(a.attname::text,
                                   format_type(a.atttypid, a.atttypmod),
                                   a.attnotnull, col_description(c.oid, a.attnum),
                                   postgis_typmod_type(a.atttypmod),
                                   postgis_typmod_srid(a.atttypmod),
                                   postgis_typmod_dims(a.atttypmod)) ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
 {CATALOGUE_VERSION_SQL}
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'published'
JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0
 AND d.classoid = 'pg_catalog.pg_class'::regclass
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND left(d.description, 1) = chr(123)
ORDER BY c.relname COLLATE "C"
"""

_KINDS: Mapping[str, Kind] = {
    "smallint": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "bigint": Kind.INTEGER,
    "real": Kind.NUMBER,
    "double precision": Kind.NUMBER,
    "numeric": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "timestamp with time zone": Kind.DATETIME,
    "timestamp without time zone": Kind.DATETIME,
    "uuid": Kind.UUID,
    "json": Kind.JSON,
    "jsonb": Kind.JSON,
}

_LISTS: Mapping[Kind, Kind] = {
    Kind.STRING: Kind.STRINGS,
    Kind.UUID: Kind.STRINGS,
    Kind.INTEGER: Kind.INTEGERS,
    Kind.NUMBER: Kind.NUMBERS,
}


@dataclass(frozen=True, slots=True)
class _Catalogue:
    version: int
    by_id: Mapping[str, Layer]


_lock = Lock()
_held: _Catalogue | None = None


def forget() -> None:
    """Read the catalogue anew when it is next asked for."""
    global _held
    _held = None


def layers() -> tuple[Layer, ...]:
    """Return all layers by id, as of now; one cheap statement where nothing changed."""
    row = read_one(f"SELECT {CATALOGUE_VERSION_SQL}")
    assert row is not None  # noqa: S101 (no FROM: always one row)
    return tuple(_current(row[0]).by_id.values())


def layer(id_: str) -> Layer:
    """Return a layer, from memory where it is known.

    Raises
    ------
    NotFound
        There is no layer of that id.
    """
    held = _held
    if held is None or id_ not in held.by_id:
        layers()
        held = _held
    found = held.by_id.get(id_) if held else None
    if found is None:
        raise NotFound("layer", id_)
    return found


def is_current(version: int) -> bool:
    """Tell whether descriptions read from memory hold; where not, they are forgotten.

    Parameters
    ----------
    version : int
        What a statement on a layer got for `CATALOGUE_VERSION_SQL`.
    """
    held = _held
    if held is not None and held.version == version:
        return True
    forget()
    return False


def _current(version: int) -> _Catalogue:
    global _held
    with _lock:
        if _held is None or _held.version != version:
            _held = _read()
        return _held


def _read() -> _Catalogue:
    rows = read(_READ)
    found = (_layer(name, comment, columns) for name, comment, columns, _ in rows)
    by_id = {known.id: known for known in found if known is not None}
    return _Catalogue(rows[0][3] if rows else 0, by_id)


def _layer(name: str, comment: str, columns: Sequence[Sequence[Any]]) -> Layer | None:
    try:
        said = orjson.loads(comment)
    except orjson.JSONDecodeError:
        return None  # somebody's own comment: no layer
    if not isinstance(said, dict) or said.get("layer") is not True:
        return None
    hidden = set(said.get("hidden", ()))
    known = {c[0]: _column(c) for c in columns if not _is_geometry(c)}
    key = known.get(said.get("key", "id"))
    if key is None:
        return None
    interval = said.get("interval")
    return Layer(
        id=name,
        columns=tuple(c for c in known.values() if c.name not in hidden),
        key=key,
        geometry=_geometry(columns, hidden, said),
        instant=said.get("instant"),
        interval=(interval[0], interval[1]) if interval else None,
        feature_text=said.get("feature_text"),
        search_text=said.get("search_text"),
        tile_columns=tuple(said.get("tile_columns", ())),
        is_in_dataset_tiles=said.get("dataset_tiles", True),
        counters=tuple(said.get("counters", ())),
        titles=said.get("title", {}),
        descriptions=said.get("description", {}),
        attribution=said.get("attribution", ""),
        licence=said.get("licence", ""),
        source=said.get("source", ""),
        is_import=said.get("import", False),
    )


def _is_geometry(column: Sequence[Any]) -> bool:
    return str(column[1]).startswith("geometry")


def _geometry(
    columns: Sequence[Sequence[Any]], hidden: set[str], said: Mapping[str, Any]
) -> Geometry | None:
    for name, _type, is_set, _comment, kind, srid, dimensions in filter(
        _is_geometry, columns
    ):
        if name not in hidden:
            return Geometry(
                name=name,
                kind=_geometry_kind(kind),
                srid=srid or 4326,
                dimensions=dimensions or 2,
                is_nullable=not (is_set or said.get("geometry_never_null", False)),
            )
    return None


def _geometry_kind(postgis: str | None) -> GeometryKind:
    text = (postgis or "").lower().removesuffix("zm").removesuffix("z")
    known = {kind.value: kind for kind in GeometryKind}
    return known.get(text.removesuffix("m"), GeometryKind.ANY)


def _column(row: Sequence[Any]) -> Column:
    name, sql_type, _, comment = row[:4]
    try:
        said = orjson.loads(comment or "{}")
    except orjson.JSONDecodeError:
        said = {"description": {"en": comment}}
    return Column(
        name=name,
        kind=kind_of(sql_type),
        sql_type=sql_type,
        titles=said.get("title", {}),
        descriptions=said.get("description", {}),
        unit=said.get("unit", ""),
        values=tuple(said.get("values", ())),
    )


def kind_of(sql_type: str) -> Kind:
    """Return what the values of a PostgreSQL type are; text where it is none of ours."""
    if sql_type.endswith("[]"):
        return _LISTS.get(kind_of(sql_type[:-2]), Kind.JSON)
    bare, _, rest = sql_type.partition("(")
    after = rest.partition(")")[2]  # timestamp(3) with time zone
    return _KINDS.get((bare + after).strip(), Kind.STRING)
