"""The rows of one term after another, from what stays the same for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from layers.analysis.access import at_threshold
from layers.analysis.disclosure import Disclosure, Withheld
from layers.analysis.family_disclosure import FamilyDisclosure
from layers.analysis.further import Further, further_of
from layers.analysis.hidden import Hidden
from layers.analysis.measured import measured
from layers.analysis.need import Need
from layers.analysis.places_in_reach import PlacesInReach
from layers.analysis.reach import Reach
from layers.analysis.rows import CoverageRow, rows_of_term
from layers.analysis.term_standards import TermStandards
from layers.analysis.zones import Zones
from layers.selectors.supply import Supply


@dataclass(frozen=True, slots=True)
class TermRows:
    """What the rows of every term are made from.

    Attributes
    ----------
    zones : Zones
        Who lives where.
    offered : Supply
        What is offered.
    disclosure : Disclosure
        What may be published.
    shown : FamilyDisclosure
        What is of each term beside those below it.
    asked : TermStandards
        What the committees ask for, and the question.
    reached : PlacesInReach or None
        Who reaches what; None where places are not known one by one.
    need : Need or None
        Of the level's districts.
    """

    zones: Zones
    offered: Supply
    disclosure: Disclosure
    shown: FamilyDisclosure
    asked: TermStandards
    reached: PlacesInReach | None
    need: Need | None

    def rows(self, slug: str, reach: Reach) -> Iterable[CoverageRow]:
        """Return the rows of a term: districts by code, the outside, the municipality."""
        question = self.asked.question(slug)
        zones = replace(self.zones, parameters=question)
        disclosure = self.disclosure.at(question)
        shown = self.shown.of_term(slug)
        further = self._further(slug, reach, zones, disclosure, shown)
        return rows_of_term(slug, reach, zones, self.offered, shown, further)

    def _are_all_known(self, slug: str, reached: PlacesInReach) -> bool:
        """Tell whether no places of a term are protected, or all of them unknown."""
        is_offered = self.offered.n_services[slug] > 0
        has_places = len(reached.places.of_term.get(slug, ())) > 0
        return slug not in self.offered.protected and (has_places or not is_offered)

    def _further(
        self,
        slug: str,
        reach: Reach,
        zones: Zones,
        disclosure: Disclosure,
        shown: Withheld,
    ) -> list[Further]:
        if self.reached is None:
            return []
        question, standard = zones.parameters, self.asked.standard(slug)
        side_by_side = {
            minutes: measured(
                slug,
                at_threshold(question, minutes),
                self.reached,
                standard,
                reach.walk_m,
                are_all=self._are_all_known(slug, self.reached),
            )
            for minutes in disclosure.thresholds_min
        }
        hidden = Hidden.of(
            disclosure, shown, reach.walk_m, zones.people, list(side_by_side.values())
        )
        found = side_by_side[question.threshold_min]
        return list(further_of(found, zones, self.need, hidden))
