"""A category above another one bounds it; neither may give the other's secrets away.

Hand-made towns of districts A, B, C and so on, each with some spots. `serves` says of each
spot which of the categories below reach it; the parent reaches whoever one of them does.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from layers.analysis.disclosure import Disclosure
from layers.analysis.family_disclosure import FamilyDisclosure
from layers.analysis.parameters import CoverageParameters
from layers.selectors.demand import Partition
from layers.selectors.supply import Term

TEN = CoverageParameters("athens", threshold_min=10, detour=1)
TREE = (Term("health", ("clinic", "hospital")), Term("clinic"), Term("hospital"))
NEAR, FAR = 100.0, 5000.0


def family(spots, tree=TREE, *, k=10):
    """Return the rule and what it withholds of a town: (zone, people, serves) each."""
    zone = np.array([spot[0] for spot in spots])
    people = np.array([spot[1] for spot in spots], dtype=float)
    n_zones = int(zone.max()) + 1
    walks = {
        slug: np.array([NEAR if letter in spot[2] else FAR for spot in spots])
        for letter, slug in (("c", "clinic"), ("h", "hospital"))
    }
    walks["health"] = np.minimum(walks["clinic"], walks["hospital"])
    rule = Disclosure(TEN, people, [Partition("neighbourhood", n_zones, zone)], k=k)
    return FamilyDisclosure(tree, lambda _: rule, walks.__getitem__), walks


def of(shown, slug):
    found = shown.of_term(slug)
    return "".join(
        letter for letter, no in zip("ABCDEF", found.zones, strict=False) if no
    ) + ("*" if found.total else "")


# Of A all but 4 of 100 reach something. How many reach both nobody is told.
A = [(0, 30, "c"), (0, 46, "h"), (0, 20, "ch"), (0, 4, "")]


TOWN = [
    *A,
    (1, 50, "c"),
    (1, 40, ""),
    (2, 50, "c"),
    (2, 70, "h"),
    (2, 30, "ch"),
    (2, 60, ""),
]


def test_a_district_that_the_child_tells_of_protects_no_other_one():
    # No hospital is near B, so everybody knows that health reaches there whom clinics do:
    # B is no protection for A, whatever the order of size says. C is.
    shown, _ = family(TOWN)

    assert of(shown, "clinic") == ""
    assert of(shown, "hospital") == ""
    assert of(shown, "health") == "ABC"


def test_alone_the_parent_would_have_withheld_the_smallest_only():
    alone, _ = family(TOWN, tree=(Term("health"),))

    assert of(alone, "health") == "AB"


def test_where_children_tell_of_every_other_district_they_tell_of_one_less():
    # In B and C health reaches whom clinics do. B's clinics are withheld, and so that they
    # do not follow from all clinics, A's.
    shown, _ = family([*A, (1, 50, "c"), (1, 40, ""), (2, 150, "c"), (2, 60, "")])

    assert of(shown, "health") == "AB"
    assert of(shown, "clinic") == "AB"


def test_where_nothing_is_small_nothing_is_withheld():
    shown, _ = family([(0, 40, "c"), (0, 60, ""), (1, 50, "h"), (1, 40, "")])

    assert [of(shown, slug) for slug in ("clinic", "hospital", "health")] == [""] * 3


def test_where_children_add_up_one_of_them_is_withheld_with_the_parent():
    # Nobody of A has both near, so 30 and 66 of 100 are all but 4 of them.
    apart = [(0, 30, "c"), (0, 66, "h"), (0, 4, "")]
    shown, _ = family([*apart, (1, 50, "ch"), (1, 60, "c"), (1, 70, "h"), (1, 50, "")])

    assert "A" in of(shown, "health")
    assert "A" in of(shown, "clinic") + of(shown, "hospital")


def test_a_child_is_withheld_alike_whichever_is_asked_for_first():
    spots = [*A, (1, 5, "c"), (1, 40, "h"), (2, 80, "c"), (2, 70, "h"), (2, 60, "")]
    one, other = family(spots)[0], family(spots)[0]
    other.of_term("health")

    assert of(one, "clinic") == of(other, "clinic")


def test_two_small_districts_that_are_nine_together_need_a_third():
    # 4 and 5 are withheld, their sum of 9 follows: neither could be more than that. It
    # could be 9, so that is enough; of 4 and 2 neither could be 7.
    enough, _ = family(
        [(0, 4, ""), (0, 90, "c"), (1, 5, ""), (1, 90, "c"), (2, 50, ""), (2, 99, "c")]
    )
    third, _ = family(
        [(0, 4, ""), (0, 90, "c"), (1, 2, ""), (1, 90, "c"), (2, 50, ""), (2, 99, "c")]
    )

    assert of(enough, "clinic") == "AB"
    assert of(third, "clinic") == "ABC"


def feasible(spots, shown, walks, slug, zone, side):
    """Return the range of a count from everything published: slow, dense, by SciPy.

    One unknown for each spot; spots of a district that the same categories reach are told
    apart by nothing, so they are one. A second way beside atoms, marks and orders.
    """
    kinds = sorted({(z, who) for z, _, who in spots})
    people = [sum(p for z, p, w in spots if (z, w) == kind) for kind in kinds]
    reached = {"clinic": "c", "hospital": "h", "health": "ch"}
    rows, totals = [], []

    def tell(chosen):
        rows.append([float(kind in chosen) for kind in kinds])
        totals.append(
            sum(p for kind, p in zip(kinds, people, strict=True) if kind in chosen)
        )

    n_zones = max(z for z, _, _ in spots) + 1
    for z in [*range(n_zones), None]:
        inside = [kind for kind in kinds if z is None or kind[0] == z]
        first = shown.of_term("clinic")
        if not (first.total_residents if z is None else first.residents[z]):
            tell(inside)
        for term, letters in reached.items():
            told = shown.of_term(term)
            if not (told.total if z is None else told.zones[z]):
                tell([kind for kind in inside if set(kind[1]) & set(letters)])
    goal = [
        float(kind[0] == zone and bool(set(kind[1]) & set(reached[slug])) == side)
        for kind in kinds
    ]
    bounds = []
    for sign in (1, -1):
        solved = linprog(
            sign * np.array(goal),
            A_eq=rows or None,
            b_eq=totals or None,
            bounds=(0, sum(people) + 20),
        )
        assert solved.success
        bounds.append(sign * solved.fun)
    return bounds


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(1, 40),
            st.sampled_from(["", "c", "h", "ch"]),
        ),
        min_size=3,
        max_size=12,
    )
)
def test_no_withheld_count_follows_from_what_the_family_tells(spots):
    shown, walks = family(spots)
    for slug in ("clinic", "hospital", "health"):
        letters = {"clinic": "c", "hospital": "h", "health": "ch"}[slug]
        for zone in range(4):
            for side in (True, False):
                count = sum(
                    people
                    for z, people, who in spots
                    if z == zone and bool(set(who) & set(letters)) == side
                )
                if 0 < count < 10:
                    assert (
                        zone >= max(s[0] for s in spots) + 1
                        or shown.of_term(slug).zones[zone]
                    )
                    low, high = feasible(spots, shown, walks, slug, zone, side)
                    assert high - low > 0.5, (slug, zone, side, count, low, high)


def test_a_group_s_thresholds_bound_each_other_too():
    asked = CoverageParameters("athens", threshold_min=10, detour=1, group="women")
    # A: 30 at 5 minutes, 4 more at 12, 66 beyond; B and C alike at all thresholds but one.
    walk = np.array([300, 900, 5000, 300, 5000, 300, 1000, 5000], dtype=float)
    people = np.array([30, 4, 66, 40, 50, 60, 30, 60], dtype=float)
    zone = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    rule = Disclosure(asked, people, [Partition("neighbourhood", 3, zone)])
    shown = FamilyDisclosure((Term("clinic"),), lambda _: rule, lambda _: walk)

    # 34 of A at 15 minutes are 30 at 10 and 4 more. B's are the same at both, as no
    # woman of B walks between the two: B alone would not protect A.
    assert of(shown, "clinic") == "ABC"


@pytest.mark.parametrize("slug", ["clinic", "hospital"])
def test_terms_without_places_have_no_secrets(slug):
    shown, _ = family([(0, 50, ""), (1, 70, "")])

    assert of(shown, slug) == ""
