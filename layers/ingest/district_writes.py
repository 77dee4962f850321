"""Puts districts into the database, and everything that hangs on them in order."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from layers.directory import read_model
from layers.directory.bulk import update_statistics
from layers.directory.service_record import merged_texts
from layers.errors import InvalidParameter, NotFound
from layers.geo import WGS84
from layers.ingest.district_input import Candidate, DistrictOptions
from layers.ingest.district_topology import assign_parents, finer_levels, polygon_of
from layers.ingest.report import Report
from layers.ingest.writing import locked_municipality
from layers.models import District, Municipality
from layers.models.district import DistrictLevel

CHANGING = (
    "names",
    "boundary",
    "label_point",
    "area_m2",
    "boundary_source",
    "boundary_licence",
    "is_schematic",
)


def municipality_for(
    options: DistrictOptions, names: Sequence[Mapping[str, str]]
) -> Municipality:
    """Return the municipality, locked; an import of its own boundary may make it.

    Raises
    ------
    NotFound
        There is none, and the file is not its boundary.
    InvalidParameter
        It would be made, but its code was not given.
    """
    try:
        return locked_municipality(options.municipality)
    except NotFound as error:
        if options.level != DistrictLevel.MUNICIPALITY:
            raise NotFound(
                "municipality (make it first: import_districts --level municipality "
                "--municipality-code CODE)",
                options.municipality,
            ) from error
    if not options.municipality_code:
        raise InvalidParameter(
            "municipality-code",
            "",
            f"{options.municipality!r} is new; give its code (YPES)",
        )
    return Municipality.objects.create(
        slug=options.municipality,
        code=options.municipality_code,
        names=dict(names[0]) if names else {"en": options.municipality},
        languages=[code for code, _ in settings.LANGUAGES],
    )


def write_districts(
    candidates: Sequence[Candidate],
    municipality: Municipality,
    options: DistrictOptions,
    report: Report,
    *,
    keep: bool,
) -> None:
    """Create and update districts, retire those that are gone, refresh what they decide.

    With `keep` false only the report's numbers are filled in.
    """
    in_force = District.objects.filter(
        municipality=municipality, level=options.level, valid_to__isnull=True
    )
    stored = {district.code: district for district in in_force}
    new, changed = [], []
    for candidate in candidates:
        wanted = _values(candidate, options, stored.get(candidate.code))
        row = stored.get(candidate.code)
        if row is None:
            new.append(_district(candidate.code, municipality, options, wanted))
        elif _differs(row, wanted):
            _set(row, wanted)
            changed.append(row)
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(candidates) - len(new) - len(changed)
    codes = {candidate.code for candidate in candidates}
    gone = [row for code, row in stored.items() if code not in codes]
    report.retired = len(gone) if options.retire_missing else 0
    report.absent = len(gone) - report.retired
    if not keep:
        return
    District.objects.bulk_create(new)
    District.objects.bulk_update(changed, [*CHANGING])
    if options.retire_missing:
        today = timezone.localdate()
        in_force.filter(pk__in=[row.pk for row in gone]).update(valid_to=today)
    touched = bool(new or changed or report.retired)
    touched |= _update_municipality(municipality, candidates, options)
    _set_in_order(municipality, options, report, touched=touched)


def _set_in_order(
    municipality: Municipality,
    options: DistrictOptions,
    report: Report,
    *,
    touched: bool,
) -> None:
    """Find parents, give places their districts, write the read model anew."""
    moved = assign_parents(municipality, options.level, report, options.parent_level)
    if touched:
        moved += sum(
            assign_parents(municipality, f) for f in finer_levels(options.level)
        )
        read_model.assign_districts(municipality)
        read_model.refresh_municipality(municipality)
    if touched or moved:
        update_statistics(District)
        read_model.bump("districts")


def _values(
    candidate: Candidate, options: DistrictOptions, stored: District | None
) -> dict[str, object]:
    polygon = candidate.boundary.polygon
    return {
        "names": merged_texts(stored.names if stored else {}, candidate.names),
        "boundary": _geos(polygon),
        "label_point": _geos(polygon.representative_point()),
        "area_m2": candidate.boundary.area_m2,
        "boundary_source": options.source,
        "boundary_licence": options.licence,
        "is_schematic": options.schematic,
    }


def _geos(geometry: BaseGeometry) -> Any:
    """Return the geometry as the model fields take it; its type is the field's."""
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=WGS84)


def _district(
    code: str,
    municipality: Municipality,
    options: DistrictOptions,
    values: Mapping[str, object],
) -> District:
    row = District(municipality=municipality, level=options.level, code=code)
    _set(row, values)
    return row


def _set(row: District, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _differs(row: District, wanted: Mapping[str, object]) -> bool:
    same = polygon_of(row.boundary).equals_exact(polygon_of(wanted["boundary"]), 0)
    return not same or any(
        getattr(row, name) != wanted[name]
        for name in CHANGING
        if name not in ("boundary", "label_point", "area_m2")
    )


def _update_municipality(
    municipality: Municipality,
    candidates: Sequence[Candidate],
    options: DistrictOptions,
) -> bool:
    """Give the municipality the boundary of its own district; tell whether it is new."""
    if options.level != DistrictLevel.MUNICIPALITY or not candidates:
        return False
    polygon = candidates[0].boundary.polygon
    wanted = (options.source, options.licence)
    stored = (municipality.boundary_source, municipality.boundary_licence)
    if (
        municipality.boundary is not None
        and polygon_of(municipality.boundary).equals_exact(polygon, 0)
        and stored == wanted
    ):
        return False
    municipality.boundary = _geos(polygon)
    municipality.boundary_source, municipality.boundary_licence = wanted
    municipality.save(
        update_fields=["boundary", "boundary_source", "boundary_licence", "updated_at"]
    )
    return True
