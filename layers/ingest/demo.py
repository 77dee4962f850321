"""The demo city: Athens drawn from facts, or with its real districts and people.

Everything goes through the functions that the import commands call, so that the demo
takes the way that every other city's data takes.
"""

from pathlib import Path

from django.db import transaction
from shapely import Point

from layers.directory import read_model
from layers.ingest.demo_city import DemoCity, read_demo_city
from layers.ingest.demo_districts import (
    district_files,
    district_options,
    drawn_areas,
    real_areas,
)
from layers.ingest.demo_events import load_events
from layers.ingest.districts import load_districts
from layers.ingest.indicators import Figure, store_indicators
from layers.ingest.population import (
    PopulationCell,
    PopulationOptions,
    import_population,
    load_population,
)
from layers.ingest.report import Report
from layers.ingest.services import ServiceOptions, import_services
from layers.ingest.standards import import_standards
from layers.ingest.taxonomy import import_taxonomies
from layers.models import Municipality
from layers.models.district import IndicatorQuality

CENSUS_YEAR = 2021

DEMO_PEOPLE = "GeoACCMR demo: modelled residents on a regular grid"
REAL_PEOPLE = "Eurostat GEOSTAT grid 2011 (1 km), scaled to the census of 2021 (ELSTAT)"

GRID_FILE = "athens_grid_1km.csv"

FIGURES = "ELSTAT; estimates of GeoACCMR (fixtures/SOURCES.md)"


def has_city() -> bool:
    """Tell whether any municipality is loaded."""
    return Municipality.objects.exists()


def load_demo(fixtures: Path, *, real: Path | None = None) -> list[Report]:
    """Load the demo city and return one report per import; a second run changes nothing.

    All in one transaction: taxonomies, districts, standards, people, services with the
    activities and open calls of their organizations. What earlier runs loaded is
    brought up to date. With `real` districts and people come from the files in that
    folder (docs/how-to/load-official-data.md); without, they are drawn, also where
    real ones were loaded before. Services stay the same either way and are placed into
    the districts anew.

    Raises
    ------
    UnreadableFile
        A file is missing or is not what it should be.
    ImportRefused
        A row was refused; nothing was written.
    """
    city = read_demo_city(fixtures / "demo")
    areas = real_areas(city, real) if real else drawn_areas(city)
    files = district_files(real)
    with transaction.atomic():
        reports = import_taxonomies(fixtures / "taxonomy")
        for level, districts in areas.items():
            options = district_options(city, level, real=real is not None)
            reports.append(
                load_districts(districts, options, file=files[level]).checked()
            )
        _describe(city, real=real is not None)
        reports.append(import_standards(fixtures / "standards.csv", city.slug))
        reports.append(_load_people(city, real).checked())
        reports.append(_load_indicators(city))
        services = ServiceOptions(municipality=city.slug, publish=True)
        reports.append(
            import_services(fixtures / "demo/services.csv", services).checked()
        )
        load_events(fixtures / "demo", city.slug)
    return reports


def _describe(city: DemoCity, *, real: bool) -> None:
    """Say on the municipality what it is called and what of it is a demonstration."""
    row = Municipality.objects.get(slug=city.slug)
    demo = {
        "districts": "real" if real else "schematic",
        "residents": "scaled grid" if real else "modelled",
        "services": "partly invented",
    }
    values = {
        "names": dict(city.names),
        "country": city.country,
        "timezone": city.timezone,
        "languages": list(city.languages),
        "settings": {**row.settings, "demo": demo},
        "is_demo": True,
    }
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        read_model.refresh_municipality(row)


# --- People ----------------------------------------------------------------------


def _load_people(city: DemoCity, real: Path | None) -> Report:
    total = city.residents[CENSUS_YEAR]
    return (
        _drawn_people(city, total) if real is None else _real_people(city, total, real)
    )


def _real_people(city: DemoCity, total: int, folder: Path) -> Report:
    options = PopulationOptions(
        municipality=city.slug,
        source=REAL_PEOPLE,
        licence="Eurostat, reuse with attribution",
        vintage=CENSUS_YEAR,
        quality="modelled",
        count_field="pop2011",
        id_field="grd_id",
        x_field="x",
        y_field="y",
        cell_size_m=1000.0,
        crs="EPSG:3035",
        total=total,
        clip_to_boundary=True,
        replace=True,
    )
    return import_population(folder / GRID_FILE, options)


def _drawn_people(city: DemoCity, total: int) -> Report:
    people = city.people
    rows = zip(people.xy, people.people, people.cell, strict=True)
    cells = [
        PopulationCell(
            row, f"{city.neighbourhoods[cell].code}-{row:04d}", Point(xy), float(count)
        )
        for row, (xy, count, cell) in enumerate(rows, 1)
    ]
    options = PopulationOptions(
        municipality=city.slug,
        source=DEMO_PEOPLE,
        licence="CC0-1.0",
        vintage=CENSUS_YEAR,
        quality="modelled",
        total=total,
        replace=True,
    )
    return load_population(cells, options, file="modelled residents")


def _load_indicators(city: DemoCity) -> Report:
    """Store the residents that the facts give, per district and year."""
    census, modelled = IndicatorQuality.CENSUS, IndicatorQuality.MODELLED
    figures = [
        Figure(city.code, year, people, census)
        for year, people in city.residents.items()
    ]
    figures += [
        Figure(c.code, year, people, modelled if year == CENSUS_YEAR else census)
        for c in city.communities
        for year, people in c.residents.items()
    ]
    figures += [
        Figure(n.code, CENSUS_YEAR, n.residents, modelled) for n in city.neighbourhoods
    ]
    return store_indicators(
        figures, municipality=city.slug, name="residents", unit="people", source=FIGURES
    )
