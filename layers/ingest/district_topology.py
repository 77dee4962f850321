"""How districts lie: in their municipality, over each other, under their parents."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from django.db.models import QuerySet
from shapely.geometry.base import BaseGeometry

from layers.ingest.boundaries import gaps_m2, in_degrees, in_metres, overlaps_m2
from layers.ingest.district_input import Candidate
from layers.ingest.report import Report
from layers.models import District, Municipality
from layers.models.district import DistrictLevel

SPLIT_SHARE = 0.05
"""A district with more than this share of it under a second parent is reported."""

OUTSIDE_SHARE = 0.05
"""A district with more than this share of it beyond the municipality is reported."""

LARGEST = 10
"""Overlaps and gaps that are listed one by one."""


def report_whereabouts(
    candidates: Sequence[Candidate], municipality: Municipality, report: Report
) -> list[Candidate]:
    """Return the districts that touch the municipality; report what lies outside.

    One that lies wholly outside is refused: its reference system or the order of its
    coordinates is wrong, or it belongs to another city. Without a boundary of the
    municipality nothing can be said, and all are returned.
    """
    whole = boundary_m(municipality)
    if whole is None:
        return list(candidates)
    shapely.prepare(whole)
    inside = []
    for candidate in candidates:
        polygon = in_metres(candidate.boundary.polygon)
        share = 1 - polygon.intersection(whole).area / polygon.area
        if share >= 1:
            reason = _outside_reason(candidate, whole, municipality)
            report.refuse(candidate.row, "geometry", candidate.name, reason)
            continue
        if share > OUTSIDE_SHARE:
            reason = f"{100 * share:.0f} % of it lies outside {municipality.slug}"
            report.find("outside", candidate.row, "geometry", candidate.name, reason)
        inside.append(candidate)
    return inside


def report_topology(
    candidates: Sequence[Candidate], municipality: Municipality, report: Report
) -> None:
    """Report where districts of one level overlap and where they leave gaps."""
    polygons = [in_metres(c.boundary.polygon) for c in candidates]
    overlaps = overlaps_m2(polygons)
    for a, b, area in overlaps[:LARGEST]:
        report.find(
            "noted",
            candidates[b].row,
            "geometry",
            candidates[b].name,
            f"overlaps {candidates[a].name} by {area:,.0f} m²; points there belong to "
            "the lower code",
        )
    report.figures["overlaps, m²"] = round(sum(area for _, _, area in overlaps))
    whole = boundary_m(municipality)
    if whole is None or not polygons:
        return
    gaps = gaps_m2(whole, polygons)
    for gap in gaps[:LARGEST]:
        point = in_degrees(gap.representative_point())
        report.find(
            "noted",
            None,
            "geometry",
            None,
            f"a gap of {gap.area:,.0f} m² around {point.x:.5f}, {point.y:.5f} lies in "
            "no district of this level",
        )
    report.figures["gaps, m²"] = round(sum(gap.area for gap in gaps))


def assign_parents(
    municipality: Municipality,
    level: str,
    report: Report | None = None,
    parent_level: str | None = None,
) -> int:
    """Put the districts of a level under those of a coarser one; return how many moved.

    The parent is the district that covers the largest part; of equal parts the lower
    code. With a report, districts that are split between parents are noted.
    """
    above = parent_level or _coarser_level(municipality, level)
    if above is None:
        return 0
    parents = list(_in_force(municipality, above).order_by("code"))
    polygons = [in_metres(polygon_of(p.boundary)) for p in parents]
    tree = shapely.STRtree(polygons)
    moved = []
    for district in _in_force(municipality, level):
        own = in_metres(polygon_of(district.boundary))
        near = np.sort(tree.query(own))
        areas = [own.intersection(polygons[i]).area for i in near]
        best = int(np.argmax(areas)) if areas and max(areas) > 0 else None
        parent = None if best is None else parents[near[best]]
        if district.parent_id != (parent.pk if parent else None):
            district.parent = parent
            moved.append(district)
        if report is not None and parent is not None:
            shares = {
                parents[i].code: a / own.area for i, a in zip(near, areas, strict=True)
            }
            _note_split(report, district, shares)
    District.objects.bulk_update(moved, ["parent"])
    return len(moved)


def finer_levels(level: str) -> list[str]:
    """Return the levels below one, from the next on."""
    return DistrictLevel.values[DistrictLevel.values.index(level) + 1 :]


def boundary_m(municipality: Municipality) -> BaseGeometry | None:
    """Return the municipality's boundary in METRIC_SRID, None where it has none."""
    if municipality.boundary is None:
        return None
    return in_metres(polygon_of(municipality.boundary))


def polygon_of(stored: object) -> BaseGeometry:
    """Return a stored geometry as a shapely one, same coordinates."""
    return shapely.from_wkb(bytes(getattr(stored, "wkb")))  # noqa: B009 (untyped GEOS)


def _outside_reason(
    candidate: Candidate, whole: BaseGeometry, municipality: Municipality
) -> str:
    swapped = shapely.transform(
        candidate.boundary.polygon, lambda xy: np.asarray(xy)[:, ::-1]
    )
    west, south, east, north = swapped.bounds
    on_globe = west >= -180 and south >= -90 and east <= 180 and north <= 90
    if on_globe and in_metres(swapped).intersects(whole):
        return (
            f"lies outside {municipality.slug}, and inside when latitude and longitude "
            "change places: save the file with longitude first"
        )
    return (
        f"lies wholly outside {municipality.slug}; is the reference system right "
        "(--crs), and is it a district of this city?"
    )


def _coarser_level(municipality: Municipality, level: str) -> str | None:
    """Return the next coarser level that has districts."""
    above = DistrictLevel.values[: DistrictLevel.values.index(level)]
    loaded = set(
        District.objects.filter(
            municipality=municipality, valid_to__isnull=True
        ).values_list("level", flat=True)
    )
    return next((name for name in reversed(above) if name in loaded), None)


def _in_force(municipality: Municipality, level: str) -> QuerySet[District]:
    return District.objects.filter(
        municipality=municipality, level=level, valid_to__isnull=True
    )


def _note_split(
    report: Report, district: District, shares: Mapping[str, float]
) -> None:
    parts = sorted(
        ((share, code) for code, share in shares.items() if share > SPLIT_SHARE),
        reverse=True,
    )
    if len(parts) > 1:
        said = ", ".join(f"{100 * share:.0f} % in {code}" for share, code in parts)
        report.find("noted", None, "parent", district.code, f"is split: {said}")
