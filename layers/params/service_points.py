"""The parameters by which service points are chosen, wherever they are asked for."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from layers.models.service import (
    Audience,
    DeliveryMode,
    Gender,
    ServiceStatus,
    StepFree,
)
from layers.params.kinds import Choice, Code, Number, Uuid, Whole, Words
from layers.params.moments import Box, Moment
from layers.params.reading import Parameter, Parameters
from layers.published.filters import SHOWN_STATUS, ServicePointFilters

SERVICE_POINT_FILTERS = Parameters(
    Parameter(
        "municipality",
        Code(),
        "Slug of a municipality; all of them without it.",
        many=True,
    ),
    Parameter(
        "bbox",
        Box(),
        "Points in the box, edges included; west > east crosses the antimeridian. What has "
        "no point lies in every box (OGC API - Features 7.15.3).",
    ),
    Parameter(
        "district",
        Code(),
        "Code of a district of any level: what is located there and, of services without a "
        "place, what serves it.",
        many=True,
    ),
    Parameter("committee", Code(), "Slug of a working committee.", many=True),
    Parameter(
        "category", Code(), "Slug of a category; takes in those below it.", many=True
    ),
    Parameter(
        "group",
        Code(),
        "Slug of a population group: services for it, for groups above or below it, and "
        "services for everybody (no group named, or `general-public`).",
        many=True,
    ),
    Parameter(
        "language",
        Code(),
        "Language (ISO 639) spoken by staff or an interpreter; on request is not enough.",
        many=True,
    ),
    Parameter(
        "audience",
        Choice(Audience.values),
        "Who may turn to it; services for `both` are kept with either.",
        many=True,
    ),
    Parameter(
        "organization", Uuid(), "Id of the organization that offers it.", many=True
    ),
    Parameter(
        "status",
        Choice(ServiceStatus.values),
        "Whether it operates.",
        many=True,
        default=SHOWN_STATUS,
    ),
    Parameter(
        "gender",
        Choice(Gender.values),
        "Whom it admits; services for `any` are kept with `women` and `men`.",
        many=True,
    ),
    Parameter(
        "age", Number(0, 130), "Age in years that it admits, or it says nothing of age."
    ),
    Parameter(
        "step_free",
        Choice(StepFree.values),
        "Whether the way in has no step.",
        many=True,
    ),
    Parameter(
        "delivery_mode",
        Choice(DeliveryMode.values),
        "How it reaches people.",
        many=True,
    ),
    Parameter(
        "referral_required",
        Choice(("true", "false", "unknown")),
        "Whether somebody has to refer.",
        many=True,
    ),
    Parameter(
        "open_at",
        Moment(),
        "Open then for walk-in, on the clock and the public holidays of its municipality. "
        "Unknown hours are not open.",
    ),
    Parameter(
        "verified_within_days",
        Whole(0, 36_500),
        "Somebody verified it within so many days; a change of its text is no verification.",
    ),
    Parameter(
        "q",
        Words(),
        "Words that all occur in names, organization, place, address or categories; case, "
        "accents and Greek or Latin spelling do not matter. A word of five letters or more "
        "that occurs nowhere stands for those one slip beside it.",
    ),
)


def filters_of(values: dict[str, Any]) -> ServicePointFilters:
    """Return the filters among a request's values; other names are passed over."""
    days = values["verified_within_days"]
    asked: dict[str, Any] = {
        name: values[name]
        for name in SERVICE_POINT_FILTERS.by_name
        if name != "verified_within_days"
    }
    since = None if days is None else localdate() - timedelta(days=days)
    return ServicePointFilters(**asked, verified_since=since)
