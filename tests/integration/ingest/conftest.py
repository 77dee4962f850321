"""A small city to import into: 0.1 degrees square, two districts, a few words."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from layers.ingest.report import Report
from layers.ingest.services import ServiceOptions, import_services
from layers.models import Municipality
from tests.factories import (
    DistrictFactory,
    MunicipalityFactory,
    TaxonomyFactory,
    TaxonomyTermFactory,
    square,
)

WEST, SOUTH = 23.72, 37.98

GOOD: dict[str, Any] = {
    "source_id": "1",
    "organization": "Δήμος Αθηναίων",
    "organization_type": "municipal",
    "name_el": "Ιατρείο",
    "categories": "hospital",
    "lon": 23.725,
    "lat": 37.985,
}


@pytest.fixture
def city(db: None) -> Municipality:
    """Return a city with districts N01 (south-west) and N02 (beside it), and terms."""
    city: Municipality = MunicipalityFactory(slug="athens", code="9186")
    DistrictFactory(municipality=city, code="N01", boundary=square(WEST, SOUTH))
    DistrictFactory(municipality=city, code="N02", boundary=square(WEST + 0.01, SOUTH))
    categories = TaxonomyFactory(slug="category")
    health = TaxonomyTermFactory(taxonomy=categories, slug="health")
    for slug in ("hospital", "pharmacy"):
        TaxonomyTermFactory(taxonomy=categories, slug=slug, parent=health)
    groups = TaxonomyFactory(slug="population_group")
    for slug in ("women", "refugees-migrants"):
        TaxonomyTermFactory(taxonomy=groups, slug=slug)
    return city


def service_file(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write rows as CSV; a row is GOOD with what it says put over it."""
    whole = [{**GOOD, "source_id": str(n), **row} for n, row in enumerate(rows, 1)]
    columns = list(dict.fromkeys(name for row in whole for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(whole)
    return path


Load = Callable[..., Report]


@pytest.fixture
def load(city: Municipality, tmp_path: Path) -> Load:
    """Return a function that imports rows of services, published, from one source."""

    def load(*rows: dict[str, Any], mode: Any = None, **options: Any) -> Report:
        given = {"source": "test", "publish": True, **options}
        file = service_file(tmp_path / "services.csv", rows)
        return import_services(
            file, ServiceOptions(municipality=city.slug, **given), mode
        )

    return load
