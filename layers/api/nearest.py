"""`/api/v1/nearest`: what is nearest to a spot, and why it is in the answer."""

from collections.abc import Mapping
from typing import Any

import orjson

from layers.answers.answer import GEOJSON, JSON, Answer
from layers.api.components import METADATA, ref
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.views import Asked, GeoResource
from layers.measures.walking import DETOUR
from layers.params.nearest import NEAREST, nearest_question
from layers.published.nearest import Nearest as Found
from layers.published.nearest import nearest
from layers.published.nearest_empty import emptied_by
from layers.published.nearest_question import NearestQuestion

_OUTSIDE = "the spot lies outside of every municipality that is served here"
_NOTHING = "nothing matches; `without` counts what would if that filter were dropped"
_NOTHING_AT_ALL = "nothing matches; it takes more than one filter to be dropped"

_NAMED_AS = {"verified_since": "verified_within_days"}

_FEATURES: dict[str, Any] = {"type": "array", "items": ref("NearServicePoint")}
_REPLY: dict[str, Any] = {
    "type": "object",
    "required": [
        "type", "numberReturned", "spot", "walk", "lang", "demo", "attribution",
        "features", "without_place", "has_more_without_place",
    ],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "numberReturned": {"type": "integer", "minimum": 0},
        "spot": {
            "type": "object",
            "description": "Municipalities and districts that the spot lies in.",
        },
        "walk": {"type": "object", "description": "How `walk_min` was computed."},
        "explanation": {"type": "object", "description": "Only in an empty answer."},
        **METADATA,
        "features": _FEATURES,
        "without_place": {
            **_FEATURES,
            "description": "Services that nobody can walk to and that serve the spot.",
        },
        "has_more_without_place": {"type": "boolean"},
    },
}  # fmt: skip


class Nearest(GeoResource):
    """The nearest services to a spot, ranked by metres on the ellipsoid.

    Prefer POST: the position is then in no address. `walk_min` is the straight line
    times a detour of 1.3 at `walk_kmh`, no route. Without `status` only what is active
    is found. `why` says of each what made it match; a service for everybody says
    `group:everybody`. Services that nobody can walk to, and places of which only the
    district is public, are in `without_place` where they serve the spot.
    """

    parameters = NEAREST
    is_kept = False
    summary = "The nearest services to a spot"
    tag = "nearest"
    reply = Reply({GEOJSON: _REPLY, JSON: _REPLY})

    def get(self, asked: Asked) -> Answer:
        """Return what is nearest."""
        question = nearest_question(asked.values, asked.lang)
        found = nearest(question)
        said = {
            "type": "FeatureCollection",
            "numberReturned": found.n,
            "spot": _spot(found),
            "walk": {
                "method": "straight_line",
                "detour": DETOUR,
                "walk_kmh": question.walk_kmh,
            },
            **({} if found.n else {"explanation": _explanation(question)}),
            **metadata(asked.lang, municipality=question.filters.municipality),
            "has_more_without_place": found.has_more_without_place,
        }
        body = b'%b,\n"features":[\n%b\n],\n"without_place":[\n%b\n]}\n' % (
            orjson.dumps(said)[:-1],
            found.features,
            found.without_place,
        )
        return Answer(body, asked.media_type, asked.lang)

    post = get


def _spot(found: Found) -> dict[str, Any]:
    said: dict[str, Any] = {
        "municipalities": found.municipalities,
        "districts": found.districts,
    }
    if not found.municipalities:
        said["note"] = _OUTSIDE
    return said


def _explanation(question: NearestQuestion) -> dict[str, Any]:
    """Return which filter empties the answer; asked only where it is empty."""
    counts: Mapping[str, int] = emptied_by(question)
    without = {_NAMED_AS.get(name, name): n for name, n in counts.items() if n}
    detail = _NOTHING if without else _NOTHING_AT_ALL
    return {"detail": detail, "without": without}
