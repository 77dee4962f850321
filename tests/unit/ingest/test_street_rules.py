"""Who may walk where: each line of the rule, and what it must not do."""

import pytest

from layers.ingest.street_rules import why_not_walked

RESIDENTIAL = {"highway": "residential"}


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "residential"},
        {"highway": "residential", "oneway": "yes"},  # on foot there is no one-way
        {"highway": "footway"},
        {"highway": "pedestrian"},
        {"highway": "steps"},
        {"highway": "path"},
        {"highway": "living_street"},
        {"highway": "service"},
        {"highway": "primary"},
        {"highway": "unclassified", "access": "customers"},
        {"highway": "service", "access": "private", "foot": "yes"},
        {"highway": "service", "access": "private", "foot": "permissive"},
        {"highway": "cycleway", "foot": "designated"},
        {"highway": "trunk", "sidewalk": "right"},
        {"highway": "trunk", "sidewalk:both": "yes"},
        {"highway": "trunk", "motorroad": "yes", "foot": "yes"},
        {"highway": "footway;steps"},
        {},  # a layer of lines without kinds
    ],
)
def test_people_walk_here(tags):
    assert why_not_walked(tags) == ""


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "motorway"}, "motorways"),
        ({"highway": "motorway_link", "foot": "yes"}, "motorways"),
        ({"highway": "primary", "motorroad": "yes"}, "motorways"),
        ({"highway": "construction"}, "no street"),
        ({"highway": "proposed"}, "no street"),
        ({"highway": "corridor"}, "no street"),
        ({"highway": "residential", "foot": "no"}, "closed to people on foot"),
        ({"highway": "primary", "foot": "use_sidepath"}, "closed to people on foot"),
        ({"highway": "service", "access": "private"}, "private or closed"),
        ({"highway": "service", "access": "no"}, "private or closed"),
        ({"highway": "service", "access": "military"}, "private or closed"),
        ({"highway": "cycleway"}, "cycleways and trunk roads"),
        ({"highway": "trunk"}, "cycleways and trunk roads"),
        ({"highway": "trunk", "sidewalk": "no"}, "cycleways and trunk roads"),
        ({"highway": "residential;motorway_link"}, "motorways"),  # one of two is enough
    ],
)
def test_nobody_walks_here(tags, reason):
    assert why_not_walked(tags).startswith(reason)
