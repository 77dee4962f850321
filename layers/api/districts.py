"""`/api/v1/districts`: the areas in which committees read the city."""

from layers.answers.answer import GEOJSON, JSON, Answer
from layers.api.components import collection, ref
from layers.api.openapi import Reply
from layers.api.pages import page
from layers.api.records import detail
from layers.api.serializers import DistrictFeature
from layers.api.views import Asked, GeoResource
from layers.models.district import DistrictLevel
from layers.params.kinds import Choice, Code, Number
from layers.params.languages import LANG
from layers.params.moments import Box
from layers.params.paging import LIMIT, cursor
from layers.params.reading import Parameter, Parameters
from layers.published.district import district_by_code, district_by_id
from layers.published.districts import GEOMETRIES, DistrictFilters, districts
from layers.published.vocabulary import check_codes

_FILTERS = Parameters(
    Parameter("municipality", Code(), "Slug of a municipality.", many=True),
    Parameter("level", Choice(DistrictLevel.values), "District level.", many=True),
    Parameter("code", Code(), "Code of a district.", many=True),
    Parameter("parent", Code(), "Code of the district that it lies in.", many=True),
    Parameter("bbox", Box(), "Districts that touch the box; west > east crosses 180°."),
)
_SHAPE = Parameters(
    Parameter(
        "geometry",
        Choice(GEOMETRIES),
        "The boundary, a point for the name, or none.",
        default="boundary",
    ),
    Parameter(
        "simplify",
        Number(0, 1000),
        "Metres by which a border may be straightened; 0 gives it as it is stored. Each "
        "district is simplified by itself, so neighbours no longer meet exactly.",
        default=0.0,
    ),
)
_PAGE = collection(ref("Feature"))


class Districts(GeoResource):
    """Districts in force, by level and code.

    `is_schematic` says that a boundary was drawn for show and is no official one.
    """

    parameters = _FILTERS + _SHAPE + Parameters(LIMIT, cursor(3), LANG)
    summary = "Districts"
    tag = "districts"
    reply = Reply({GEOJSON: _PAGE, JSON: _PAGE})

    def get(self, asked: Asked) -> Answer:
        """Return a page."""
        values = asked.values
        found = districts(
            DistrictFilters(**{p.name: values[p.name] for p in _FILTERS}),
            lang=asked.lang,
            limit=values["limit"],
            after=values["cursor"],
            geometry=values["geometry"],
            simplify_m=values["simplify"],
        )
        return page(
            asked,
            features=found.features,
            n=found.n,
            next_key=found.next_key,
            matched=found.matched,
            state=found.state,
            members={
                "is_schematic": found.is_schematic,
                "boundary_attribution": found.attribution,
            },
        )


class District(GeoResource):
    """One district by its id, with its names in every language."""

    summary = "One district"
    tag = "districts"
    reply = Reply({GEOJSON: DistrictFeature, JSON: DistrictFeature})

    def get(self, asked: Asked) -> Answer:
        """Return the feature."""
        found = district_by_id(asked.uuid("district"), lang=asked.lang)
        return detail(asked, DistrictFeature, *found)


class DistrictByCode(GeoResource):
    """One district by its level and code.

    Where several municipalities use the same code, `municipality` says which is meant.
    """

    parameters = Parameters(
        Parameter("municipality", Code(), "Slug of the municipality."), LANG
    )
    summary = "One district by its code"
    tag = "districts"
    reply = Reply({GEOJSON: DistrictFeature, JSON: DistrictFeature})

    def get(self, asked: Asked) -> Answer:
        """Return the feature."""
        municipality = asked.values["municipality"]
        if municipality:
            check_codes({"municipality": (municipality,)})
        found = district_by_code(
            asked.code("level", "district"),
            asked.code("code", "district"),
            lang=asked.lang,
            municipality=municipality,
        )
        return detail(asked, DistrictFeature, *found)
