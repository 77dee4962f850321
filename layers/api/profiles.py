"""`/api/v1/profiles`: each district across all categories or committees."""

from typing import Any, ClassVar

from layers.analysis.runs import get_or_run
from layers.answers.answer import Answer
from layers.api.coverage import MEMBERS, said_of, stored_run
from layers.api.coverage_rows import PROFILE
from layers.api.openapi import Reply
from layers.api.pages import listing
from layers.api.views import Asked, Resource
from layers.params.coverage import COVERAGE, FORMATS, coverage_question
from layers.published.profiles import profiles
from layers.published.versions import DataState

_REPLY: dict[str, Any] = {
    "type": "object",
    "required": ["numberReturned", "run", "items"],
    "properties": {**MEMBERS, "items": {"type": "array", "items": PROFILE}},
}


class Profiles(Resource):
    """Districts across all categories or committees, those with the worst first.

    Of categories only those without children are counted, unless some are named. There
    is no mean: nine good services would hide one that is missing.
    """

    parameters = COVERAGE.without("f", "geometry")
    offers: ClassVar[tuple[str, ...]] = (FORMATS["json"],)
    depends_on_data_only = False
    summary = "Profiles of districts across categories"
    tag = "analysis"
    reply = Reply({FORMATS["json"]: _REPLY})

    def get(self, asked: Asked) -> Answer:
        """Return the profiles."""
        question = coverage_question(asked.values)
        run = stored_run(question) or get_or_run(question.parameters)
        found = profiles(run.pk, lang=asked.lang, terms=question.terms)
        body = listing(said_of(asked, run, found), found.rows)
        state = DataState(run.hash[:16], run.finished_at)
        return Answer(body, FORMATS["json"], asked.lang, state)
