"""What each filter means in SQL, for a row `p` of published.service_point.

A builder gets the value that was asked for and returns the condition and what it binds.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from layers.geo import BBox
from layers.published.clocks import open_at
from layers.published.vocabulary import EVERYBODY, vocabulary

Built = tuple[str, dict[str, Any]]


def _among(column: str) -> Callable[[tuple[Any, ...]], Built]:
    return lambda wanted: (f"p.{column} = ANY(%({column})s)", {column: list(wanted)})


def _overlaps(name: str, column: str) -> Callable[[tuple[str, ...]], Built]:
    return lambda wanted: (f"p.{column} && %({name})s", {name: list(wanted)})


def _or_for_all(column: str, for_all: str) -> Callable[[tuple[str, ...]], Built]:
    """Return a builder that keeps what is for everybody with every value asked for."""
    return lambda wanted: (
        f"p.{column} = ANY(%({column})s)",
        {column: list(dict.fromkeys((*wanted, for_all)))},
    )


def _municipality(wanted: tuple[str, ...]) -> Built:
    return "p.municipality_slug = ANY(%(municipality)s)", {"municipality": list(wanted)}


def _district(wanted: tuple[str, ...]) -> Built:
    return (
        "(p.district_codes && %(district)s OR (p.point IS NULL AND "
        "(p.serves_codes && %(district)s OR (p.serves_everywhere AND "
        "p.municipality_slug IN (SELECT d.municipality_slug FROM published.district d "
        "WHERE d.code = ANY(%(district)s))))))",
        {"district": list(wanted)},
    )


def _bbox(box: BBox) -> Built:
    edges = {
        f"{edge}{n}": getattr(part, edge)
        for n, part in enumerate(box.parts())
        for edge in ("west", "south", "east", "north")
    }
    return f"(p.point IS NULL OR {inside(box)})", edges


def inside(box: BBox) -> str:
    """Return the condition that a point lies in the box, edges included."""
    # && compares boxes rounded to float32 and lets points outside through: it picks the
    # rows by index, the comparison of coordinates decides.
    parts = (
        f"(p.point && ST_MakeEnvelope(%(west{n})s, %(south{n})s, %(east{n})s, "
        f"%(north{n})s, 4326) AND ST_X(p.point) BETWEEN %(west{n})s AND %(east{n})s "
        f"AND ST_Y(p.point) BETWEEN %(south{n})s AND %(north{n})s)"
        for n in range(len(box.parts()))
    )
    return f"({' OR '.join(parts)})"


def _group(wanted: tuple[str, ...]) -> Built:
    lineage = vocabulary().lineage
    related = {other for slug in wanted for other in lineage.get(slug, (slug,))}
    return (
        "(p.groups = '{}' OR p.groups && %(group)s)",
        {"group": sorted({*related, EVERYBODY})},
    )


def _language(wanted: tuple[str, ...]) -> Built:
    # The array has an index and holds `on_request` too; the modes decide.
    return (
        "(p.languages && %(language)s AND EXISTS (SELECT FROM "
        "unnest(%(language)s::text[]) AS l(code) WHERE "
        "p.language_modes ->> l.code IN ('staff', 'interpreter')))",
        {"language": list(wanted)},
    )


def _referral(wanted: tuple[str, ...]) -> Built:
    return (
        "coalesce(p.referral_required::text, 'unknown') = ANY(%(referral_required)s)",
        {"referral_required": list(wanted)},
    )


def _age(years: float) -> Built:
    return (
        "coalesce(p.minimum_age <= %(age)s, true) "
        "AND coalesce(p.maximum_age >= %(age)s, true)",
        {"age": years},
    )


def _open_at(moment: datetime) -> Built:
    found = open_at(moment, vocabulary().municipalities, "asked")
    return f"{found.sql} IS TRUE", dict(found.values)


def _verified_since(day: date) -> Built:
    return "p.assured_date >= %(verified_since)s", {"verified_since": day}


MISSPELT_FROM = 5
"""Letters from which a word that occurs nowhere counts as misspelt."""

# Every word that one slip of the finger makes of w: a wrong letter, one too many, one left
# out, two swapped. The trigram index that serves LIKE serves them all.
_SLIPS = """(SELECT array_agg('%%' || s.slip || '%%')
    FROM (SELECT {word} AS w) f, generate_series(1, length(f.w)) i, LATERAL (VALUES
        (left(f.w, i - 1) || '_' || substr(f.w, i + 1)),
        (left(f.w, i - 1) || substr(f.w, i + 1)),
        (left(f.w, i) || '_' || substr(f.w, i + 1)),
        (left(f.w, i - 1) || substr(f.w, i + 1, 1) || substr(f.w, i, 1) || substr(f.w, i + 2))
    ) s(slip)
    WHERE length(f.w) >= {least} AND NOT EXISTS (
        SELECT FROM published.service_point e WHERE e.search_text LIKE '%%' || f.w || '%%'))"""


def _q(text: str) -> Built:
    words = list(dict.fromkeys(text.split()))
    named = {f"q{n}": word for n, word in enumerate(words)}
    return "(" + " AND ".join(map(_word, named)) + ")", named


def _word(name: str) -> str:
    """Return the condition that a word occurs or, if it occurs nowhere, one slip beside it.

    What stands for the misspelt word is found once per statement and null where the word
    occurs, so that it costs nothing then.
    """
    word = f"layers_fold(%({name})s)"
    slips = _SLIPS.format(word=word, least=MISSPELT_FROM)
    return (
        f"(p.search_text LIKE '%%' || {word} || '%%' "
        f"OR p.search_text LIKE ANY ({slips}::text[]))"
    )


CONDITIONS: Mapping[str, Callable[[Any], Built]] = {
    "municipality": _municipality,
    "district": _district,
    "bbox": _bbox,
    "committee": _overlaps("committee", "committees"),
    "category": _overlaps("category", "categories"),
    "group": _group,
    "language": _language,
    "audience": _or_for_all("audience", "both"),
    "gender": _or_for_all("gender", "any"),
    "organization": lambda ids: (
        "p.organization_id = ANY(%(organization)s)",
        {"organization": list(ids)},
    ),
    "status": _among("status"),
    "step_free": _among("step_free"),
    "delivery_mode": _among("delivery_mode"),
    "referral_required": _referral,
    "age": _age,
    "open_at": _open_at,
    "verified_since": _verified_since,
    "q": _q,
}
