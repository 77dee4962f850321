"""What is withheld of a family of terms: a top category and everything below it.

A term reaches whoever a term below it reaches, and nobody else. Where no hospital is near,
"health" reaches just those whom clinics reach; where no home has both near, their counts
add up. The public map of places says where that is so. So whoever reads several terms has
one system of sums, and a count that must not be known has to be able to be anything from
1 to k - 1 in it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from layers.analysis.disclosure import Counted, Disclosure, Withheld
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.feasible_ranges import TOLERANCE, KnownSums, Range
from layers.measures.joint_disclosure import patterns
from layers.selectors.supply import Term

Key = bytes
"""Which unknowns a sum adds up, packed."""


class FamilyDisclosure:
    """What is withheld of each of some terms, asked one after another.

    Parameters
    ----------
    tree : iterable of Term
        The terms, with the whole family of those that are asked about: so a question
        about one category withholds of it what a question about all of them does.
    rule_of : callable
        The rule with a term's longest walk, by slug.
    walk_of : callable
        Walking metres to the nearest place of a term, (n,), by slug.

    Notes
    -----
    Costs nothing more where no count of a family is small. Else two linear programmes for
    each such count, each from where the one before it ended, and again for those that
    were not safe each time something more is withheld.
    """

    def __init__(
        self,
        tree: Iterable[Term],
        rule_of: Callable[[str], Disclosure],
        walk_of: Callable[[str], FloatArray],
    ) -> None:
        self._tree = {term.slug: term.children for term in tree}
        self._above = {
            child: slug for slug, below in self._tree.items() for child in below
        }
        self._rule_of, self._walk_of = rule_of, walk_of
        self._cells: dict[str, BoolArray] = {}

    def of_term(self, slug: str) -> Withheld:
        """Return what is withheld of a term."""
        if slug not in self._cells:
            top = slug
            while top in self._above:
                top = self._above[top]
            self._protect(list(self._below(top)))
        return self._rule_of(slug).of_cells(self._cells[slug])

    def _below(self, slug: str) -> Iterator[str]:
        """Yield a term and everything below it."""
        yield slug
        for child in self._tree[slug]:
            if child in self._tree:
                yield from self._below(child)

    def _protect(self, slugs: list[str]) -> None:
        """Withhold of a family until nothing is known too well."""
        members = []
        for slug in slugs:
            rule, walk_m = self._rule_of(slug), self._walk_of(slug)
            self._cells[slug] = rule.cells_of(walk_m)
            members.append(_Member(rule.counted(walk_m), self._cells[slug]))
        if not any(member.has_secret for member in members):
            return
        system = _System(self._rule_of(slugs[0]), members)
        secrets = system.secrets()
        while secrets:
            telling, secrets = system.telling(secrets)
            if not system.withhold_one_of(telling):
                return


@dataclass(frozen=True, slots=True)
class _Member:
    counted: Counted
    withheld: BoolArray

    @property
    def has_secret(self) -> bool:
        counted = self.counted
        few = (counted.few_served, counted.few_unserved, counted.few_between)
        return any(bool(one.any()) for one in few)


class _System:
    """What a reader knows of a family.

    An unknown is the people of one atom whom just the same terms serve at the same
    thresholds. Which of them there are the map says; how many people each has nobody does.
    """

    def __init__(self, rule: Disclosure, members: list[_Member]) -> None:
        self._rule, self._members = rule, members
        served = np.vstack([member.counted.is_served for member in members])
        inhabited = np.flatnonzero(rule.is_inhabited)
        pattern = patterns(served[:, inhabited])
        atom = rule.atom[inhabited]
        _, example, unknown = np.unique(
            np.stack([atom, pattern]), axis=1, return_index=True, return_inverse=True
        )
        self._people = np.bincount(unknown.reshape(-1), rule.people[inhabited])
        self._in_cell: BoolArray = rule.cells[:, atom[example]] > 0
        bits = served[:, inhabited[example]]
        ends = np.cumsum([len(member.counted.is_served) for member in members])
        self._served: list[BoolArray] = np.split(bits, ends[:-1])

    def secrets(self) -> list[FloatArray]:
        """Return the counts that must not be known, as weights over the unknowns."""
        found: dict[bytes, FloatArray] = {}
        for member, served in zip(self._members, self._served, strict=True):
            few = member.counted
            sums = [
                *zip(few.few_served, served, strict=True),
                *zip(few.few_unserved, ~served, strict=True),
                *zip(
                    few.few_between,
                    [farther & ~nearer for nearer, farther in pairwise(served)],
                    strict=True,
                ),
            ]
            for is_few, who in sums:
                for cell in np.flatnonzero(is_few):
                    weights = (self._in_cell[cell] & who).astype(np.float64)
                    found.setdefault(weights.tobytes(), weights)
        return list(found.values())

    def telling(
        self, secrets: list[FloatArray]
    ) -> tuple[list[list[tuple[int, int]]], list[FloatArray]]:
        """Return what tells too much, and of which secrets.

        What tells is a sum, named by who tells it: members and cells of theirs.
        """
        told = self._told()
        rows = list(told)
        table = np.unpackbits(
            np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), -1),
            axis=1,
            count=len(self._people),
        )
        known = KnownSums(
            csr_array(table, dtype=np.float64),
            table @ self._people,
            most=float(self._people.sum()) + 2 * self._rule.k,
        )
        found: dict[int, None] = {}
        unsafe = []
        for weights in secrets:
            guilty = _too_narrow(known.range_of(weights), self._rule.k)
            if guilty is not None:
                found.update(dict.fromkeys(guilty.tolist()))
                unsafe.append(weights)
        return [told[rows[row]] for row in found], unsafe

    def withhold_one_of(self, telling: list[list[tuple[int, int]]]) -> bool:
        """Withhold the sum that costs least; return whether there was any."""
        # Residents are told by nobody in particular: they are known.
        candidates = [tellers for tellers in telling if tellers]
        if not candidates:
            return False
        for member, cell in min(candidates, key=self._cost):
            self._members[member].withheld[cell] = True
        return True

    def _cost(self, tellers: list[tuple[int, int]]) -> tuple[float, ...]:
        """Return what withholding a sum costs: rather where something is withheld."""
        return max(
            (
                float(self._rule.is_total[cell]),
                float(not self._members[member].withheld.any()),
                float(self._rule.residents[cell]),
                float(member),
                float(cell),
            )
            for member, cell in tellers
        )

    def _told(self) -> dict[Key, list[tuple[int, int]]]:
        """Return each published sum, and who tells it; nobody for residents."""
        found: dict[Key, list[tuple[int, int]]] = {}
        known = set()
        for cell in np.flatnonzero(~self._rule.withheld_residents).tolist():
            known.add(_key(self._in_cell[cell]))
        for n, member in enumerate(self._members):
            for cell in np.flatnonzero(~member.withheld).tolist():
                for who in self._served[n]:
                    found.setdefault(_key(self._in_cell[cell] & who), []).append(
                        (n, cell)
                    )
        return {**found, **{key: [] for key in known}}


def _key(who: BoolArray) -> Key:
    return np.packbits(who).tobytes()


def _too_narrow(found: Range, k: int) -> IntArray | None:
    """Return the sums that leave less than 1 to k - 1, None where all of it is left."""
    sides = []
    if not found.low <= 1 + TOLERANCE:
        sides.append(found.low_rows)
    if not found.high >= k - 1 - TOLERANCE:
        sides.append(found.high_rows)
    return np.unique(np.concatenate(sides)) if sides else None
