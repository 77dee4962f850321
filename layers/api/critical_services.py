"""`/api/v1/critical-services`: which services would be missed most."""

import orjson

from layers.analysis.critical import MOST, critical_services
from layers.answers.answer import JSON, Answer
from layers.api.components import METADATA
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.scenario_items import BASE, COUNT, TEXT, base_of_answer
from layers.api.views import Asked, Resource
from layers.params.scenarios import CRITICAL, critical_question
from layers.published.names import service_point_names
from layers.published.versions import DataState


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
                    "base": BASE,
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
                                "name": TEXT,
                                "organization_name": TEXT,
                                "lon": COUNT,
                                "lat": COUNT,
                                "residents_losing": COUNT,
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
            "base": base_of_answer(found.base),
            "n_places": found.n_places,
            "n_missed": found.n_missed,
            **metadata(asked.lang, municipality=(question.municipality,)),
            "updated_at": run.finished_at,
            "items": items,
        }
        state = DataState(run.hash[:16], run.finished_at)
        return Answer(orjson.dumps(said), asked.media_type, asked.lang, state)
