"""A small city whose answers can be read off its description.

The municipality is a square of 0.1 degrees with its south-west corner at (23.70, 37.95),
cut into four neighbourhoods N1 (south-west), N2 (south-east), N3 (north-west), N4
(north-east). Positions below are lon, lat. Everything is published and active unless said.

============== ============== ====================================================
hospital       23.720, 37.970 category hospital; everybody; staff speak el and en;
                              open day and night, on holidays, too
clinic         23.730, 37.970 primary-care; women; interpreter for fa; Mon-Fri 9-17;
                              verified 2026-11-01
kitchen        23.740, 37.970 food; Fri 22:00-02:00
lawyer         23.770, 38.020 legal-advice; children and youth; fa on request only;
                              for professionals; a referral is needed
closed_clinic  23.731, 37.970 primary-care; closed for a time
old_office     23.750, 37.960 legal-advice; inactive
helpline       no place       legal-advice, remote; staff speak ar; serves the whole
                              municipality
visits         no place       primary-care, outreach; serves N4 only
refuge         district only  shelter; in N2; women
safe_house     hidden         shelter; in N3
============== ============== ====================================================
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from pytest_django import DjangoDbBlocker

from layers import models
from layers.directory import read_model
from tests import factories as make

TODAY = dt.date(2026, 11, 21)
WEST, SOUTH, SIZE = 23.70, 37.95, 0.1

REFUGE_AT = (23.7654321, 37.9612345)
SAFE_HOUSE_AT = (23.7123456, 38.0345678)
SECRETS = ("Zzrefuge", "Yysafehouse")
"""Words that stand only in the names and addresses of the protected places."""

CATEGORIES = {
    "health": (None, None),
    "hospital": ("health", "health"),
    "primary-care": ("health", "health"),
    "basic-needs": (None, None),
    "food": ("basic-needs", "urban-coexistence"),
    "legal-aid": (None, None),
    "legal-advice": ("legal-aid", "rights-legal"),
    "shelter-housing": (None, None),
    "shelter": ("shelter-housing", "gender"),
}
COMMITTEES = ("urban-coexistence", "gender", "rights-legal", "health")
GROUPS = {
    "women": None,
    "children-youth": None,
    "unaccompanied-minors": "children-youth",
    "older-people": None,
    "general-public": None,
}


@dataclass
class World:
    """What tests look for by name."""

    municipality: models.Municipality
    organization: models.Organization
    terms: dict[str, models.TaxonomyTerm] = field(default_factory=dict)
    services: dict[str, models.Service] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)
    locations: dict[str, models.Location] = field(default_factory=dict)

    def name_of(self, point_id: str) -> str:
        """Return the name of a service point, as this module calls it."""
        return next(name for name, id_ in self.points.items() if id_ == point_id)

    def names(self, features: list[dict[str, Any]]) -> list[str]:
        """Return the names of features, in their order."""
        return [self.name_of(feature["id"]) for feature in features]


@contextmanager
def standing_world(blocker: DjangoDbBlocker) -> Iterator[World]:
    """Keep the city for all tests of a module; each of them rolls back to it."""
    with blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def build_world() -> World:
    municipality = make.MunicipalityFactory(
        slug="athens",
        code="9186",
        names={"el": "Αθήνα", "en": "Athens"},
        boundary=make.square(WEST, SOUTH, SIZE),
        boundary_source="Drawn for tests",
        boundary_licence="CC0-1.0",
        is_demo=True,
    )
    organization = make.OrganizationFactory(
        municipality=municipality,
        names={"el": "Οργανισμός", "en": "Organization"},
        descriptions={"en": "Helps."},
    )
    world = World(municipality, organization)
    _districts(municipality)
    _terms(world)
    _services(world)
    read_model.rebuild(today=TODAY)
    return world


def _districts(municipality: models.Municipality) -> None:
    whole = make.DistrictFactory(
        municipality=municipality,
        level="municipality",
        code="9186",
        names=municipality.names,
        boundary=municipality.boundary,
    )
    half = SIZE / 2
    corners = {"N1": (0, 0), "N2": (half, 0), "N3": (0, half), "N4": (half, half)}
    for code, (east, north) in corners.items():
        make.DistrictFactory(
            municipality=municipality,
            code=code,
            names={"el": f"Γειτονιά {code}", "en": f"Quarter {code}"},
            parent=whole,
            boundary=make.square(WEST + east, SOUTH + north, half),
            boundary_source="Drawn for tests",
            boundary_licence="CC0-1.0",
            is_schematic=True,
        )


def _terms(world: World) -> None:
    for slug in COMMITTEES:
        world.terms[f"committee {slug}"] = make.TaxonomyTermFactory(
            taxonomy__slug="committee",
            slug=slug,
            names={"el": f"Επιτροπή {slug}", "en": f"Committee {slug}"},
            position=COMMITTEES.index(slug),
        )
    for slug, (parent, committee) in CATEGORIES.items():
        world.terms[slug] = make.TaxonomyTermFactory(
            taxonomy__slug="category",
            slug=slug,
            names={"en": slug.title()},
            parent=world.terms[parent] if parent else None,
        )
        if committee:
            make.TermLinkFactory(
                term=world.terms[slug], other=world.terms[f"committee {committee}"]
            )
    for slug, parent in GROUPS.items():
        world.terms[slug] = make.TaxonomyTermFactory(
            taxonomy__slug="population_group",
            slug=slug,
            names={"en": slug.title()},
            parent=world.terms[parent] if parent else None,
        )


def _services(world: World) -> None:
    hospital = _service(
        world,
        "hospital",
        "hospital",
        at=(23.72, 37.97),
        languages={"el": "staff", "en": "staff"},
        open_on_holidays=True,
    )
    make.ScheduleFactory(
        service=hospital,
        byday=["MO", "TU", "WE", "TH", "FR", "SA", "SU"],
        opens_at=dt.time(0),
        closes_at=dt.time(0),
    )
    clinic = _service(
        world,
        "clinic",
        "primary-care",
        "women",
        at=(23.73, 37.97),
        languages={"fa": "interpreter", "el": "staff"},
        gender="women",
        assured_date=dt.date(2026, 11, 1),
        step_free="yes",
        minimum_age=16,
    )
    make.ScheduleFactory(service=clinic)
    kitchen = _service(world, "kitchen", "food", "general-public", at=(23.74, 37.97))
    make.ScheduleFactory(
        service=kitchen, byday=["FR"], opens_at=dt.time(22), closes_at=dt.time(2)
    )
    _service(
        world,
        "lawyer",
        "legal-advice",
        "children-youth",
        at=(23.77, 38.02),
        languages={"fa": "on_request", "el": "staff"},
        audience="professionals",
        referral_required=True,
        maximum_age=17,
    )
    _service(
        world,
        "closed_clinic",
        "primary-care",
        at=(23.731, 37.97),
        status="temporarily closed",
    )
    _service(world, "old_office", "legal-advice", at=(23.75, 37.96), status="inactive")
    helpline = _service(
        world,
        "helpline",
        "legal-advice",
        languages={"ar": "staff"},
        delivery_mode="remote",
    )
    make.ServiceAreaFactory(service=helpline, scope="municipality")
    visits = _service(world, "visits", "primary-care", delivery_mode="outreach")
    area = make.ServiceAreaFactory(service=visits, scope="district")
    area.districts.add(models.District.objects.get(code="N4"))
    _service(
        world,
        "refuge",
        "shelter",
        "women",
        at=REFUGE_AT,
        visibility="district_only",
        secret=SECRETS[0],
    )
    _service(
        world,
        "safe_house",
        "shelter",
        at=SAFE_HOUSE_AT,
        visibility="hidden",
        secret=SECRETS[1],
    )


def _service(
    world: World,
    name: str,
    category: str,
    group: str | None = None,
    *,
    at: tuple[float, float] | None = None,
    languages: dict[str, str] | None = None,
    visibility: str = "public",
    secret: str = "",
    **fields: Any,
) -> models.Service:
    service = make.ServiceFactory(
        organization=world.organization,
        names={"el": f"Υπηρεσία {name}", "en": f"The {name}"},
        descriptions={"en": f"About the {name}."},
        source="Made for tests",
        licence="CC0-1.0",
        is_demo=True,
        **fields,
    )
    world.services[name] = service
    world.points[name] = str(service.pk)
    for slug in (category, group):
        if slug:
            make.AttributeFactory(service=service, term=world.terms[slug])
    for code, mode in (languages or {}).items():
        make.ServiceLanguageFactory(service=service, code=code, mode=mode)
    if at is not None:
        location = make.LocationFactory(
            municipality=world.municipality,
            point=Point(*at, srid=4326),
            visibility=visibility,
            names={"en": f"{secret or 'Place of ' + name} house"},
            address={"el": f"{secret or 'Οδός ' + name} 7"},
            postal_code="10432",
        )
        pair = make.ServiceAtLocationFactory(service=service, location=location)
        world.locations[name] = location
        world.points[name] = str(pair.pk)
    return service
