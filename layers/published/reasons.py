"""Why a service is in an answer: short words that a program can read.

One for each filter that was asked for, with the value by which the service passed it:
`language:fa:interpreter`, `group:everybody`, `audience:both`, `open_at`.
"""

from collections.abc import Mapping

from layers.published.filters import ServicePointFilters
from layers.published.vocabulary import EVERYBODY


def _listed(name: str, column: str) -> str:
    return (
        f"ARRAY(SELECT '{name}:' || v FROM unnest(%({name})s::text[]) v "
        f"WHERE v = ANY(p.{column}))"
    )


def _said(name: str, column: str | None = None) -> str:
    return f"ARRAY['{name}:' || p.{column or name}]"


# SQL for a text[] about service point `p`; the values are those of the conditions.
_REASONS: Mapping[str, str] = {
    "municipality": _said("municipality", "municipality_slug"),
    "district": _listed("district", "district_codes"),
    "bbox": "ARRAY['bbox']",
    "committee": _listed("committee", "committees"),
    "category": _listed("category", "categories"),
    "group": (
        f"CASE WHEN p.groups = '{{}}' OR '{EVERYBODY}' = ANY(p.groups) "
        "THEN ARRAY['group:everybody'] ELSE ARRAY(SELECT 'group:' || v "
        "FROM unnest(p.groups) v WHERE v = ANY(%(group)s)) END"
    ),
    "language": (
        "ARRAY(SELECT 'language:' || v || ':' || (p.language_modes ->> v) "
        "FROM unnest(%(language)s::text[]) v "
        "WHERE p.language_modes ->> v IN ('staff', 'interpreter'))"
    ),
    "audience": _said("audience"),
    "gender": _said("gender"),
    "organization": "ARRAY['organization:' || p.organization_id]",
    "status": _said("status"),
    "step_free": _said("step_free"),
    "delivery_mode": _said("delivery_mode"),
    "referral_required": (
        "ARRAY['referral_required:' || coalesce(p.referral_required::text, 'unknown')]"
    ),
    "age": (
        "ARRAY['age:' || coalesce(p.minimum_age::text, '') || '-' || "
        "coalesce(p.maximum_age::text, '')]"
    ),
    "open_at": "ARRAY['open_at']",
    "verified_since": "ARRAY['verified:' || p.assured_date]",
    "q": "ARRAY['q']",
}


def reasons_sql(filters: ServicePointFilters) -> str:
    """Return SQL for the JSON text of the reasons of service point `p`."""
    asked = [_REASONS[name] for name in filters.given()]
    return f"to_json({' || '.join(asked)})::text" if asked else "'[]'"
