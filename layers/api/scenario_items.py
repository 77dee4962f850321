"""What every answer about scenarios holds, and its JSON schema."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from layers.analysis.scenario_rows import ScenarioRow, Split
from layers.analysis.scenario_states import CLASS_CUTS, States
from layers.analysis.today_base import Base
from layers.measures.priority import PRIORITY_CLASSES
from layers.published.names import district_names, term_names

COUNT: dict[str, Any] = {"type": "number", "nullable": True}
TEXT: dict[str, Any] = {"type": "string", "nullable": True}
FLAGS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_CLASS: dict[str, Any] = {
    "type": "integer",
    "nullable": True,
    "minimum": 1,
    "maximum": 5,
    "description": "Priority class; its cuts are fixed, so that maps may be compared.",
}
_SPLIT: dict[str, Any] = {
    "type": "object",
    "nullable": True,
    "description": "What becomes of people where places are only so large; only where a "
    "change is about capacity, and it is known.",
    "required": ["served", "without_capacity", "out_of_reach"],
    "properties": {"served": COUNT, "without_capacity": COUNT, "out_of_reach": COUNT},
}
SIDE: dict[str, Any] = {
    "type": "object",
    "required": ["residents_unserved", "share_served", "priority_class"],
    "properties": {
        "residents_unserved": COUNT,
        "share_served": COUNT,
        "priority_class": _CLASS,
        "capacity": _SPLIT,
    },
}
_INTERVAL: dict[str, Any] = {
    "type": "array",
    "nullable": True,
    "minItems": 2,
    "maxItems": 2,
    "items": {"type": "number"},
}
CHANGE: dict[str, Any] = {
    "difference": {
        **COUNT,
        "description": "Residents not reached then less those today: above 0 is worse.",
    },
    "interval": {
        **_INTERVAL,
        "description": "Between what the difference moves when the assumptions do.",
    },
    "interval_as_recorded": {
        **_INTERVAL,
        "description": "The same where every place is as it is on record.",
    },
    "verdict": {
        "type": "string",
        "nullable": True,
        "enum": ["better", "worse", "same", "unclear", None],
        "description": "`better` or `worse` only where the interval does not hold 0.",
    },
    "residents_gaining": COUNT,
    "residents_losing": COUNT,
}
BASE: dict[str, Any] = {
    "type": "object",
    "description": "What today's figures stand on: the stored runs with the same figures.",
    "required": ["runs", "parameters", "data_versions"],
}
KEY: dict[str, Any] = {
    "level": {"type": "string"},
    "code": TEXT,
    "name": TEXT,
    "is_total": {"type": "boolean"},
    "term_kind": {"type": "string"},
    "term": {"type": "string"},
    "term_name": TEXT,
    "residents": COUNT,
}
KEY_REQUIRED = [
    "level",
    "code",
    "is_total",
    "term_kind",
    "term",
    "flags",
    "is_suppressed",
]
ROW: dict[str, Any] = {
    "type": "object",
    "required": [*KEY_REQUIRED, "base", "scenario", "difference"],
    "properties": {
        **KEY,
        "base": SIDE,
        "scenario": SIDE,
        **CHANGE,
        "flags": FLAGS,
        "is_suppressed": {"type": "boolean"},
    },
}


def groups_schema(row: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what is told of population groups, by the schema of a row."""
    return {
        "type": "array",
        "description": "Of each group asked for, its own people, walk and services. Groups "
        "overlap: never add them up.",
        "items": {
            "type": "object",
            "required": ["group", "is_known", "items"],
            "properties": {
                "group": {"type": "string"},
                "is_known": {
                    "type": "boolean",
                    "description": "Whether where people of the group live is on record.",
                },
                "items": {"type": "array", "items": row},
            },
        },
    }


CLASSES: dict[str, Any] = {
    "type": "object",
    "description": "Shares not served that divide the classes 1 to 5 in every state.",
    "required": ["cuts", "names"],
    "properties": {
        "cuts": {"type": "array", "items": {"type": "number"}},
        "names": {"type": "array", "items": {"type": "string"}},
    },
}


def classes() -> dict[str, Any]:
    """Return the fixed classes of every state."""
    return {"cuts": list(CLASS_CUTS), "names": list(PRIORITY_CLASSES)}


def base_of_answer(base: Base) -> dict[str, Any]:
    """Return what today's figures stand on."""
    run = base.runs["category"]
    parameters = base.parameters.as_dict()
    return {
        "runs": {kind: one.pk for kind, one in base.runs.items()},
        "method": run.code_version,
        "parameters": {
            name: value
            for name, value in parameters.items()
            if name not in ("by", "codes")
        },
        "data_versions": run.data_versions,
        "finished_at": run.finished_at,
    }


class Labels:
    """Names of the districts and terms of one question, in one language."""

    def __init__(self, base: Base, kinds: Sequence[str], lang: str) -> None:
        """Read the names; a query for districts and one for each kind."""
        self.level = base.parameters.level
        self._districts = district_names(base.parameters.municipality, self.level, lang)
        self._terms: Mapping[str, Mapping[str, str]] = {
            kind: term_names(kind, lang) for kind in kinds
        }

    def key(self, row: ScenarioRow) -> dict[str, Any]:
        """Return which row it is, and how many live there."""
        return {
            "level": self.level,
            "code": row.district_code or None,
            "name": self._districts.get(row.district_code),
            "is_total": row.is_total,
            "term_kind": row.term_kind,
            "term": row.term,
            "term_name": self._terms[row.term_kind].get(row.term),
            "residents": row.residents,
        }

    def row(self, row: ScenarioRow) -> dict[str, Any]:
        """Return a row of one scenario."""
        return {
            **self.key(row),
            "base": today_side(row),
            **then_side(row),
            "flags": row.flags,
            "is_suppressed": row.is_suppressed,
        }

    def row_of_states(self, rows: Sequence[ScenarioRow]) -> dict[str, Any]:
        """Return a row of several scenarios; `rows` are the same row of each."""
        first = rows[0]
        return {
            **self.key(first),
            "base": today_side(first),
            "scenarios": [then_side(row) for row in rows],
            "flags": first.flags,
            "is_suppressed": first.is_suppressed,
        }


def today_side(row: ScenarioRow) -> dict[str, Any]:
    """Return today's figures."""
    return {
        "residents_unserved": row.base_unserved,
        "share_served": row.base_share_served,
        "priority_class": row.base_class,
        **_capacity(row.base_split),
    }


def then_side(row: ScenarioRow) -> dict[str, Any]:
    """Return the figures of then, and what changes."""
    return {
        "scenario": {
            "residents_unserved": row.scenario_unserved,
            "share_served": row.scenario_share_served,
            "priority_class": row.scenario_class,
            **_capacity(row.scenario_split),
        },
        "difference": row.difference,
        "interval": row.interval,
        "interval_as_recorded": row.interval_as_recorded,
        "verdict": row.verdict,
        "residents_gaining": row.residents_gaining,
        "residents_losing": row.residents_losing,
    }


def _capacity(split: Split | None) -> dict[str, Any]:
    return {} if split is None else {"capacity": asdict(split)}


def capacity_notes(found: States) -> list[dict[str, Any]]:
    """Return how seats were counted, term by term."""
    return [
        {"term_kind": kind, "term": term, **asdict(note)}
        for (kind, term), note in found.capacity.items()
    ]
