"""The walking network from an OpenStreetMap extract, a graph, or a layer of lines."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from layers.errors import InvalidParameter
from layers.ingest.report import Report
from layers.ingest.streets import StreetOptions, import_streets
from layers.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Load the streets that people walk from OSM PBF, GraphML or a vector file of "
        "lines (docs/how-to/import-streets.md)."
    )

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True)
        parser.add_argument("--license", required=True)
        parser.add_argument(
            "--margin-m",
            type=float,
            default=3000.0,
            help="keep streets so far beyond the municipality's boundary (3000)",
        )
        parser.add_argument(
            "--whole-file", action="store_true", help="keep streets wherever they are"
        )
        parser.add_argument(
            "--smallest-part-m",
            type=float,
            default=300.0,
            help="leave out parts with less street than this that nothing joins (300)",
        )
        parser.add_argument(
            "--nodes",
            type=Path,
            metavar="FILE",
            help="junctions of a file of lines with the columns u and v",
        )
        parser.add_argument("--layer", help="layer of the lines in a vector file")
        parser.add_argument("--nodes-layer", help="layer of the junctions")
        parser.add_argument("--crs", help="reference system the file does not say")

    def run(self, given: dict[str, Any]) -> Report:
        options = StreetOptions(
            municipality=given["municipality"],
            source=given["source"],
            licence=given["license"],
            margin_m=None if given["whole_file"] else _metres(given, "margin_m"),
            smallest_part_m=_metres(given, "smallest_part_m"),
            crs=given["crs"],
            layer=given["layer"],
            nodes_layer=given["nodes_layer"],
        )
        return import_streets(
            given["file"], options, self.mode(given), nodes_path=given["nodes"]
        )


def _metres(given: dict[str, Any], name: str) -> float:
    value = float(given[name])
    if not 0 <= value < float("inf"):
        raise InvalidParameter(name.replace("_", "-"), value, "metres, 0 or more")
    return value
