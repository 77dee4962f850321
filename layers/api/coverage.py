"""`/api/v1/coverage` and `/api/v1/gaps`: who reaches a service on foot, and who does not."""

import csv
import io
from typing import Any, ClassVar

from layers.analysis.past_runs import public_run, run_of_day
from layers.analysis.runs import get_or_run
from layers.answers.answer import Answer
from layers.api.components import METADATA
from layers.api.coverage_rows import ROW
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.pages import address, collection, listing
from layers.api.views import Asked, Resource
from layers.errors import InvalidParameter
from layers.models import AnalysisRun
from layers.params.coverage import (
    COVERAGE,
    FORMATS,
    MOST_DRAWN,
    CoverageQuestion,
    coverage_question,
)
from layers.params.reading import query_pairs
from layers.published.results import TABLE, Results, result_table, results
from layers.published.versions import DataState
from layers.published.vocabulary import vocabulary

MEMBERS: dict[str, Any] = {
    "numberReturned": {"type": "integer", "minimum": 0},
    "run": {"type": "object", "description": "What the figures stand on."},
    **METADATA,
    "links": {"type": "array", "items": {"type": "object"}},
}
_REPLY = Reply(
    {
        FORMATS["json"]: {
            "type": "object",
            "required": ["numberReturned", "run", "items"],
            "properties": {**MEMBERS, "items": {"type": "array", "items": ROW}},
        },
        FORMATS["geojson"]: {
            "type": "object",
            "required": ["type", "numberReturned", "run", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                **MEMBERS,
                "features": {"type": "array", "items": {"type": "object"}},
            },
        },
        FORMATS["csv"]: {"type": "string"},
    }
)


class Coverage(Resource):
    """Residents who reach a service on foot, per district and category or committee.

    Computed from points where people live, never from centroids. Rows without a code are
    people in no district of the level; `is_total` marks the whole municipality. What
    would show a very small number of people is withheld: null, with `is_suppressed`.
    """

    parameters = COVERAGE
    offers: ClassVar[tuple[str, ...]] = tuple(FORMATS.values())
    depends_on_data_only = False
    summary = "Coverage by district"
    tag = "analysis"
    reply = _REPLY
    only_gaps: ClassVar[bool] = False

    def get(self, asked: Asked) -> Answer:
        """Return the rows in the format asked for."""
        question = coverage_question(asked.values)
        chosen = asked.values["f"]
        media_type = FORMATS[chosen] if chosen else asked.media_type
        drawn = asked.values["geometry"] if media_type == FORMATS["geojson"] else None
        run = stored_run(question)
        if drawn == "boundary":
            _check_size(question, run)
        run = run or get_or_run(question.parameters)
        state = DataState(run.hash[:16], run.finished_at)
        if media_type == FORMATS["csv"]:
            body = _csv(run, question, asked.lang, only_gaps=self.only_gaps)
        else:
            body = _json(asked, run, question, drawn, only_gaps=self.only_gaps)
        return Answer(body, media_type, asked.lang, state)


class Gaps(Coverage):
    """Districts by residents who do not reach a service, most first, per term.

    Rank 1 has the most unserved people. Districts where everybody is reached are not
    listed, nor those whose figures are withheld.
    """

    summary = "Gaps: districts ranked by people not reached"
    only_gaps = True


def stored_run(question: CoverageQuestion) -> AnalysisRun | None:
    """Return the run that is asked for by its id or by a day, None where neither is."""
    if question.run is not None:
        run = public_run(question.run)
        by = run.parameters["by"]
        if question.terms and question.parameters.by != by:
            raise InvalidParameter(
                question.parameters.by, question.terms, f"{by}, as the run is"
            )
        return run
    if question.as_of is not None:
        return run_of_day(question.parameters, question.as_of).run
    return None


def _check_size(question: CoverageQuestion, run: AnalysisRun | None) -> None:
    by = question.parameters.by if run is None else run.parameters["by"]
    n = len(question.terms) or len(vocabulary().codes[by])
    if n > MOST_DRAWN:
        raise InvalidParameter(
            "geometry",
            "boundary",
            f"for at most {MOST_DRAWN} values of {by}; name them, or draw label or none",
        )


def _json(
    asked: Asked,
    run: AnalysisRun,
    question: CoverageQuestion,
    geometry: str | None,
    *,
    only_gaps: bool,
) -> bytes:
    found = results(
        run.pk,
        lang=asked.lang,
        terms=question.terms,
        only_gaps=only_gaps,
        geometry=geometry,
    )
    said = said_of(asked, run, found)
    return (listing if geometry is None else collection)(said, found.rows)


def said_of(asked: Asked, run: AnalysisRun, found: Results) -> dict[str, Any]:
    """Return what an answer says beside its rows: the run, texts, links."""
    pairs = query_pairs(asked.request.META.get("QUERY_STRING", ""))
    return {
        "numberReturned": found.n,
        "numberMatched": found.n,
        "run": {
            "id": run.pk,
            "method": found.method,
            "parameters": found.parameters,
            "data_versions": found.data_versions,
            "stands_on": found.summary,
            "finished_at": found.finished_at,
        },
        **metadata(asked.lang, municipality=(found.municipality,)),
        "updated_at": found.finished_at,
        "links": [{"rel": "self", "href": address(asked.request, pairs)}],
    }


def _csv(
    run: AnalysisRun, question: CoverageQuestion, lang: str, *, only_gaps: bool
) -> bytes:
    """Return the table; what it stands on is repeated in each row, as nothing else is read."""
    asked = run.parameters
    facts = vocabulary().municipalities[asked["municipality"]]
    tail = (
        *(asked[name] for name in ("walk_kmh", "detour", "engine")),
        run.code_version,
        run.pk,
        facts.is_demo,
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            *TABLE,
            *("walk_kmh", "detour", "engine"),
            *("method", "run", "demo"),
        ]
    )
    rows = result_table(run.pk, lang=lang, terms=question.terms, only_gaps=only_gaps)
    writer.writerows((*row, *tail) for row in rows)
    return text.getvalue().encode()
