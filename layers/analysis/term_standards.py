"""What a committee asks for, term by term, as one question takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from layers.analysis.access import at_threshold
from layers.analysis.group_questions import GROUP_THRESHOLDS_MIN
from layers.analysis.parameters import CoverageParameters
from layers.measures.walking import minutes_to_metres
from layers.selectors.standards import NO_STANDARD, Standard, Standards


@dataclass(frozen=True, slots=True)
class TermStandards:
    """The standards of a municipality, and the question that they are asked in.

    Attributes
    ----------
    parameters : CoverageParameters
        The question.
    by_term : mapping of str to Standard
        By category. A parent and a committee have none of their own.
    """

    parameters: CoverageParameters
    by_term: Standards

    @classmethod
    def of(
        cls, parameters: CoverageParameters, by_category: Mapping[str, Standard]
    ) -> Self:
        """Return the standards as the question takes them."""
        return cls(parameters, by_category if parameters.by == "category" else {})

    def standard(self, slug: str) -> Standard:
        """Return what holds for a term, with the places that the question asks for."""
        found = self.by_term.get(slug, NO_STANDARD)
        given = self.parameters.places_per_1000
        return found if given is None else replace(found, per_1000=given, unit="")

    def question(self, slug: str) -> CoverageParameters:
        """Return the question with the longest walk of a term.

        Of a group only walks that anybody may ask about are taken from a standard.
        """
        if self.parameters.threshold != "standard":
            return self.parameters
        minutes = self.by_term.get(slug, NO_STANDARD).max_walk_min
        is_public_group = (
            self.parameters.group is not None and not self.parameters.is_restricted
        )
        if minutes is None or (is_public_group and minutes not in GROUP_THRESHOLDS_MIN):
            return self.parameters
        return at_threshold(self.parameters, minutes)

    @property
    def longest(self) -> CoverageParameters:
        """The question with the longest walk of any term."""
        asked = [self.question(slug) for slug in self.by_term]
        return max([self.parameters, *asked], key=lambda one: one.threshold_min)

    @property
    def limit_m(self) -> float:
        """The longest walk in metres that answers side by side ask about."""
        minutes = [self.longest.threshold_min]
        if self.parameters.group is not None:
            minutes += GROUP_THRESHOLDS_MIN
        return minutes_to_metres(max(minutes), self.parameters.walk_kmh)
