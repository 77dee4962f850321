from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.ingest.demo import has_city, load_demo

REMINDER = (
    "Demo data: {districts}; residents are modelled; services marked (demo) are invented. "
    "Where everything comes from: fixtures/SOURCES.md"
)


class Command(BaseCommand):
    help = (
        "Load the demo city: Athens with schematic districts, modelled residents, real "
        "public places and invented services. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing where a municipality is loaded already",
        )
        parser.add_argument(
            "--real",
            type=Path,
            metavar="DIR",
            help="take the districts and the residents from the files in this folder "
            "(docs/how-to/load-official-data.md); services stay as they are",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and has_city():
            self.stdout.write("A municipality is loaded: the demo city was left out.")
            return
        real: Path | None = options["real"]
        if real is not None and not real.is_dir():
            raise CommandError(f"--real: {str(real)!r} is not a folder")
        try:
            reports = load_demo(settings.BASE_DIR / "fixtures", real=real)
        except LayersError as error:
            raise CommandError(error.detail) from error
        for report in reports:
            self.stdout.write("\n".join(report.lines()))
        self.compute(reports[-1].municipality)
        districts = "real districts" if real else "districts are drawn schematically"
        self.stdout.write(REMINDER.format(districts=districts))

    def compute(self, municipality: str) -> None:
        """Show coverage of what is loaded now; runs of unchanged data are found again."""
        call_command("run_coverage", municipality=municipality, stdout=StringIO())
        self.stdout.write(
            "Coverage and gaps are computed for every level of districts."
        )
