"""The engine on streets: walks that anybody can add up, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analysis.flags import Flag
from layers.analysis.street_network import Unreached
from layers.analysis.travel_cost import StraightLine
from layers.errors import InvalidArray
from layers.measures import street_pairs
from tests.unit.analysis.streets import (
    CANAL,
    NO_BRIDGE,
    engine,
    points,
    random_town,
    town,
)

SEEDS = st.integers(0, 10_000)


def test_the_canal_is_walked_around_and_both_legs_count():
    # 30 m to the street, 990 to the bridge, 400 over it, 980 back, 20 to the door.
    walk_m, index = engine(CANAL).to_closest(points((10, -30)), points((20, 420)))

    assert (walk_m[0], index[0]) == (30 + 990 + 400 + 980 + 20, 0)


def test_as_the_crow_flies_the_same_place_looks_near():
    straight_m, _ = StraightLine(1.3).to_closest(points((10, -30)), points((20, 420)))

    # 1.3 x sqrt(10^2 + 450^2) = 585 m instead of 2420 m.
    assert straight_m[0] == pytest.approx(585.14, abs=0.01)


def test_a_place_across_the_water_is_not_at_the_door():
    # pandana#170: a boat at (500, 100), 100 m from the only bank with a street.
    bank = town([(0, 0), (1000, 0)], (0, 1))

    walk_m, _ = engine(bank).to_closest(points((500, 0)), points((500, 100)))

    assert walk_m[0] == 100.0


def test_two_on_one_street_need_no_junction():
    street = town([(0, 0), (1000, 0)], (0, 1))

    # From 100 m to 400 m along it; legs of 5 m each.
    walk_m, _ = engine(street).to_closest(points((100, 5)), points((400, -5)))

    assert walk_m[0] == 5 + 300 + 5


def test_a_way_around_may_be_shorter_than_along_ones_own_street():
    # A bow of 200 + 600 + 200 m from A (0, 0) to B (600, 0), beside a straight street
    # of 600 m between the same junctions. From 100 m up one side of the bow to 100 m
    # up the other: 100 + 600 + 100 by the straight one, the bow itself also 100 + 600 +
    # 100; with places lower down, 50 m up, 50 + 600 + 50 against 150 + 600 + 150.
    bow = town([(0, 0), (600, 0)], (0, 1, [(0, 200), (600, 200)]), (0, 1))

    walk_m, _ = engine(bow).to_closest(points((-1, 50)), points((601, 50)))

    assert walk_m[0] == 1 + 50 + 600 + 50 + 1


def test_snapping_is_to_the_street_not_to_its_junctions():
    long = town([(0, 0), (2000, 0)], (0, 1))

    walk_m, _ = engine(long).to_closest(points((1000, 100)), points((1000, -100)))

    assert walk_m[0] == 200.0  # by the junctions it would be 2 x 1005 m, and too far


def test_exactly_250_m_from_the_street_is_near_enough():
    street = town([(0, 0), (100, 0)], (0, 1))
    homes = points((50, 250), (50, 250.01))

    walk_m, index = engine(street).to_closest(homes, points((50, 0)))

    assert walk_m.tolist() == [250.0, np.inf]
    assert index.tolist() == [0, -1]


def test_a_site_off_the_network_is_reached_by_nobody():
    street = town([(0, 0), (100, 0)], (0, 1))

    walk_m, index = engine(street).to_closest(points((0, 0)), points((0, 251)))

    assert (walk_m[0], index[0]) == (np.inf, -1)


def test_a_street_of_no_length_joins_and_costs_nothing():
    joined = town([(0, 0), (100, 0), (100, 0), (200, 0)], (0, 1), (1, 2), (2, 3))

    walk_m, _ = engine(joined).to_closest(points((0, 0)), points((200, 0)))

    assert walk_m[0] == 200.0


def test_a_loop_is_walked_the_short_way():
    # A square of 4 x 100 m that begins and ends at (0, 0).
    loop = town([(0, 0)], (0, 0, [(100, 0), (100, 100), (0, 100)]))

    walk_m, _ = engine(loop).to_closest(
        points((0, 0), (100, 90)), points((0, 90), (100, 10))
    )

    assert walk_m.tolist() == [90.0, 80.0]


def test_hills_take_longer_and_say_nothing_of_missing_heights():
    # 100 m along, 10 m up: 1.209534 (test_walking); half of it by the half-way house.
    hill = town([(0, 0), (100, 0)], (0, 1), heights=[50, 60])

    walk_m, _ = engine(hill).to_closest(points((0, 0)), points((100, 0), (50, 500)))

    assert walk_m[0] == pytest.approx(120.9534, abs=1e-3)
    assert engine(hill).flags == frozenset()


def test_without_a_height_a_street_is_level_and_says_so():
    half = town([(0, 0), (100, 0), (200, 0)], (0, 1), (1, 2), heights=[5, 5, np.nan])

    walk_m, _ = engine(half).to_closest(points((0, 0)), points((200, 0)))

    assert walk_m[0] == 200.0
    assert engine(half).flags == {Flag.NO_SLOPE}


def test_people_far_from_the_street_are_marked():
    street = town([(0, 0), (100, 0)], (0, 1))

    marks = engine(street).marks(points((0, 50), (0, 51), (0, 400)))

    assert marks[Flag.SNAP].tolist() == [False, True, True]
    assert engine(street).is_off(points((0, 250), (0, 400))).tolist() == [False, True]


def test_the_three_nearest_are_different_sites():
    street = town([(0, 0), (1000, 0)], (0, 1))
    sites = points((700, 0), (100, 0), (300, 0), (300, 0))

    walk_m, index = engine(street).k_closest(points((200, 0)), sites, 3)

    assert walk_m.tolist() == [[100.0, 100.0, 100.0]]
    assert sorted(index[0]) == [1, 2, 3]


def test_fewer_sites_than_asked_for_are_unreachable():
    walk_m, index = engine(NO_BRIDGE).k_closest(
        points((0, 0)), points((100, 0), (100, 400)), 3
    )

    assert walk_m.tolist() == [[100.0, np.inf, np.inf]]
    assert index.tolist() == [[0, -1, -1]]


def test_pairs_are_the_walks_within_the_limit_which_is_in_it():
    found = engine(CANAL).pairs_within(
        points((0, 0), (500, 0)), points((1000, 0), (1000, 400), (500, 0)), 900
    )

    # (0, 0) -> 1000 m, 1400 m, 500 m; (500, 0) -> 500 m, 500 + 400 = 900 m, 0 m.
    assert found.shape == (2, 3)
    assert found.indptr.tolist() == [0, 1, 4]
    assert found.indices.tolist() == [2, 0, 1, 2]
    assert found.data.tolist() == [500, 500, 900, 0]


def test_the_straight_line_has_the_same_pairs_at_its_own_lengths():
    found = StraightLine(1.25).pairs_within(
        points((0, 0)), points((400, 0), (401, 0)), 500
    )

    assert (found.indices.tolist(), found.data.tolist()) == ([0], [500.0])


def test_why_nothing_is_reached_is_told():
    homes = points((0, 0), (0, 900), (0, 400))
    reasons = engine(NO_BRIDGE).why_unreached

    assert reasons(homes, points((100, 0))).tolist() == [
        Unreached.REACHED,
        Unreached.SNAP,
        Unreached.COMPONENT,
    ]
    assert reasons(homes, points()).tolist() == [
        Unreached.NO_SITE,
        Unreached.SNAP,
        Unreached.NO_SITE,
    ]
    assert set(reasons(homes, points((0, 5000))).tolist()) == {
        Unreached.NO_SITE,
        Unreached.SNAP,
    }
    short = engine(CANAL, limit_m=2000.0).why_unreached
    assert short(points((0, 0)), points((0, 400))).tolist() == [Unreached.LIMIT]


def test_a_limit_hides_longer_walks_and_changes_no_other():
    homes, sites = points((0, 0), (900, 0)), points((0, 400))

    walk_m, index = engine(CANAL, limit_m=2000.0).to_closest(homes, sites)

    assert walk_m.tolist() == [np.inf, 100 + 400 + 1000]
    assert index.tolist() == [-1, 0]


@pytest.mark.parametrize("make", [lambda: engine(CANAL), lambda: StraightLine(1.3)])
def test_both_engines_take_nobody_and_nothing(make):
    one, none = points((0, 0)), points()

    assert make().to_closest(one, none)[0].tolist() == [np.inf]
    assert make().to_closest(none, one)[0].tolist() == []
    assert make().k_closest(one, none, 2)[1].tolist() == [[-1, -1]]
    assert make().k_closest(none, one, 2)[0].shape == (0, 2)
    assert make().pairs_within(one, none, 100).shape == (1, 0)
    assert make().pairs_within(none, one, 100).shape == (0, 1)
    assert all(not len(marked) for marked in make().marks(none).values())


@pytest.mark.parametrize("make", [lambda: engine(CANAL), lambda: StraightLine(1.3)])
@pytest.mark.parametrize("limit_m", [-1.0, np.nan, np.inf])
def test_pairs_need_a_limit(make, limit_m):
    with pytest.raises(InvalidArray, match="limit_m"):
        make().pairs_within(points((0, 0)), points((0, 0)), limit_m)


def world(seed, share=1.0):
    rng = np.random.default_rng(seed)
    return rng, random_town(rng, share=share)


@settings(max_examples=40)
@given(SEEDS)
def test_no_walk_is_shorter_than_the_straight_line(seed):
    rng, found = world(seed)
    homes, sites = rng.uniform(-100, 2100, (30, 2)), rng.uniform(-100, 2100, (8, 2))

    walk_m, index = engine(found).k_closest(homes, sites, 3)

    straight_m = np.hypot(*(homes[:, None] - sites[index]).transpose(2, 0, 1))
    assert (walk_m >= straight_m - 1e-6).all()


@settings(max_examples=40)
@given(SEEDS)
def test_pairs_nearest_and_k_nearest_agree(seed):
    rng, found = world(seed, share=0.5)
    homes, sites = rng.uniform(0, 2000, (25, 2)), rng.uniform(0, 2000, (9, 2))
    streets = engine(found)

    table = np.full((25, 9), np.inf)
    pairs = streets.pairs_within(homes, sites, 1500.0).tocoo()
    table[pairs.row, pairs.col] = pairs.data
    k_m, _ = streets.k_closest(homes, sites, 3)
    one_m, index = streets.to_closest(homes, sites)

    wanted = np.sort(table, axis=1)[:, :3]
    assert np.allclose(np.where(k_m <= 1500, k_m, np.inf), wanted)
    assert np.allclose(one_m, k_m[:, 0])
    assert ((index >= 0) == np.isfinite(one_m)).all()


@settings(max_examples=30)
@given(SEEDS, st.integers(50, 1500), st.integers(20, 900))
def test_cutting_the_town_into_tiles_changes_no_pair(seed, limit_m, tile_m):
    rng, found = world(seed, share=0.7)
    homes, sites = rng.uniform(0, 2000, (25, 2)), rng.uniform(0, 2000, (9, 2))
    streets = engine(found)
    whole = streets.pairs_within(homes, sites, limit_m)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(street_pairs, "FEW_NODES", 0)
        patch.setattr(street_pairs, "TILE_M", float(tile_m))
        tiles = streets.pairs_within(homes, sites, limit_m)

    assert (whole.indptr == tiles.indptr).all()
    assert (whole.indices == tiles.indices).all()
    assert np.allclose(whole.data, tiles.data, atol=1e-6)


@settings(max_examples=30)
@given(SEEDS)
def test_where_the_town_lies_and_how_it_is_listed_changes_nothing(seed):
    rng, found = world(seed, share=0.6)
    homes, sites = rng.uniform(0, 2000, (20, 2)), rng.uniform(0, 2000, (6, 2))
    walk_m, _ = engine(found).to_closest(homes, sites)
    order = rng.permutation(20)

    listed, _ = engine(found).to_closest(homes[order], sites[::-1].copy())

    assert np.allclose(listed, walk_m[order])
    east = np.array([1000.0, -500.0])
    moved = type(found)(
        **{
            name: getattr(found, name)
            for name in found.__slots__
            if name not in ("xy", "vertices")
        },
        xy=found.xy + east,
        vertices=found.vertices + east,
    )
    there, _ = engine(moved).to_closest(homes + east, sites + east)
    assert np.allclose(there, walk_m, atol=1e-6)


@settings(max_examples=30)
@given(SEEDS, st.floats(0.1, 60))
def test_a_longer_walk_never_reaches_fewer(seed, minutes):
    rng, found = world(seed, share=0.6)
    homes, sites = rng.uniform(0, 2000, (20, 2)), rng.uniform(0, 2000, (6, 2))
    streets = engine(found)

    short = streets.pairs_within(homes, sites, minutes * 75)
    longer = streets.pairs_within(homes, sites, minutes * 75 * 1.2)

    assert short.nnz <= longer.nnz


def test_the_same_question_is_answered_alike_bit_for_bit():
    rng, found = world(5)
    homes, sites = rng.uniform(0, 2000, (3000, 2)), rng.uniform(0, 2000, (50, 2))
    streets = engine(found)

    first, again = (streets.to_closest(homes, sites) for _ in range(2))
    fresh = engine(found).to_closest(homes, sites)

    for one, other in ((first, again), (first, fresh)):
        assert (one[0] == other[0]).all()
        assert (one[1] == other[1]).all()


def test_remembered_people_are_those_who_ask():
    # 2,000 points and more are placed on the streets once; other points are not them.
    rng, found = world(6)
    homes, sites = rng.uniform(0, 2000, (2500, 2)), rng.uniform(0, 2000, (9, 2))
    streets = engine(found)
    before, _ = streets.to_closest(homes, sites)

    homes += 40.0  # the very array, moved by its owner
    after, _ = streets.to_closest(homes, sites)

    assert (after == engine(found).to_closest(homes, sites)[0]).all()
    assert (after != before).any()
    for _ in range(10):
        streets.to_closest(rng.uniform(0, 2000, (2000, 2)), sites)
    assert len(streets.streets._placed) == 4


def test_people_stay_placed_however_many_sites_come_by():
    rng, found = world(8)
    homes = rng.uniform(0, 2000, (2500, 2))
    streets = engine(found)
    streets.to_closest(homes, rng.uniform(0, 2000, (2000, 2)))
    kept = streets.streets.spots(homes, 250.0)

    for _ in range(6):
        streets.to_closest(homes, rng.uniform(0, 2000, (2000, 2)))

    assert streets.streets.spots(homes, 250.0) is kept
