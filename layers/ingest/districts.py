"""Districts from any vector file: boundaries repaired, coded, placed under a parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from layers.ingest.report import Mode, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictOptions:
    """What the one who imports says about a file of districts.

    Attributes
    ----------
    municipality : str
        Slug. A new one is made by an import of level `municipality` only, and then
        `municipality_code` is needed.
    level : str
        `municipality`, `municipal_community` or `neighbourhood`.
    name_fields : mapping of language to column
        `{"el": "name_el", "en": "name_en"}`; used by `import_districts` only.
    source, licence : str
        Whose boundaries they are, and under which terms.
    code_field : str, optional
        Column of the code. Without it codes are made from the sorted names.
    layer : str, optional
        Layer of the file; needed where it has several.
    crs : str, optional
        Reference system, for files that do not say theirs.
    parent_level : str, optional
        Level of the parents; by default the next coarser one that is loaded.
    municipality_code : str, optional
        Code of a new municipality.
    schematic : bool
        The boundaries are a drawing, and are labelled so wherever they are shown.
    retire_missing : bool
        Districts of the level that the file does not have end today.
    """

    municipality: str
    level: str
    source: str
    licence: str
    name_fields: Mapping[str, str]
    code_field: str | None = None
    layer: str | None = None
    crs: str | None = None
    parent_level: str | None = None
    municipality_code: str | None = None
    schematic: bool = False
    retire_missing: bool = False


@dataclass(frozen=True, slots=True)
class DistrictArea:
    """A district as read: EPSG:4326 lon/lat polygon, names by language, code or None."""

    row: int
    names: Mapping[str, str]
    code: str | None
    geometry: BaseGeometry


def import_districts(
    path: Path, options: DistrictOptions, mode: Mode | None = None
) -> Report:
    """Load the districts of one level from a vector file; see `load_districts`."""
    raise NotImplementedError


def load_districts(
    areas: Sequence[DistrictArea],
    options: DistrictOptions,
    mode: Mode | None = None,
    *,
    file: str = "",
) -> Report:
    """Load districts that are already in memory, by the same rules."""
    raise NotImplementedError
