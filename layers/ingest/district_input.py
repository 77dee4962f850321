"""A file of districts: what is said about it, and what is read from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from django.conf import settings
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, InvalidRecord, shown
from layers.ingest.boundaries import Boundary
from layers.ingest.fields import SHORT, as_text, cleaned
from layers.ingest.report import Report
from layers.ingest.vector import Feature, VectorFile, read_vector
from layers.models.base import TEXT
from layers.models.district import DistrictLevel

CODE_LENGTH = 40


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
        Reference system, for files that do not say theirs or say a wrong one.
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

    def __post_init__(self) -> None:
        """Refuse what no file could mend."""
        levels = ", ".join(DistrictLevel.values)
        if self.level not in DistrictLevel.values:
            raise InvalidParameter("level", self.level, f"one of {levels}")
        if self.parent_level is not None and (
            self.parent_level not in DistrictLevel.values
            or _rank(self.parent_level) >= _rank(self.level)
        ):
            raise InvalidParameter(
                "parent-level",
                self.parent_level,
                f"a level coarser than {self.level}, of {levels}",
            )
        for name, value in (("source", self.source), ("license", self.licence)):
            if not value.strip() or len(value) > TEXT:
                raise InvalidParameter(name, value, f"a text of 1 to {TEXT} characters")
        known = [code for code, _ in settings.LANGUAGES]
        for lang in self.name_fields:
            if lang not in known:
                raise InvalidParameter("name-field", lang, f"one of {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class DistrictArea:
    """A district as read: EPSG:4326 lon/lat polygon, names by language, code or None."""

    row: int
    names: Mapping[str, str]
    code: str | None
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A district whose boundary can be stored; its code may still have to be made."""

    row: int
    names: Mapping[str, str]
    code: str
    boundary: Boundary

    @property
    def name(self) -> str:
        """The first of its names, in the order of the options."""
        return next(iter(self.names.values()))

    def with_code(self, code: str) -> Self:
        """Return the same district with a code."""
        return replace(self, code=code)


def areas_of(
    path: Path, options: DistrictOptions, report: Report
) -> Iterator[DistrictArea]:
    """Yield the districts of a file; features without a name or code are refused.

    Raises
    ------
    UnreadableFile
        See `read_vector`.
    InvalidParameter
        The file has no such layer or column, or needs a reference system.
    """
    if not options.name_fields:
        raise InvalidParameter("name-field", "", "the column of the districts' names")
    file = read_vector(path, layer=options.layer, crs=options.crs)
    _check_columns(file, options)
    for remark in file.remarks:
        report.find("noted", None, "", None, remark)
    return _areas(file.features, options, report)


def _check_columns(file: VectorFile, options: DistrictOptions) -> None:
    asked = {f"name-field ({lang})": col for lang, col in options.name_fields.items()}
    if options.code_field is not None:
        asked["code-field"] = options.code_field
    for name, column in asked.items():
        if column not in file.columns:
            columns = shown(", ".join(file.columns), limit=300)
            raise InvalidParameter(name, column, f"a column of the file: {columns}")


def _areas(
    features: Iterable[Feature], options: DistrictOptions, report: Report
) -> Iterator[DistrictArea]:
    for feature in features:
        try:
            names = _names(feature, options, report)
            code = _code(feature, options)
        except InvalidRecord as error:
            report.read += 1
            report.refuse(feature.number, error.field, error.value, error.reason)
            continue
        if feature.fault:
            report.read += 1
            report.refuse(feature.number, "geometry", None, feature.fault)
            continue
        yield DistrictArea(feature.number, names, code, feature.geometry)


def _names(
    feature: Feature, options: DistrictOptions, report: Report
) -> dict[str, str]:
    names = {}
    for lang, column in options.name_fields.items():
        text = as_text(feature.values[column])
        name, repair = cleaned(text, column, limit=SHORT, lines=False)
        if repair:
            report.find("repaired", feature.number, column, name, repair)
        if name:
            names[lang] = name
    if not names:
        column = next(iter(options.name_fields.values()))
        raise InvalidRecord(column, "", "a district needs a name")
    return names


def _code(feature: Feature, options: DistrictOptions) -> str | None:
    column = options.code_field
    if column is None:
        return None
    text = as_text(feature.values[column])
    code, _ = cleaned(text, column, limit=CODE_LENGTH, lines=False)
    if not code:
        raise InvalidRecord(column, "", "a district needs a code")
    return code


def _rank(level: str) -> int:
    return DistrictLevel.values.index(level)
