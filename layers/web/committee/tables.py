"""Each block of a committee page as a table: for files, with the API's names.

A figure that is withheld or unknown is an empty field. What all figures stand on is
repeated in every row, as nothing else of a file is read.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from layers.published.committee_rows import MORE, CoverageRowOfArea
from layers.web.committee.missed import missed_services
from layers.web.committee.need import need_map
from layers.web.committee.proposals import proposals
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import scenario_report

FIGURES = (
    "residents",
    "residents_unserved",
    "share_served",
    "median_walk_m",
    "n_located",
    "n_serving",
    "priority_class",
    "rank",
    "residents_unserved_low",
    "residents_unserved_high",
    "rank_best",
    "rank_worst",
    *MORE,
    "flags",
    "is_suppressed",
)
"""Columns of figures, by the API's names; bounds of intervals have columns of their own."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns, and rows of values; None is an empty field."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def figures_of(row: CoverageRowOfArea) -> tuple[Any, ...]:
    """Return the values of FIGURES."""
    low, high = row.unserved_between or (None, None)
    best, worst = row.rank_between or (None, None)
    return (
        row.residents,
        row.unserved,
        row.share_served,
        row.median_walk_m,
        row.n_located,
        row.n_serving,
        row.priority_class,
        row.rank,
        low,
        high,
        best,
        worst,
        *(row.figures.get(name) for name in MORE),
        " ".join(row.flags),
        row.is_suppressed,
    )


def ranking_table(report: CommitteeReport) -> Table:
    """Return the areas, then people in none, then the municipality."""
    rows: list[tuple[Any, ...]] = [
        (area.code, str(area.name), False, *figures_of(area.row))
        for area in report.areas
    ]
    if report.outside is not None:
        rows.append((None, None, False, *figures_of(report.outside)))
    rows.append((None, None, True, *figures_of(report.total)))
    return Table(("code", "name", "is_total", *FIGURES), rows)


def spread_table(report: CommitteeReport) -> Table:
    """Return the classes of the map with the people in each."""
    return Table(
        ("class", "share_above", "share_up_to", "areas", "residents", "unserved"),
        [
            (
                one.map_class.number,
                one.map_class.low,
                one.map_class.high,
                one.n_areas,
                one.residents,
                one.unserved,
            )
            for one in report.distribution.bins
        ],
    )


def lorenz_table(report: CommitteeReport) -> Table:
    """Return the points of the Lorenz curve."""
    return Table(
        ("code", "name", "residents_share", "unserved_share"),
        [
            (
                point.code or None,
                str(point.name) or None,
                round(point.residents_share, 6),
                round(point.unserved_share, 6),
            )
            for point in report.distribution.lorenz
        ],
    )


def profile_table(report: CommitteeReport) -> Table:
    """Return all categories of the committee for the municipality and each area."""
    profiles = report.profiles
    rows = [
        (
            profile.code or None,
            str(profile.name) or None,
            cell.term.slug,
            str(cell.term.name),
            *figures_of(cell.row),
        )
        for profile in (profiles.total, *profiles.areas)
        for cell in profile.cells
        if cell.row is not None
    ]
    return Table(("code", "name", "category", "category_name", *FIGURES), rows)


def need_table(report: CommitteeReport) -> Table:
    """Return need and access of each area, with both classes."""
    return Table(
        (
            "code",
            "name",
            "need_index",
            "need_class",
            "share_served",
            "access_class",
            "residents_unserved",
            "need_weighted_gap",
        ),
        [
            (
                one.area.code,
                str(one.area.name),
                one.need,
                one.need_class,
                one.area.row.share_served,
                one.access_class,
                one.area.row.unserved,
                one.weighted_gap,
            )
            for one in need_map(report.areas).areas
        ],
    )


def scenario_table(report: CommitteeReport) -> Table:
    """Return who gains and who loses; without rows where nothing is changed."""
    found = scenario_report(report)
    columns = (
        *("code", "name", "is_total", "residents", "residents_unserved_today"),
        *("residents_unserved_then", "difference", "difference_low"),
        *("difference_high", "verdict", "residents_gaining", "residents_losing"),
        *("flags", "is_suppressed"),
    )
    if found is None or found.total is None:
        return Table(columns, [])
    named = [(area.row, str(area.name)) for area in found.areas]
    rows = []
    for row, name in [*named, (found.total, None)]:
        low, high = row.interval or (None, None)
        rows.append(
            (
                *(row.district_code or None, name, row.is_total, row.residents),
                *(row.base_unserved, row.scenario_unserved, row.difference),
                *(low, high, row.verdict, row.residents_gaining, row.residents_losing),
                *(" ".join(row.flags), row.is_suppressed),
            )
        )
    return Table(columns, rows)


def missed_table(report: CommitteeReport) -> Table:
    """Return the services that would be missed most."""
    return Table(
        ("id", "name", "organization", "district", "lon", "lat", "residents_losing"),
        [
            (
                *(one.point.id, str(one.point.name), str(one.point.organization)),
                *(one.point.district_code or None, one.point.lon, one.point.lat),
                one.residents_losing,
            )
            for one in missed_services(report).services
        ],
    )


def siting_table(report: CommitteeReport) -> Table:
    """Return the proposed areas: cells of a grid, never addresses."""
    found = proposals(report)
    return Table(
        (
            *("number", "area", "district", "district_name", "side_m", "centre_lon"),
            *("centre_lat", "residents_gained", "status", "gap"),
        ),
        [
            (
                *(one.number, one.code, one.district_code or None, str(one.district)),
                *(one.side_m, one.lon, one.lat, one.residents_gained),
                *(found.status, found.gap),
            )
            for one in found.areas
        ],
    )


def quality_table(report: CommitteeReport) -> Table:
    """Return the services that nobody has verified lately."""
    return Table(
        ("service", "name", "organization", "assured_date"),
        [
            (one.service_id, str(one.name), str(one.organization), one.assured_date)
            for one in report.quality.to_verify
        ],
    )


TABLES: dict[str, Callable[[CommitteeReport], Table]] = {
    "ranking": ranking_table,
    "spread": spread_table,
    "lorenz": lorenz_table,
    "profile": profile_table,
    "need": need_table,
    "scenario": scenario_table,
    "missed": missed_table,
    "siting": siting_table,
    "quality": quality_table,
}
"""Block of the page -> its table."""


def as_csv(table: Table, report: CommitteeReport) -> str:
    """Return a table as CSV (RFC 4180), with what it stands on in every row.

    Texts that a spreadsheet would take for a formula have an apostrophe before them.
    """
    stands_on = report.provenance
    asked = report.question.parameters
    tail = (
        *(report.municipality.slug, asked.level, asked.by, report.question.term),
        *(asked.group, asked.threshold_min, asked.walk_kmh, asked.detour),
        *(asked.engine, stands_on.method, stands_on.run_id),
        *(stands_on.finished_at and stands_on.finished_at.isoformat(),),
        report.municipality.is_demo,
    )
    names = (
        *("municipality", "level", "term_kind", "term", "group", "threshold_min"),
        *("walk_kmh", "detour", "engine", "method", "run", "computed_at", "demo"),
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*table.columns, *names])
    writer.writerows(fields_of([*row, *tail]) for row in table.rows)
    return text.getvalue()


def fields_of(values: Iterable[Any]) -> list[Any]:
    """Return values as a file holds them.

    Whole numbers have no decimals, as in the API's JSON.

    Examples
    --------
    >>> fields_of(["=1+1", 1000.0, 0.5, None])
    ["'=1+1", 1000, 0.5, None]
    """
    return [_field(value) for value in values]


def _field(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
