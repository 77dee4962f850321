"""A published layer as a file, as `/api/v1/exports` gives it."""

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from django.core.management.base import BaseCommand, CommandError

from layers.errors import InvalidParameter, LayersError
from layers.exports.extract import Extract
from layers.exports.folders import working_folder
from layers.exports.formats import FORMATS, Made, Streamed
from layers.params.exports import export_parameters, wanted_of
from layers.published.layers.layer import Layer
from layers.published.layers.streams import open_layer
from layers.published.layers.wanted import Wanted

STANDARD_OUTPUT = "-"

PARAMETERS = {
    "bbox": "W,S,E,N: features that intersect the box",
    "bbox-crs": "system of --bbox, e.g. EPSG:2100",
    "crs": "system of the coordinates, e.g. EPSG:2100; CRS84 without it",
    "datetime": "moment or interval, e.g. 2026-01-01/..",
    "filter": "CQL2",
    "filter-lang": "cql2-text or cql2-json",
    "filter-crs": "system of the coordinates in --filter",
    "lang": "language of titles",
    "properties": "names of columns, by commas: only these",
    "q": "words to search for",
}
"""Options that mean what the parameters of the same name mean in the API."""


class Command(BaseCommand):
    help = "Write a published layer, or what filters leave of it, into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", metavar="LAYER")
        parser.add_argument(
            "file", metavar="FILE", help="replaced when all is written; - is the output"
        )
        parser.add_argument(
            "--format",
            choices=list(FORMATS),
            help="without it what the file's name ends with",
        )
        for name, text in PARAMETERS.items():
            parser.add_argument(f"--{name}", metavar="VALUE", help=text)
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="COLUMN=VALUE",
            help="features of which a column has the value; may be repeated",
        )
        parser.add_argument(
            "--spreadsheet", action="store_true", help="csv that a spreadsheet opens"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            form = format_of(given["file"], given["format"])
            query = urlencode(list(pairs(given)))
            with target(given["file"]) as file:
                export(given["layer"], form, query, file)
        except LayersError as error:
            raise CommandError(error.detail) from error
        except OSError as error:
            raise CommandError(f"{given['file']}: {error.strerror}") from error


def format_of(file: str, asked: str | None) -> Streamed | Made:
    """Return the format that was named, or that of the file's name."""
    if asked is not None:
        return FORMATS[asked]
    found = [f for code, f in FORMATS.items() if file.lower().endswith(f".{code}")]
    if not found:
        listed = ", ".join(f".{code}" for code in FORMATS)
        raise InvalidParameter("file", file, f"a name that ends with one of {listed}")
    return found[0]


def pairs(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values as a query of the API would have them."""
    for name in PARAMETERS:
        value = given[name.replace("-", "_")]
        if value is not None:
            yield name, value
    for text in given["where"]:
        column, equals, value = text.partition("=")
        if not equals:
            raise InvalidParameter("where", text, "COLUMN=VALUE")
        yield column, value
    if given["spreadsheet"]:
        yield "spreadsheet", "true"


def export(layer_id: str, form: Streamed | Made, query: str, target: IO[bytes]) -> None:
    """Write the layer; nobody else's export keeps this one waiting."""

    def wish(layer: Layer) -> Wanted:
        values = export_parameters(layer, form.code).read_query(query)
        return wanted_of(layer, values, values["lang"] or "en")

    with working_folder() as folder, open_layer(layer_id, is_counted=False) as reading:
        extract = Extract(reading, wish(reading.layer))
        if isinstance(form, Made):
            with form.write(extract, folder).open("rb") as made:
                shutil.copyfileobj(made, target)
        else:
            target.writelines(form.chunks(extract))


@contextmanager
def target(file: str) -> Iterator[IO[bytes]]:
    """Lend where to write: a file beside the one named, which it replaces at the end."""
    if file == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("xb") as made:
            yield made
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
