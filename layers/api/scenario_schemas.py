"""The JSON schemas of whole answers about scenarios."""

from typing import Any

from layers.api.components import METADATA
from layers.api.scenario_items import (
    BASE,
    CHANGE,
    CLASSES,
    FLAGS,
    KEY,
    KEY_REQUIRED,
    ROW,
    SIDE,
    groups_schema,
)

_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}

STORED: dict[str, Any] = {
    "type": "object",
    "required": ["id", "names", "name", "name_lang", "created_at", "expires_at",
                 "changes", "n_gone"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "municipality": {"type": "string"},
        "names": {"type": "object", "additionalProperties": {"type": "string"}},
        "name": {"type": "string"},
        "name_lang": {"type": "string"},
        "created_at": _TIME,
        "last_used_at": _TIME,
        "expires_at": _TIME,
        "changes": {
            "type": "object",
            "nullable": True,
            "description": "null where none is left.",
        },
        "n_gone": {
            "type": "integer",
            "description": "Changes of service points that are public no more.",
        },
    },
}  # fmt: skip

LIST: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "items"],
    "properties": {
        "numberReturned": {"type": "integer", "minimum": 0},
        **METADATA,
        "items": {"type": "array", "items": STORED},
    },
}

_CAPACITY: dict[str, Any] = {
    "type": "array",
    "description": "How seats were counted, or why not; empty where no change is about "
    "them.",
    "items": {
        "type": "object",
        "required": ["term_kind", "term", "status"],
        "properties": {
            "term_kind": {"type": "string"},
            "term": {"type": "string"},
            "status": {
                "type": "string",
                "enum": ["computed", "no_capacity", "several_units", "too_large"],
            },
            "unit": {"type": "string"},
            "n_imputed": {
                "type": "integer",
                "description": "Places that say no capacity; the median of the others "
                "stands for each.",
            },
            "share_recomputed": {
                "type": "number",
                "nullable": True,
                "description": "Residents of the connected parts that were solved anew.",
            },
        },
    },
}

_SHARED: dict[str, Any] = {
    "numberReturned": {"type": "integer", "minimum": 0},
    "method": {"type": "string"},
    "base": BASE,
    "classes": CLASSES,
    "capacity": _CAPACITY,
    **METADATA,
}

ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "method", "base", "changes", "items", "groups"],
    "properties": {
        **_SHARED,
        "changes": {"type": "object"},
        "items": {"type": "array", "items": ROW},
        "groups": groups_schema(ROW),
        "stored": {
            **STORED,
            "description": "Where the changes are stored; with `token`, shown once, right "
            "after that.",
        },
    },
}

_ROW_OF_STATES: dict[str, Any] = {
    "type": "object",
    "required": [*KEY_REQUIRED, "base", "scenarios"],
    "properties": {
        **KEY,
        "base": SIDE,
        "scenarios": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["scenario", "difference"],
                "properties": {"scenario": SIDE, **CHANGE},
            },
        },
        "flags": FLAGS,
        "is_suppressed": {"type": "boolean"},
    },
}

COMPARISON: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "method", "base", "scenarios", "items", "groups"],
    "properties": {
        **_SHARED,
        "scenarios": {"type": "array", "items": {"type": "object"}},
        "items": {"type": "array", "items": _ROW_OF_STATES},
        "groups": groups_schema(_ROW_OF_STATES),
    },
}
