"""The codes that filters may name, and the facts about municipalities that answers need.

They change a few times a year and are asked for with every request, so each process keeps
them for a minute. A code that is not among them is looked for again before it is refused:
a new one works at once, a removed one finds nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from layers.errors import InvalidParameter
from layers.published.connection import read

KEPT_S = 60.0
LOOKED_AGAIN_S = 1.0
"""Least time between two looks for unknown codes, so that junk cannot load the database."""

EVERYBODY = "general-public"
"""The group of a service for everybody; an empty list of groups means the same."""


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    """What answers need to know of one municipality.

    Attributes
    ----------
    slug, timezone, country
        `country` is ISO 3166-1 alpha-2; its public holidays count.
    is_demo : bool
        Some of what is shown is drawn or modelled for show.
    attribution : tuple of str
        Source and licence of its boundary.
    """

    slug: str
    timezone: str
    country: str
    is_demo: bool
    attribution: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All codes, by the name of the filter that takes them, and the municipalities.

    `lineage` holds for each population group the groups above and below it.
    """

    codes: Mapping[str, frozenset[str]]
    municipalities: Mapping[str, MunicipalityFacts]
    lineage: Mapping[str, tuple[str, ...]]
    attribution: tuple[str, ...]
    read_at: float


_SQL = """
SELECT 'term', taxonomy, slug, path FROM published.taxonomy_term
UNION ALL SELECT 'district', municipality_slug, code, NULL::jsonb FROM published.district
UNION ALL SELECT 'municipality', slug, timezone,
    jsonb_build_array(country, is_demo, boundary_source, boundary_licence)
    FROM published.municipality
UNION ALL SELECT 'organization', NULL::text, id::text, NULL::jsonb FROM published.organization
UNION ALL SELECT DISTINCT 'licence', source, licence, NULL::jsonb FROM published.service
UNION ALL SELECT DISTINCT 'licence', boundary_source, boundary_licence, NULL::jsonb
    FROM published.district
"""

_TAXONOMY_OF = {
    "category": "category",
    "committee": "committee",
    "population_group": "group",
    "sector_4w": "sector",
}

_lock = Lock()
_held: Vocabulary | None = None


def vocabulary() -> Vocabulary:
    """Return what this process holds, at most a minute old."""
    held = _held
    if held is None or time.monotonic() - held.read_at > KEPT_S:
        return _read_again(held)
    return held


def forget() -> None:
    """Drop what is held; the next question reads it anew."""
    global _held
    with _lock:
        _held = None


def check_codes(given: Mapping[str, tuple[str, ...]]) -> None:
    """Raise InvalidParameter for the first code that does not exist.

    Parameters
    ----------
    given : Mapping
        Filter name -> codes; names without a vocabulary are passed over.
    """
    held = vocabulary()
    if _unknown(held, given) and time.monotonic() - held.read_at > LOOKED_AGAIN_S:
        held = _read_again(held)
    unknown = _unknown(held, given)
    if unknown:
        name, code = unknown
        raise InvalidParameter(
            name, code, f"one that exists; see {_WHERE[_VOCABULARY_OF.get(name, name)]}"
        )


_WHERE = {
    "category": "/api/v1/taxonomies/category",
    "committee": "/api/v1/committees",
    "group": "/api/v1/taxonomies/population_group",
    "sector": "/api/v1/taxonomies/sector_4w",
    "district": "/api/v1/districts",
    "municipality": "/api/v1/districts?level=municipality",
    "organization": "/api/v1/organizations",
}

_VOCABULARY_OF = {"code": "district", "parent": "district"}
"""Filters that take the codes of another one."""


def _unknown(
    held: Vocabulary, given: Mapping[str, tuple[str, ...]]
) -> tuple[str, str] | None:
    for name, codes in given.items():
        known = held.codes.get(_VOCABULARY_OF.get(name, name))
        if known is not None:
            for code in codes:
                if code not in known:
                    return name, code
    return None


def _read_again(stale: Vocabulary | None) -> Vocabulary:
    global _held
    with _lock:
        if _held is not None and _held is not stale:
            return _held  # another thread was quicker
        _held = _vocabulary(read(_SQL))
        return _held


def _vocabulary(rows: list[tuple[Any, ...]]) -> Vocabulary:
    codes: dict[str, set[str]] = {name: set() for name in _WHERE}
    paths: list[list[str]] = []
    places: dict[str, MunicipalityFacts] = {}
    owed: set[str] = set()
    for kind, first, second, more in rows:
        if kind == "term":
            codes[_TAXONOMY_OF[first]].add(second)
            if first == "population_group":
                paths.append(more)
        elif kind == "municipality":
            places[first] = _municipality(first, second, more)
            codes["municipality"].add(first)
        elif kind == "licence":
            owed.add(_credit(first, second))
        else:
            codes[kind].add(second)
    return Vocabulary(
        codes={name: frozenset(known) for name, known in codes.items()},
        municipalities=places,
        lineage=_lineage(paths),
        attribution=tuple(sorted(owed - {""})),
        read_at=time.monotonic(),
    )


def _municipality(slug: str, timezone: str, more: list[Any]) -> MunicipalityFacts:
    country, is_demo, source, licence = more
    owed = _credit(source, licence)
    return MunicipalityFacts(slug, timezone, country, is_demo, (owed,) if owed else ())


def _credit(source: str, licence: str) -> str:
    return f"{source} ({licence})" if source and licence else source or licence


def _lineage(paths: list[list[str]]) -> dict[str, tuple[str, ...]]:
    related: dict[str, set[str]] = {}
    for path in paths:
        for slug in path:
            # A path runs from the root to a term: all on it are above or below another.
            related.setdefault(slug, set()).update(path)
    return {slug: tuple(sorted(others)) for slug, others in related.items()}
