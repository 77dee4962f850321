"""The shapes of stored runs, of jobs and of changes, for the OpenAPI document."""

from typing import Any

from layers.api.components import METADATA

_ID: dict[str, Any] = {"type": "string", "format": "uuid"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time", "nullable": True}
_COUNT: dict[str, Any] = {"type": "number", "nullable": True}
_WHOLE: dict[str, Any] = {"type": "integer", "nullable": True}
_LINKS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}

_RUN: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "parameters", "method", "hash", "finished_at", "links"],
    "properties": {
        "id": _ID,
        "municipality": {"type": "string"},
        "kind": {"type": "string"},
        "parameters": {"type": "object"},
        "method": {"type": "string", "description": "Version of the method."},
        "hash": {
            "type": "string",
            "description": "Of the question, the data and the method: equal questions "
            "about equal data have the same, and the same run.",
        },
        "rows_hash": {
            "type": "string",
            "description": "Of what came out, bit for bit; empty for runs of old.",
        },
        "is_default": {"type": "boolean"},
        "in_force_since": {
            **_TIME,
            "description": "When it last became the answer shown; null if it never was.",
        },
        "finished_at": _TIME,
        "links": _LINKS,
    },
}

RUN_LIST: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "items", "links"],
    "properties": {
        "numberReturned": {"type": "integer", "minimum": 0},
        **METADATA,
        "links": _LINKS,
        "items": {"type": "array", "items": _RUN},
    },
}

RUN: dict[str, Any] = {
    **_RUN,
    "required": [*_RUN["required"], "data_versions", "summary", "n_rows"],
    "properties": {
        **_RUN["properties"],
        "data_versions": {"type": "object"},
        "summary": {"type": "object", "description": "What the figures stand on."},
        "n_rows": {"type": "integer", "minimum": 0},
        **METADATA,
    },
}

JOB: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state", "progress", "steps", "links"],
    "properties": {
        "id": {**_ID, "nullable": True},
        "kind": {"type": "string", "enum": ["nightly", "question"]},
        "state": {
            "type": "string",
            "enum": ["queued", "running", "finished", "failed", "cancelled"],
        },
        "is_cancelling": {"type": "boolean"},
        "created_at": _TIME,
        "started_at": _TIME,
        "finished_at": _TIME,
        "error": {"type": "string", "nullable": True},
        "token": {
            "type": "string",
            "description": "Cancels the job (DELETE, header `Job-Token`). Said once, to "
            "who began it, and never again.",
        },
        "progress": {
            "type": "object",
            "required": ["done", "all"],
            "properties": {
                "done": {"type": "integer", "minimum": 0},
                "all": {"type": "integer", "minimum": 0},
                "doing": {"type": "string", "nullable": True},
                "seconds_left": _COUNT,
            },
        },
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameters", "run", "seconds"],
                "properties": {
                    "parameters": {"type": "object"},
                    "run": {"type": "string", "format": "uuid", "nullable": True},
                    "seconds": _COUNT,
                    "links": _LINKS,
                },
            },
        },
        "links": _LINKS,
        **METADATA,
    },
}

NIGHTS: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "items"],
    "properties": {
        "numberReturned": {"type": "integer", "minimum": 0},
        **METADATA,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "state", "progress", "links"],
                "properties": {
                    "id": _ID,
                    "municipality": {"type": "string"},
                    "night": {"type": "string", "format": "date", "nullable": True},
                    "state": JOB["properties"]["state"],
                    "created_at": _TIME,
                    "finished_at": _TIME,
                    "error": {"type": "string", "nullable": True},
                    "progress": JOB["properties"]["progress"],
                    "links": _LINKS,
                },
            },
        },
    },
}

_SIDE: dict[str, Any] = {
    "type": "object",
    "nullable": True,
    "properties": {
        "residents": _COUNT,
        "residents_unserved": _COUNT,
        "share_served": _COUNT,
        "share_served_interval": {
            "type": "array",
            "nullable": True,
            "items": {"type": "number"},
        },
        "n_located": _WHOLE,
        "n_serving": _WHOLE,
    },
}

CHANGE: dict[str, Any] = {
    "type": "object",
    "required": [
        "numberReturned",
        "run",
        "earlier",
        "causes",
        "is_comparable",
        "items",
    ],
    "properties": {
        "numberReturned": {"type": "integer", "minimum": 0},
        "run": _RUN,
        "earlier": _RUN,
        "in_force_since": _TIME,
        "causes": {"type": "array", "items": {"type": "string"}},
        "is_comparable": {
            "type": "boolean",
            "description": "false: boundaries, streets, walks or the method changed, so "
            "no difference is given.",
        },
        "services_opened": {
            "type": "array",
            "nullable": True,
            "items": {"type": "object"},
        },
        "n_services_opened": _WHOLE,
        "n_services_closed": _WHOLE,
        **METADATA,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "is_total", "term", "verdict", "difference"],
                "properties": {
                    "level": {"type": "string"},
                    "code": {"type": "string", "nullable": True},
                    "name": {"type": "string", "nullable": True},
                    "is_total": {"type": "boolean"},
                    "term_kind": {"type": "string"},
                    "term": {"type": "string"},
                    "before": _SIDE,
                    "after": _SIDE,
                    "difference": {
                        **_COUNT,
                        "description": "Residents not reached less those before: above "
                        "0 is worse.",
                    },
                    "verdict": {
                        "type": "string",
                        "enum": [
                            "better",
                            "worse",
                            "same",
                            "unclear",
                            "withheld",
                            "not_comparable",
                        ],
                    },
                    "n_opened": _WHOLE,
                    "n_closed": _WHOLE,
                    "is_suppressed": {"type": "boolean"},
                },
            },
        },
    },
}
