"""Taxonomies and their terms; committees with their categories and standards."""

from dataclasses import dataclass
from typing import Any

from layers.errors import NotFound
from layers.published.connection import read
from layers.published.versions import VERSION_SQL, DataState


@dataclass(frozen=True, slots=True)
class TaxonomySummary:
    """A taxonomy: how it is called and how many terms it has."""

    slug: str
    name: str
    name_lang: str
    n_terms: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a taxonomy.

    `path` holds the slugs from the root down to the term. `committees` and `sectors`
    are those that a category belongs to; `categories` those of a committee.
    """

    slug: str
    name: str
    name_lang: str
    names: dict[str, str]
    descriptions: dict[str, str]
    parent: str | None
    path: list[str]
    icon: str
    committees: list[str]
    sectors: list[str]
    categories: list[str]
    n_services: int


def taxonomies(*, lang: str) -> tuple[list[TaxonomySummary], DataState]:
    """Return all taxonomies; one statement."""
    rows = read(
        f"""SELECT t.taxonomy, layers_text(t.taxonomy_names, %(lang)s),
  layers_text_lang(t.taxonomy_names, %(lang)s), count(*), {VERSION_SQL}
 FROM published.taxonomy_term t
 GROUP BY t.taxonomy, t.taxonomy_names ORDER BY t.taxonomy""",
        {"lang": lang},
    )
    return [TaxonomySummary(*row[:4]) for row in rows], _state(rows)


# How many services carry a term: categories with those below them, groups as they are said.
_CARRIED = """
 SELECT 'category' AS taxonomy, v AS slug, p.service_id FROM published.service_point p,
  unnest(p.categories) v
 UNION ALL SELECT 'committee', v, p.service_id FROM published.service_point p,
  unnest(p.committees) v
 UNION ALL SELECT 'population_group', v, p.service_id FROM published.service_point p,
  unnest(p.groups) v"""

_TERMS = f"""
SELECT t.slug, layers_text(t.names, %(lang)s), layers_text_lang(t.names, %(lang)s),
 t.names, t.descriptions, t.parent, t.path, t.icon, t.committees, t.sectors,
 CASE WHEN t.taxonomy = 'committee' THEN coalesce((
  SELECT array_agg(c.slug::text ORDER BY c.position, c.slug) FROM published.taxonomy_term c
  WHERE c.taxonomy = 'category' AND t.slug = ANY(c.committees)), '{{}}')
 ELSE '{{}}' END, coalesce(n.n_services, 0), {VERSION_SQL}
FROM published.taxonomy_term t
LEFT JOIN (SELECT c.slug, count(DISTINCT c.service_id) AS n_services FROM ({_CARRIED}) c
 WHERE c.taxonomy = %(taxonomy)s GROUP BY c.slug) n ON n.slug = t.slug
LEFT JOIN published.taxonomy_term o ON o.taxonomy = t.taxonomy AND o.slug = t.parent
WHERE t.taxonomy = %(taxonomy)s AND coalesce(t.slug = %(slug)s, true)
ORDER BY coalesce(o.position, t.position), coalesce(o.slug, t.slug),
 t.parent IS NOT NULL, t.position, t.slug
"""


def terms(
    taxonomy: str, *, lang: str, slug: str | None = None
) -> tuple[list[Term], DataState]:
    """Return the terms of a taxonomy, parents before their children; one statement.

    Parameters
    ----------
    taxonomy : str
        Its slug.
    lang : str
        Language of the names.
    slug : str, optional
        Only this term.

    Raises
    ------
    NotFound
        No such taxonomy, or no such term in it.
    """
    rows = read(_TERMS, {"taxonomy": taxonomy, "lang": lang, "slug": slug})
    if not rows:
        raise NotFound("taxonomy" if slug is None else taxonomy, slug or taxonomy)
    return [Term(*row[:-2]) for row in rows], _state(rows)


@dataclass(frozen=True, slots=True)
class Standard:
    """What a municipality calls covered for a category; see ServiceStandard."""

    municipality: str
    category: str
    groups: list[str]
    max_walk_min: float | None
    target_per_1000: float | None
    note: str


def committee(slug: str, *, lang: str) -> tuple[Term, list[Standard], DataState]:
    """Return a committee and the standards of its categories; two statements.

    Raises
    ------
    NotFound
        There is none.
    """
    (term,), state = terms("committee", lang=lang, slug=slug)
    rows = read(
        """SELECT municipality_slug, category, groups, max_walk_min, target_per_1000, note
 FROM published.standard WHERE category = ANY(%(categories)s)
 ORDER BY municipality_slug, category, groups""",
        {"categories": term.categories},
    )
    return term, [Standard(*row) for row in rows], state


def _state(rows: list[tuple[Any, ...]]) -> DataState:
    return DataState(*rows[0][-2:]) if rows else DataState("0", None)
