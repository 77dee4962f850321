"""What may be asked of a scenario."""

from uuid import UUID

import pytest

from layers.analysis.scenario_changes import MAX_CHANGES, Changes, Move, Opening
from layers.errors import InvalidParameter

ONE, TWO = UUID(int=1), UUID(int=2)


def test_a_scenario_of_all_kinds_is_told_as_plain_values():
    asked = Changes((ONE,), (Opening("clinic", 23.7, 37.9),), (Move(TWO, 23.8, 38),))

    assert asked.as_dict() == {
        "close": [str(ONE)],
        "open": [{"category": "clinic", "lon": 23.7, "lat": 37.9}],
        "move": [{"id": str(TWO), "lon": 23.8, "lat": 38}],
    }


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "close"),
        ({"close": tuple(UUID(int=n) for n in range(MAX_CHANGES + 1))}, "close"),
        ({"close": (ONE,), "move": (Move(ONE, 23.7, 37.9),)}, "move"),
        ({"move": (Move(ONE, 23.7, 37.9), Move(ONE, 23.8, 37.9))}, "move"),
        ({"open": (Opening("clinic", 181, 0),)}, "open"),
        ({"open": (Opening("clinic", 0, -91),)}, "open"),
        ({"open": (Opening("clinic", float("nan"), 0),)}, "open"),
        ({"move": (Move(ONE, 0, float("inf")),)}, "move"),
    ],
)
def test_what_is_no_scenario_is_refused_by_name(given, name):
    with pytest.raises(InvalidParameter) as caught:
        Changes(**given)
    assert caught.value.name == name


def test_fifty_changes_are_allowed():
    assert len(Changes(tuple(UUID(int=n) for n in range(MAX_CHANGES))).close) == 50
