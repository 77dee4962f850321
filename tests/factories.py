"""One factory per model; points come from a small grid, never from the whole globe."""

import datetime as dt
from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from factory.django import DjangoModelFactory

from layers import models

ORIGIN = (23.72, 37.98)
STEP = 0.01


def grid_point(n: int) -> Point:
    """Return the n-th point of a 10 x 10 grid over Athens, east first."""
    return Point(
        ORIGIN[0] + STEP * (n % 10), ORIGIN[1] + STEP * (n // 10 % 10), srid=4326
    )


def square(lon: float, lat: float, size: float = STEP) -> MultiPolygon:
    """Return the square whose south-west corner is (lon, lat)."""
    ring = (
        (lon, lat),
        (lon + size, lat),
        (lon + size, lat + size),
        (lon, lat + size),
        (lon, lat),
    )
    return MultiPolygon(Polygon(ring, srid=4326), srid=4326)


def texts(word: str) -> Any:
    return factory.Sequence(lambda n: {"el": f"{word} {n} el", "en": f"{word} {n}"})


class MunicipalityFactory(DjangoModelFactory[models.Municipality]):
    class Meta:
        model = models.Municipality

    code = factory.Sequence(lambda n: f"9{n:03d}")
    slug = factory.Sequence(lambda n: f"city-{n}")
    names = texts("City")
    boundary = square(*ORIGIN, 0.1)
    languages = ["el", "en"]


class DistrictFactory(DjangoModelFactory[models.District]):
    class Meta:
        model = models.District

    municipality = factory.SubFactory(MunicipalityFactory)
    level = "neighbourhood"
    code = factory.Sequence(lambda n: f"N{n:02d}")
    names = texts("District")
    boundary = factory.LazyFunction(lambda: square(*ORIGIN))
    label_point = factory.LazyAttribute(lambda d: d.boundary.centroid)
    area_m2 = 1.0


class DistrictIndicatorFactory(DjangoModelFactory[models.DistrictIndicator]):
    class Meta:
        model = models.DistrictIndicator

    district = factory.SubFactory(DistrictFactory)
    year = 2021
    name = "population"
    value = 1000.0
    source = factory.Sequence(lambda n: f"register {n}")
    quality = "modelled"


class TaxonomyFactory(DjangoModelFactory[models.Taxonomy]):
    class Meta:
        model = models.Taxonomy
        django_get_or_create = ("slug",)

    slug = "category"
    names = {"en": "Category"}


class TaxonomyTermFactory(DjangoModelFactory[models.TaxonomyTerm]):
    class Meta:
        model = models.TaxonomyTerm

    taxonomy = factory.SubFactory(TaxonomyFactory)
    slug = factory.Sequence(lambda n: f"term-{n}")
    names = texts("Term")
    parent = None
    path = factory.LazyAttribute(
        lambda t: [*(t.parent.path if t.parent else []), t.slug]
    )


class TermLinkFactory(DjangoModelFactory[models.TermLink]):
    class Meta:
        model = models.TermLink

    relation = "category_committee"
    term = factory.SubFactory(TaxonomyTermFactory)
    other = factory.SubFactory(TaxonomyTermFactory, taxonomy__slug="committee")


class OrganizationFactory(DjangoModelFactory[models.Organization]):
    class Meta:
        model = models.Organization

    municipality = factory.SubFactory(MunicipalityFactory)
    names = texts("Organization")
    org_type = "ngo_local"


class UserFactory(DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")


class MembershipFactory(DjangoModelFactory[models.Membership]):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    role = "coordinator"


class ServiceFactory(DjangoModelFactory[models.Service]):
    class Meta:
        model = models.Service

    organization = factory.SubFactory(OrganizationFactory)
    municipality = factory.SelfAttribute("organization.municipality")
    names = texts("Service")
    moderation_state = "published"


class AttributeFactory(DjangoModelFactory[models.Attribute]):
    class Meta:
        model = models.Attribute

    service = factory.SubFactory(ServiceFactory)
    term = factory.SubFactory(TaxonomyTermFactory)


class LocationFactory(DjangoModelFactory[models.Location]):
    class Meta:
        model = models.Location

    municipality = factory.SubFactory(MunicipalityFactory)
    names = texts("Place")
    address = texts("Street")
    point = factory.Sequence(grid_point)
    precision = "rooftop"


class LocationDistrictFactory(DjangoModelFactory[models.LocationDistrict]):
    class Meta:
        model = models.LocationDistrict

    location = factory.SubFactory(LocationFactory)
    level = "neighbourhood"


class AccessibilityFactory(DjangoModelFactory[models.Accessibility]):
    class Meta:
        model = models.Accessibility

    location = factory.SubFactory(LocationFactory)
    description = {"en": "Ramp"}


class ServiceAtLocationFactory(DjangoModelFactory[models.ServiceAtLocation]):
    class Meta:
        model = models.ServiceAtLocation

    service = factory.SubFactory(ServiceFactory)
    location = factory.SubFactory(
        LocationFactory, municipality=factory.SelfAttribute("..service.municipality")
    )


class ServiceAreaFactory(DjangoModelFactory[models.ServiceArea]):
    class Meta:
        model = models.ServiceArea

    service = factory.SubFactory(ServiceFactory)
    scope = "municipality"


class ScheduleFactory(DjangoModelFactory[models.Schedule]):
    class Meta:
        model = models.Schedule

    service = factory.SubFactory(ServiceFactory)
    byday = ["MO", "TU", "WE", "TH", "FR"]
    opens_at = dt.time(9)
    closes_at = dt.time(17)


class ScheduleExceptionFactory(DjangoModelFactory[models.ScheduleException]):
    class Meta:
        model = models.ScheduleException

    service = factory.SubFactory(ServiceFactory)
    starts_on = dt.date(2026, 8, 1)
    ends_on = dt.date(2026, 8, 31)


class ServiceLanguageFactory(DjangoModelFactory[models.ServiceLanguage]):
    class Meta:
        model = models.ServiceLanguage

    service = factory.SubFactory(ServiceFactory)
    code = "fa"


class PhoneFactory(DjangoModelFactory[models.Phone]):
    class Meta:
        model = models.Phone

    service = factory.SubFactory(ServiceFactory)
    number = "210 000 0000"


class ContactFactory(DjangoModelFactory[models.Contact]):
    class Meta:
        model = models.Contact

    service = factory.SubFactory(ServiceFactory)
    name = "Focal point"


class CostOptionFactory(DjangoModelFactory[models.CostOption]):
    class Meta:
        model = models.CostOption

    service = factory.SubFactory(ServiceFactory)
    amount = 0


class RequiredDocumentFactory(DjangoModelFactory[models.RequiredDocument]):
    class Meta:
        model = models.RequiredDocument

    service = factory.SubFactory(ServiceFactory)
    document = {"en": "Asylum seeker's card"}


class FundingFactory(DjangoModelFactory[models.Funding]):
    class Meta:
        model = models.Funding

    service = factory.SubFactory(ServiceFactory)
    source = "Municipality"


class ServiceCapacityFactory(DjangoModelFactory[models.ServiceCapacity]):
    class Meta:
        model = models.ServiceCapacity

    service = factory.SubFactory(ServiceFactory)
    unit = "places"
    maximum = 20


class ServiceStandardFactory(DjangoModelFactory[models.ServiceStandard]):
    class Meta:
        model = models.ServiceStandard

    municipality = factory.SubFactory(MunicipalityFactory)
    category = factory.SubFactory(TaxonomyTermFactory)
    max_walk_min = 15


class DemandPointFactory(DjangoModelFactory[models.DemandPoint]):
    class Meta:
        model = models.DemandPoint

    municipality = factory.SubFactory(MunicipalityFactory)
    point = factory.Sequence(grid_point)
    population = 100
    source = "test"
    vintage = 2021
    quality = "modelled"


class StreetNetworkFactory(DjangoModelFactory[models.StreetNetwork]):
    class Meta:
        model = models.StreetNetwork

    municipality = factory.SubFactory(MunicipalityFactory)
    source = "© OpenStreetMap contributors"
    licence = "ODbL 1.0"
    digest = "0" * 64
    imported_at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


class StreetNodeFactory(DjangoModelFactory[models.StreetNode]):
    class Meta:
        model = models.StreetNode

    municipality = factory.SubFactory(MunicipalityFactory)
    source_id = factory.Sequence(lambda n: n)
    point = factory.Sequence(grid_point)


class StreetEdgeFactory(DjangoModelFactory[models.StreetEdge]):
    class Meta:
        model = models.StreetEdge

    start = factory.SubFactory(StreetNodeFactory)
    end = factory.SubFactory(StreetNodeFactory)
    municipality = factory.SelfAttribute("start.municipality")
    line = LineString((23.72, 37.98), (23.73, 37.98), srid=4326)
    length_m = 878.0


class ScenarioFactory(DjangoModelFactory[models.Scenario]):
    class Meta:
        model = models.Scenario

    municipality = factory.SubFactory(MunicipalityFactory)
    names = texts("Scenario")


class ScenarioChangeFactory(DjangoModelFactory[models.ScenarioChange]):
    class Meta:
        model = models.ScenarioChange

    scenario = factory.SubFactory(ScenarioFactory)
    kind = "close"
    service_at_location = factory.SubFactory(ServiceAtLocationFactory)


class AnalysisRunFactory(DjangoModelFactory[models.AnalysisRun]):
    class Meta:
        model = models.AnalysisRun

    municipality = factory.SubFactory(MunicipalityFactory)
    kind = "coverage"
    parameters = {"level": "neighbourhood"}
    data_versions = {"service_points": 1}
    code_version = "test"
    hash = factory.Sequence(lambda n: f"{n:064x}")
    finished_at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


class RunInForceFactory(DjangoModelFactory[models.RunInForce]):
    class Meta:
        model = models.RunInForce

    run = factory.SubFactory(AnalysisRunFactory)
    municipality = factory.SelfAttribute("run.municipality")
    level = "neighbourhood"
    term_kind = "category"
    threshold_min = 15
    since = factory.Sequence(
        lambda n: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=n)
    )


class ListedPlaceFactory(DjangoModelFactory[models.ListedPlace]):
    class Meta:
        model = models.ListedPlace

    municipality = factory.SubFactory(MunicipalityFactory)
    service_point_id = factory.LazyFunction(uuid4)
    service_id = factory.LazyFunction(uuid4)


class AnalysisJobFactory(DjangoModelFactory[models.AnalysisJob]):
    class Meta:
        model = models.AnalysisJob

    municipality = factory.SubFactory(MunicipalityFactory)
    kind = "question"
    hash = factory.Sequence(lambda n: f"{n:064x}")


class AnalysisStepFactory(DjangoModelFactory[models.AnalysisStep]):
    class Meta:
        model = models.AnalysisStep

    job = factory.SubFactory(AnalysisJobFactory)
    position = 0
    parameters = {"level": "neighbourhood"}


class ResultRowFactory(DjangoModelFactory[models.ResultRow]):
    class Meta:
        model = models.ResultRow

    run = factory.SubFactory(AnalysisRunFactory)
    level = "neighbourhood"
    district_code = factory.Sequence(lambda n: f"N{n:02d}")
    term_kind = "category"
    term = "health"
    residents = 100


class SituationFactory(DjangoModelFactory[models.Situation]):
    class Meta:
        model = models.Situation

    municipality = factory.SubFactory(MunicipalityFactory)
    names = texts("Situation")
    starts_at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)


class ServiceRevisionFactory(DjangoModelFactory[models.ServiceRevision]):
    class Meta:
        model = models.ServiceRevision

    service = factory.SubFactory(ServiceFactory)
    number = factory.Sequence(lambda n: n + 1)
    state = "published"


class VerificationEventFactory(DjangoModelFactory[models.VerificationEvent]):
    class Meta:
        model = models.VerificationEvent

    service = factory.SubFactory(ServiceFactory)
    verified_on = dt.date(2026, 11, 1)
    method = "phone"
    outcome = "confirmed"


class FeedbackFactory(DjangoModelFactory[models.Feedback]):
    class Meta:
        model = models.Feedback

    service = factory.SubFactory(ServiceFactory)
    kind = "closed"


class ServiceRequestFactory(DjangoModelFactory[models.ServiceRequest]):
    class Meta:
        model = models.ServiceRequest

    municipality = factory.SubFactory(MunicipalityFactory)
    category = factory.SubFactory(TaxonomyTermFactory)


class SenderKeyFactory(DjangoModelFactory[models.SenderKey]):
    class Meta:
        model = models.SenderKey

    day = factory.Sequence(lambda n: dt.date(2026, 1, 1) + dt.timedelta(days=n))
    key = b"0" * 32


class SenderTallyFactory(DjangoModelFactory[models.SenderTally]):
    class Meta:
        model = models.SenderTally

    day = factory.SubFactory(SenderKeyFactory)
    hour = 12
    sender = b"0" * 16


class SearchLogRowFactory(DjangoModelFactory[models.SearchLogRow]):
    class Meta:
        model = models.SearchLogRow

    municipality = factory.SubFactory(MunicipalityFactory)
    week = dt.date(2026, 11, 16)
    n_searches = 20


class ActivityFactory(DjangoModelFactory[models.Activity]):
    class Meta:
        model = models.Activity

    organization = factory.SubFactory(OrganizationFactory)
    municipality = factory.SelfAttribute("organization.municipality")
    names = texts("Activity")
    starts_at = dt.datetime(2026, 12, 1, 18, tzinfo=dt.UTC)
    moderation_state = "published"


class OpenCallFactory(DjangoModelFactory[models.OpenCall]):
    class Meta:
        model = models.OpenCall

    organization = factory.SubFactory(OrganizationFactory)
    municipality = factory.SelfAttribute("organization.municipality")
    kind = "need"
    names = texts("Call")
    moderation_state = "published"


class ExchangeLinkFactory(DjangoModelFactory[models.ExchangeLink]):
    class Meta:
        model = models.ExchangeLink

    partner = "synathina"
    direction = "out"
    service = factory.SubFactory(ServiceFactory)


class DataVersionFactory(DjangoModelFactory[models.DataVersion]):
    class Meta:
        model = models.DataVersion
        django_get_or_create = ("name",)

    name = "service_points"
