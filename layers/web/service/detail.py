"""The page of one service, and its address as a QR code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import orjson
import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from layers.exchange.schema_org import service_document
from layers.published.pages import TermRow, Text, terms
from layers.published.service_details import (
    OtherHours,
    accessibility,
    service_extras,
)
from layers.published.service_pages import (
    PlaceRow,
    ServiceRow,
    names_of_districts,
    places,
    service,
)
from layers.web.language_names import language_name
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form
from layers.web.service.opening import Opening, opening_of
from layers.web.service.words import (
    language_mode,
    precision_words,
    referral_methods,
)

LONG_AGO = timedelta(days=180)
"""A verification that is older is shown with a warning."""

QR_SCALE, QR_BORDER = 4, 4
"""Pixels of a module, and modules of white around it, which scanners need."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place with what can be said of it now."""

    row: PlaceRow
    opening: Opening
    accessibility: list[Text]
    other_hours: list[OtherHours]
    precision: str


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language, and who speaks it where that is not the staff."""

    name: Text
    mode: str


@page
def service_page(
    request: HttpRequest, language: PageLanguage, service_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/service/<id>`; what is hidden answers as what does not exist."""
    read_form(request, NOTHING)
    city, lang, now = settings.DEFAULT_MUNICIPALITY, language.code, timezone.now()
    shown = service(service_id, city, lang)
    today = timezone.localdate(now)
    extras = service_extras(service_id, lang, today=today)
    found = places(service_id, city, lang, at=now, extras=extras)
    known = terms(("category", "population_group"), lang)
    first = found[0]  # a service is published only with a row to show
    kinds = named(known["category"], first.categories, leaves=True)
    url = request.build_absolute_uri(reverse("web:service", args=[lang, service_id]))
    verified = shown.assured_date
    return render(
        request,
        language,
        "service/detail.html",
        {
            "service": shown,
            "places": shown_places(shown, found, extras.other_hours, lang),
            "extras": extras,
            "categories": kinds,
            "groups": named(known["population_group"], first.groups),
            "languages": spoken(first, lang),
            "referral_methods": referral_methods(
                shown.referral_method, language.interface
            ),
            "serves": serves(found, city, lang),
            "is_verified_long_ago": verified is not None
            and today - verified > LONG_AGO,
            "is_callable": any(place.phones for place in found)
            or bool(shown.organization_phone),
            "now": now,
            "url": url,
            "json_ld": as_script(
                service_document(shown, found, extras, url=url, kinds=kinds)
            ),
        },
        section="",
    )


@page
def service_qr(
    request: HttpRequest, language: PageLanguage, service_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/service/<id>/qr.svg`: the page's address for another phone."""
    read_form(request, NOTHING)
    service(service_id, settings.DEFAULT_MUNICIPALITY, language.code)
    path = reverse("web:service", args=[language.code, service_id])
    code = segno.make(request.build_absolute_uri(path), error="m", micro=False)
    drawn = BytesIO()
    code.save(
        drawn, kind="svg", scale=QR_SCALE, border=QR_BORDER, light="#fff", dark="#000"
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def shown_places(
    shown: ServiceRow,
    found: Sequence[PlaceRow],
    other_hours: Sequence[OtherHours],
    lang: str,
) -> list[ShownPlace]:
    """Return places with what can be said of each now."""
    said = accessibility([p.location_id for p in found if p.location_id], lang)
    return [
        ShownPlace(
            row=place,
            opening=opening_of(
                place.hours, shown.status, by_appointment=place.by_appointment
            ),
            accessibility=said.get(place.location_id, []) if place.location_id else [],
            other_hours=[
                row for row in other_hours if row.service_point_id in (None, place.id)
            ],
            precision=precision_words(place.precision) if place.lon is not None else "",
        )
        for place in found
    ]


def spoken(place: PlaceRow, lang: str) -> list[SpokenLanguage]:
    """Return the languages of a service by name, with who speaks them."""
    found = [
        SpokenLanguage(
            language_name(code, lang), language_mode(place.language_modes.get(code, ""))
        )
        for code in sorted({*place.languages, *place.language_modes})
    ]
    return sorted(found, key=lambda each: (bool(each.mode), each.name.value))


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


def as_script(document: dict[str, object]) -> SafeString:
    """Return JSON that can stand inside a script element, whatever texts it holds."""
    text = orjson.dumps(document).decode()
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return mark_safe(text)  # noqa: S308 (no markup is left in it)
