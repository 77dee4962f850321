"""A small city for the pages: six districts in a row, and of every kind of service one.

West to east, 0.01 degrees each (about 0.9 km): D1 … D6. Everything is in D1 and D2, so
that people in the east do not reach it on foot.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import transaction
from pytest_django import DjangoDbBlocker

from layers import models
from layers.directory import read_model
from layers.ingest.taxonomy import import_taxonomies
from tests import factories as make

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
WEST, SOUTH, STEP = 23.70, 37.98, 0.01
NAMES = ("Άνω", "Βάθης", "Γκύζη", "Δάφνη", "Έλλη", "Ζήση")
VERIFIED = dt.date(2026, 10, 1)


@dataclass(frozen=True)
class City:
    """What tests look for by name."""

    municipality: models.Municipality
    clinic: models.Service
    protected: models.Service
    hidden: models.Service
    helpline: models.Service
    hidden_location: models.Location


@contextmanager
def standing_city(blocker: DjangoDbBlocker) -> Iterator[City]:
    """Keep a city for all tests of a module; each of them rolls back to it."""
    with blocker.unblock(), transaction.atomic():
        yield build_city()
        transaction.set_rollback(True)


def build_city() -> City:
    """Return the city, with its read model written."""
    import_taxonomies(FIXTURES / "taxonomy")
    municipality = make.MunicipalityFactory(
        slug="athens",
        code="9186",
        names={"el": "Δήμος Αθηναίων", "en": "Municipality of Athens"},
        boundary=_row(),
        boundary_source="Drawn for tests",
        is_demo=True,
        languages=["el", "en", "fr", "ar", "fa", "ur"],
    )
    _districts(municipality)
    _people(municipality)
    clinic = _service(
        municipality,
        "Ιατρείο Ομόνοιας",
        "Omonia clinic",
        "primary-care",
        at=(23.705, 37.985),
    )
    _details(clinic)
    hospital = _service(
        municipality, "Νοσοκομείο", "Hospital", "hospital", at=(23.715, 37.985)
    )
    make.ScheduleFactory(
        service=hospital, byday=["MO"], opens_at=dt.time(9), closes_at=dt.time(9, 1)
    )
    _service(municipality, "Φαρμακείο", "Pharmacy", "medicines", at=(23.7151, 37.985))
    protected = _service(
        municipality,
        "Ξενώνας γυναικών",
        "Women's refuge",
        "women-shelter",
        at=(23.7133, 37.9877),
        visibility="district_only",
    )
    hidden = _service(
        municipality,
        "Κρυφό καταφύγιο",
        "Secret shelter",
        "women-shelter",
        at=(23.7011, 37.9811),
        visibility="hidden",
    )
    helpline = _service(
        municipality, "Γραμμή βοήθειας", "Helpline", "helpline", at=None
    )
    make.PhoneFactory(service=helpline, number="1555")
    read_model.rebuild(today=dt.date(2026, 11, 21))
    location = models.Location.objects.get(service_at_locations__service=hidden)
    return City(municipality, clinic, protected, hidden, helpline, location)


def _row() -> MultiPolygon:
    """Return the outline of the six districts."""
    outline = Polygon.from_bbox((WEST, SOUTH, WEST + 6 * STEP, SOUTH + STEP))
    outline.srid = 4326
    return MultiPolygon(outline, srid=4326)


def _districts(municipality: models.Municipality) -> None:
    whole = make.DistrictFactory(
        municipality=municipality,
        level="municipality",
        code="9186",
        names=municipality.names,
        boundary=municipality.boundary,
    )
    for n, name in enumerate(NAMES):
        make.DistrictFactory(
            municipality=municipality,
            level="neighbourhood",
            code=f"D{n + 1}",
            names={"el": name, "en": f"District {n + 1}"},
            parent=whole,
            boundary=make.square(WEST + n * STEP, SOUTH),
            is_schematic=True,
        )


def _people(municipality: models.Municipality) -> None:
    """1,000 people in the middle of D1 to D5; nobody is known to live in D6."""
    for n in range(5):
        make.DemandPointFactory(
            municipality=municipality,
            point=Point(WEST + (n + 0.5) * STEP, SOUTH + 0.5 * STEP, srid=4326),
            population=1000,
        )


def _service(
    municipality: models.Municipality,
    name_el: str,
    name_en: str,
    category: str,
    *,
    at: tuple[float, float] | None,
    visibility: str = "public",
) -> models.Service:
    organization = make.OrganizationFactory(
        municipality=municipality,
        names={"el": f"Φορέας {name_el}", "en": f"Organisation of {name_en}"},
    )
    service = make.ServiceFactory(
        organization=organization,
        names={"el": name_el, "en": name_en},
        is_demo=True,
    )
    make.AttributeFactory(
        service=service,
        term=models.TaxonomyTerm.objects.get(taxonomy__slug="category", slug=category),
    )
    if at is None:
        make.ServiceAreaFactory(service=service, scope="municipality")
        return service
    location = make.LocationFactory(
        municipality=municipality,
        names={},
        address={"el": f"Οδός {name_el} 1", "en": f"Street of {name_en} 1"},
        point=Point(*at, srid=4326),
        visibility=visibility,
    )
    make.ServiceAtLocationFactory(service=service, location=location)
    return service


def _details(service: models.Service) -> None:
    values: dict[str, Any] = {
        "assured_date": VERIFIED,
        "referral_required": False,
        "minimum_age": 18,
        "eligibility": {"el": "Για όλους", "en": "For everybody"},
        "alert": {"en": "Closed in August"},
    }
    for name, value in values.items():
        setattr(service, name, value)
    service.save()
    every_day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    make.ScheduleFactory(
        service=service, byday=every_day, opens_at=dt.time(0), closes_at=dt.time(0)
    )
    make.ServiceLanguageFactory(service=service, code="fa")
    make.ServiceLanguageFactory(service=service, code="el")
    make.PhoneFactory(service=service, number="+30 210 520 0000")
