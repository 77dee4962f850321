"""How much longer walks are than straight lines, measured on the city's own streets."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.ingest.street_calibration import PAIRS, Measured, calibrate_detour


class Command(BaseCommand):
    help = (
        "Measure the detour of a municipality along its streets; straight_line then uses "
        "it (docs/explanation/walking-network.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", default=settings.DEFAULT_MUNICIPALITY)
        parser.add_argument(
            "--pairs", type=int, default=PAIRS, help=f"walks of the sample ({PAIRS})"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
        parser.add_argument(
            "--dry-run", action="store_true", help="measure and keep nothing"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            found = calibrate_detour(
                given["municipality"],
                pairs=given["pairs"],
                seed=given["seed"],
                dry_run=given["dry_run"],
                progress=self.progress,
            )
        except LayersError as error:
            raise CommandError(error.detail) from error
        self.tell(found)
        kept = "nothing was kept" if given["dry_run"] else "kept for straight_line"
        self.stdout.write(f"  {kept}")

    def progress(self, done: int, of: int) -> None:
        """Say how far it is, on a terminal only, in one line."""
        if self.stderr.isatty():
            self.stderr.write(f"\r  junctions: {done:,} of {of:,}", ending="")
            if done == of:
                self.stderr.write("")

    def tell(self, found: Measured) -> None:
        """Print what was found."""
        city = found.calibration
        low, high = (f"{p:.2f}" if p else "no way" for p in (city.p10, city.p90))
        where = "where people live" if city.by_people else "at junctions"
        self.stdout.write(
            f"detour {city.detour:.3f} (one in ten below {low}, above {high})"
        )
        self.stdout.write(
            f"  {city.pairs:,} walks that begin {where}, seed {city.seed}; "
            f"{city.share_without_way:.1%} have no way"
        )
        self.stdout.write(
            f"  {found.junctions_long:,} of {found.junctions_measured:,} junctions with a "
            f"local detour above 1.6 ({found.junctions:,} junctions in all)"
        )
