"""`/api/v1/siting`: in which areas new places would help most, and how sure that is."""

from typing import Any

import orjson

from layers.analysis.siting_public import public_siting
from layers.answers.answer import JSON, Answer
from layers.api.components import METADATA
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.views import Asked, Resource
from layers.params.siting import SITING, siting_question
from layers.published.names import district_names

_NUMBER: dict[str, Any] = {"type": "number", "nullable": True}
_AREA: dict[str, Any] = {
    "area": {
        "type": "string",
        "description": "Side and lower left corner of the cell.",
    },
    "district": {"type": "string", "nullable": True},
    "district_name": {"type": "string", "nullable": True},
    "side_m": {"type": "integer"},
    "centre_m": {"type": "array", "items": {"type": "number"}},
    "centre": {
        "type": "array",
        "items": {"type": "number"},
        "description": "Longitude and latitude of the middle of the cell; no address.",
    },
    "polygon": {"type": "object", "description": "The cell as a GeoJSON polygon."},
}
_REQUIRED = ["area", "district", "side_m", "centre", "polygon"]


class Siting(Resource):
    """Areas where new places would bring most residents within reach.

    A cell of a grid is a suggestion to look for premises there, never an address. Of
    each answer it is told how good it is: no set of areas can do better than `bound`,
    `gap` is the share between them, `status` is `optimal` where that is proven, and
    `alternatives` lose at most 1 %. Counts of people are multiples of 5, and few people
    are not told. One search is made at a time.
    """

    parameters = SITING
    is_kept = False
    summary = "Where new places would help most"
    tag = "analysis"
    reply = Reply(
        {
            JSON: {
                "type": "object",
                "required": ["status", "objective", "bound", "gap", "proposals"],
                "properties": {
                    "status": {"type": "string"},
                    "objective": _NUMBER,
                    "bound": _NUMBER,
                    "gap": _NUMBER,
                    "seconds": {"type": "number"},
                    "why": {"type": "string"},
                    "residents": _NUMBER,
                    "served_before": _NUMBER,
                    "served_after": _NUMBER,
                    "out_of_reach": _NUMBER,
                    "flags": {"type": "array", "items": {"type": "string"}},
                    "parameters": {"type": "object"},
                    **METADATA,
                    "proposals": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": [*_REQUIRED, "residents_gained"],
                            "properties": {
                                **_AREA,
                                "residents_gained": _NUMBER,
                                "alternatives": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": [*_REQUIRED, "objective"],
                                        "properties": {**_AREA, "objective": _NUMBER},
                                    },
                                },
                            },
                        },
                    },
                },
            }
        }
    )

    def post(self, asked: Asked) -> Answer:
        """Return the proposals."""
        question = siting_question(asked.values)
        said = public_siting(question)
        coverage = question.coverage
        names = district_names(coverage.municipality, coverage.level, asked.lang)
        for proposal in said["proposals"]:
            for area in (proposal, *proposal["alternatives"]):
                area["district_name"] = names.get(area["district"])
        said |= metadata(asked.lang, municipality=(coverage.municipality,))
        return Answer(orjson.dumps(said), asked.media_type, asked.lang)
