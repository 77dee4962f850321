"""Classes by fixed cut-offs."""

import math

import pytest

from layers.errors import InvalidParameter
from layers.measures.priority import PRIORITY_CLASSES, PRIORITY_CUTS, priority_class


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
