"""Facet counts: how many would match if a value were chosen in one facet.

A facet is counted with all filters but its own, so that its other values can be seen
beside the chosen ones. A service point counts under a value by the rule by which the
filter would find it: what is for everybody counts under every value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.models.service import Audience, Gender
from layers.published.filters import Conditions
from layers.published.vocabulary import EVERYBODY, vocabulary


@dataclass(frozen=True, slots=True)
class Facet:
    """How service points `b` count under the values of one facet.

    Attributes
    ----------
    column : str
        The column of service points that it is about. Those with the same in it are
        counted together before it is taken apart, for they are few beside the rows.
    values : str
        FROM item `x(value)`: the values of one `b`.
    for_all : str
        Condition on `b`: it counts under every value of `offered`.
    offered : callable, optional
        The values that can be chosen; without it those that occur.
    """

    column: str
    values: str
    for_all: str = ""
    offered: Callable[[], Sequence[str]] | None = None


def _array(column: str) -> Facet:
    return Facet(column, f"unnest(b.{column}) x(value)")


def _word(column: str) -> Facet:
    return Facet(column, f"(SELECT b.{column}::text) x(value)")


_FACETS: Mapping[str, Facet] = {
    "category": _array("categories"),
    "committee": _array("committees"),
    "group": Facet(
        "groups",
        # A group is asked for together with those above and below it.
        "(SELECT DISTINCT l.related FROM unnest(%(lineage_of)s::text[], "
        "%(lineage)s::text[]) l(slug, related) WHERE l.slug = ANY(b.groups)) x(value)",
        for_all=f"(b.groups = '{{}}' OR '{EVERYBODY}' = ANY(b.groups))",
        offered=lambda: sorted(vocabulary().lineage),
    ),
    "language": Facet(
        "language_modes",
        "(SELECT m.key FROM jsonb_each_text(b.language_modes) m "
        "WHERE m.value IN ('staff', 'interpreter')) x(value)",
    ),
    "audience": Facet(
        "audience",
        "(SELECT b.audience) x(value)",
        for_all="b.audience = 'both'",
        offered=lambda: Audience.values,
    ),
    "gender": Facet(
        "gender",
        "(SELECT b.gender) x(value)",
        for_all="b.gender = 'any'",
        offered=lambda: Gender.values,
    ),
    "district": _array("district_codes"),
    "municipality": _word("municipality_slug"),
    "organization": _word("organization_id"),
    "status": _word("status"),
    "step_free": _word("step_free"),
    "delivery_mode": _word("delivery_mode"),
    "referral_required": Facet(
        "referral_required",
        "(SELECT coalesce(b.referral_required::text, 'unknown')) x(value)",
    ),
}

FACETS = tuple(_FACETS)
"""Facets that can be counted; each is a filter of the same name."""


def facets_sql(names: Sequence[str], asked: Conditions) -> tuple[str, dict[str, Any]]:
    """Return a select item, one JSON object of the counts, and the values it needs.

    Parameters
    ----------
    names : sequence of str
        Of FACETS.
    asked : Conditions
        The filters of the request; each condition is evaluated once per row.
    """
    own = [name for name in names if name in asked.sql]
    columns = [f"p.{_FACETS[name].column}" for name in names]
    columns += [f"({asked.sql[name]}) AS is_{name}" for name in own]
    counted = ", ".join(f"'{name}', {_counts(name, own)}" for name in names)
    sql = (
        f"(WITH b AS MATERIALIZED (SELECT {', '.join(dict.fromkeys(columns))} "
        f"FROM published.service_point p WHERE {asked.where(without=own)}) "
        f"SELECT json_build_object({counted}))"
    )
    return sql, _values(names)


def _counts(name: str, own: Sequence[str]) -> str:
    """Return the JSON object of one facet: value -> count, most first."""
    facet = _FACETS[name]
    others = [f"b.is_{other}" for other in own if other != name]
    same = (
        f"(SELECT b.{facet.column}, count(*) AS n FROM b "
        f"WHERE {' AND '.join(others) or 'true'} GROUP BY b.{facet.column}) b"
    )
    explicit = (
        f"SELECT x.value, sum(b.n) AS n FROM {same} CROSS JOIN LATERAL {facet.values}"
        "{} GROUP BY x.value"
    )
    if facet.for_all:
        found = (
            f"SELECT o.value, coalesce(e.n, 0) + a.n AS n "
            f"FROM unnest(%(offered_{name})s::text[]) o(value) CROSS JOIN "
            f"(SELECT coalesce(sum(b.n), 0) AS n FROM {same} WHERE {facet.for_all}) a "
            f"LEFT JOIN ({explicit.format(f' WHERE NOT {facet.for_all}')}) e "
            "ON e.value = o.value"
        )
    else:
        found = explicit.format("")
    return (
        "(SELECT coalesce(json_object_agg(f.value, f.n ORDER BY f.n DESC, f.value), "
        f"'{{}}') FROM ({found}) f WHERE f.n > 0)"
    )


def _values(names: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in names:
        offered = _FACETS[name].offered
        if offered is not None:
            values[f"offered_{name}"] = list(offered())
    if "group" in names:
        lineage = vocabulary().lineage
        pairs = [(slug, other) for slug, others in lineage.items() for other in others]
        values["lineage_of"] = [slug for slug, _ in pairs]
        values["lineage"] = [other for _, other in pairs]
    return values
