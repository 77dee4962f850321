"""Coverage of every category and committee, stored for pages, layers and the API."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.analysis.city_defaults import detour_of
from layers.analysis.parameters import (
    METHOD,
    STRAIGHT_LINE,
    SUPPLIES,
    CoverageParameters,
)
from layers.analysis.runs import get_or_run
from layers.analysis.travel_cost import engine_codes
from layers.errors import LayersError
from layers.models import AnalysisRun, District
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.selectors.results import (
    CoverageResultRow,
    coverage_rows,
    latest_default_run,
)
from layers.selectors.supply import terms


class Command(BaseCommand):
    help = "Compute coverage and gaps, and show them as the default runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", default=settings.DEFAULT_MUNICIPALITY)
        parser.add_argument(
            "--level",
            action="append",
            choices=DistrictLevel.values,
            help="may be repeated; without it every level that has districts",
        )
        parser.add_argument(
            "--if-missing",
            action="store_true",
            help="only levels that no default run of the method in use shows yet",
        )
        parser.add_argument(
            "--supply",
            choices=SUPPLIES,
            default="public",
            help="all: with protected places, as restricted runs that nobody is shown",
        )

        parser.add_argument(
            "--engine",
            choices=engine_codes(),
            default=STRAIGHT_LINE,
            help="street_network: walks along the streets that import_streets loaded",
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            for question in self.questions(given):
                if given["if_missing"] and self.is_shown(question):
                    continue
                self.tell(question, self.computed(question))
        except LayersError as error:
            raise CommandError(error.detail) from error

    def questions(self, given: dict[str, Any]) -> list[CoverageParameters]:
        """Return the questions to ask, level by level from coarse to fine."""
        municipality = given["municipality"]
        there = set(
            District.objects.filter(
                municipality__slug=municipality, valid_to__isnull=True
            ).values_list("level", flat=True)
        )
        levels = given["level"] or [n for n in DistrictLevel.values if n in there]
        if not levels:
            raise CommandError(
                f"{municipality!r} has no districts; load them with import_districts"
            )
        engine = given["engine"]
        detour = detour_of(municipality, engine)
        return [
            CoverageParameters(
                municipality,
                level=level,
                by=by,
                supply=given["supply"],
                engine=engine,
                detour=detour,
            )
            for level in levels
            for by in TermKind.values
        ]

    def is_shown(self, question: CoverageParameters) -> bool:
        """Return whether a default run answers the question, however old its data.

        One of an older method does not: its figures mean something else.
        """
        shown = latest_default_run(
            question.municipality, by=question.by, level=question.level
        )
        return shown is not None and shown.code_version == METHOD

    def computed(self, question: CoverageParameters) -> AnalysisRun:
        """Return the run; the public question becomes the default one of its level."""
        return get_or_run(
            question,
            as_default=not question.is_restricted,
            restricted=question.is_restricted,
        )

    def tell(self, question: CoverageParameters, run: AnalysisRun) -> None:
        """Print the rows of the whole municipality: committees or top categories."""
        self.stdout.write(
            f"\n{question.municipality}, {question.level} by {question.by}: "
            f"{run.summary['residents']:,.0f} residents, "
            f"{question.threshold_min:g} minutes on foot by {question.engine} "
            f"(run {run.pk})"
        )
        if off := run.summary.get("residents_off_streets"):
            self.stdout.write(
                f"  {off:,.0f} of them live more than 250 m from any street that is loaded "
                "and count as not reached: load the streets of the whole city"
            )
        tree = terms(question.by)
        below = {child for term in tree for child in term.children}
        top = [term.slug for term in tree if term.slug not in below]
        totals = coverage_rows(run.pk, terms=top, restricted=question.is_restricted)
        for row in totals:
            if row.is_total:
                self.stdout.write(f"  {row.term:<28}{told(row)}")


def told(row: CoverageResultRow) -> str:
    """Return a row's people in words; withheld and undefined ones are a dash."""
    if row.residents_unserved is None or row.share_served is None:
        return "-"
    return f"{row.share_served:>7.1%} served {row.residents_unserved:>10,.0f} not"
