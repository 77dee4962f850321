"""Takes a layer that was published from a file out of publication."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.ingest.layer_publishing import drop_layer


class Command(BaseCommand):
    help = "Remove a layer that import_layer published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("collection", metavar="ID")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            drop_layer(given["collection"])
        except LayersError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{given['collection']} is no layer any more")
