"""Activities and open calls: lists, pages of their own, and calendars of both."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from layers.exchange.ical import (
    MEDIA_TYPE,
    activities_calendar,
    calls_calendar,
)
from layers.models.district import DistrictLevel
from layers.params.events import ACTIVITY_FILTERS, CALL_FILTERS
from layers.published.events import (
    ActivityRow,
    CallRow,
    activities,
    activity,
    call,
    calls,
)
from layers.published.pages import districts, terms
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form
from layers.web.service.reports import families

KEPT_S = 900
"""Seconds that a calendar may be kept."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar's addresses: to subscribe to, and to fetch once."""

    webcal: str
    https: str


@page
def activities_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/activities`."""
    values = read_form(request, ACTIVITY_FILTERS)
    lang = language.code
    known = terms(("category",), lang)["category"]
    return render(
        request,
        language,
        "service/activities.html",
        {
            "rows": _activities(values, lang),
            "values": values,
            "is_filtered": any(values.values()),
            "kinds": families(known),
            "districts": [
                row
                for row in districts(settings.DEFAULT_MUNICIPALITY, lang)
                if row.level == DistrictLevel.NEIGHBOURHOOD.value
            ],
            "days": (7, 30, 90),
            "now": timezone.now(),
            "feed": feed(request, "web:activities_feed", lang, values),
        },
        section="activities",
    )


@page
def activity_page(
    request: HttpRequest, language: PageLanguage, activity_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/activities/<id>`."""
    read_form(request, NOTHING)
    lang = language.code
    row = activity(activity_id, settings.DEFAULT_MUNICIPALITY, lang, now=timezone.now())
    known = terms(("category",), lang)["category"]
    names = [term.name for term in known if term.slug in row.categories and term.parent]
    return render(
        request,
        language,
        "service/activity.html",
        {"row": row, "categories": names, "repeats": repeats(row.recurrence)},
        section="activities",
    )


@page
def activities_feed(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/activities.ics`, with the filters of the page."""
    values = read_form(request, ACTIVITY_FILTERS)
    rows = _activities(values, language.code)
    return _calendar_of(request, language, rows, "activities.ics")


@page
def activity_feed(
    request: HttpRequest, language: PageLanguage, activity_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/activities/<id>.ics`: one activity, for one's own calendar."""
    read_form(request, NOTHING)
    row = activity(
        activity_id, settings.DEFAULT_MUNICIPALITY, language.code, now=timezone.now()
    )
    return _calendar_of(request, language, [row], f"{row.id}.ics")


@page
def calls_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/open-calls`."""
    values = read_form(request, CALL_FILTERS)
    return render(
        request,
        language,
        "service/calls.html",
        {
            "rows": _calls(values, language.code),
            "values": values,
            "is_filtered": any(values.values()),
            "committees": terms(("committee",), language.code)["committee"],
            "today": timezone.localdate(),
            "feed": feed(request, "web:calls_feed", language.code, values),
        },
        section="open-calls",
    )


@page
def call_page(
    request: HttpRequest, language: PageLanguage, call_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/open-calls/<id>`."""
    read_form(request, NOTHING)
    row = call(call_id, settings.DEFAULT_MUNICIPALITY, language.code)
    today = timezone.localdate()
    return render(
        request,
        language,
        "service/call.html",
        {"row": row, "is_closed": row.closes_on is not None and row.closes_on < today},
        section="open-calls",
    )


@page
def calls_feed(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/open-calls.ics`: the days on which calls close."""
    values = read_form(request, CALL_FILTERS)
    rows = _calls(values, language.code)
    body = calls_calendar(
        rows,
        name=gettext("Open calls"),
        host=request.get_host(),
        url_of={row.id: _url(request, "web:call", language, row.id) for row in rows},
    )
    return _as_file(body, language, "open-calls.ics")


def repeats(rule: str) -> str:
    """Return in words how often something happens; empty where it happens once."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    every = (
        int(parts.get("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdigit() else 1
    )
    words = {
        ("DAILY", True): gettext("every day"),
        ("WEEKLY", True): gettext("every week"),
        ("MONTHLY", True): gettext("every month"),
        ("YEARLY", True): gettext("every year"),
        ("WEEKLY", False): gettext("every %(n)s weeks"),
        ("MONTHLY", False): gettext("every %(n)s months"),
    }
    said = words.get((parts.get("FREQ", ""), every == 1), "")
    return said % {"n": every} if "%" in said else said


def feed(request: HttpRequest, name: str, lang: str, values: dict[str, Any]) -> Feed:
    """Return the addresses of a calendar with the same filters."""
    query = urlencode({key: value for key, value in values.items() if value})
    path = reverse(name, args=[lang]) + (f"?{query}" if query else "")
    url = request.build_absolute_uri(path)
    return Feed("webcal" + url[url.index(":") :], url)


def _activities(values: dict[str, Any], lang: str) -> list[ActivityRow]:
    return activities(settings.DEFAULT_MUNICIPALITY, lang, now=timezone.now(), **values)


def _calls(values: dict[str, Any], lang: str) -> list[CallRow]:
    return calls(
        settings.DEFAULT_MUNICIPALITY, lang, today=timezone.localdate(), **values
    )


def _calendar_of(
    request: HttpRequest,
    language: PageLanguage,
    rows: list[ActivityRow],
    file_name: str,
) -> HttpResponse:
    body = activities_calendar(
        rows,
        name=gettext("Activities"),
        host=request.get_host(),
        url_of={
            row.id: _url(request, "web:activity", language, row.id) for row in rows
        },
    )
    return _as_file(body, language, file_name)


def _url(request: HttpRequest, name: str, language: PageLanguage, id_: UUID) -> str:
    return request.build_absolute_uri(reverse(name, args=[language.code, id_]))


def _as_file(body: bytes, language: PageLanguage, file_name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    answer.headers["Content-Language"] = language.code
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer
