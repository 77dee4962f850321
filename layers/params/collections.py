"""What may be asked of a layer's features, wherever they go: lists, tiles, exports.

The names are those of OGC API - Features. Besides these, each column that holds one
value is a parameter of its own name, except where the name is taken (`RESERVED`): CQL2
reaches such a column.
"""

from collections.abc import Mapping
from typing import Any

from layers.crs import CRS84, CRS84H, ReferenceSystem
from layers.errors import InvalidParameter
from layers.geo import WGS84, BBox
from layers.params.columns import SCALARS, equals, kind_of
from layers.params.kinds import Choice
from layers.params.layer_kinds import Cql2, Edges, Order, System, Terms
from layers.params.reading import Parameter, Parameters
from layers.params.spans import Interval
from layers.published.cql2.filters import compiled
from layers.published.layers.feature_sql import Shape
from layers.published.layers.filters import Box, LayerFilters
from layers.published.layers.layer import Column, Condition, Layer
from layers.published.layers.layer import Kind as ColumnKind
from layers.published.layers.page_sql import SortKey

RESERVED = frozenset(
    {
        "bbox",
        "bbox-crs",
        "callback",
        "collections",
        "count",
        "crs",
        "cursor",
        "datetime",
        "f",
        "filter",
        "filter-crs",
        "filter-lang",
        "lang",
        "limit",
        "offset",
        "profile",
        "properties",
        "q",
        "sortby",
        "spreadsheet",
    }
)
"""Names that mean the same at every layer, whatever its columns are called."""

BBOX = Parameter(
    "bbox",
    Edges(),
    "Features that intersect the box, edges included, and those without a geometry. In "
    "degrees west > east crosses the antimeridian.",
)
BBOX_CRS = Parameter("bbox-crs", System(), "System of `bbox`; CRS84 without it.")
DATETIME = Parameter(
    "datetime",
    Interval(),
    "Features whose time intersects the moment or interval, and those without a time.",
)
Q = Parameter(
    "q",
    Terms(),
    "Text search: one of the phrases occurs in a text of the feature, whatever its case "
    "or accents.",
    many=True,
)
FILTER = Parameter(
    "filter",
    Cql2(),
    "A CQL2 expression that features have to meet, besides everything else that is asked.",
)
FILTER_LANG = Parameter(
    "filter-lang",
    Choice(("cql2-text", "cql2-json")),
    "Language of `filter`.",
    default="cql2-text",
)
FILTER_CRS = Parameter(
    "filter-crs", System(), "System of geometries in `filter`; CRS84 without it."
)
CRS = Parameter("crs", System(), "System of the coordinates; CRS84 without it.")


def filter_parameters(layer: Layer) -> Parameters:
    """Return the parameters that choose features of a layer."""
    return Parameters(
        BBOX,
        BBOX_CRS,
        DATETIME,
        Q,
        FILTER,
        FILTER_LANG,
        FILTER_CRS,
        *column_parameters(layer),
    )


def form_parameters(layer: Layer) -> Parameters:
    """Return the parameters that say how features are given: `crs`, `properties`."""
    return Parameters(CRS, properties_parameter(layer))


def column_parameters(layer: Layer) -> list[Parameter]:
    """Return the parameters named as the layer's columns."""
    made = ((c, kind_of(c)) for c in layer.columns if c.name not in RESERVED)
    return [
        Parameter(
            column.name,
            kind,
            f"Features of which `{column.name}` "
            + ("holds" if column.kind is ColumnKind.STRINGS else "is")
            + " this value.",
        )
        for column, kind in made
        if kind is not None
    ]


def properties_parameter(layer: Layer) -> Parameter:
    """Return the parameter that chooses among the columns and the geometry."""
    names = [column.name for column in layer.columns]
    if layer.geometry is not None:
        names.append(layer.geometry.name)
    return Parameter(
        "properties",
        Choice(names),
        "Only these columns; the geometry is one of them and left out where it is not "
        "named.",
        many=True,
    )


def sortables(layer: Layer) -> tuple[Column, ...]:
    """Return the columns by which features can be sorted."""
    return tuple(column for column in layer.columns if column.kind in SCALARS)


def sort_parameter(layer: Layer) -> Parameter:
    """Return the parameter that sorts; `sort_of` reads its value."""
    return Parameter(
        "sortby",
        Order([column.name for column in sortables(layer)]),
        "Sort by these columns, a minus before a name for the largest first; nulls come "
        "last.",
        many=True,
    )


def sort_of(layer: Layer, values: Mapping[str, Any]) -> tuple[SortKey, ...]:
    """Return by what features are to be sorted, from `sort_parameter`."""
    by_name = {column.name: column for column in layer.columns}
    return tuple(
        SortKey(by_name[name], is_descending)
        for name, is_descending in values.get("sortby") or ()
    )


def filters_of(layer: Layer, values: Mapping[str, Any]) -> LayerFilters:
    """Return which features are asked for, from the values of `filter_parameters`.

    Raises
    ------
    InvalidParameter
        The box is none of its system, or the filter is none of the layer.
    """
    chosen = _column_conditions(layer, values)
    if values.get("filter") is not None:
        chosen.append(_cql2_condition(layer, values))
    return LayerFilters(
        box=box_of(values),
        span=values.get("datetime"),
        terms=values.get("q") or (),
        conditions=tuple(chosen),
    )


def shape_of(layer: Layer, values: Mapping[str, Any]) -> Shape:
    """Return in which form features are asked for, from `form_parameters`."""
    system = system_of(layer, values)
    names: tuple[str, ...] = values.get("properties") or ()
    return Shape(
        srid=system.srid,
        is_flipped=system.flips,
        decimals=system.decimals,
        properties=names or None,
        has_geometry=not names
        or (layer.geometry is not None and layer.geometry.name in names),
    )


def system_of(layer: Layer, values: Mapping[str, Any]) -> ReferenceSystem:
    """Return the system of the coordinates in an answer."""
    asked: ReferenceSystem | None = values.get("crs")
    return asked or default_system(layer)


def default_system(layer: Layer) -> ReferenceSystem:
    """Return the system where none is asked for: CRS84, with heights CRS84h."""
    has_heights = layer.geometry is not None and layer.geometry.dimensions > 2
    return CRS84H if has_heights else CRS84


def box_of(values: Mapping[str, Any]) -> Box | None:
    """Return the box of `bbox` and `bbox-crs`, x before y; None where there is none.

    Raises
    ------
    InvalidParameter
        In degrees beyond the globe, south north of north, or west east of east where no
        antimeridian is crossed.
    """
    edges: tuple[float, ...] | None = values.get("bbox")
    if edges is None:
        return None
    system: ReferenceSystem = values.get("bbox-crs") or CRS84
    low, high = (edges[2], edges[5]) if len(edges) == 6 else (None, None)
    flat = edges if len(edges) == 4 else (*edges[:2], *edges[3:5])
    west, south, east, north = system.xy(flat)
    if system.srid == WGS84:
        BBox(west, south, east, north)
    elif west > east or south > north:
        raise InvalidParameter(
            "bbox", list(edges), "the lower corner first, in the order of `bbox-crs`"
        )
    if low is not None and high is not None and low > high:
        raise InvalidParameter("bbox", list(edges), "the lowest height first")
    return Box(west, south, east, north, system.srid, low, high)


def _cql2_condition(layer: Layer, values: Mapping[str, Any]) -> Condition:
    system: ReferenceSystem = values.get("filter-crs") or CRS84
    return compiled(
        values["filter"],
        values.get("filter-lang") or "cql2-text",
        layer,
        filter_srid=system.srid,
        flip=system.flips,
    )


def _column_conditions(layer: Layer, values: Mapping[str, Any]) -> list[Condition]:
    return [
        equals(column, values[column.name], f"column{n}")
        for n, column in enumerate(layer.columns)
        if column.name not in RESERVED and values.get(column.name) is not None
    ]
