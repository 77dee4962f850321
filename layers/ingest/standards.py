"""Service standards from a CSV file: what a municipality calls covered, per category."""

import math
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction

from layers.errors import NotFound
from layers.ingest.csv_records import csv_records
from layers.ingest.report import Report
from layers.models import Municipality, ServiceStandard, TaxonomyTerm
from layers.models.taxonomy import TaxonomyKind

COLUMNS = ("category", "max_walk_min", "target_per_1000", "groups", "note")

WITH_UNIT = (*COLUMNS, "target_unit")
"""A file may also say what is counted: beds, appointments per week."""

MAX_BYTES = 5_000_000
MAX_NOTE = 400
MAX_UNIT = 60

LIMITS = {"max_walk_min": (1.0, 240.0), "target_per_1000": (0.0, 1_000.0)}
"""Lowest and highest value of the number columns, both allowed; an empty cell is none."""


def import_standards(path: Path, municipality: str) -> Report:
    """Load the standards of a municipality from CSV and return the report.

    A standard is recognised by its category and groups; those that the file does not
    have stay, and are counted as absent.

    Parameters
    ----------
    path : Path
        UTF-8 with the header `COLUMNS` or `WITH_UNIT`; groups are separated by `;`.
    municipality : str
        Slug of a municipality that is loaded.

    Raises
    ------
    UnreadableFile
        The file is missing, too large, not UTF-8, or has other columns.
    NotFound
        There is no such municipality.
    ImportRefused
        A row is refused; nothing was written.
    """
    started = time.monotonic()
    city = Municipality.objects.filter(slug=municipality).first()
    if city is None:
        raise NotFound("municipality", municipality)
    report = Report(what="standards", file=path.name, municipality=municipality)
    categories = _slugs(TaxonomyKind.CATEGORY)
    groups = _slugs(TaxonomyKind.POPULATION_GROUP)
    wanted: dict[tuple[int, tuple[str, ...]], dict[str, object]] = {}
    for row, record in enumerate(
        csv_records(path, (WITH_UNIT, COLUMNS), max_bytes=MAX_BYTES), 2
    ):
        report.read += 1
        faults = list(_faults(record, categories, groups))
        key = (categories.get(record["category"], 0), _groups(record))
        if key in wanted:
            faults.append(
                ("category", record["category"], "given before for these groups")
            )
        for column, value, reason in faults:
            report.refuse(row, column, value, reason)
        wanted[key] = _values(record) if not faults else {}
    report.checked()
    with transaction.atomic():
        _write(city, wanted, report)
    report.written = True
    report.seconds = time.monotonic() - started
    return report


def _slugs(kind: TaxonomyKind) -> dict[str, int]:
    return dict(
        TaxonomyTerm.objects.filter(taxonomy__slug=kind).values_list("slug", "pk")
    )


def _groups(record: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({part.strip() for part in record["groups"].split(";")} - {""}))


def _faults(
    record: Mapping[str, str], categories: Mapping[str, int], groups: Mapping[str, int]
) -> Iterable[tuple[str, object, str]]:
    if record["category"] not in categories:
        yield "category", record["category"], "not the slug of a category"
    for slug in _groups(record):
        if slug not in groups:
            yield "groups", slug, "not the slug of a population group"
    for column, (low, high) in LIMITS.items():
        number = _number(record[column])
        if number is not None and not low <= number <= high:
            yield column, record[column], f"a number from {low:g} to {high:g}, or empty"
    unit = record.get("target_unit", "")
    if len(unit) > MAX_UNIT or "\x00" in unit:
        yield "target_unit", unit, f"up to {MAX_UNIT} characters of text"
    if len(record["note"]) > MAX_NOTE or "\x00" in record["note"]:
        yield "note", record["note"], f"up to {MAX_NOTE} characters of text"


def _number(text: str) -> float | None:
    """Return the number in a cell, None if empty, nan if it is something else."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return math.nan


def _values(record: Mapping[str, str]) -> dict[str, object]:
    numbers = {column: _number(record[column]) for column in LIMITS}
    texts = {"note": record["note"], "target_unit": record.get("target_unit", "")}
    return {**numbers, **texts}


def _write(
    city: Municipality,
    wanted: Mapping[tuple[int, tuple[str, ...]], Mapping[str, object]],
    report: Report,
) -> None:
    stored = {(row.category_id, tuple(row.groups)): row for row in city.standards.all()}
    report.absent = len(set(stored) - set(wanted))
    for (category, groups), values in wanted.items():
        row = stored.get((category, groups))
        if row is None:
            ServiceStandard.objects.create(
                municipality=city, category_id=category, groups=list(groups), **values
            )
            report.created += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            report.updated += 1
        else:
            report.unchanged += 1
