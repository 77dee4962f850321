"""What districts, terms and service points are called, in one language."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from layers.published.connection import read

_DISTRICTS = """
SELECT code, layers_text(names, %(lang)s) FROM published.district
WHERE municipality_slug = %(municipality)s AND level = %(level)s
"""
_TERMS = """
SELECT slug, layers_text(names, %(lang)s) FROM published.taxonomy_term
WHERE taxonomy = %(taxonomy)s
"""
_POINTS = """
SELECT id, layers_text(names, %(lang)s), layers_text_lang(names, %(lang)s),
       layers_text(organization_names, %(lang)s), ST_X(point), ST_Y(point)
FROM published.service_point WHERE id = ANY(%(ids)s)
"""


def district_names(municipality: str, level: str, lang: str) -> dict[str, str]:
    """Return the name of each district of a level by its code; one statement."""
    values = {"municipality": municipality, "level": level, "lang": lang}
    return dict(read(_DISTRICTS, values))


def term_names(taxonomy: str, lang: str) -> dict[str, str]:
    """Return the name of each term of a taxonomy by its slug; one statement."""
    return dict(read(_TERMS, {"taxonomy": taxonomy, "lang": lang}))


def service_point_names(ids: Sequence[UUID], lang: str) -> dict[UUID, dict[str, Any]]:
    """Return what service points are called and where they are; one statement.

    Returns
    -------
    dict of UUID to dict
        `name`, `name_lang`, `organization_name`, `lon`, `lat`; without those that are
        no more.
    """
    columns = ("name", "name_lang", "organization_name", "lon", "lat")
    rows = read(_POINTS, {"ids": list(ids), "lang": lang})
    return {id_: dict(zip(columns, rest, strict=True)) for id_, *rest in rows}
