"""A file of counts: what is said about it, and the areas and points that are read."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, InvalidRecord, shown
from layers.ingest.boundaries import checked_boundary
from layers.ingest.fields import SHORT, as_text, cleaned, number
from layers.ingest.report import Report
from layers.ingest.tables import is_table, read_table
from layers.ingest.vector import known_crs, read_vector, transformer_of
from layers.models.base import TEXT
from layers.models.demand import DemandQuality

MAX_PEOPLE = 1e9
"""More people than this in one row are a marker for "no figure", not a count."""

CELL_STEPS = 10
"""Pieces into which a cell's edge is cut before it is transformed; straight edges bend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationOptions:
    """What the one who imports says about a file of counts.

    Attributes
    ----------
    municipality : str
        Slug of a municipality that is loaded.
    source, licence : str
        Whose counts they are, and under which terms.
    vintage : int
        Year that the counts speak of.
    quality : str
        `census` or `modelled`.
    count_field : str
        Column of the people; used by `import_population` only.
    group_fields : mapping of group to column
        `{"older-people": "pop_65"}`; groups are part of the people, never added.
    id_field : str, optional
        Column that names a cell; the row's number otherwise.
    x_field, y_field : str, optional
        Columns of a table: the point, or with `cell_size_m` a cell's lower-left corner.
    cell_size_m : float, optional
        Edge of a table's square cells, in metres of `crs`.
    crs : str, optional
        Reference system of a table, or of a file that does not say its own.
    layer : str, optional
        Layer of a vector file, or sheet of a workbook.
    total : int, optional
        Official number of people inside the municipality, kept exactly.
    clip_to_boundary : bool
        Take the part of each cell inside the municipality, in proportion to its area.
    margin_m : float
        With clipping, keep people up to so far outside, for those who live near the
        border; they are not part of `total`.
    cell_spacing_m : float
        Distance between the points that a cell is spread into.
    replace : bool
        Delete the people of other sources; without it they are in the way.
    """

    municipality: str
    source: str
    licence: str
    vintage: int
    quality: str
    count_field: str = ""
    group_fields: Mapping[str, str] = field(default_factory=dict)
    id_field: str | None = None
    x_field: str | None = None
    y_field: str | None = None
    cell_size_m: float | None = None
    crs: str | None = None
    layer: str | None = None
    total: int | None = None
    clip_to_boundary: bool = False
    margin_m: float = 0.0
    cell_spacing_m: float = 100.0
    replace: bool = False

    def __post_init__(self) -> None:
        """Refuse what no file could mend."""
        for name, value in (("source", self.source), ("license", self.licence)):
            if not value.strip() or len(value) > TEXT:
                raise InvalidParameter(name, value, f"a text of 1 to {TEXT} characters")
        if self.quality not in DemandQuality.values:
            allowed = f"one of {', '.join(DemandQuality.values)}"
            raise InvalidParameter("quality", self.quality, allowed)
        if not 1800 <= self.vintage <= 2200:
            raise InvalidParameter("vintage", self.vintage, "a year from 1800 to 2200")
        if self.total is not None and not 0 < self.total <= MAX_PEOPLE:
            raise InvalidParameter("total", self.total, f"1 to {MAX_PEOPLE:.0f} people")
        _check_between("margin-m", self.margin_m, 0, 100_000)
        _check_between("cell-spacing-m", self.cell_spacing_m, 5, 10_000)
        if self.cell_size_m is not None:
            _check_between("cell-size-m", self.cell_size_m, 1, 1_000_000)
        if self.margin_m and not self.clip_to_boundary:
            raise InvalidParameter("margin-m", self.margin_m, "with --clip-to-boundary")


@dataclass(frozen=True, slots=True)
class PopulationCell:
    """People of one area or point: EPSG:4326 lon/lat geometry and its count."""

    row: int
    source_id: str
    geometry: BaseGeometry
    count: float
    groups: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    values: Mapping[str, object]
    geometry: BaseGeometry | None
    fault: str = ""


def cells_of(
    path: Path, options: PopulationOptions, report: Report
) -> list[PopulationCell]:
    """Return the cells of a file; rows without a sound count or geometry are refused.

    Raises
    ------
    UnreadableFile
        The file cannot be read.
    InvalidParameter
        A column, the layer or the reference system is missing.
    """
    if not options.count_field:
        raise InvalidParameter("count-field", "", "the column of the people")
    rows = (_table_rows if is_table(path) else _vector_rows)(path, options, report)
    cells = []
    ids: dict[str, int] = {}
    for row in rows:
        report.read += 1
        try:
            cell = _cell(row, options, report)
            first = ids.setdefault(cell.source_id, row.number)
            if first != row.number:
                column = options.id_field or ""
                raise InvalidRecord(
                    column, cell.source_id, f"the same id as row {first}"
                )
        except InvalidRecord as error:
            report.refuse(row.number, error.field, error.value, error.reason)
            continue
        cells.append(cell)
    return cells


def _vector_rows(
    path: Path, options: PopulationOptions, report: Report
) -> Iterator[_Row]:
    file = read_vector(path, layer=options.layer, crs=options.crs)
    _check_columns(file.columns, options)
    _remark(file.remarks, report)
    for feature in file.features:
        yield _Row(feature.number, feature.values, feature.geometry, feature.fault)


def _table_rows(
    path: Path, options: PopulationOptions, report: Report
) -> Iterator[_Row]:
    table = read_table(path, sheet=options.layer)
    _check_columns(table.columns, options)
    if options.x_field is None or options.y_field is None:
        raise InvalidParameter("x-field", "", "a table needs --x-field and --y-field")
    if options.crs is None:
        raise InvalidParameter("crs", "", "a table needs --crs, such as EPSG:4326")
    if options.cell_size_m is not None and not known_crs(options.crs).is_projected:
        raise InvalidParameter(
            "crs", options.crs, "a system in metres, where --cell-size-m is given"
        )
    _remark(table.remarks, report)
    draw = _Drawing(options.crs, options.cell_size_m)
    for row, cells in table.rows:
        values = dict(zip(table.columns, cells, strict=False))
        try:
            x = number(as_text(values[options.x_field]), options.x_field)
            y = number(as_text(values[options.y_field]), options.y_field)
            geometry = draw.geometry(x, y)
        except InvalidRecord as error:
            yield _Row(row, values, None, f"{error.field}: {error.reason}")
            continue
        yield _Row(row, values, geometry)


class _Drawing:
    """Draws a point, or the cell of which it is the lower-left corner."""

    def __init__(self, crs: str, size_m: float | None) -> None:
        self._turn = transformer_of(crs)
        self._size = size_m

    def geometry(self, x: float, y: float) -> BaseGeometry:
        if self._size is None:
            drawn: BaseGeometry = shapely.Point(x, y)
        else:
            square = shapely.box(x, y, x + self._size, y + self._size)
            drawn = shapely.segmentize(square, self._size / CELL_STEPS)
        xy = shapely.get_coordinates(drawn)
        lon, lat = self._turn.transform(xy[:, 0], xy[:, 1])
        if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
            raise InvalidRecord("x, y", f"{x:g}, {y:g}", "outside the reference system")
        turned: BaseGeometry = shapely.set_coordinates(
            drawn, np.column_stack([lon, lat])
        )
        return turned


def _cell(row: _Row, options: PopulationOptions, report: Report) -> PopulationCell:
    if row.fault:
        raise InvalidRecord("geometry", "", row.fault)
    count = _people(row, options.count_field)
    groups = {slug: _people(row, name) for slug, name in options.group_fields.items()}
    for slug, people in groups.items():
        if people > count:
            column = options.group_fields[slug]
            raise InvalidRecord(
                column, f"{people:g}", f"more than all {count:g} people"
            )
    name = str(row.number)
    if options.id_field is not None:
        text = as_text(row.values[options.id_field])
        name, _ = cleaned(text, options.id_field, limit=180, lines=False)
        if not name:
            raise InvalidRecord(options.id_field, "", "an id is missing")
    return PopulationCell(row.number, name, _area(row, report), count, groups)


def _area(row: _Row, report: Report) -> BaseGeometry:
    geometry = row.geometry
    if isinstance(geometry, shapely.MultiPoint) and len(geometry.geoms) == 1:
        geometry = geometry.geoms[0]
    if isinstance(geometry, shapely.Point) and not geometry.is_empty:
        if abs(geometry.x) > 180 or abs(geometry.y) > 90:
            raise InvalidRecord("geometry", "", "not degrees; give the right --crs")
        return geometry
    boundary = checked_boundary(geometry)
    if boundary.repair:
        report.find("repaired", row.number, "geometry", None, boundary.repair)
    return boundary.polygon


def _people(row: _Row, column: str) -> float:
    text, _ = cleaned(as_text(row.values[column]), column, limit=SHORT, lines=False)
    if not text:
        raise InvalidRecord(column, "", "the count is missing; 0 must be written as 0")
    count = number(text, column, comma=False)
    if not math.isfinite(count) or not 0 <= count <= MAX_PEOPLE:
        raise InvalidRecord(column, text, f"a count from 0 to {MAX_PEOPLE:.0f}")
    return count


def _check_columns(columns: Iterable[str], options: PopulationOptions) -> None:
    there = list(columns)
    asked = {
        "count-field": options.count_field,
        "id-field": options.id_field,
        "x-field": options.x_field,
        "y-field": options.y_field,
        **{f"group-field {g}": name for g, name in options.group_fields.items()},
    }
    for name, column in asked.items():
        if column is not None and column not in there:
            raise InvalidParameter(
                name,
                column,
                f"a column of the file: {shown(', '.join(there), limit=300)}",
            )


def _remark(remarks: Iterable[str], report: Report) -> None:
    for remark in remarks:
        report.find("noted", None, "", None, remark)


def _check_between(name: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidParameter(name, value, f"metres from {low:g} to {high:g}")
