"""`/api/v1/runs`: stored analyses, what changed between two, and questions to queue."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest

from layers.analysis.history import ChangeSince, change_since
from layers.analysis.past_runs import public_run
from layers.analysis.run_changes import Change, Verdict
from layers.answers.answer import JSON, Answer
from layers.answers.senders import sender_of
from layers.api.jobs import JOB_LINK, job_said
from layers.api.metadata import metadata
from layers.api.openapi import Operation, Reply
from layers.api.pages import page_links
from layers.api.run_schemas import CHANGE, JOB, RUN, RUN_LIST
from layers.api.views import Asked, Resource
from layers.jobs.queue import queue_questions
from layers.params.runs import (
    CHANGE as CHANGE_ASKED,
)
from layers.params.runs import (
    RUN_QUESTIONS,
    RUNS,
    run_filter,
    run_key,
    run_questions,
)
from layers.published.names import district_names, service_point_names
from layers.published.runs import RunRow, job_progress, run_record, runs

_QUEUE = Operation(
    "Queue questions that take long",
    "One question for each combination of level, kind of term, group and threshold, at "
    "most 60, answered one after the other. What is answered already is found and not "
    "computed again; what somebody else asked and is under way is the same job. The "
    "answer says where to see how far it is, and the token that cancels it. As much as "
    "one sender, and all together, may have under way is limited.",
    RUN_QUESTIONS,
    Reply(
        {JSON: JOB}, "It is queued; `Location` says how far it is.", "202", limited=True
    ),
)


class Runs(Resource):
    """Stored analyses that anybody may see, the latest first.

    `as_of` keeps those that were the answer shown at the end of a day: of each standing
    question one.
    """

    parameters = RUNS
    is_kept = False
    summary = "Stored analyses"
    tag = "analysis"
    reply = Reply({JSON: RUN_LIST})
    operations = {"POST": _QUEUE}

    def get(self, asked: Asked) -> Answer:
        """Return a page of runs."""
        values = asked.values
        limit, key = values["limit"], run_key(values)
        found = runs(
            run_filter(values),
            limit=limit + 1,
            after=None if key is None else (key.finished_at, key.id),
        )
        shown, is_more = found[:limit], len(found) > limit
        last = (shown[-1].finished_at, shown[-1].id) if is_more else None
        links = page_links(asked, last)
        said = {
            "numberReturned": len(shown),
            **metadata(asked.lang),
            "links": [{"rel": rel, "href": to, "type": JSON} for rel, to in links],
            "items": [run_said(asked.request, run) for run in shown],
        }
        return Answer(orjson.dumps(said), JSON, asked.lang, links=links)

    def post(self, asked: Asked) -> Answer:
        """Queue the questions."""
        questions = run_questions(asked.values)
        queued = queue_questions(questions, sender=sender_of(asked.request))
        said = job_said(asked.request, job_progress(queued.job.pk), asked.lang)
        if queued.token is not None:
            said["token"] = queued.token
        where = asked.request.build_absolute_uri(JOB_LINK.format(queued.job.pk))
        return Answer(
            orjson.dumps(said),
            JSON,
            asked.lang,
            headers={"Location": where},
            status=202,
        )


class Run(Resource):
    """One stored analysis: what was asked, of which data, by which code, and its rows."""

    is_kept = False
    summary = "One stored analysis"
    tag = "analysis"
    reply = Reply({JSON: RUN})

    def get(self, asked: Asked) -> Answer:
        """Return the run."""
        found = run_record(asked.uuid("run"))
        said = {
            **run_said(asked.request, found.run),
            "data_versions": found.data_versions,
            "summary": found.summary,
            "n_rows": found.n_rows,
            **metadata(asked.lang, municipality=(found.run.municipality,)),
            "updated_at": found.run.finished_at,
        }
        return Answer(orjson.dumps(said), JSON, asked.lang)


class RunChange(Resource):
    """What changed between an earlier run and this one, district by district.

    Better and worse are said only where the intervals of the two dates do not overlap.
    What is withheld at either date has no difference. Services are those that came into
    the public list or left it; the ones that left are counted and not named, since some
    leave it because they must not be known any more.
    """

    parameters = CHANGE_ASKED
    depends_on_data_only = False
    summary = "What changed since the last meeting"
    tag = "analysis"
    reply = Reply({JSON: CHANGE})

    def get(self, asked: Asked) -> Answer:
        """Return the comparison."""
        run = public_run(asked.uuid("run"))
        since: date | UUID = asked.values["since"]
        earlier = public_run(since) if isinstance(since, UUID) else since
        found = change_since(run, earlier, terms=asked.values["term"])
        body = orjson.dumps(_change_said(asked, found))
        # Names come from the data as they are now, so the two runs alone are no state.
        return Answer(body, JSON, asked.lang)


def run_said(request: HttpRequest, run: RunRow) -> dict[str, Any]:
    """Return a run as every answer tells it."""
    here = request.build_absolute_uri("/api/v1/")
    return {
        "id": run.id,
        "municipality": run.municipality,
        "kind": run.kind,
        "parameters": run.parameters,
        "method": run.code_version,
        "hash": run.hash,
        "rows_hash": run.rows_hash,
        "is_default": run.is_default,
        "in_force_since": run.in_force_since,
        "finished_at": run.finished_at,
        "links": [
            {"rel": rel, "href": here + to.format(run.id), "type": JSON}
            for rel, to in _LINKS
            if rel == "self" or run.kind == "coverage"
        ],
    }


_LINKS = (
    ("self", "runs/{}"),
    ("coverage", "coverage?run={}"),
    ("gaps", "gaps?run={}"),
    ("change", "runs/{}/change"),
)


def _change_said(asked: Asked, found: ChangeSince) -> dict[str, Any]:
    request, lang = asked.request, asked.lang
    parameters = found.run.parameters
    municipality, level = parameters["municipality"], parameters["level"]
    names = district_names(municipality, level, lang)
    items = [_item(change, parameters, names) for change in found.changes]
    opened = service_point_names(found.opened or (), lang)
    return {
        "numberReturned": len(items),
        "run": run_said(request, run_record(found.run.pk).run),
        "earlier": run_said(request, run_record(found.earlier.pk).run),
        "in_force_since": found.since,
        "causes": list(found.causes),
        "is_comparable": found.is_comparable,
        "services_opened": None
        if found.opened is None
        else [{"id": id_, **opened.get(id_, {})} for id_ in found.opened],
        "n_services_opened": None if found.opened is None else len(found.opened),
        "n_services_closed": None if found.closed is None else len(found.closed),
        **metadata(lang, municipality=(municipality,)),
        "updated_at": found.run.finished_at,
        "items": items,
    }


def _item(
    change: Change, parameters: dict[str, Any], names: dict[str, str]
) -> dict[str, Any]:
    sides = {}
    for name, side in (("before", change.before), ("after", change.after)):
        told = None if side is None else asdict(side)
        if told is not None:
            del told["is_suppressed"]
        sides[name] = told
    return {
        "level": parameters["level"],
        "code": change.district_code or None,
        "name": names.get(change.district_code),
        "is_total": change.is_total,
        "term_kind": parameters["by"],
        "term": change.term,
        **sides,
        "difference": change.difference,
        "verdict": change.verdict,
        "n_opened": change.n_opened,
        "n_closed": change.n_closed,
        "is_suppressed": change.verdict == Verdict.WITHHELD,
    }
