"""Any vector file as a published layer."""

from argparse import ArgumentParser
from typing import Any

from layers.ingest.layer_import import import_layer
from layers.ingest.layer_options import LayerOptions, language_map
from layers.ingest.report import Report
from layers.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Publish a vector file as a layer (docs/how-to/publish-a-layer.md)."
    is_of_municipality = False

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--layer", help="layer of a file that has several")
        parser.add_argument(
            "--collection", metavar="ID", help="id of the layer; made from its name"
        )
        parser.add_argument(
            "--replace", action="store_true", help="replace the layer of that id"
        )
        parser.add_argument(
            "--srid", type=int, help="EPSG code, if the file says none or a wrong one"
        )
        parser.add_argument("--encoding", help="of the texts, if the file says none")
        self._add_columns(parser)
        self._add_words(parser)

    def _add_columns(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key", metavar="COLUMN", help="names the features")
        parser.add_argument(
            "--renumber", action="store_true", help="do not keep the file's own ids"
        )
        parser.add_argument("--instant", metavar="COLUMN", help="the features' time")
        parser.add_argument("--interval", nargs=2, metavar="COLUMN")
        parser.add_argument("--no-time", action="store_true")
        parser.add_argument("--x", metavar="COLUMN", help="of a table: east, longitude")
        parser.add_argument("--y", metavar="COLUMN", help="of a table: north, latitude")
        parser.add_argument("--wkt", metavar="COLUMN", help="of a table: geometries")
        parser.add_argument("--no-geometry", action="store_true")
        parser.add_argument(
            "--repair", action="store_true", help="mend invalid geometries"
        )
        parser.add_argument(
            "--multi", action="store_true", help="make multi-geometries of all"
        )

    def _add_words(self, parser: ArgumentParser) -> None:
        for words in ("title", "description"):
            parser.add_argument(
                f"--{words}", nargs="+", action="extend", default=[], metavar="el=TEXT"
            )
        parser.add_argument("--license", "--licence", default="")
        parser.add_argument("--attribution", default="")
        parser.add_argument("--source", default="")

    def run(self, given: dict[str, Any]) -> Report:
        options = LayerOptions(
            layer=given["layer"],
            collection=given["collection"],
            srid=given["srid"],
            encoding=given["encoding"],
            key=given["key"],
            is_renumbered=given["renumber"],
            instant=given["instant"],
            interval=tuple(given["interval"]) if given["interval"] else None,
            is_timeless=given["no_time"],
            x=given["x"],
            y=given["y"],
            wkt=given["wkt"],
            is_placeless=given["no_geometry"],
            is_repaired=given["repair"],
            is_multi=given["multi"],
            replace=given["replace"],
            titles=language_map(given["title"], "title"),
            descriptions=language_map(given["description"], "description"),
            licence=given["license"],
            attribution=given["attribution"],
            source=given["source"],
        )
        return import_layer(given["file"], options, self.mode(given))
