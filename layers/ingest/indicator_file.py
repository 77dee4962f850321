"""Indicators of districts from a CSV file: what the need index is made of."""

import math
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from layers.ingest.csv_records import csv_records
from layers.ingest.report import Mode, Report
from layers.ingest.writing import locked_municipality, one_transaction
from layers.models import District, DistrictIndicator
from layers.models.district import IndicatorQuality

COLUMNS = ("code", "name", "year", "value", "unit", "quality")

MAX_BYTES = 20_000_000
YEARS = (1900, 2200)

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    code: str
    name: str
    year: int
    value: float | None
    unit: str
    quality: str


def import_indicators(
    path: Path, municipality: str, *, source: str, mode: Mode | None = None
) -> Report:
    """Load figures about districts and return the report.

    A figure is recognised by district, name, year and source; those of the source that
    the file does not have stay, and are counted as absent. An empty value is not known.

    Parameters
    ----------
    path : Path
        UTF-8 with the header `COLUMNS`.
    municipality : str
        Slug of a municipality that is loaded.
    source : str
        Where the figures come from.
    mode : Mode, optional
        Whether to write, and whether to leave out rows that are refused.

    Raises
    ------
    UnreadableFile
        The file is missing, too large, not UTF-8, or has other columns.
    NotFound
        There is no such municipality.
    """
    report = Report(
        what="indicators of districts",
        file=path.name,
        municipality=municipality,
        source=source,
        mode=mode or Mode(),
    )
    records = csv_records(path, (COLUMNS,), max_bytes=MAX_BYTES)
    with one_transaction(report):
        city = locked_municipality(municipality)
        districts = dict(
            District.objects.filter(
                municipality=city, valid_to__isnull=True
            ).values_list("code", "pk")
        )
        _write(list(_checked(records, districts, report)), districts, source, report)
    return report


def _checked(
    records: list[dict[str, str]], districts: Container[str], report: Report
) -> Iterator[_Row]:
    """Yield the rows that can be stored; refuse the others, by column."""
    seen: set[tuple[str, str, str]] = set()
    for number, record in enumerate(records, 2):
        report.read += 1
        faults = list(_faults(record, districts))
        key = (record["code"], record["name"], record["year"])
        if key in seen:
            faults.append(("code", record["code"], "given before for this year"))
        seen.add(key)
        for column, value, reason in faults:
            report.refuse(number, column, value, reason)
        if not faults:
            given = record["value"]
            yield _Row(
                number,
                record["code"],
                record["name"],
                int(record["year"]),
                _number(given) if given else None,
                record["unit"],
                record["quality"],
            )


def _faults(
    record: dict[str, str], districts: Container[str]
) -> Iterator[tuple[str, str, str]]:
    if record["code"] not in districts:
        yield "code", record["code"], "no district in force has it"
    if not _NAME.fullmatch(record["name"]):
        yield "name", record["name"], "lower-case letters, digits, - and _, at most 60"
    year = record["year"]
    if not year.isdecimal() or not YEARS[0] <= int(year) <= YEARS[1]:
        yield "year", year, f"a year from {YEARS[0]} to {YEARS[1]}"
    if record["value"] and not math.isfinite(_number(record["value"])):
        yield "value", record["value"], "a number, or empty where it is not known"
    if len(record["unit"]) > 40 or "\x00" in record["unit"]:
        yield "unit", record["unit"], "up to 40 characters of text"
    if record["quality"] not in IndicatorQuality.values:
        known = ", ".join(IndicatorQuality.values)
        yield "quality", record["quality"], f"one of {known}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _write(
    rows: list[_Row], districts: dict[str, UUID], source: str, report: Report
) -> None:
    names = {row.name for row in rows}
    stored = {
        (row.district_id, row.name, row.year): row
        for row in DistrictIndicator.objects.filter(
            district__in=districts.values(), name__in=names, source=source
        )
    }
    for row in rows:
        key = (districts[row.code], row.name, row.year)
        known = stored.pop(key, None)
        values = {"value": row.value, "unit": row.unit, "quality": row.quality}
        if known is None:
            DistrictIndicator.objects.create(
                district_id=key[0],
                name=row.name,
                year=row.year,
                source=source,
                **values,
            )
            report.created += 1
        elif any(getattr(known, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(known, name, value)
            known.save()
            report.updated += 1
        else:
            report.unchanged += 1
    report.absent = len(stored)
