"""Rows of services, whatever file they are in: our columns, texts, one row at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely import MultiPoint, Point

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.mapping import ColumnMapping
from layers.ingest.tables import NumberedRow, is_table, read_table
from layers.ingest.vector import Feature, read_vector


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row: its number, texts by our columns, and what is wrong with it as a whole."""

    number: int
    values: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ServiceSource:
    """Rows that are read while they are asked for; `crs` is of lon and lat, None degrees."""

    rows: Iterator[SourceRow]
    crs: str | None
    remarks: tuple[str, ...]


def read_source(
    path: Path,
    mapping: ColumnMapping,
    *,
    layer: str | None = None,
    crs: str | None = None,
) -> ServiceSource:
    """Return the rows of a table or of a point file.

    Raises
    ------
    UnreadableFile, InvalidParameter
        See `read_table`, `read_vector` and `ColumnMapping.ours`.
    """
    name = shown(path.name)
    system = crs or mapping.crs
    if is_table(path):
        table = read_table(
            path,
            sheet=layer or mapping.sheet,
            encoding=mapping.encoding,
            delimiter=mapping.delimiter,
        )
        found, remarks = mapping.ours(table.columns, file=name)
        _check_enough(found, mapping, name)
        rows = _table_rows(table.rows, found, mapping, len(table.columns))
        return ServiceSource(rows, system, (*table.remarks, *remarks))
    file = read_vector(path, layer=layer or mapping.sheet, crs=system)
    found, remarks = mapping.ours(file.columns, file=name)
    _check_enough(found, mapping, name)
    order = {ours: file.columns[at] for ours, at in found.items()}
    rows = _feature_rows(file.features, order, mapping)
    return ServiceSource(rows, None, (*file.remarks, *remarks))


def _check_enough(found: Mapping[str, int], mapping: ColumnMapping, name: str) -> None:
    """Refuse a table that cannot hold services before its rows are read."""
    there = found.keys() | mapping.constants.keys()
    missing = [
        column for column in ("organization", "categories") if column not in there
    ]
    if "source_id" not in there and not mapping.id_from:
        missing.insert(0, "source_id")
    if not any(column.startswith("name_") for column in there):
        missing.append("name_el")
    if missing:
        raise UnreadableFile(
            f"{name}: no column {', '.join(missing)}; name the columns as in "
            "docs/reference/service-columns.md, or give a --mapping"
        )
    if ("lon" in there) != ("lat" in there):
        raise InvalidParameter(
            "columns", ", ".join(sorted(there)), "lon and lat, or none"
        )


def _table_rows(
    rows: Iterable[NumberedRow],
    found: Mapping[str, int],
    mapping: ColumnMapping,
    width: int,
) -> Iterator[SourceRow]:
    for number, cells in rows:
        surplus = [c for c in cells[width:] if c not in (None, "")]
        fault = ""
        if surplus:
            fault = (
                f"{len(cells)} cells where there are {width} columns; quote texts that "
                "hold the delimiter"
            )
        yield SourceRow(number, _texts(cells, found, mapping), fault)


def _texts(
    cells: Sequence[object], found: Mapping[str, int], mapping: ColumnMapping
) -> dict[str, str]:
    texts = {ours: mapping.value(ours, cells[at]) for ours, at in found.items()}
    for ours, constant in mapping.constants.items():
        if not texts.get(ours):
            texts[ours] = constant
    return texts


def _feature_rows(
    features: Iterable[Feature], order: Mapping[str, str], mapping: ColumnMapping
) -> Iterator[SourceRow]:
    columns = {ours: at for at, ours in enumerate(order)}
    for feature in features:
        cells = [feature.values[theirs] for theirs in order.values()]
        texts = _texts(cells, columns, mapping)
        fault = feature.fault
        if feature.geometry is not None and not feature.geometry.is_empty:
            point = feature.geometry
            if isinstance(point, MultiPoint) and len(point.geoms) == 1:
                point = point.geoms[0]
            if isinstance(point, Point):
                texts["lon"], texts["lat"] = repr(point.x), repr(point.y)
            else:
                fault = f"a service is a point, not a {point.geom_type}"
        elif "lon" not in order:
            texts["lon"] = texts["lat"] = ""
        yield SourceRow(feature.number, texts, fault)
