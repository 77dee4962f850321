"""`/api/v1/activities` and `/open-calls`: what happens next, and what is offered or needed."""

from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.utils import timezone

from layers.answers.answer import JSON, Answer
from layers.api.components import listing
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.views import Asked, Resource
from layers.params.events import ACTIVITY_FILTERS, CALL_FILTERS
from layers.params.kinds import Code
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters
from layers.published.events import ActivityRow, CallRow, activities, calls
from layers.published.pages import Text
from layers.published.vocabulary import check_codes

_WHERE = Parameters(
    Parameter(
        "municipality",
        Code(),
        "Slug of a municipality; without it the one this deployment is for.",
    )
)
_ITEM: dict[str, Any] = {"type": "object", "required": ["id", "name", "name_lang"]}


class _Events(Resource):
    tag = "directory"
    reply = Reply({JSON: listing(_ITEM)})
    # What is next depends on the clock, not only on the data.
    is_kept: ClassVar[bool] = False

    def rows(self, asked: Asked, city: str, values: dict[str, Any]) -> list[Any]:
        """Return what was asked for, as JSON will say it."""
        raise NotImplementedError

    def get(self, asked: Asked) -> Answer:
        """Return the list."""
        values = dict(asked.values)
        values.pop("lang")
        city = values.pop("municipality") or settings.DEFAULT_MUNICIPALITY
        check_codes({"municipality": (city,)})
        items = self.rows(asked, city, values)
        said = {
            "numberReturned": len(items),
            **metadata(asked.lang, municipality=(city,)),
            "items": items,
        }
        return Answer(orjson.dumps(said), JSON, asked.lang)


class Activities(_Events):
    """Activities that are not over, the next first.

    What repeats stands once: `next_at` is when it happens next, `recurrence` its rule
    (RRULE of RFC 5545), from `starts_at` on. At a protected place only the district is
    told; one at a hidden place is not here.
    """

    parameters = _WHERE + ACTIVITY_FILTERS + Parameters(LANG)
    summary = "Activities"

    def rows(self, asked: Asked, city: str, values: dict[str, Any]) -> list[Any]:
        """Return the activities."""
        found = activities(city, asked.lang, now=timezone.now(), **values)
        return [_activity(row) for row in found]


class OpenCalls(_Events):
    """Offers and needs of organizations that have not closed."""

    parameters = _WHERE + CALL_FILTERS + Parameters(LANG)
    summary = "Open calls"

    def rows(self, asked: Asked, city: str, values: dict[str, Any]) -> list[Any]:
        """Return the calls."""
        today = timezone.localdate()
        return [_call(row) for row in calls(city, asked.lang, today=today, **values)]


def _activity(row: ActivityRow) -> dict[str, Any]:
    return {
        "id": row.id,
        **_texts(name=row.name, description=row.description),
        **_texts(organization=row.organization, place=row.place, address=row.address),
        **_texts(city=row.city, district=row.district),
        "lon": row.lon,
        "lat": row.lat,
        "is_protected": row.is_protected,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "recurrence": row.recurrence or None,
        "next_at": row.next_at,
        "next_ends_at": row.next_ends_at,
        "registration_required": row.registration_required,
        "categories": row.categories,
        "url": row.url or None,
        "demo": row.is_demo,
        "updated_at": row.updated_at,
    }


def _call(row: CallRow) -> dict[str, Any]:
    return {
        "id": row.id,
        **_texts(name=row.name, description=row.description),
        **_texts(organization=row.organization, committee=row.committee),
        **_texts(district=row.district),
        "kind": row.kind,
        "opens_on": row.opens_on,
        "closes_on": row.closes_on,
        "url": row.url or None,
        "demo": row.is_demo,
        "updated_at": row.updated_at,
    }


def _texts(**texts: Text) -> dict[str, str | None]:
    """Return each text with the language that it is in; null where nothing was said."""
    said: dict[str, str | None] = {}
    for name, text in texts.items():
        said[name] = text.value or None
        said[f"{name}_lang"] = text.lang or None
    return said
