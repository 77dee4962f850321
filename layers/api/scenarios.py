"""`/api/v1/scenarios` and `/api/v1/critical-services`: what if places were not there."""

from collections.abc import Mapping
from typing import Any

import orjson

from layers.analysis.critical import MOST, critical_services
from layers.analysis.scenario_rows import ScenarioRow
from layers.analysis.scenarios import METHOD, compare
from layers.analysis.today_base import Base
from layers.answers.answer import JSON, Answer
from layers.api.components import METADATA
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.views import Asked, Resource
from layers.params.scenarios import (
    CRITICAL,
    SCENARIOS,
    critical_question,
    scenario_question,
)
from layers.published.names import district_names, service_point_names, term_names
from layers.published.versions import DataState

_COUNT: dict[str, Any] = {"type": "number", "nullable": True}
_SIDE: dict[str, Any] = {
    "type": "object",
    "required": ["residents_unserved", "share_served"],
    "properties": {"residents_unserved": _COUNT, "share_served": _COUNT},
}
_TEXT: dict[str, Any] = {"type": "string", "nullable": True}
_FLAGS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_BASE: dict[str, Any] = {
    "type": "object",
    "description": "What today's figures stand on: the stored runs with the same figures.",
    "required": ["runs", "parameters", "data_versions"],
}
_ROW: dict[str, Any] = {
    "type": "object",
    "required": ["level", "code", "is_total", "term_kind", "term", "base", "scenario",
                 "difference", "flags", "is_suppressed"],
    "properties": {
        "code": _TEXT,
        "name": _TEXT,
        "residents": _COUNT,
        "base": _SIDE,
        "scenario": _SIDE,
        "difference": {
            **_COUNT,
            "description": "Residents not reached then less those today: above 0 is worse.",
        },
        "residents_gaining": _COUNT,
        "residents_losing": _COUNT,
        "flags": _FLAGS,
        "is_suppressed": {"type": "boolean"},
    },
}  # fmt: skip


class Scenarios(Resource):
    """What closing, opening or moving places would change, against today.

    Rows for each category that the changes concern, its parents, and the committees.
    Nothing is stored. Only active public service points that people walk to can be
    named; every other id is refused alike. What would show a very small number of
    people, on either side or as the difference, is withheld: null with `is_suppressed`.
    """

    parameters = SCENARIOS
    is_kept = False
    summary = "What if places closed, opened or moved"
    tag = "analysis"
    reply = Reply(
        {
            JSON: {
                "type": "object",
                "required": ["numberReturned", "method", "base", "changes", "items"],
                "properties": {
                    "numberReturned": {"type": "integer", "minimum": 0},
                    "method": {"type": "string"},
                    "base": _BASE,
                    "changes": {"type": "object"},
                    **METADATA,
                    "items": {"type": "array", "items": _ROW},
                },
            }
        }
    )

    def post(self, asked: Asked) -> Answer:
        """Return the comparison."""
        question = scenario_question(asked.values)
        found = compare(question.parameters, question.changes, kinds=question.kinds)
        parameters = found.base.parameters
        level, lang = parameters.level, asked.lang
        districts = district_names(parameters.municipality, level, lang)
        terms = {kind: term_names(kind, lang) for kind in question.kinds}
        items = [
            _item(row, level, districts, terms[row.term_kind]) for row in found.rows
        ]
        said = {
            "numberReturned": len(items),
            "method": METHOD,
            "base": _base(found.base),
            "changes": question.changes.as_dict(),
            **metadata(lang, municipality=(parameters.municipality,)),
            "items": items,
        }
        return Answer(orjson.dumps(said), asked.media_type, lang)


class CriticalServices(Resource):
    """Service points by the residents who would lose a service if that one alone closed.

    Of a category or committee: people within the threshold of this place and of no
    other one. Two service points at one spot are each missed by nobody. Figures that
    would show few people are withheld; these come last.
    """

    parameters = CRITICAL
    depends_on_data_only = False
    summary = "Services that would be missed most"
    tag = "analysis"
    reply = Reply(
        {
            JSON: {
                "type": "object",
                "required": ["numberReturned", "base", "n_places", "items"],
                "properties": {
                    "numberReturned": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": MOST,
                    },
                    "base": _BASE,
                    "n_places": {
                        "type": "integer",
                        "description": "Public service points of the term to walk to.",
                    },
                    "n_missed": {
                        "type": "integer",
                        "description": "Those of them that somebody would miss.",
                    },
                    **METADATA,
                    "items": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["id", "residents_losing", "is_suppressed"],
                            "properties": {
                                "id": {"type": "string", "format": "uuid"},
                                "name": _TEXT,
                                "organization_name": _TEXT,
                                "lon": _COUNT,
                                "lat": _COUNT,
                                "residents_losing": _COUNT,
                                "is_suppressed": {"type": "boolean"},
                            },
                        },
                    },
                },
            }
        }
    )

    def get(self, asked: Asked) -> Answer:
        """Return the ranking."""
        question = critical_question(asked.values)
        found = critical_services(question, limit=asked.values["limit"])
        names = service_point_names([one.id for one in found.found], asked.lang)
        items = [
            {
                "id": one.id,
                **names.get(one.id, {}),
                "residents_losing": one.residents_losing,
                "is_suppressed": one.is_suppressed,
            }
            for one in found.found
        ]
        run = found.base.runs[question.by]
        said = {
            "numberReturned": len(items),
            "base": _base(found.base),
            "n_places": found.n_places,
            "n_missed": found.n_missed,
            **metadata(asked.lang, municipality=(question.municipality,)),
            "updated_at": run.finished_at,
            "items": items,
        }
        state = DataState(run.hash[:16], run.finished_at)
        return Answer(orjson.dumps(said), asked.media_type, asked.lang, state)


def _base(base: Base) -> dict[str, Any]:
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


def _item(
    row: ScenarioRow,
    level: str,
    districts: Mapping[str, str],
    terms: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "level": level,
        "code": row.district_code or None,
        "name": districts.get(row.district_code),
        "is_total": row.is_total,
        "term_kind": row.term_kind,
        "term": row.term,
        "term_name": terms.get(row.term),
        "residents": row.residents,
        "base": {
            "residents_unserved": row.base_unserved,
            "share_served": row.base_share_served,
        },
        "scenario": {
            "residents_unserved": row.scenario_unserved,
            "share_served": row.scenario_share_served,
        },
        "difference": row.difference,
        "residents_gaining": row.residents_gaining,
        "residents_losing": row.residents_losing,
        "flags": row.flags,
        "is_suppressed": row.is_suppressed,
    }
