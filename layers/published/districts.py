"""Pages of districts, as GeoJSON text made by PostGIS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from layers.geo import COORDINATE_DECIMALS, WGS84, BBox
from layers.published.connection import read_one
from layers.published.json_text import joined, without_last
from layers.published.versions import VERSION_SQL, DataState
from layers.published.vocabulary import check_codes

GEOMETRIES = ("boundary", "label", "none")
"""What a district is drawn with: its boundary, a point for its name, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictFilters:
    """Which districts; values of one field are alternatives, fields add up.

    `parent` is the code of the district above; `bbox` takes boundaries that touch it.
    """

    municipality: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    bbox: BBox | None = None

    def check(self) -> None:
        """Raise InvalidParameter for a code that does not exist."""
        check_codes(
            {
                "municipality": self.municipality,
                "code": self.code,
                "parent": self.parent,
            }
        )


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """A page: features as text, how many, where it goes on, how many in all."""

    features: bytes
    n: int
    next_key: tuple[str, ...] | None
    matched: int
    attribution: list[str]
    is_schematic: bool
    state: DataState


def districts(
    filters: DistrictFilters,
    *,
    lang: str,
    limit: int,
    after: Sequence[str] | None = None,
    geometry: str = "boundary",
    simplify_m: float = 0.0,
) -> DistrictPage:
    """Return a page of districts by level, code and id; one statement.

    Parameters
    ----------
    filters : DistrictFilters
        Which ones.
    lang : str
        Language of the names.
    limit : int
        At most this many.
    after : sequence of str, optional
        `next_key` of the page before.
    geometry : str
        One of GEOMETRIES.
    simplify_m : float
        Vertices may move by so many metres; 0 gives the boundary as it is stored. Each
        district is simplified by itself, so neighbours no longer meet exactly.
    """
    filters.check()
    where, values = _conditions(filters)
    values |= {"lang": lang, "simplify_m": simplify_m}
    key = ""
    if after is not None:
        key = (
            " WHERE (d.level, d.code, d.id::text) > (%(level_0)s, %(code_0)s, %(id_0)s)"
        )
        values |= dict(zip(("level_0", "code_0", "id_0"), after, strict=True))
    row = read_one(
        f"""
WITH d AS MATERIALIZED (SELECT * FROM published.district d WHERE {where})
SELECT {joined("f.feature", "f.level, f.code, f.id")}, count(*),
 (array_agg(json_build_array(f.level, f.code, f.id) ORDER BY f.level, f.code, f.id))[{limit}],
 (SELECT count(*) FROM d),
 coalesce((SELECT array_agg(DISTINCT concat_ws(', ', nullif(d.boundary_source, ''),
  nullif(d.boundary_licence, ''))) FROM d), '{{}}'),
 coalesce((SELECT bool_or(d.is_schematic) FROM d), false), {VERSION_SQL}
FROM (SELECT d.level, d.code, d.id, {_feature(geometry, simplify_m)} AS feature
 FROM d{key} ORDER BY d.level, d.code, d.id LIMIT {limit + 1}) f
""",
        values,
        binary=True,
    )
    assert row is not None  # noqa: S101 (an aggregate always has a row)
    features, fetched, last, matched, attribution, schematic, *state = row
    has_more = fetched > limit
    if has_more:
        features = without_last(features)
    return DistrictPage(
        features=features or b"",
        n=min(fetched, limit),
        next_key=tuple(last) if has_more else None,
        matched=matched,
        attribution=sorted(filter(None, attribution)),
        is_schematic=schematic,
        state=DataState(*state),
    )


def _conditions(filters: DistrictFilters) -> tuple[str, dict[str, Any]]:
    columns = {
        "municipality": "municipality_slug",
        "level": "level",
        "code": "code",
        "parent": "parent_code",
    }
    sql = ["true"]
    values: dict[str, Any] = {}
    for name, column in columns.items():
        wanted = getattr(filters, name)
        if wanted:
            sql.append(f"d.{column} = ANY(%({name})s)")
            values[name] = list(wanted)
    if filters.bbox:
        parts = []
        for n, part in enumerate(filters.bbox.parts()):
            parts.append(f"ST_Intersects(d.boundary, %(box{n})s::geometry)")
            values[f"box{n}"] = envelope(part)
        sql.append(f"({' OR '.join(parts)})")
    return " AND ".join(sql), values


def envelope(box: BBox) -> str:
    """Return a box as EWKT; one without width or height is a line or a point."""
    west, south, east, north = box.west, box.south, box.east, box.north
    if west == east and south == north:
        return f"SRID={WGS84};POINT({west!r} {south!r})"
    if west == east or south == north:
        return f"SRID={WGS84};LINESTRING({west!r} {south!r}, {east!r} {north!r})"
    corners = (
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    )
    ring = ", ".join(f"{lon!r} {lat!r}" for lon, lat in corners)
    return f"SRID={WGS84};POLYGON(({ring}))"


def _feature(geometry: str, simplify_m: float) -> str:
    """Return SQL for the text of the feature of district `d`."""
    drawn = {
        "boundary": f"ST_AsGeoJSON(ST_ForcePolygonCCW({_boundary(simplify_m)}), "
        f"{COORDINATE_DECIMALS})",
        "label": f"ST_AsGeoJSON(d.label_point, {COORDINATE_DECIMALS})",
        "none": "'null'",
    }[geometry]
    return (
        """'{"type":"Feature","id":"' || d.id || '","geometry":' || """
        f"""coalesce({drawn}, 'null') || ',"properties":' || {_PROPERTIES} || '}}'"""
    )


def _boundary(simplify_m: float) -> str:
    if not simplify_m:
        return "d.boundary"
    metric = f"ST_Transform(d.boundary, {int(settings.METRIC_SRID)})"
    simple = f"ST_SimplifyPreserveTopology({metric}, %(simplify_m)s)"
    return f"ST_Multi(ST_Transform({simple}, {WGS84}))"


_PROPERTIES = """(SELECT row_to_json(z)::text FROM (SELECT
 d.municipality_slug AS municipality, d.level, d.code,
 layers_text(d.names, %(lang)s) AS name, layers_text_lang(d.names, %(lang)s) AS name_lang,
 d.parent_code, round(d.area_m2::numeric, 1) AS area_m2, d.is_schematic,
 d.boundary_source, d.boundary_licence, d.valid_from) z)"""
