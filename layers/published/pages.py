"""The rows that pages are made of, each answered by one statement.

Texts come in the language that was asked for or the nearest fallback, each with the
language it is really in. Nothing outside schema `published` is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from layers.errors import NotFound
from layers.published.connection import read, read_one


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language that it is in; both empty where nothing was said."""

    value: str
    lang: str

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.value)

    def __str__(self) -> str:
        """Return the text."""
        return self.value


def text_columns(*columns: str) -> sql.Composed:
    """Return, for each column of language maps, its text and that text's language.

    The statement needs a parameter `lang`. Columns are names that we write ourselves.
    """
    return sql.SQL(", ").join(
        sql.SQL(
            f"layers_text({column}, %(lang)s), layers_text_lang({column}, %(lang)s)"
        )
        for column in columns
    )


def text_of(value: str | None, lang: str | None) -> Text:
    """Return the text of two columns."""
    return Text(value or "", (lang or "") if value else "")


def texts_of(values: Iterable[str | None]) -> list[Text]:
    """Return the texts of columns that stand in pairs, as `text_columns` writes them."""
    flat = list(values)
    return [text_of(*pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality; `bounds` is west, south, east, north in degrees, or None.

    `is_schematic` says that some of its district borders are drawn, not surveyed;
    `boundary_sources` whom they are owed to, with the licence.
    """

    slug: str
    code: str
    names: dict[str, str]
    is_demo: bool
    bounds: tuple[float, float, float, float] | None
    timezone: str
    is_schematic: bool
    boundary_sources: tuple[str, ...]


def municipality(slug: str) -> MunicipalityRow:
    """Return a municipality.

    Raises
    ------
    NotFound
        None of that slug.
    """
    row = read_one(
        """SELECT slug, code, names, is_demo, ST_XMin(e), ST_YMin(e), ST_XMax(e),
                  ST_YMax(e), timezone, coalesce(d.is_schematic, false), d.sources
           FROM published.municipality m
           CROSS JOIN LATERAL (
               SELECT bool_or(d.is_schematic) AS is_schematic,
                      array_agg(DISTINCT concat_ws(', ', nullif(d.boundary_source, ''),
                                                   nullif(d.boundary_licence, ''))) AS sources
               FROM published.district d WHERE d.municipality_id = m.id
           ) d, LATERAL Box2D(boundary) AS e
           WHERE slug = %s""",
        (slug,),
    )
    if row is None:
        raise NotFound("municipality", slug)
    slug_, code, names, is_demo, west, south, east, north, *rest, sources = row
    bounds = None if west is None else (west, south, east, north)
    values: list[Any] = [slug_, code, names, is_demo, bounds, *rest]
    values.append(tuple(sorted(filter(None, sources or ()))))
    return MunicipalityRow(*values)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term of a taxonomy: a committee, a category, a population group."""

    slug: str
    name: Text
    parent: str | None
    committees: tuple[str, ...]


def terms(taxonomies: Sequence[str], lang: str) -> dict[str, list[TermRow]]:
    """Return the terms of some taxonomies, by taxonomy, in their order.

    Parents stand before their children. A taxonomy without terms has an empty list.
    """
    rows = read(
        sql.SQL(
            """SELECT t.taxonomy, t.slug, t.parent, t.committees, {texts}
               FROM published.taxonomy_term t
               LEFT JOIN published.taxonomy_term p
                 ON p.taxonomy = t.taxonomy AND p.slug = t.parent
               WHERE t.taxonomy = ANY (%(taxonomies)s)
               ORDER BY coalesce(p.position, t.position), coalesce(p.slug, t.slug),
                        t.parent IS NOT NULL, t.position, t.slug"""
        ).format(texts=text_columns("t.names")),
        {"taxonomies": list(taxonomies), "lang": lang},
    )
    found: dict[str, list[TermRow]] = {taxonomy: [] for taxonomy in taxonomies}
    for taxonomy, slug, parent, committees, name, name_lang in rows:
        found[taxonomy].append(
            TermRow(slug, text_of(name, name_lang), parent, tuple(committees))
        )
    return found


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district by code and name."""

    code: str
    level: str
    name: Text
    parent_code: str | None


def districts(municipality_slug: str, lang: str) -> list[DistrictRow]:
    """Return the districts of a municipality, by level, then by name."""
    rows = read(
        sql.SQL(
            """SELECT code, level, parent_code, {texts}
               FROM published.district
               WHERE municipality_slug = %(municipality)s
               ORDER BY level, layers_text(names, %(lang)s) COLLATE "und-x-icu", code"""
        ).format(texts=text_columns("names")),
        {"municipality": municipality_slug, "lang": lang},
    )
    return [
        DistrictRow(code, level, text_of(name, name_lang), parent)
        for code, level, parent, name, name_lang in rows
    ]
