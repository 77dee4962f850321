"""Services as schema.org describes them, for search engines and assistants.

References
----------
https://schema.org/Service, https://schema.org/ServiceChannel
"""

from collections.abc import Sequence
from typing import Any

from layers.published.pages import Text
from layers.published.service_details import ServiceExtras
from layers.published.service_hours import DayHours
from layers.published.service_pages import PlaceRow, ServiceRow

CONTEXT = "https://schema.org"
DAY_MIN = 1440


def service_document(
    service: ServiceRow,
    places: Sequence[PlaceRow],
    extras: ServiceExtras,
    *,
    url: str,
    kinds: Sequence[Text],
) -> dict[str, Any]:
    """Return a service as a JSON-LD document.

    Parameters
    ----------
    service, places, extras
        As they may be published: what is protected has no address and no point here.
    url : str
        Absolute address of the page about it.
    kinds : sequence of Text
        Names of its categories.

    Returns
    -------
    dict
        Members that nothing is known of are left out.
    """
    said = {
        "@context": CONTEXT,
        "@type": "Service",
        "@id": url,
        "url": url,
        "name": service.name.value,
        "inLanguage": service.name.lang,
        "description": service.description.value,
        "serviceType": [kind.value for kind in kinds],
        "provider": _filled(
            {
                "@type": "Organization",
                "name": service.organization.value,
                "url": service.organization_url,
                "telephone": service.organization_phone,
                "email": service.organization_email,
            }
        ),
        "audience": _audience(service),
        "availableChannel": [_channel(service, place) for place in places],
        "offers": [
            {"@type": "Offer", "price": cost.amount, "priceCurrency": cost.currency}
            for cost in extras.costs
            if cost.amount is not None
        ],
    }
    return _filled(said)


def _audience(service: ServiceRow) -> dict[str, Any]:
    said = _filled(
        {
            "suggestedMinAge": service.minimum_age,
            "suggestedMaxAge": service.maximum_age,
            "suggestedGender": {"women": "female", "men": "male"}.get(service.gender),
        }
    )
    return {"@type": "PeopleAudience", **said} if said else {}


def _channel(service: ServiceRow, place: PlaceRow) -> dict[str, Any]:
    return _filled(
        {
            "@type": "ServiceChannel",
            "availableLanguage": list(place.languages),
            "serviceUrl": service.url,
            "servicePhone": [
                {"@type": "ContactPoint", "telephone": phone} for phone in place.phones
            ],
            "serviceLocation": _place(place),
        }
    )


def _place(place: PlaceRow) -> dict[str, Any]:
    """Return where it is, as far as anybody may know: a protected place is its district."""
    if place.is_protected:
        district = place.district.value
        return {"@type": "Place", "name": district} if district else {}
    if not place.has_place:
        return {}
    address = _filled(
        {
            "streetAddress": place.address.value,
            "postalCode": place.postal_code,
            "addressLocality": place.city.value,
        }
    )
    return _filled(
        {
            "@type": "Place",
            "name": place.name.value,
            "address": {"@type": "PostalAddress", **address} if address else {},
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": place.lat,
                "longitude": place.lon,
            }
            if place.lon is not None
            else {},
            "specialOpeningHoursSpecification": [
                hours for day in place.hours.week for hours in _day(day)
            ],
        }
    )


def _day(day: DayHours) -> list[dict[str, str]]:
    """Return the hours of one date; a closed day opens and closes at midnight."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": day.day.isoformat(),
            "validThrough": day.day.isoformat(),
            "opens": _clock(opens),
            "closes": _clock(closes),
        }
        for opens, closes in day.spans or ((0, 0),)
    ]


def _clock(minute: int) -> str:
    """Return a time of day; the end of a whole day is 23:59, as search engines want it."""
    if minute == DAY_MIN:
        return "23:59"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members that say something; 0 says something."""
    return {
        key: said for key, said in members.items() if said not in ("", None, [], {})
    }
