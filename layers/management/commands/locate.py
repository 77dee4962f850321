"""Location models on plain files; no database is touched."""

from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.workbench.locate_files import locate_in_files
from layers.workbench.locate_question import MODELS, LocateQuestion, model_name


class Command(BaseCommand):
    help = (
        "Find the best sites, with proof of how good they are, from plain files: CSV or "
        "any vector file in, CSV and JSON out (docs/how-to/locate-on-files.md)."
    )
    requires_system_checks = ()  # they ask the database, and none is needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--model", required=True, metavar="NAME", help=", ".join(MODELS)
        )
        _add_points(parser)
        _add_costs(parser)
        _add_rules(parser)
        parser.add_argument(
            "--out", type=Path, metavar="F.csv", help="one row per demand point"
        )
        parser.add_argument(
            "--summary", type=Path, metavar="F.json", help="else it is printed"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            options = {f.name: given[f.name] for f in fields(LocateQuestion)}
            options["model"] = model_name(given["model"])
            question = LocateQuestion(**options)
            answered = locate_in_files(
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
    parser.add_argument(
        "--demand", type=Path, required=True, metavar="F", help="CSV or vector"
    )
    parser.add_argument("--demand-id", metavar="C", help="id without")
    parser.add_argument("--demand-value", metavar="C", help="people; 1 each without")
    parser.add_argument(
        "--sites", type=Path, required=True, metavar="F", help="CSV or vector"
    )
    parser.add_argument(
        "--supply-id",
        "--sites-id",
        dest="supply_id",
        metavar="C",
        help="of sites and fixed sites; as --demand-id without",
    )
    parser.add_argument(
        "--supply-value",
        "--sites-value",
        dest="supply_value",
        metavar="C",
        help="capacity (mclp, p_median); none without",
    )
    parser.add_argument(
        "--fixed", type=Path, metavar="F", help="sites that are open already"
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
    parser.add_argument("--cost-to", metavar="C", help="site id")
    parser.add_argument("--cost-value", metavar="C", help="empty is unreachable")
    parser.add_argument(
        "--graph",
        type=Path,
        metavar="F",
        help="undirected edges from,to,cost; the last of a repeated edge wins",
    )


def _add_rules(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sites-count", type=int, metavar="P", help="new sites; fixed come on top"
    )
    parser.add_argument(
        "--radius", type=float, metavar="R", help="largest cost that covers"
    )
    parser.add_argument(
        "--target", type=float, metavar="SHARE", help="partial_lscp; 0.9 without"
    )
    parser.add_argument("--time-limit", type=float, metavar="S", help="60 without")
