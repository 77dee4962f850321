"""`/api/v1/organizations`, `/services`, `/locations`: who, what and where, in full."""

from dataclasses import replace
from typing import Any, ClassVar

import orjson
from rest_framework.serializers import Serializer

from layers.answers.answer import GEOJSON, JSON, Answer
from layers.api.components import collection, listing, ref
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.pages import page
from layers.api.serializers import (
    LocationFeature,
    OrganizationSerializer,
    ServiceSerializer,
)
from layers.api.service_points import PAGING, key_of
from layers.api.views import Asked, GeoResource, Resource
from layers.params.reading import Parameters
from layers.params.service_points import SERVICE_POINT_FILTERS, filters_of
from layers.published.directory import Listing, records
from layers.published.records import (
    LocationRecord,
    OrganizationRecord,
    ServiceRecord,
    record,
)
from layers.published.versions import DataState

# A filter speaks of service points; a record is listed where one of its own passes.
_OF_ANY_STATUS = SERVICE_POINT_FILTERS.without("status") + Parameters(
    replace(
        SERVICE_POINT_FILTERS.by_name["status"],
        description="Whether a service of it operates; any without it.",
        default=None,
    )
)
_ITEM: dict[str, Any] = {"type": "object", "required": ["id", "name", "name_lang"]}


def detail(
    asked: Asked, serializer: type["Serializer[Any]"], row: object, state: DataState
) -> Answer:
    """Return the answer for one record."""
    own = serializer(row).data
    # What the record says of itself (demo, updated_at) goes before what the data says.
    said = {**metadata(asked.lang, state=state), **own}
    return Answer(orjson.dumps(said), asked.media_type, asked.lang, state)


class _Listing(Resource):
    kind: ClassVar[Listing]

    def get(self, asked: Asked) -> Answer:
        """Return a page."""
        values = asked.values
        found = records(
            self.kind,
            filters_of(values),
            lang=asked.lang,
            limit=values["limit"],
            after=key_of(values["cursor"]),
            count=values["count"],
        )
        return page(
            asked,
            features=found.items,
            n=found.n,
            next_key=None if found.next_key is None else (found.next_key,),
            matched=found.matched,
            state=found.state,
            is_geojson=self.kind is Listing.LOCATIONS,
        )


class Organizations(_Listing):
    """Organizations with at least one service point that matches, by id."""

    kind = Listing.ORGANIZATIONS
    parameters = _OF_ANY_STATUS + PAGING
    summary = "Organizations"
    tag = "directory"
    reply = Reply({JSON: listing(_ITEM)})


class Organization(Resource):
    """One organization with all its texts."""

    summary = "One organization"
    tag = "directory"
    reply = Reply({JSON: OrganizationSerializer})

    def get(self, asked: Asked) -> Answer:
        """Return the record."""
        found = record(OrganizationRecord, asked.uuid("organization"), lang=asked.lang)
        return detail(asked, OrganizationSerializer, *found)


class Services(_Listing):
    """Services with at least one service point that matches, by id.

    Without `status` those are listed that are active or closed for a time.
    """

    kind = Listing.SERVICES
    parameters = SERVICE_POINT_FILTERS + PAGING
    summary = "Services"
    tag = "directory"
    reply = Reply({JSON: listing(_ITEM)})


class Service(Resource):
    """One service with all its texts, and the ids of its service points."""

    summary = "One service"
    tag = "directory"
    reply = Reply({JSON: ServiceSerializer})

    def get(self, asked: Asked) -> Answer:
        """Return the record."""
        found = record(ServiceRecord, asked.uuid("service"), lang=asked.lang)
        return detail(asked, ServiceSerializer, *found)


class Locations(_Listing, GeoResource):
    """Public places with at least one service point that matches, by id."""

    kind = Listing.LOCATIONS
    parameters = _OF_ANY_STATUS + PAGING
    summary = "Locations"
    tag = "directory"
    reply = Reply(
        {GEOJSON: collection(ref("Feature")), JSON: collection(ref("Feature"))}
    )


class Location(GeoResource):
    """One public place with all its texts."""

    summary = "One location"
    tag = "directory"
    reply = Reply({GEOJSON: LocationFeature, JSON: LocationFeature})

    def get(self, asked: Asked) -> Answer:
        """Return the feature."""
        found = record(LocationRecord, asked.uuid("location"), lang=asked.lang)
        return detail(asked, LocationFeature, *found)
