"""The finder: a list that is whole without scripts, and the map of the same services."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from layers.models.district import DistrictLevel
from layers.published.finder import Entry, Found, Slice, find
from layers.published.pages import MunicipalityRow
from layers.web import addresses
from layers.web.finder.chosen import chips
from layers.web.finder.form import selects, tiles
from layers.web.finder.query import (
    PLACELESS,
    FinderQuestion,
    as_json,
    cursor_after,
    question_of,
)
from layers.web.languages import PageLanguage, negotiated
from layers.web.map_page import map_page
from layers.web.pages import current_municipality, page, render

ENTRIES = 25
"""Entries of a page of the list."""

PLACELESS_BESIDE = 10
"""Services without a place that stand below the list, before a list of their own."""


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead `/` to the finder in the reader's language."""
    language = negotiated(request.headers.get("Accept-Language", ""))
    answer = HttpResponseRedirect(reverse("web:finder", args=[language.code]))
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@page
def finder_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/`."""
    question = question_of(request)
    placed, placeless = slices(question)
    now = timezone.now()
    found = find(
        question.filters,
        language.code,
        now=now,
        placed=placed,
        placeless=placeless,
    )
    offered = selects(
        language, settings.DEFAULT_MUNICIPALITY, found.facets, question.chosen
    )
    return render(
        request,
        language,
        "finder/page.html",
        {
            "question": question,
            "found": found,
            "lists": lists_of(found, question),
            "selects": offered,
            "tiles": tiles(offered["category"], question.query())
            if not question.names_a_need
            else [],
            "chips": chips(question, offered, language),
            "verified_days": (90, 180, 365),
            "minute": minute_of_day(now, current_municipality(request)),
            "api_url": f"{addresses.SERVICE_POINTS}?{question.api_query()}",
            "page_data": page_data(request, language, question),
        },
        section="finder",
    )


def page_data(
    request: HttpRequest, language: PageLanguage, question: FinderQuestion
) -> dict[str, Any]:
    """Return what the page's scripts are told: the same question, for map and "near me"."""
    asked = question.api_query(lang=language.code, limit="1000")
    return map_page(
        language,
        current_municipality(request),
        level=DistrictLevel.NEIGHBOURHOOD.value,
        points=f"{addresses.SERVICE_POINTS}?{asked}",
        nearest=addresses.NEAREST,
        filters=as_json(question),
        box=question.box,
    )


def minute_of_day(moment: datetime, shown: MunicipalityRow | None) -> int:
    """Return the minute that the clocks of the municipality show, from midnight."""
    local = moment.astimezone(ZoneInfo(shown.timezone)) if shown else moment
    return local.hour * 60 + local.minute


def slices(question: FinderQuestion) -> tuple[Slice, Slice]:
    """Return which entries of the two lists a page shows.

    One entry more than is shown is asked for: it tells whether the list goes on.
    """
    if question.which == PLACELESS:
        return Slice(0), Slice(ENTRIES + 1, question.after)
    beside = 0 if question.after else PLACELESS_BESIDE
    return Slice(ENTRIES + 1, question.after), Slice(beside)


@dataclass(frozen=True, slots=True)
class Lists:
    """The entries of both lists, and the links between their pages (empty: none)."""

    placed: list[Entry]
    placeless: list[Entry]
    next_url: str
    first_url: str
    all_placeless_url: str


def lists_of(found: Found, question: FinderQuestion) -> Lists:
    """Return what the page shows of what was found."""
    is_placeless = question.which == PLACELESS
    shown = found.placeless if is_placeless else found.placed
    page_of, more = shown[:ENTRIES], shown[ENTRIES:]
    paging = {"list": PLACELESS} if is_placeless else {}
    next_url = ""
    if more:
        cursor = cursor_after(page_of[-1].as_after)
        next_url = "?" + question.query(**paging, cursor=cursor)
    is_first = question.after is None
    has_more_placeless = found.counts.placeless > len(found.placeless)
    return Lists(
        placed=[] if is_placeless else page_of,
        placeless=page_of if is_placeless else found.placeless,
        next_url=next_url,
        first_url="" if is_first else "?" + question.query(**paging),
        all_placeless_url="?" + question.query(list=PLACELESS)
        if has_more_placeless and not is_placeless and is_first
        else "",
    )
