"""Figures about districts that the need index is made of."""

from argparse import ArgumentParser
from typing import Any

from layers.ingest.indicator_file import import_indicators
from layers.ingest.report import Report
from layers.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Load indicators of districts from CSV (docs/how-to/import.md)."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True)

    def run(self, given: dict[str, Any]) -> Report:
        return import_indicators(
            given["file"],
            given["municipality"],
            source=given["source"],
            mode=self.mode(given),
        )
