"""What may be asked of a scenario."""

from uuid import UUID

import pytest

from layers.analysis.scenario_changes import (
    MAX_CHANGES,
    Changes,
    Move,
    NewCapacity,
    NewHours,
    Opening,
)
from layers.analysis.scenario_hours import Hours
from layers.errors import InvalidParameter

ONE, TWO = UUID(int=1), UUID(int=2)


def test_a_scenario_of_all_kinds_is_told_as_plain_values():
    asked = Changes(
        (ONE,),
        (Opening("clinic", 23.7, 37.9), Opening("clinic", 23.7, 38, 40)),
        (Move(TWO, 23.8, 38),),
        (NewHours(TWO, ("sat 10:00-14:00",)),),
        (NewCapacity(TWO, 25),),
    )

    assert asked.as_dict() == {
        "close": [str(ONE)],
        "open": [
            {"category": "clinic", "lon": 23.7, "lat": 37.9},
            {"category": "clinic", "lon": 23.7, "lat": 38, "capacity": 40},
        ],
        "move": [{"id": str(TWO), "lon": 23.8, "lat": 38}],
        "hours": [{"id": str(TWO), "hours": ["sat 10:00-14:00"]}],
        "capacity": [{"id": str(TWO), "capacity": 25}],
    }
    assert (asked.ids, asked.asks_capacity) == ((ONE, TWO), True)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "close"),
        ({"close": tuple(UUID(int=n) for n in range(MAX_CHANGES + 1))}, "close"),
        ({"close": (ONE,), "move": (Move(ONE, 23.7, 37.9),)}, "move"),
        ({"move": (Move(ONE, 23.7, 37.9), Move(ONE, 23.8, 37.9))}, "move"),
        ({"close": (ONE, ONE)}, "close"),
        ({"close": (ONE,), "hours": (NewHours(ONE, ()),)}, "hours"),
        ({"hours": (NewHours(ONE, ()), NewHours(ONE, ()))}, "hours"),
        ({"hours": (NewHours(ONE, ("mon 9-17",)),)}, "hours"),
        ({"hours": (NewHours(ONE, ("mon 09:00-24:30",)),)}, "hours"),
        ({"hours": (NewHours(ONE, ("mon 09:00-09:00",)),)}, "hours"),
        ({"hours": (NewHours(ONE, ("mon 09:00-10:00",) * 22),)}, "hours"),
        ({"close": (ONE,), "capacity": (NewCapacity(ONE, 5),)}, "capacity"),
        ({"capacity": (NewCapacity(ONE, -1),)}, "capacity"),
        ({"capacity": (NewCapacity(ONE, float("nan")),)}, "capacity"),
        ({"open": (Opening("clinic", 23, 38, -1),)}, "open"),
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


# --- hours ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        (["mon-fri 09:00-17:00"], "wed 09:00", True),
        (["mon-fri 09:00-17:00"], "wed 17:00", False),
        (["mon-fri 09:00-17:00"], "sat 12:00", False),
        (["fri 22:00-02:00"], "sat 01:59", True),
        (["fri 22:00-02:00"], "fri 01:59", False),
        (["sun 22:00-02:00"], "mon 01:00", True),
        (["sat-mon 10:00-12:00"], "sun 11:00", True),
        (["sat-mon 10:00-12:00"], "tue 11:00", False),
        (["mon 00:00-24:00"], "mon 23:59", True),
        (["mon 09:00-12:00", "mon 13:00-17:00"], "mon 12:30", False),
        ([], "mon 12:00", False),
    ],
)
def test_a_place_is_open_from_its_first_minute_to_before_its_last(hours, at, is_open):
    assert Hours.of(hours).is_open(at) is is_open
