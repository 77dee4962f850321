"""Services from a table or a point file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from layers.ingest.report import Report
from layers.ingest.services import ServiceOptions, import_services
from layers.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Load services from CSV, XLSX, GeoJSON, GeoPackage or another point file "
        "(docs/how-to/import.md)."
    )

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE.toml", help="whose column is which"
        )
        parser.add_argument("--source", help="for rows without their own")
        parser.add_argument("--license", help="for rows without their own")
        parser.add_argument(
            "--layer", help="layer of a vector file, sheet of a workbook"
        )
        parser.add_argument("--crs", help="reference system of the columns lon and lat")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="new services can be seen at once; without it they are drafts",
        )

    def run(self, given: dict[str, Any]) -> Report:
        options = ServiceOptions(
            municipality=given["municipality"],
            mapping=given["mapping"],
            source=given["source"],
            licence=given["license"],
            layer=given["layer"],
            crs=given["crs"],
            publish=given["publish"],
        )
        return import_services(given["file"], options, self.mode(given))
