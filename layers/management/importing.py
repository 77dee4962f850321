"""What the import commands share: their options, their report, their way to end."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.errors import InvalidParameter, LayersError
from layers.ingest.report import Mode, Report
from layers.ingest.writing import may_write

INTERRUPTED = 130
"""Exit code of a program that was interrupted from the keyboard."""


class ImportCommand(BaseCommand):
    """Reads a file, prints the report, and ends with 1 when rows kept the file out.

    A refused file or option is one line on standard error, never a traceback.
    """

    is_of_municipality = True
    """Whether what is imported belongs to one municipality."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        if self.is_of_municipality:
            parser.add_argument(
                "--municipality", default=settings.DEFAULT_MUNICIPALITY, metavar="SLUG"
            )
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything, then undo it"
        )
        parser.add_argument(
            "--accept-partial",
            action="store_true",
            help="write the good rows although others are refused",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.json", help="write the report as JSON"
        )
        self.add_options(parser)

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options of one command."""
        raise NotImplementedError

    def run(self, given: dict[str, Any]) -> Report:
        """Import the file as the options say, and return the report."""
        raise NotImplementedError

    def mode(self, given: dict[str, Any]) -> Mode:
        """Return how the import deals with what it reads."""
        return Mode(dry_run=given["dry_run"], accept_partial=given["accept_partial"])

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            _check_writable(given["report"])
            report = self.run(given)
            if given["report"] is not None:
                report.write(given["report"])
        except LayersError as error:
            raise CommandError(error.detail) from error
        except KeyboardInterrupt:
            self.stderr.write("interrupted: nothing was written")
            sys.exit(INTERRUPTED)
        for line in report.lines():
            self.stdout.write(line)
        if not may_write(report):
            raise CommandError(f"{report.file} was refused; nothing was written")


def _check_writable(path: Path | None) -> None:
    """Refuse a report that could not be written, before the import and not after."""
    if path is None:
        return
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InvalidParameter("report", str(path), "a file in a folder that exists")
