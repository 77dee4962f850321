"""What a row of coverage and of profiles holds, as the OpenAPI document says it."""

from typing import Any


def _number(text: str, **limits: float) -> dict[str, Any]:
    return {"type": "number", "nullable": True, "description": text, **limits}


def _count(text: str) -> dict[str, Any]:
    return {"type": "integer", "nullable": True, "minimum": 0, "description": text}


_SHARE = {"minimum": 0, "maximum": 1}
_PEOPLE = {"minimum": 0}

ROW: dict[str, Any] = {
    "type": "object",
    "required": ["level", "is_total", "term", "flags", "is_suppressed"],
    "properties": {
        "code": {"type": "string", "nullable": True},
        "residents": _number("People who live there.", **_PEOPLE),
        "residents_served": _number("Those within the longest walk.", **_PEOPLE),
        "residents_unserved": _number("Those beyond it: out of reach.", **_PEOPLE),
        "share_served": _number(
            "null where nobody lives or the figure is withheld; never 0.", **_SHARE
        ),
        "median_walk_m": _number("Walking metres of the middle person.", **_PEOPLE),
        "mean_walk_m": _number("null as soon as anybody reaches nothing.", **_PEOPLE),
        "n_located": _count("Places in the district."),
        "n_serving": _count("Services that serve it, with or without a place."),
        "priority_class": {
            "type": "integer",
            "nullable": True,
            "minimum": 1,
            "maximum": 5,
            "description": "By fixed cut-offs of the share not served.",
        },
        "rank": _count("1 has the most unserved people."),
        "threshold_min": _number("The longest walk that counts in this row."),
        "residents_with_capacity": _number(
            "Of those in reach: for whom the places are enough by the standard.",
            **_PEOPLE,
        ),
        "residents_without_capacity": _number(
            "Of those in reach: for whom no place is left.", **_PEOPLE
        ),
        "access_per_1000": _number(
            "Places per 1,000 people, competition and distance counted.", **_PEOPLE
        ),
        "access_per_1000_fresh": _number(
            "The same, what was not verified for long counting less.", **_PEOPLE
        ),
        "access_unit": {
            "type": "string",
            "nullable": True,
            "description": "What places are; `services` where capacities are not known.",
        },
        "need_index": _number(
            "0 (least) to 1: percentile rank among the level's districts.", **_SHARE
        ),
        "n_need_flags": _count("Indicators in whose highest tenth it is."),
        "gap_depth": _number(
            "0 within the longest walk, 1 from twice that on; mean of all.", **_SHARE
        ),
        "need_weighted_gap": _number(
            "residents x gap_depth x (1 + need_index); beside residents_unserved.",
            **_PEOPLE,
        ),
        "shortage_places": _number("Places missing for the standard.", **_PEOPLE),
        "standard_min": _number("The standard's longest walk, minutes."),
        "standard_per_1000": _number("Places per 1,000 people that it asks for."),
        "open_share": _number(
            "Mean share of the week's hours with a place open in reach, unknown hours "
            "counted as closed.",
            **_SHARE,
        ),
        "open_share_high": _number("The same, unknown hours as open.", **_SHARE),
        "interval": {
            "type": "object",
            "description": "Between what figures move when the assumptions do.",
        },
        "figures": {"type": "object", "description": "What few readers need."},
        "flags": {"type": "array", "items": {"type": "string"}},
        "is_suppressed": {"type": "boolean"},
    },
}
"""A row of coverage or of gaps."""

_TERMS = {"type": "array", "items": {"type": "string"}}

PROFILE: dict[str, Any] = {
    "type": "object",
    "required": ["level", "code", "worst_class", "worst_terms", "n_by_class"],
    "properties": {
        "code": {"type": "string"},
        "worst_class": _count("Highest priority class of any; null if none is known."),
        "worst_terms": {**_TERMS, "description": "Of that class, most people first."},
        "unreached_terms": {**_TERMS, "description": "Those that nobody here reaches."},
        "n_by_class": {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 5,
            "maxItems": 5,
            "description": "How many are of class 1, 2, ... 5.",
        },
        "n_below_standard": _count("How many leave more than a tenth not served."),
        "n_known": _count("Out of how many."),
        "n_withheld": _count("How many say nothing, as figures are withheld."),
        "need_index": _number("As in rows of coverage.", **_SHARE),
        "n_need_flags": _count("As in rows of coverage."),
        "need": {
            "type": "object",
            "nullable": True,
            "description": "Ranks by theme and by indicator, 0 to 1, and the flags.",
        },
    },
}
"""A district across all categories or committees."""
