"""Classes by fixed cut-offs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.priority import (
    PRIORITY_CLASSES,
    PRIORITY_CUTS,
    area_class,
    priority_class,
    priority_classes,
)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, 1),
        (0.1, 1),
        (0.1001, 2),
        (0.25, 2),
        (0.5, 3),
        (0.75, 4),
        (0.7501, 5),
        (1, 5),
    ],
)
def test_a_cut_off_belongs_to_the_lower_class(share, expected):
    assert priority_class(share) == expected


@pytest.mark.parametrize("share", [None, math.nan])
def test_where_nobody_lives_there_is_no_class(share):
    assert priority_class(share) is None


@pytest.mark.parametrize("share", [-0.01, 1.01, math.inf])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(InvalidParameter, match="share_unserved"):
        priority_class(share)


def test_every_class_has_a_name():
    assert len(PRIORITY_CLASSES) == len(PRIORITY_CUTS) + 1


@given(shares=st.lists(st.one_of(st.just(math.nan), st.floats(0, 1)), max_size=20))
def test_many_shares_are_classed_like_each_one(shares):
    expected = [priority_class(share) or 0 for share in shares]

    assert priority_classes(shares).tolist() == expected


@pytest.mark.parametrize("share", [-0.01, 1.01, math.inf])
def test_among_many_what_is_no_share_is_refused_too(share):
    with pytest.raises(InvalidArray, match="share_unserved"):
        priority_classes([0.5, share])


def area(classes, people):
    return area_class(classes, people, [0] * len(people), n_zones=1).tolist()


def test_an_area_has_the_worst_class_of_a_fifth_of_its_people():
    assert area([5, 1], [20, 80]) == [5]
    assert area([5, 1], [19, 81]) == [1]


def test_people_who_are_worse_count_as_well():
    # 15 % in class 5 and 15 % in class 4: 30 % are in 4 or worse.
    assert area([5, 4, 1], [15, 15, 70]) == [4]


def test_a_fifth_is_enough_whatever_rounding_says():
    # 0.1 + 0.1 of ten times 0.1 is a fifth.
    assert area([3, 3, *[1] * 8], [0.1] * 10) == [3]


def test_parts_without_a_class_do_not_count_and_nobody_has_no_class():
    assert area([0, 5, 1], [1000, 20, 80]) == [5]
    assert area([0], [1000]) == [0]
    assert area([5], [0]) == [0]
    assert area_class([], [], [], n_zones=2).tolist() == [0, 0]


def test_areas_are_judged_apart():
    found = area_class([5, 1, 2], [10, 10, 30], [1, 0, 1], n_zones=3)

    assert found.tolist() == [1, 5, 0]


@pytest.mark.parametrize(
    ("classes", "share", "error"),
    [
        ([6], 0.2, InvalidArray),
        ([-1], 0.2, InvalidArray),
        ([1.5], 0.2, InvalidArray),
        ([1, 2], 0.2, InvalidArray),
        ([1], 0, InvalidParameter),
        ([1], 1.1, InvalidParameter),
    ],
)
def test_what_is_no_class_is_refused(classes, share, error):
    with pytest.raises(error):
        area_class(classes, [1], [0], n_zones=1, share=share)


@given(
    parts=st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 50)), min_size=1, max_size=8
    ),
    at=st.integers(0, 7),
)
def test_things_that_get_worse_never_lower_the_class(parts, at):
    classes, people = (list(c) for c in zip(*parts, strict=True))
    before = area(classes, people)
    classes[at % len(classes)] = min(classes[at % len(classes)] + 1, 5)

    assert area(classes, people) >= before
