"""Of some groups fewer people are a secret, and so is nobody where somebody could be."""

import numpy as np
import pytest

from layers.analysis.disclosure import Disclosure
from layers.analysis.parameters import CoverageParameters
from layers.analysis.small_counts import small_count
from layers.selectors.demand import Partition

ASKED = CoverageParameters("athens", threshold_min=10, detour=1, group="roma")
NEAR, FAR = 100.0, 5000.0


def withheld(group, everybody, walks, *, k=10):
    """What is withheld of districts A, B, C with one point each."""
    people = np.array(group, dtype=float)
    rule = Disclosure(
        ASKED,
        people,
        [Partition("neighbourhood", 3, np.arange(len(people)))],
        everybody=np.array(everybody, dtype=float),
        k=k,
    )
    return rule.of_term(np.array(walks, dtype=float))


@pytest.mark.parametrize(
    "path",
    [
        ("refugees-migrants", "undocumented-migrants"),
        ("refugees-migrants", "unaccompanied-minors"),
        ("women", "gbv-survivors"),
        ("women", "gbv-survivors", "in-shelters"),
    ],
)
def test_of_sensitive_groups_and_all_below_them_twenty_is_the_least(path):
    assert small_count(path) == 20


@pytest.mark.parametrize("path", [(), ("women",), ("refugees-migrants",)])
def test_of_everybody_else_ten_is_the_least(path):
    assert small_count(path) == 10


def test_a_city_may_name_other_groups_and_another_count(settings):
    settings.SENSITIVE_GROUPS, settings.SENSITIVE_SMALL_COUNT = ["roma"], 30

    assert small_count(("roma",)) == 30
    assert small_count(("women", "gbv-survivors")) == 10


def test_fifteen_people_are_few_of_a_sensitive_group_only():
    people, everybody, walks = [15, 200, 400], [500, 500, 500], [NEAR, NEAR, NEAR]

    assert not withheld(people, everybody, walks).zones.any()
    # A's 15, and B: the smallest that hides it from a subtraction from the total.
    assert withheld(people, everybody, walks, k=20).zones.tolist() == [
        True, True, False, False,
    ]  # fmt: skip


def test_nobody_of_a_group_among_others_is_as_small_as_one():
    found = withheld([0, 200, 400], [500, 500, 500], [NEAR, NEAR, NEAR])

    assert found.residents.tolist() == [True, True, False, False]


def test_nobody_where_nobody_lives_is_no_secret():
    found = withheld([0, 200, 400], [0, 500, 500], [NEAR, NEAR, NEAR])

    assert not found.zones.any()


def test_nobody_served_where_no_place_is_near_is_no_secret():
    # Nobody at all of A is served, which the map of places says: that is structural.
    found = withheld([50, 200, 400], [500, 500, 500], [FAR, NEAR, NEAR])

    assert not found.zones.any()
