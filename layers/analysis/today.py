"""Today as arrays that stay, so that "what if" need not begin anew each time.

`Today` knows for each term the two nearest places of everybody; what a change leaves
alone is never computed again. No database: `scenarios.py` fetches the arrays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from layers.analysis.disclosure import Disclosure
from layers.analysis.nearest_two import NearestTwo
from layers.analysis.scenario_rows import ScenarioRow, rows_of_change
from layers.analysis.travel_cost import TravelCost
from layers.analysis.zones import Zones
from layers.measures.arrays import FloatArray
from layers.selectors.supply import Term

Places = Mapping[str, FloatArray]
"""By term: x and y of the places of its own, (m, 2), those of no child of it."""

NOWHERE = np.empty((0, 2))


@dataclass(frozen=True)
class Today:
    """What there is, and how far it is for everybody.

    Attributes
    ----------
    kind : str
        `category` or `committee`: what the terms are.
    tree : sequence of Term
        All terms of that kind.
    places : mapping of str to ndarray, (m, 2)
        As `Places`; each point once.
    zones : Zones
        Who lives where.
    origins : ndarray, (n, 2)
        x and y of these people in METRIC_SRID.
    disclosure : Disclosure
        What may be published.
    engine : TravelCost
        How walks are found.

    Notes
    -----
    Keeps 24 bytes for each point and term that was asked about.
    """

    kind: str
    tree: Sequence[Term]
    places: Places
    zones: Zones
    origins: FloatArray
    disclosure: Disclosure
    engine: TravelCost
    _own: dict[str, NearestTwo] = field(default_factory=dict, repr=False)

    def walk_m(self, slug: str, changed: Places | None = None) -> FloatArray:
        """Return walking metres from each origin to the nearest place of a term, (n,).

        Parameters
        ----------
        slug : str
            The term; the nearest place of a parent is that of its own or its children's.
        changed : Places, optional
            Other places, for the terms whose own places differ from today's.
        """
        by_slug = {term.slug: term for term in self.tree}
        walk_m = np.full(len(self.origins), np.inf)
        for below in _below(slug, by_slug):
            own = self._nearest(below)
            if changed is not None and below in changed:
                found = own.after(changed[below], self.origins, self.engine)
            else:
                found = own.walk_m[:, 0]
            np.minimum(walk_m, found, out=walk_m)
        return walk_m

    def affected(self, changed: Iterable[str]) -> list[str]:
        """Return the terms whose figures a change of some terms may move, in order."""
        wanted = set(changed)
        by_slug = {term.slug: term for term in self.tree}
        return [
            term.slug
            for term in self.tree
            if wanted.intersection(_below(term.slug, by_slug))
        ]

    def compare(self, changed: Places) -> list[ScenarioRow]:
        """Return the rows of every term that other places concern, against today.

        Parameters
        ----------
        changed : Places
            For each term whose own places differ from today's, all that it has then.
        """
        rows: list[ScenarioRow] = []
        for slug in self.affected(changed):
            before_m, after_m = self.walk_m(slug), self.walk_m(slug, changed)
            withheld = self.disclosure.of_change(before_m, after_m)
            rows += rows_of_change(
                self.kind, slug, before_m, after_m, self.zones, withheld
            )
        return rows

    def _nearest(self, slug: str) -> NearestTwo:
        found = self._own.get(slug)
        if found is None:
            places = self.places.get(slug, NOWHERE)
            found = NearestTwo.of(self.origins, places, self.engine)
            self._own[slug] = found
        return found


def _below(slug: str, by_slug: Mapping[str, Term]) -> list[str]:
    """Return a term and everything below it that there is."""
    found = [slug]
    for at in found:
        found += [child for child in by_slug[at].children if child in by_slug]
    return found
