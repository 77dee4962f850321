"""A city of two squares, drawn in metres, whose answers are hand arithmetic.

Neighbourhoods A (x from 0 to 1000 m) and B (1000 to 2000 m), each 1000 m high, make
community C and the municipality M. Metres count from a corner in EPSG:2100.
"""

from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from layers import models
from layers.directory.read_model import assign_districts, refresh_municipality
from tests import factories as make

CORNER = (476_000.0, 4_203_000.0)
SRID = 2100


def at(x: float, y: float = 500) -> Point:
    return Point(CORNER[0] + x, CORNER[1] + y, srid=SRID)


def box(x0: float, x1: float, y0: float = 0, y1: float = 1000) -> MultiPolygon:
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
    ring = [(CORNER[0] + x, CORNER[1] + y) for x, y in corners]
    return MultiPolygon(Polygon(ring, srid=SRID), srid=SRID)


class City:
    """The city, and the short ways of a test to put people and services into it."""

    def __init__(self) -> None:
        self.municipality = make.MunicipalityFactory(
            code="9186", slug="athens", boundary=box(0, 2000)
        )
        for level, code, x0, x1 in (
            ("neighbourhood", "A", 0, 1000),
            ("neighbourhood", "B", 1000, 2000),
            ("municipal_community", "C", 0, 2000),
            ("municipality", "M", 0, 2000),
        ):
            make.DistrictFactory(
                municipality=self.municipality,
                level=level,
                code=code,
                names={"en": f"District {code}"},
                boundary=box(x0, x1),
            )
        self.terms: dict[str, Any] = {}
        for slug, parent in (
            ("health", None),
            ("clinic", "health"),
            ("hospital", "health"),
            ("legal-aid", None),
        ):
            self.term("category", slug, parent)
        for slug, parent in (
            ("refugees-migrants", None),
            ("asylum-seekers", "refugees-migrants"),
            ("unaccompanied-minors", "asylum-seekers"),
            ("women", None),
            ("general-public", None),
        ):
            self.term("population_group", slug, parent)
        for slug in ("gender", "health"):
            self.terms[f"committee {slug}"] = make.TaxonomyTermFactory(
                taxonomy__slug="committee", slug=slug
            )
        for category in ("clinic", "hospital"):
            make.TermLinkFactory(
                term=self.terms[category], other=self.terms["committee health"]
            )
        self.organization = make.OrganizationFactory(municipality=self.municipality)

    def term(self, taxonomy: str, slug: str, parent: str | None) -> None:
        self.terms[slug] = make.TaxonomyTermFactory(
            taxonomy__slug=taxonomy,
            slug=slug,
            parent=self.terms[parent] if parent else None,
            position=len(self.terms),
        )

    def people(self, x: float, population: float, y: float = 500, **point: Any) -> Any:
        point.setdefault("quality", "census")
        return make.DemandPointFactory(
            municipality=self.municipality,
            point=at(x, y),
            population=population,
            **point,
        )

    def service(self, *terms: str, **service: Any) -> Any:
        """Return a service without a place."""
        service.setdefault("organization", self.organization)
        made = make.ServiceFactory(**service)
        for position, slug in enumerate(terms):
            make.AttributeFactory(
                service=made, term=self.terms[slug], position=position
            )
        return made

    def place(
        self,
        x: float,
        *terms: str,
        y: float = 500,
        visibility: str = "public",
        precision: str = "rooftop",
        **service: Any,
    ) -> Any:
        """Return a service at a place x metres east."""
        made = self.service(*terms, **service)
        make.ServiceAtLocationFactory(
            service=made,
            location__municipality=made.municipality,
            location__point=at(x, y),
            location__visibility=visibility,
            location__precision=precision,
        )
        return made

    def publish(self) -> None:
        """Bring the read model up to date with everything put here."""
        for municipality in models.Municipality.objects.all():
            assign_districts(municipality)
            refresh_municipality(municipality)
