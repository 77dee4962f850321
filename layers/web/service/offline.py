"""All services on one page, for paper; and a copy of it that a phone keeps, if asked to.

Nothing is kept unasked: what is on a device can be found there. The worker is registered
by a press on the page that says so, and taken away by another one.
"""

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from layers.measures.opening_hours import Interval
from layers.models.district import DistrictLevel
from layers.published.one_page import MOST, OnePageRow, one_page
from layers.published.pages import Text, districts, terms
from layers.web.finder.query import question_of
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.service.reports import families
from layers.web.template_tags import clock

WORKER = settings.BASE_DIR / "layers/web/static/web/offline-worker.js"


@dataclass(frozen=True, slots=True)
class Shown:
    """A service with its ordinary week in words; empty where hours are not known."""

    row: OnePageRow
    week: list[str]


@page
def offline_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/offline`: choose what to keep on this device, and take it away."""
    question = question_of(request)
    lang = language.code
    path = reverse("web:one_page", args=[lang])
    query = question.query()
    return render(
        request,
        language,
        "service/offline.html",
        {
            "question": question,
            "n": len(one_page(question.filters, lang)),
            "kinds": families(terms(("category",), lang)["category"]),
            "districts": [
                row
                for row in districts(settings.DEFAULT_MUNICIPALITY, lang)
                if row.level == DistrictLevel.NEIGHBOURHOOD.value
            ],
            "list_url": f"{path}?{query}" if query else path,
            "page_data": {
                "lang": lang,
                "worker": reverse("web:offline_worker", args=[lang]),
                "list": f"{path}?{query}" if query else path,
                "texts": words(),
            },
        },
        section="",
    )


@page
def one_page_list(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/list`: every service that matches, with the finder's filters."""
    question = question_of(request)
    found = one_page(question.filters, language.code)
    groups = [
        (kind, [Shown(row, week_words(row.week)) for row in rows])
        for kind, rows in groupby(found, key=lambda row: row.kind)
    ]
    return render(
        request,
        language,
        "service/list.html",
        {
            "groups": named_groups(groups, language),
            "n": len(found),
            "is_cut": len(found) == MOST,
            "is_filtered": question.is_filtered,
            "now": timezone.now(),
        },
        section="",
    )


@require_safe
def offline_worker(_request: HttpRequest, lang: str) -> HttpResponse:  # noqa: ARG001 (part of the address)
    """Answer `/<lang>/offline-worker.js`; it reaches what stands beside it, no more."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def named_groups(
    groups: list[tuple[Text, list[Shown]]], language: PageLanguage
) -> list[tuple[Text, list[Shown]]]:
    """Return the groups, each with a heading."""
    other = Text(gettext("Other"), language.interface)
    return [(kind or other, rows) for kind, rows in groups]


def week_words(week: tuple[tuple[Interval, ...], ...]) -> list[str]:
    """Return an ordinary week in lines, days with the same hours together.

    Examples
    --------
    >>> from django.utils import translation
    >>> office = ((540, 1020),)
    >>> with translation.override("en"):
    ...     week_words((office,) * 5 + ((), ((600, 840),)))
    ['Mon–Fri 09:00–17:00', 'Sun 10:00–14:00']
    """
    lines = []
    day = 0
    for spans, run in groupby(week):
        n = len(list(run))
        if spans:
            days = str(WEEKDAYS_ABBR[day])
            if n > 1:
                days += f"–{WEEKDAYS_ABBR[day + n - 1]}"
            hours = ", ".join(f"{clock(a)}–{clock(b)}" for a, b in spans)
            lines.append(f"{days} {hours}")
        day += n
    return lines


def words() -> dict[str, str]:
    """Return the words that the scripts of the offline copy put on a page."""
    return {
        "kept": gettext("Services on this device: {n}, copied on {date}."),
        "nothing": gettext("Nothing is kept on this device."),
        "keeping": gettext("Copying …"),
        "failed": gettext("That did not work. Are you connected?"),
        "forgotten": gettext("The copy was deleted from this device."),
        "unsupported": gettext(
            "This browser cannot keep a copy. Print the list instead."
        ),
        "banner": gettext(
            "You are offline. This is a copy of {date}: hours may have changed since, "
            "and whether a service is open now cannot be told. Call before you go."
        ),
        "other": gettext("The page you wanted is not in the copy; this is the list."),
    }
