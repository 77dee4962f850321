"""The page of one service."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from layers.published.pages import TermRow, Text, terms
from layers.published.service_pages import (
    PlaceRow,
    names_of_districts,
    places,
    service,
)
from layers.web.language_names import language_name
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form


@page
def service_page(
    request: HttpRequest, language: PageLanguage, service_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/service/<id>`; what is hidden answers as what does not exist."""
    read_form(request, NOTHING)
    city, lang = settings.DEFAULT_MUNICIPALITY, language.code
    shown = service(service_id, city, lang)
    found = places(service_id, city, lang, at=timezone.now())
    known = terms(("category", "population_group"), lang)
    first = found[0]  # a service is published only with a row to show
    return render(
        request,
        language,
        "service.html",
        {
            "service": shown,
            "places": found,
            "categories": named(known["category"], first.categories, leaves=True),
            "groups": named(known["population_group"], first.groups),
            "languages": [language_name(code, lang) for code in first.languages],
            "serves": serves(found, city, lang),
        },
        section="",
    )


def named(
    rows: list[TermRow], slugs: tuple[str, ...], *, leaves: bool = False
) -> list[Text]:
    """Return the names of terms, in the order of their taxonomy.

    With `leaves` those that stand only above another one are left out.
    """
    above = {row.parent for row in rows if row.slug in slugs} if leaves else set()
    return [row.name for row in rows if row.slug in slugs and row.slug not in above]


def serves(found: list[PlaceRow], municipality_slug: str, lang: str) -> list[Text]:
    """Return the districts that a service serves; none where it serves them all."""
    codes = {code for place in found for code in place.serves_codes}
    if not codes or any(place.serves_everywhere for place in found):
        return []
    return names_of_districts(municipality_slug, codes, lang)
