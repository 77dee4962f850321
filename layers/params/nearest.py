"""What may be asked near a spot."""

from dataclasses import replace
from typing import Any

from django.utils.timezone import now

from layers.errors import InvalidParameter
from layers.measures.walking import WALK_KMH
from layers.models.service import ServiceStatus
from layers.params.kinds import Choice, Flag, Number, Whole
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters
from layers.params.service_points import SERVICE_POINT_FILTERS, filters_of
from layers.published.nearest_question import NearestQuestion

_ACTIVE = (ServiceStatus.ACTIVE.value,)

NEAREST = (
    Parameters(
        Parameter(
            "lon",
            Number(-180, 180, private=True),
            "Longitude of the spot in degrees (WGS 84). It is not stored, not logged and "
            "not repeated in any answer.",
            required=True,
        ),
        Parameter(
            "lat",
            Number(-90, 90, private=True),
            "Latitude of the spot in degrees (WGS 84).",
            required=True,
        ),
        Parameter("limit", Whole(1, 100, clamps=True), "How many.", default=10),
        Parameter(
            "max_distance_m",
            Number(0, 2_000_000),
            "Metres in a straight line; what is just so far away is included.",
        ),
        Parameter(
            "mode",
            Choice(("walk",)),
            "How somebody gets there. Only on foot, and straight lines times a detour.",
            default="walk",
        ),
        Parameter("walk_kmh", Number(1, 10), "Walking speed.", default=WALK_KMH),
        Parameter("open_now", Flag(), "With true the same as `open_at=now`."),
    )
    + SERVICE_POINT_FILTERS.without("status")
    + Parameters(replace(SERVICE_POINT_FILTERS.by_name["status"], default=_ACTIVE))
    + Parameters(LANG)
)


def nearest_question(values: dict[str, Any], lang: str) -> NearestQuestion:
    """Return what a request's values ask.

    Raises
    ------
    InvalidParameter
        `open_now` beside another `open_at`.
    """
    moment = now()
    if values["open_now"]:
        if values["open_at"] is not None:
            raise InvalidParameter("open_now", "true", "one of open_now and open_at")
        minute = moment.replace(second=0, microsecond=0)
        values = {**values, "open_at": minute}
    return NearestQuestion(
        lon=values["lon"],
        lat=values["lat"],
        filters=filters_of(values),
        now=moment,
        lang=lang,
        limit=values["limit"],
        max_distance_m=values["max_distance_m"],
        walk_kmh=values["walk_kmh"],
    )
