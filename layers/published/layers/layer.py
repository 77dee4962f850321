"""What a published layer is: its columns, geometry, time, key and texts.

A layer is a relation of schema `published` whose comment is JSON with `"layer": true`.
`catalogue.py` reads layers; every output (lists, OGC, tiles, exports) is made from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA = "published"
"""The PostgreSQL schema of everything that anybody may read."""

ROW = "r"
"""The alias under which every statement knows the layer's relation."""


class Kind(StrEnum):
    """What the values of a column are, whatever PostgreSQL type holds them."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "date-time"
    UUID = "uuid"
    STRINGS = "strings"
    INTEGERS = "integers"
    NUMBERS = "numbers"
    JSON = "json"


class GeometryKind(StrEnum):
    """What the geometries of a layer are; ANY where they are mixed or not said."""

    POINT = "point"
    MULTIPOINT = "multipoint"
    LINESTRING = "linestring"
    MULTILINESTRING = "multilinestring"
    POLYGON = "polygon"
    MULTIPOLYGON = "multipolygon"
    COLLECTION = "geometrycollection"
    ANY = "any"


def quoted(identifier: str) -> str:
    """Return an SQL identifier, quoted, safe in a statement that binds values.

    Column names of imported files are kept as they were and may hold anything.
    """
    return '"' + identifier.replace('"', '""').replace("%", "%%") + '"'


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer that is no geometry.

    Attributes
    ----------
    name : str
        As the analyst sees it, in its own case and script.
    kind : Kind
        What its values are.
    sql_type : str
        PostgreSQL's name of its type, e.g. `timestamp with time zone`.
    titles, descriptions : mapping of str to str
        By language; empty where nobody said.
    unit : str
        UCUM code or word, empty where it has none.
    values : tuple of str
        The values that can occur, where they are a fixed list.
    """

    name: str
    kind: Kind
    sql_type: str
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    values: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The column in a statement; as text where its type is none of our kinds."""
        bare = f"{ROW}.{quoted(self.name)}"
        is_other = self.kind is Kind.STRING and not self.sql_type.startswith(
            ("text", "character")
        )
        return f"{bare}::text" if is_other else bare


@dataclass(frozen=True, slots=True)
class Geometry:
    """The geometry column of a layer.

    Attributes
    ----------
    name : str
        Of the column.
    kind : GeometryKind
        What it holds.
    srid : int
        EPSG code of the stored coordinates, x (east, lon) before y.
    dimensions : int
        2, or 3 where there are heights.
    is_nullable : bool
        Whether a feature may have none.
    """

    name: str
    kind: GeometryKind
    srid: int
    dimensions: int = 2
    is_nullable: bool = True

    @property
    def sql(self) -> str:
        """The column in a statement."""
        return f"{ROW}.{quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it is published.

    Attributes
    ----------
    id : str
        Name of the relation and of the collection.
    columns : tuple of Column
        What a reader sees, in order, the key included; no geometry.
    key : Column
        Unique and never null; features are named and paged by it.
    geometry : Geometry or None
        None where the layer is a table.
    instant : str or None
        Column of the moment or day a feature belongs to.
    interval : (str, str) or None
        Columns of the first and last moment; null is open-ended.
    feature_text : str or None
        Column that holds the whole GeoJSON feature as text, CRS84, ready to be sent.
    search_text : str or None
        Column with the folded text that `q` looks into; None: the text columns.
    tile_columns : tuple of str
        Columns that vector tiles carry; empty is all.
    is_in_dataset_tiles : bool
        Whether tiles of all layers together hold it unless they are asked not to.
    counters : tuple of str
        The data versions (`published.data_version`) that its rows depend on.
    titles, descriptions, attribution, licence, source
        For readers; texts by language or plain, empty where nobody said.
    is_import : bool
        Whether an analyst published it from a file.
    """

    id: str
    columns: tuple[Column, ...]
    key: Column
    geometry: Geometry | None
    instant: str | None = None
    interval: tuple[str, str] | None = None
    feature_text: str | None = None
    search_text: str | None = None
    tile_columns: tuple[str, ...] = ()
    is_in_dataset_tiles: bool = True
    counters: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    attribution: str = ""
    licence: str = ""
    source: str = ""
    is_import: bool = False

    @property
    def relation(self) -> str:
        """The relation with its alias, for a FROM clause."""
        return f"{SCHEMA}.{quoted(self.id)} {ROW}"

    @property
    def key_sql(self) -> str:
        """The key in a statement; it may be a column that readers do not see."""
        return self.key.sql

    def column(self, name: str) -> Column | None:
        """Return the column of that name, exactly as written; None for none."""
        return next((c for c in self.columns if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition on a row and the values that it binds.

    `sql` has `%(name)s` where a value belongs; the text never depends on a value, so
    that a prepared statement serves the next reader, too.
    """

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)
