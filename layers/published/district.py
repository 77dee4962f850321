"""One district with all that is published of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from layers.errors import NotFound
from layers.published.connection import read_one
from layers.published.versions import VERSION_SQL, DataState


@dataclass(frozen=True, slots=True)
class District:
    """One district with all that is published of it.

    `boundary` and `label_point` are EPSG:4326 in hexadecimal EWKB.
    """

    id: UUID
    municipality: str
    level: str
    code: str
    names: dict[str, str]
    name: str
    name_lang: str
    parent_code: str | None
    area_m2: float
    is_schematic: bool
    boundary_source: str
    boundary_licence: str
    valid_from: date | None
    boundary: str
    label_point: str


_ONE = f"""
SELECT d.id, d.municipality_slug, d.level, d.code, d.names,
 layers_text(d.names, %(lang)s), layers_text_lang(d.names, %(lang)s), d.parent_code,
 d.area_m2, d.is_schematic, d.boundary_source, d.boundary_licence, d.valid_from,
 ST_ForcePolygonCCW(d.boundary), d.label_point, {VERSION_SQL}
FROM published.district d
"""


def district_by_id(id_: UUID, *, lang: str) -> tuple[District, DataState]:
    """Return a district by its id; one statement.

    Raises
    ------
    NotFound
        There is none.
    """
    row = read_one(f"{_ONE} WHERE d.id = %(id)s", {"id": id_, "lang": lang})
    return _district(row, str(id_))


def district_by_code(
    level: str, code: str, *, lang: str, municipality: str | None = None
) -> tuple[District, DataState]:
    """Return a district by level and code; one statement.

    Without `municipality` the default one goes before others that use the same code.

    Raises
    ------
    NotFound
        There is none.
    """
    row = read_one(
        f"""{_ONE} WHERE d.level = %(level)s AND d.code = %(code)s
  AND coalesce(d.municipality_slug = %(municipality)s, true)
 ORDER BY d.municipality_slug <> %(default)s, d.municipality_slug LIMIT 1""",
        {
            "level": level,
            "code": code,
            "lang": lang,
            "municipality": municipality,
            "default": settings.DEFAULT_MUNICIPALITY,
        },
    )
    return _district(row, f"{level}/{code}")


def _district(row: tuple[Any, ...] | None, key: str) -> tuple[District, DataState]:
    if row is None:
        raise NotFound("district", key)
    return District(*row[:-2]), DataState(*row[-2:])
