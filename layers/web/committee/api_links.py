"""Addresses and commands by which the API gives the same numbers as the page."""

import json
import shlex
from typing import Any
from urllib.parse import urlencode

from layers.web import addresses
from layers.web.committee.proposals import TIME_LIMIT_S
from layers.web.committee.question import CommitteeQuestion
from layers.web.committee.report import CommitteeReport


def api_links(report: CommitteeReport, origin: str) -> dict[str, str]:
    """Return, by block, an address or a command.

    Parameters
    ----------
    origin : str
        Scheme and host, for commands; addresses are a path and a query.
    """
    question = report.question
    address = report.provenance.api_url
    walks = {"level": question.parameters.level} | question.walks()
    term = {question.parameters.by: question.term}
    siting: dict[str, Any] = {
        **term,
        **_as_json(walks),
        "n_new": question.asked["n_new"],
        "time_limit_s": TIME_LIMIT_S,
    }
    return {
        "json": f"{address}&f=json",
        "geojson": f"{address}&f=geojson",
        "csv": f"{address}&f=csv",
        "profile": f"{addresses.COVERAGE}?{_categories(report, walks)}",
        "missed": f"{addresses.CRITICAL}?{urlencode(term | walks)}",
        "scenario": _curl(origin + addresses.SCENARIOS, _scenario(question, walks)),
        "siting": _curl(origin + addresses.SITING, siting),
    }


def _categories(report: CommitteeReport, walks: dict[str, str]) -> str:
    slugs = ",".join(term.slug for term in report.subject.categories)
    return urlencode({"category": slugs} | walks | {"f": "json"})


def _scenario(question: CommitteeQuestion, walks: dict[str, str]) -> dict[str, Any]:
    changes = question.changes
    made = {} if changes is None else changes.as_dict()
    return {
        **{name: given for name, given in made.items() if given},
        "by": question.parameters.by,
        **_as_json(walks),
    }


def _as_json(walks: dict[str, str]) -> dict[str, Any]:
    """Return the values of a query as a JSON body holds them: numbers as numbers."""
    numbers = ("threshold_min", "walk_kmh")
    return {
        name: float(value) if name in numbers else value
        for name, value in walks.items()
    }


def _curl(address: str, body: dict[str, Any]) -> str:
    said = shlex.quote(json.dumps(body, ensure_ascii=False))
    return f"curl -X POST {address} -H 'Content-Type: application/json' \\\n  -d {said}"
