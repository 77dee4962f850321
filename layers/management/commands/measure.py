"""Measures of access on plain files; no database is touched."""

from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.measures.decay_text import SPELLINGS
from layers.workbench.answer_files import answer_in_files
from layers.workbench.question import MEASURES, Question, measure_name


class Command(BaseCommand):
    help = (
        "Compute a measure of access or inequality from plain files: CSV or any vector "
        "file in, CSV and JSON out (docs/how-to/measure-on-files.md)."
    )
    requires_system_checks = ()  # they ask the database, and none is needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--measure", required=True, metavar="NAME", help=", ".join(MEASURES)
        )
        _add_points(parser)
        _add_costs(parser)
        _add_rules(parser)
        _add_columns(parser)
        parser.add_argument(
            "--out", type=Path, metavar="F.csv", help="one row per demand point"
        )
        parser.add_argument(
            "--summary", type=Path, metavar="F.json", help="else it is printed"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            options = {f.name: given[f.name] for f in fields(Question)}
            options["measure"] = measure_name(given["measure"])
            question = Question(**options)
            answered = answer_in_files(
                question,
                out=given["out"],
                summary_file=given["summary"],
                default_srid=settings.METRIC_SRID,
            )
        except LayersError as error:
            raise CommandError(error.detail) from error
        for option in question.unused():
            self.stderr.write(f"--{option} is not used here")
        self.stdout.write(answered)


def _add_points(parser: ArgumentParser) -> None:
    for side, what, needed in (("demand", "people", True), ("supply", "places", False)):
        parser.add_argument(
            f"--{side}", type=Path, required=needed, metavar="F", help="CSV or vector"
        )
        parser.add_argument(f"--{side}-id", required=needed, metavar="C")
        parser.add_argument(
            f"--{side}-value", metavar="C", help=f"{what}; 1 each without"
        )
    parser.add_argument("--x", metavar="C", help="column of CSV files")
    parser.add_argument("--y", metavar="C", help="column of CSV files")
    parser.add_argument(
        "--srid", type=int, metavar="N", help="projected EPSG code to measure in"
    )
    parser.add_argument("--detour", type=float, metavar="F", help="1 without")


def _add_costs(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--cost", type=Path, metavar="F", help="one row per pair, instead of places"
    )
    parser.add_argument("--cost-from", metavar="C", help="demand id")
    parser.add_argument("--cost-to", metavar="C", help="supply id")
    parser.add_argument("--cost-value", metavar="C", help="empty is unreachable")


def _add_rules(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--threshold", type=float, metavar="T", help="largest cost that counts"
    )
    parser.add_argument("--decay", metavar="KIND[:params]", help=", ".join(SPELLINGS))
    parser.add_argument("--k", type=int, help="cost_to_closest: to the k-th; 1 without")
    parser.add_argument("--rho", type=float, help="raam: demand per place")
    parser.add_argument("--tau", type=float, help="raam: cost of a mean crowd; 60")
    parser.add_argument("--max-cycles", type=int, help="raam: 150 without")


def _add_columns(parser: ArgumentParser) -> None:
    for column, use in (
        ("value", "gini_index, theil_t, concentration_index, palma_ratio, fgt"),
        ("rank", "standing, worst-off first: concentration_index, palma_ratio"),
        ("group", "figures by group, and between and within them"),
    ):
        parser.add_argument(f"--{column}-column", metavar="C", help=use)
    parser.add_argument("--standard", type=float, metavar="Z", help="fgt")
    parser.add_argument("--alpha", type=float, metavar="A", help="fgt: 0, 1, 2; 1")
