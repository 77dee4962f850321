"""Figures about districts, stored with their year, source and quality."""

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.db import transaction

from layers.ingest.report import Report
from layers.models import District, DistrictIndicator
from layers.models.district import IndicatorQuality


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure about the district in force that has a code; `value` None is not known."""

    code: str
    year: int
    value: float | None
    quality: IndicatorQuality


def store_indicators(
    figures: Sequence[Figure], *, municipality: str, name: str, unit: str, source: str
) -> Report:
    """Store one named figure for many districts and return the report.

    A figure is recognised by district, year, name and source; those of the source that
    are not given any more stay, and are counted as absent. A code that no district in
    force has is refused.

    Raises
    ------
    ImportRefused
        A code is unknown; nothing was written.
    """
    started = time.monotonic()
    report = Report(
        what=f"{name} by district", file=name, municipality=municipality, source=source
    )
    rows = District.objects.filter(
        municipality__slug=municipality, valid_to__isnull=True
    )
    districts = dict(rows.values_list("code", "pk"))
    stored = {
        (row.district_id, row.year): row
        for row in DistrictIndicator.objects.filter(
            district__in=districts.values(), name=name, source=source
        )
    }
    _refuse_unknown(figures, districts, report)
    with transaction.atomic():
        for figure in figures:
            key = (districts[figure.code], figure.year)
            known = stored.pop(key, None)
            row = known or DistrictIndicator(
                district_id=key[0], year=figure.year, name=name, source=source
            )
            _store(row, figure, unit, report, is_new=known is None)
    report.absent, report.written = len(stored), True
    report.seconds = time.monotonic() - started
    return report


def _refuse_unknown(
    figures: Sequence[Figure], districts: Container[str], report: Report
) -> None:
    for number, figure in enumerate(figures, 1):
        report.read += 1
        if figure.code not in districts:
            report.refuse(number, "code", figure.code, "no district in force has it")
    report.checked()


def _store(
    row: DistrictIndicator, figure: Figure, unit: str, report: Report, *, is_new: bool
) -> None:
    """Write a row if the figure is new or another than before, and count which."""
    if is_new:
        report.created += 1
    elif (row.value, row.unit, row.quality) == (figure.value, unit, figure.quality):
        report.unchanged += 1
        return
    else:
        report.updated += 1
    row.value, row.unit, row.quality = figure.value, unit, figure.quality
    row.save()
