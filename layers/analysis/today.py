"""Today as arrays that stay, so that "what if" need not begin anew each time.

`Today` knows for each term the two nearest places of everybody; what a change leaves
alone is never computed again. No database: `scenarios.py` fetches the arrays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np

from layers.analysis.family_disclosure import FamilyDisclosure
from layers.analysis.nearest_two import NearestTwo, is_in
from layers.analysis.scenario_disclosure import StatesDisclosure
from layers.analysis.scenario_intervals import Walks
from layers.analysis.scenario_rows import ScenarioRow, Seated, rows_of_change
from layers.analysis.travel_cost import TravelCost
from layers.analysis.zones import Zones
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.selectors.supply import Term

Places = Mapping[str, FloatArray]
"""By term: x and y of the places of its own, (m, 2), those of no child of it."""

NOWHERE = np.empty((0, 2))

READINGS = ("places", "sure", "possible")


@dataclass(frozen=True, slots=True)
class State:
    """The places of some terms, in each reading of what is not known of them.

    Attributes
    ----------
    places : Places
        That can be used as far as anybody knows; each point once.
    sure : Places
        Of these, those without a doubt.
    possible : Places
        These, and those of which it is not known. Where two readings have the same
        places they may hold the same array, which is then searched once.
    """

    places: Places
    sure: Places
    possible: Places

    @classmethod
    def certain(cls, places: Places) -> Self:
        """Return a state without doubts."""
        return cls(places, places, places)

    def of(self, reading: str) -> Places:
        """Return the places of `places`, `sure` or `possible`."""
        found: Places = getattr(self, reading)
        return found


@dataclass(frozen=True)
class Today:
    """What there is, and how far it is for everybody.

    Attributes
    ----------
    kind : str
        `category` or `committee`: what the terms are.
    tree : sequence of Term
        All terms of that kind.
    now : State
        The places of every term.
    zones : Zones
        Who lives where.
    origins : ndarray, (n, 2)
        x and y of these people in METRIC_SRID.
    disclosure : StatesDisclosure
        What may be published.
    engine : TravelCost
        How walks are found.

    Notes
    -----
    Keeps 24 bytes for each point, and term that was asked about, and reading that
    differs.
    """

    kind: str
    tree: Sequence[Term]
    now: State
    zones: Zones
    origins: FloatArray
    disclosure: StatesDisclosure
    engine: TravelCost
    _own: dict[tuple[str, str], NearestTwo] = field(default_factory=dict, repr=False)

    @property
    def nbytes(self) -> int:
        """How much is kept, about, in bytes."""
        return sum(one.nbytes for one in self._own.values()) + self.origins.nbytes

    def walks(self, slug: str, state: State | None = None) -> Walks:
        """Return walking metres from each origin to the nearest place of a term.

        Parameters
        ----------
        slug : str
            The term; the nearest place of a parent is that of its own or its children's.
        state : State, optional
            Other places, for the terms whose own places differ from today's.
        """
        walk_m = self._walk_m("places", slug, state)
        sure_m = possible_m = walk_m
        if not self._is_alike("sure", slug, state):
            # Another search may round the same way differently.
            sure_m = np.maximum(self._walk_m("sure", slug, state), walk_m)
        if not self._is_alike("possible", slug, state):
            possible_m = np.minimum(self._walk_m("possible", slug, state), walk_m)
        return Walks(walk_m, sure_m, possible_m)

    @cached_property
    def shown(self) -> FamilyDisclosure:
        """Return what the runs of today withhold of each term."""
        return FamilyDisclosure(
            self.tree, lambda _: self.disclosure, lambda slug: self.walks(slug).walk_m
        )

    def affected(self, changed: Iterable[str]) -> list[str]:
        """Return the terms whose figures a change of some terms may move, in order."""
        wanted = set(changed)
        return [
            term.slug
            for term in self.tree
            if wanted.intersection(self.below(term.slug))
        ]

    def compare(self, state: State) -> list[ScenarioRow]:
        """Return the rows of every term that one state concerns, against today."""
        return self.compare_all([state])[0]

    def compare_all(
        self,
        states: Sequence[State],
        seated: Mapping[str, Sequence[Seated]] | None = None,
    ) -> list[list[ScenarioRow]]:
        """Return for each state the rows of every term that any of them concerns.

        Parameters
        ----------
        states : sequence of State
            For each term whose own places differ from today's, all that it has then.
        seated : mapping of str to sequence of Seated, optional
            By term what becomes of people where places are only so large: today, and in
            each state.
        """
        changed = {slug for state in states for slug in state.places}
        found: list[list[ScenarioRow]] = [[] for _ in states]
        for slug in self.affected(changed):
            walks = [self.walks(slug), *(self.walks(slug, state) for state in states)]
            seats = (seated or {}).get(slug)
            self._write_rows(slug, walks, self._near(slug, states), seats, found)
        return found

    def below(self, slug: str) -> list[str]:
        """Return a term and everything below it that there is."""
        by_slug = {term.slug: term for term in self.tree}
        found = [slug]
        for at in found:
            found += [child for child in by_slug[at].children if child in by_slug]
        return found

    def _write_rows(
        self,
        slug: str,
        walks: Sequence[Walks],
        spots: FloatArray,
        seats: Sequence[Seated] | None,
        found: list[list[ScenarioRow]],
    ) -> None:
        withheld = self.disclosure.of_states(
            [one.walk_m for one in walks],
            lambda points, limit_m: self._reaches(points, spots, limit_m),
            self.shown.of_term(slug),
        )
        split_withheld = None
        if seats:
            counts = [count for one in seats for count in one.counts]
            split_withheld = self.disclosure.of_counts(withheld, counts)
        for n, after in enumerate(walks[1:]):
            sides = None if not seats else (seats[0], seats[n + 1])
            found[n] += rows_of_change(
                (self.kind, slug), walks[0], after, self.zones, withheld,
                seated=sides, split_withheld=split_withheld,
            )  # fmt: skip

    def _near(self, slug: str, states: Sequence[State]) -> FloatArray:
        """Return the spots at which a place of a term is today or then, but not both."""
        spots = [NOWHERE]
        for below in self.below(slug):
            now = self.now.places.get(below, NOWHERE)
            for state in states:
                then = state.places.get(below, now)
                spots += [now[~is_in(now, then)], then[~is_in(then, now)]]
        return np.unique(np.concatenate(spots), axis=0)

    def _reaches(
        self, points: IntArray, spots: FloatArray, limit_m: float
    ) -> BoolArray:
        """Return which spots are within some metres of points, (spots, points)."""
        found = np.zeros((len(spots), len(points)), dtype=np.bool_)
        if len(spots) > 1:  # one alone tells nobody apart who crosses
            pairs = self.engine.pairs_within(self.origins[points], spots, limit_m)
            rows, columns = pairs.tocoo().coords
            found[columns, rows] = True
        return found

    def _walk_m(self, reading: str, slug: str, state: State | None) -> FloatArray:
        walk_m = np.full(len(self.origins), np.inf)
        for below in self.below(slug):
            own = self._nearest(reading, below)
            found = own.walk_m[:, 0]
            if state is not None and below in state.places:
                then = state.of(reading)[below]
                found = own.after(then, self.origins, self.engine)
            np.minimum(walk_m, found, out=walk_m)
        return walk_m

    def _is_alike(self, reading: str, slug: str, state: State | None) -> bool:
        """Return whether a reading has the very places of the figures."""
        sides = [self.now] if state is None else [self.now, state]
        return all(
            side.of(reading).get(below) is side.places.get(below)
            for below in self.below(slug)
            for side in sides
        )

    def _nearest(self, reading: str, slug: str) -> NearestTwo:
        places = self.now.of(reading).get(slug, NOWHERE)
        if places is self.now.places.get(slug, NOWHERE):
            reading = "places"
        found = self._own.get((reading, slug))
        if found is None:
            found = NearestTwo.of(self.origins, places, self.engine)
            self._own[reading, slug] = found
        return found
