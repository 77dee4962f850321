"""People from points, polygons or grid cells that carry counts."""

from argparse import ArgumentParser
from typing import Any

from layers.errors import InvalidParameter
from layers.ingest.population import PopulationOptions, import_population
from layers.ingest.report import Report
from layers.management.importing import ImportCommand
from layers.models.demand import DemandQuality


class Command(ImportCommand):
    help = (
        "Load people from a vector file or a table of counts (docs/how-to/import.md)."
    )

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count-field", required=True, metavar="COLUMN")
        parser.add_argument("--vintage", required=True, type=int, metavar="YEAR")
        parser.add_argument("--quality", required=True, choices=DemandQuality.values)
        parser.add_argument("--source", required=True)
        parser.add_argument("--license", required=True)
        parser.add_argument("--id-field", metavar="COLUMN")
        parser.add_argument("--x-field", metavar="COLUMN", help="of a table")
        parser.add_argument("--y-field", metavar="COLUMN", help="of a table")
        parser.add_argument(
            "--cell-size-m", type=float, help="x and y are lower-left corners of cells"
        )
        parser.add_argument("--crs", help="reference system of a table")
        parser.add_argument(
            "--layer", help="layer of a vector file, sheet of a workbook"
        )
        parser.add_argument(
            "--group-field",
            action="append",
            default=[],
            metavar="GROUP=COLUMN",
            help="people of a group among the people; may be given several times",
        )
        parser.add_argument("--total", type=int, help="official number, kept exactly")
        parser.add_argument("--clip-to-boundary", action="store_true")
        parser.add_argument(
            "--margin-m", type=float, default=0.0, help="keep people so far outside"
        )
        parser.add_argument("--cell-spacing-m", type=float, default=100.0)
        parser.add_argument(
            "--replace", action="store_true", help="delete people of other sources"
        )

    def run(self, given: dict[str, Any]) -> Report:
        options = PopulationOptions(
            municipality=given["municipality"],
            source=given["source"],
            licence=given["license"],
            vintage=given["vintage"],
            quality=given["quality"],
            count_field=given["count_field"],
            group_fields=_groups(given["group_field"]),
            id_field=given["id_field"],
            x_field=given["x_field"],
            y_field=given["y_field"],
            cell_size_m=given["cell_size_m"],
            crs=given["crs"],
            layer=given["layer"],
            total=given["total"],
            clip_to_boundary=given["clip_to_boundary"],
            margin_m=given["margin_m"],
            cell_spacing_m=given["cell_spacing_m"],
            replace=given["replace"],
        )
        return import_population(given["file"], options, self.mode(given))


def _groups(texts: list[str]) -> dict[str, str]:
    groups = {}
    for text in texts:
        slug, equals, column = text.partition("=")
        if not (slug and equals and column):
            raise InvalidParameter("group-field", text, "GROUP=COLUMN")
        groups[slug] = column
    return groups
