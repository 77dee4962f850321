"""`/api/v1/taxonomies` and `/api/v1/committees`: the words that filters take."""

from collections.abc import Sequence
from typing import Any

import orjson
from rest_framework.serializers import Serializer

from layers.answers.answer import JSON, Answer
from layers.api.components import listing
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.serializers import (
    CommitteeSerializer,
    StandardSerializer,
    TaxonomySerializer,
    TermSerializer,
)
from layers.api.views import Asked, Resource
from layers.published.taxonomies import committee, taxonomies, terms
from layers.published.versions import DataState

_NAMED: dict[str, Any] = {"type": "object", "required": ["slug", "name", "name_lang"]}


class Taxonomies(Resource):
    """The taxonomies: working committees, categories, population groups, 4W sectors."""

    summary = "Taxonomies"
    tag = "words"
    reply = Reply({JSON: listing(_NAMED)})

    def get(self, asked: Asked) -> Answer:
        """Return all of them."""
        found, state = taxonomies(lang=asked.lang)
        return _all(asked, TaxonomySerializer, found, state)


class Taxonomy(Resource):
    """The terms of one taxonomy, parents before their children.

    `n_services` counts the services that carry the term; a category counts those below
    it, too.
    """

    summary = "The terms of one taxonomy"
    tag = "words"
    reply = Reply({JSON: listing(_NAMED)})

    def get(self, asked: Asked) -> Answer:
        """Return its terms."""
        slug = asked.code("slug", "taxonomy")
        found, state = terms(slug, lang=asked.lang)
        return _all(asked, TermSerializer, found, state, slug=slug)


class Committees(Resource):
    """The working committees, in their order, with the categories of each."""

    summary = "Committees"
    tag = "words"
    reply = Reply({JSON: listing(_NAMED)})

    def get(self, asked: Asked) -> Answer:
        """Return all of them."""
        found, state = terms("committee", lang=asked.lang)
        return _all(asked, CommitteeSerializer, found, state)


class Committee(Resource):
    """One committee, and what municipalities call covered for its categories."""

    summary = "One committee"
    tag = "words"
    reply = Reply({JSON: CommitteeSerializer})

    def get(self, asked: Asked) -> Answer:
        """Return it with the standards of its categories."""
        slug = asked.code("slug", "committee")
        term, standards, state = committee(slug, lang=asked.lang)
        said = {
            **CommitteeSerializer(term).data,
            "standards": StandardSerializer(standards, many=True).data,
            **metadata(asked.lang, state=state),
        }
        return Answer(orjson.dumps(said), asked.media_type, asked.lang, state)


def _all(
    asked: Asked,
    serializer: type["Serializer[Any]"],
    rows: Sequence[object],
    state: DataState,
    **members: Any,
) -> Answer:
    said = {
        **members,
        "numberReturned": len(rows),
        "numberMatched": len(rows),
        **metadata(asked.lang, state=state),
        "items": serializer(rows, many=True).data,
    }
    return Answer(orjson.dumps(said), asked.media_type, asked.lang, state)
