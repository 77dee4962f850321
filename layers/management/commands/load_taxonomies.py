from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from layers.errors import LayersError
from layers.ingest.report import Report
from layers.ingest.standards import import_standards
from layers.ingest.taxonomy import import_taxonomies


class Command(BaseCommand):
    help = (
        "Load committees, categories, population groups and sectors, and the service "
        "standards of a municipality (docs/reference/fixtures.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        fixtures = settings.BASE_DIR / "fixtures"
        parser.add_argument("--folder", type=Path, default=fixtures / "taxonomy")
        parser.add_argument(
            "--standards", type=Path, default=fixtures / "standards.csv"
        )
        parser.add_argument(
            "--municipality",
            metavar="SLUG",
            help="load the standards, too, for this city; it must be loaded",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = _load(
                options["folder"], options["standards"], options["municipality"]
            )
        except LayersError as error:
            raise CommandError(error.detail) from error
        for report in reports:
            self.stdout.write("\n".join(report.lines()))


@transaction.atomic
def _load(folder: Path, standards: Path, municipality: str | None) -> list[Report]:
    reports = import_taxonomies(folder)
    if municipality:
        reports.append(import_standards(standards, municipality))
    return reports
