"""How far a long analysis is; the page looks again by itself, and needs no JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from layers.published.pages import Text, terms
from layers.published.runs import JobProgress, JobStep, job_progress
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form

LOOKS_AGAIN_S = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the job, as the page shows it; `group` is None for everybody."""

    level: str
    by: str
    group: Text | None
    minutes: float
    state: str
    seconds: float | None
    href: str


@page
def run_page(
    request: HttpRequest, language: PageLanguage, job_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/runs/<id>`: how far a job is."""
    read_form(request, NOTHING)
    job = job_progress(job_id)
    groups = {
        term.slug: term.name
        for term in terms(("population_group",), language.code)["population_group"]
    }
    context = {
        "job": job,
        "n": len(job.steps),
        "heading": heading(job),
        "left": left_in_words(job.seconds_left),
        "looks_again_s": LOOKS_AGAIN_S if job.is_under_way else None,
        "rows": [row_of(step, groups, job) for step in job.steps],
    }
    response = render(request, language, "runs/job.html", context, section="")
    response.headers["Cache-Control"] = "no-store"
    return response


def heading(job: JobProgress) -> str:
    """Return the state of a job in words."""
    if job.is_cancelling and job.is_under_way:
        return gettext("Being cancelled")
    return {
        "queued": gettext("Waiting for its turn"),
        "running": gettext("Being computed"),
        "finished": gettext("Finished"),
        "failed": gettext("Given up"),
        "cancelled": gettext("Cancelled"),
    }[job.state]


def left_in_words(seconds: float | None) -> str:
    """Return how long the rest may take, empty where nobody can tell."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return gettext("less than a minute to go")
    return ngettext(
        "about %(n)d minute to go", "about %(n)d minutes to go", minutes
    ) % {"n": minutes}


def row_of(step: JobStep, groups: Mapping[str, Text], job: JobProgress) -> Row:
    """Return a question with what became of it."""
    asked: Mapping[str, Any] = step.parameters
    group = asked["group"]
    return Row(
        level={
            "municipality": gettext("Municipality"),
            "municipal_community": gettext("Municipal communities"),
            "neighbourhood": gettext("Neighbourhoods"),
        }[asked["level"]],
        by={
            "category": gettext("Categories"),
            "committee": gettext("Committees"),
        }[asked["by"]],
        group=None if group is None else groups.get(group, Text(group, "en")),
        minutes=asked["threshold_min"],
        state=state_of(step, job),
        seconds=step.seconds,
        href="" if step.run_id is None else f"/api/v1/coverage?run={step.run_id}",
    )


def state_of(step: JobStep, job: JobProgress) -> str:
    """Return what became of one question, in words."""
    if step.run_id is not None:
        return gettext("answered")
    if step.seconds is not None:
        return gettext("answered, no longer kept")
    if not job.is_under_way:
        return gettext("not answered")
    return gettext("waiting")
