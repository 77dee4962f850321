"""`/api/v1/jobs/{id}`: how far questions in the queue are, and taking them back."""

from typing import Any

import orjson
from django.http import HttpRequest

from layers.answers.answer import JSON, Answer
from layers.api.metadata import metadata
from layers.api.openapi import Operation, Reply
from layers.api.run_schemas import JOB
from layers.api.run_schemas import NIGHTS as NIGHTS_SAID
from layers.api.views import Asked, Resource
from layers.errors import InvalidParameter
from layers.jobs.queue import cancel
from layers.params.languages import LANG
from layers.params.reading import Parameters
from layers.params.runs import NIGHTS, check_words
from layers.published.runs import JobProgress, JobStep, job_progress, nights

JOB_LINK = "/api/v1/jobs/{}"
TOKEN_HEADER = "Job-Token"  # noqa: S105 (the name of the header)
POLL_AFTER_S = 2


class Jobs(Resource):
    """The jobs of the last nights, the latest first, and whether all is answered.

    Questions that somebody queued are not listed: who asked knows their address.
    """

    parameters = NIGHTS
    is_kept = False
    summary = "The last nights' jobs"
    tag = "analysis"
    reply = Reply({JSON: NIGHTS_SAID})

    def get(self, asked: Asked) -> Answer:
        """Return the list."""
        municipality = asked.values["municipality"]
        check_words(municipality)
        found = nights(municipality, limit=asked.values["limit"])
        here = asked.request.build_absolute_uri
        said = {
            "numberReturned": len(found),
            **metadata(
                asked.lang, municipality=(municipality,) if municipality else ()
            ),
            "items": [
                {
                    "id": job.id,
                    "municipality": job.municipality,
                    "night": job.night,
                    "state": job.state,
                    "created_at": job.created_at,
                    "finished_at": job.finished_at,
                    "error": job.error or None,
                    "progress": {"done": job.n_done, "all": job.n},
                    "links": [
                        {
                            "rel": "self",
                            "href": here(JOB_LINK.format(job.id)),
                            "type": JSON,
                        }
                    ],
                }
                for job in found
            ],
        }
        return Answer(orjson.dumps(said), JSON, asked.lang)


_CANCEL = Operation(
    "Cancel queued questions",
    "Takes effect at once where they wait, and within seconds where they are being "
    "answered; what is answered stays. Needs the token that was said when they were "
    "queued. Jobs that have ended stay as they are.",
    Parameters(LANG),
    Reply({JSON: JOB}, "How it is now."),
    headers={TOKEN_HEADER: "The token that was said when the job was queued."},
)


class Job(Resource):
    """How far queued questions are: queued, running, finished, failed or cancelled.

    Each question that is answered links its run. Jobs are forgotten a month after they
    ended; their runs are kept as long as they are of use.
    """

    is_kept = False
    summary = "How far queued questions are"
    tag = "analysis"
    reply = Reply({JSON: JOB})
    operations = {"DELETE": _CANCEL}

    def get(self, asked: Asked) -> Answer:
        """Return how far it is."""
        return _answer(asked)

    def delete(self, asked: Asked) -> Answer:
        """Cancel it, and return how it is then."""
        token = asked.request.headers.get(TOKEN_HEADER, "")
        if not token:
            raise InvalidParameter(
                TOKEN_HEADER, "(missing)", "the token that was said when it was queued"
            )
        cancel(asked.uuid("job"), token)
        return _answer(asked)


def _answer(asked: Asked) -> Answer:
    found = job_progress(asked.uuid("job"))
    said = job_said(asked.request, found, asked.lang)
    headers = {"Retry-After": str(POLL_AFTER_S)} if found.is_under_way else {}
    return Answer(orjson.dumps(said), JSON, asked.lang, headers=headers)


def job_said(request: HttpRequest, job: JobProgress, lang: str) -> dict[str, Any]:
    """Return a job as every answer tells it."""
    to = request.build_absolute_uri(JOB_LINK.format(job.id))
    page = request.build_absolute_uri(f"/{lang}/runs/{job.id}")
    left = job.seconds_left
    return {
        "id": job.id,
        "municipality": job.municipality,
        "kind": job.kind,
        "state": job.state,
        "is_cancelling": job.is_cancelling and job.is_under_way,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "error": job.error or None,
        "progress": {
            "done": job.n_done,
            "all": len(job.steps),
            "doing": job.doing or None,
            "seconds_left": None if left is None else round(left, 1),
        },
        "steps": [_step_said(request, step) for step in job.steps],
        "links": [
            {"rel": "self", "href": to, "type": JSON},
            {"rel": "alternate", "href": page, "type": "text/html"},
        ],
        **metadata(lang, municipality=(job.municipality,)),
    }


def _step_said(request: HttpRequest, step: JobStep) -> dict[str, Any]:
    said: dict[str, Any] = {
        "parameters": step.parameters,
        "run": step.run_id,
        "seconds": step.seconds,
    }
    if step.run_id is not None:
        to = request.build_absolute_uri(f"/api/v1/runs/{step.run_id}")
        said["links"] = [{"rel": "result", "href": to, "type": JSON}]
    return said
