"""The finder inside other sites' pages: a list with a map in a frame, and its code.

Only this page may be framed, by the origins in EMBED_ON. It sets no cookie and stores
nothing; its links open in a window of their own, where the whole page with its exit is.
"""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from layers.models.district import DistrictLevel
from layers.params.kinds import Code, Whole
from layers.params.reading import Parameter, Parameters
from layers.published.finder import Slice, find
from layers.published.pages import districts, terms
from layers.published.vocabulary import check_codes
from layers.web import addresses
from layers.web.finder.query import question_of
from layers.web.language_names import language_name, spoken_languages
from layers.web.languages import PageLanguage
from layers.web.map_page import map_page
from layers.web.pages import current_municipality, page, render
from layers.web.query import read_form
from layers.web.security import basemap_hosts, content_security_policy
from layers.web.service.reports import families

ENTRIES = 25
"""Services with a place that a frame lists; a link leads to the others."""

PLACELESS = 10

LOWEST_PX, HIGHEST_PX, HEIGHT_PX = 300, 2_000, 640

CODE_FORM = Parameters(
    Parameter("category", Code(), "Slug of a category."),
    Parameter("district", Code(), "Code of a district."),
    Parameter("language", Code(), "Language spoken there."),
    Parameter(
        "height", Whole(LOWEST_PX, HIGHEST_PX), "Height in pixels.", default=HEIGHT_PX
    ),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be copied, and what it would show."""

    url: str
    code: str
    height: int


@page
def embed_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/embed/`, with the filters of the finder."""
    question = question_of(request)
    found = find(
        question.filters,
        language.code,
        now=timezone.now(),
        placed=Slice(ENTRIES),
        placeless=Slice(PLACELESS),
    )
    whole = reverse("web:finder", args=[language.code])
    query = question.query()
    answer = render(
        request,
        language,
        "service/embed.html",
        {
            "question": question,
            "found": found,
            "n": found.counts.placed + found.counts.placeless,
            "n_shown": len(found.placed) + len(found.placeless),
            "whole_url": f"{whole}?{query}" if query else whole,
            "kept": [
                pair for pair in question.pairs() if pair[0] not in ("q", "open_at")
            ],
            "page_data": map_page(
                language,
                current_municipality(request),
                level=DistrictLevel.NEIGHBOURHOOD.value,
                points=f"{addresses.SERVICE_POINTS}?"
                + question.api_query(lang=language.code, limit="1000"),
            ),
        },
        section="",
    )
    return framed(request, answer)


@page
def embed_code_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/embed/code`: choose, look, copy."""
    values = read_form(request, CODE_FORM)
    height = values.pop("height")
    city, lang = settings.DEFAULT_MUNICIPALITY, language.code
    check_codes({name: (code,) for name, code in values.items() if code})
    hoods = [
        row
        for row in districts(city, lang)
        if row.level == DistrictLevel.NEIGHBOURHOOD.value
    ]
    return render(
        request,
        language,
        "service/embed_code.html",
        {
            "values": values,
            "frame": frame_of(request, lang, values, height),
            "kinds": families(terms(("category",), lang)["category"]),
            "districts": hoods,
            "languages": [
                (code, language_name(code, lang)) for code in spoken_languages()
            ],
            "lowest": LOWEST_PX,
            "highest": HIGHEST_PX,
            "may_be_framed_by": settings.EMBED_ON,
        },
        section="",
    )


def frame_of(
    request: HttpRequest, lang: str, values: dict[str, str | None], height: int
) -> Frame:
    """Return the frame that shows the finder with some filters."""
    query = urlencode({name: code for name, code in values.items() if code})
    path = reverse("web:embed", args=[lang]) + (f"?{query}" if query else "")
    url = request.build_absolute_uri(path)
    # Text to be shown, not markup of ours: the template escapes it once more.
    code = (
        f'<iframe src="{escape(url)}" title="GeoACCMR" width="100%" height="{height}"'
        ' loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
    return Frame(path, code, height)


def framed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Return an answer that the pages of EMBED_ON may hold in a frame."""
    answer.headers["Content-Security-Policy"] = content_security_policy(
        getattr(request, "csp_nonce", ""),
        hosts=basemap_hosts(settings),
        framed_by=("'self'", *settings.EMBED_ON),
    )
    # The older header knows no list; browsers that know the policy pass it over.
    answer.xframe_options_exempt = True
    return answer
