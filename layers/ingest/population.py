"""People as demand points, from points, polygons or grid cells that carry counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from layers.ingest.report import Mode, Report


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


@dataclass(frozen=True, slots=True)
class PopulationCell:
    """People of one area or point: EPSG:4326 lon/lat geometry and its count."""

    row: int
    source_id: str
    geometry: BaseGeometry
    count: float
    groups: Mapping[str, float] = field(default_factory=dict)


def import_population(
    path: Path, options: PopulationOptions, mode: Mode | None = None
) -> Report:
    """Load people from a vector file or a table; see `load_population`."""
    raise NotImplementedError


def load_population(
    cells: Sequence[PopulationCell],
    options: PopulationOptions,
    mode: Mode | None = None,
    *,
    file: str = "",
) -> Report:
    """Load people that are already in memory, by the same rules."""
    raise NotImplementedError
