"""Catchments on a world done by hand, against slow second versions, and by law."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.errors import InvalidArray
from layers.measures.decay import Binary, Exponential, Linear, Stepped
from layers.measures.floating_catchment import (
    balanced_fca,
    enhanced_two_step_fca,
    spatial_availability,
    three_step_fca,
    two_step_fca,
)
from tests.unit.measures.pair_world import COSTS, PEOPLE, PLACES, dense, sparse, worlds

STEPS = Stepped((5, 8), (1, 0.5))
THRESHOLD = st.sampled_from([0, 3, 8, 15, np.inf])
DECAY = st.sampled_from([STEPS, Binary(), Exponential(0.2), Linear(12)])
WEIGHTED = [enhanced_two_step_fca, three_step_fca, balanced_fca, spatial_availability]
HANDING_OUT = [enhanced_two_step_fca, three_step_fca]


def test_two_steps_by_hand():
    # s: 30 for A and B, 300 people: 0.1. t at 8 reaches A and B, not C (10): 14/300.
    both = 30 / 300 + 14 / 300

    found = two_step_fca(PEOPLE, PLACES, COSTS, threshold=8)

    assert found == pytest.approx([both, both, 0])


def test_the_threshold_includes_its_end():
    # At 7.9 A loses t: t is for B alone, 14/200.
    found = two_step_fca(PEOPLE, PLACES, COSTS, threshold=7.9)

    assert found == pytest.approx([0.1, 0.1 + 0.07, 0])


def test_enhanced_two_steps_by_hand():
    # W: A 1 and 0.5, B 1 and 1. s: 30/300 = 0.1; t: 14/(50 + 200) = 0.056.
    found = enhanced_two_step_fca(PEOPLE, PLACES, COSTS, decay=STEPS)

    assert found == pytest.approx([0.1 + 0.5 * 0.056, 0.1 + 0.056, 0])


def test_three_steps_by_hand():
    # G: A 2/3 and 1/3, B 1/2 and 1/2; WG: A 2/3 and 1/6, B 1/2 and 1/2.
    # s: 30/(66.67 + 100) = 0.18; t: 14/(16.67 + 100) = 0.12.
    found = three_step_fca(PEOPLE, PLACES, COSTS, decay=STEPS)

    assert found == pytest.approx([0.18 * 2 / 3 + 0.12 / 6, 0.09 + 0.06, 0])


def test_balanced_by_hand():
    # Rows: A 2/3 and 1/3, B 1/2 and 1/2. s: 30/(66.67 + 100) = 0.18; t: 14/(33.33 +
    # 100) = 0.105. Columns: s 1/2 and 1/2; t 1/3 and 2/3.
    found = balanced_fca(PEOPLE, PLACES, COSTS, decay=STEPS)

    assert found == pytest.approx([0.09 + 0.035, 0.09 + 0.07, 0])


def test_spatial_availability_by_hand():
    # s: A and B weigh 100 and 200 of 300: 10 and 20 places. t: 50 and 200 of 250:
    # 2.8 and 11.2.
    found = spatial_availability(PEOPLE, PLACES, COSTS, decay=STEPS)

    assert found == pytest.approx([12.8, 31.2, 0])


def test_selection_weights_are_shared_within_the_threshold_only():
    # Wan et al. (2012). Within 5, A and B reach: A only s, B both. G: A 1, B 1/2, 1/2.
    # s: 30/(100 + 100) = 0.15; t: 14/100 = 0.14. Over all pairs A would give t a part.
    found = three_step_fca(PEOPLE, PLACES, COSTS, decay=Binary(), threshold=5)

    assert found == pytest.approx([0.15, 0.075 + 0.07, 0])


def test_a_site_without_places_is_selected_in_vain():
    # Two sites at the same cost, one without places: half of the people go there.
    costs = sparse([(0, 0, 1), (0, 1, 1)], (1, 2))

    # s: R = 10/(100/2) = 0.2, A = 0.2 / 2; without selection 10/100.
    assert three_step_fca([100], [10, 0], costs, decay=Binary()).tolist() == [0.1]
    assert balanced_fca([100], [10, 0], costs).tolist() == [0.2]
    assert two_step_fca([100], [10, 0], costs, threshold=1).tolist() == [0.1]


@pytest.mark.parametrize("measure", WEIGHTED)
def test_nobody_nothing_and_no_way_are_zero(measure):
    for people, places, costs in (
        ([0, 0], [5], sparse([(0, 0, 1)], (2, 1))),
        ([9, 9], [0], sparse([(0, 0, 1)], (2, 1))),
        ([9, 9], [5], csr_array((2, 1))),
        ([9, 9], [], csr_array((2, 0))),
    ):
        assert measure(people, places, costs, decay=Binary()).tolist() == [0, 0]
    assert measure([], [5], csr_array((0, 1)), decay=Binary()).tolist() == []


@pytest.mark.parametrize("measure", WEIGHTED)
def test_weights_too_small_to_divide_by_are_no_weights(measure):
    # exp(-0.1 * 7300) is about 1e-317: 30 places divided by it overflow.
    costs = sparse([(0, 0, 7300), (1, 0, 3), (1, 1, 7300)], (2, 2))

    found = measure([1, 1], [30, 30], costs, decay=Exponential(0.1))

    assert np.isfinite(found).all()
    assert found[0] == 0


@pytest.mark.parametrize("measure", WEIGHTED)
@pytest.mark.parametrize(
    ("people", "places", "message"),
    [
        ([-1, 1, 1], PLACES, "demand: value 0"),
        ([1, np.nan, 1], PLACES, "demand: value 1"),
        ([1, np.inf, 1], PLACES, "demand: value 1"),
        (PEOPLE, [1, -2], "supply: value 1"),
        (PEOPLE, [np.nan, 2], "supply: value 0"),
        ([1, 1], PLACES, r"costs: shape \(3, 2\) where \(2, 2\)"),
        # Demand and supply swapped is no matter of luck (spopt #410).
        (PLACES, PEOPLE, r"costs: shape \(3, 2\) where \(2, 3\)"),
        (PEOPLE, [[1, 2]], r"supply: shape \(1, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused(measure, people, places, message):
    with pytest.raises(InvalidArray, match=message):
        measure(people, places, COSTS, decay=STEPS)


@pytest.mark.parametrize("threshold", [-1, np.nan])
def test_a_threshold_that_is_no_cost_is_refused(threshold):
    with pytest.raises(InvalidArray, match="threshold"):
        two_step_fca(PEOPLE, PLACES, COSTS, threshold=threshold)


def test_costs_are_left_as_they_are():
    # pysal/access adds columns to its caller's costs.
    before = COSTS.copy()

    for measure in WEIGHTED:
        measure(PEOPLE, PLACES, COSTS, decay=STEPS, threshold=6)

    assert (COSTS.data == before.data).all()
    assert (COSTS.indices == before.indices).all()


def slow_weights(costs, decay, threshold):
    full = dense(costs)
    return [
        [
            float(decay(np.array([d]))[0]) if np.isfinite(d) and d <= threshold else 0.0
            for d in row
        ]
        for row in full
    ]


def slow_fca(people, places, w_in, w_out):
    """Return places per person by two loops over all pairs, as the papers write it."""
    ratio = []
    for j, s in enumerate(places):
        crowd = sum(p * w_in[k][j] for k, p in enumerate(people))
        ratio.append(s / crowd if crowd > 0 else 0.0)
    return [
        sum(ratio[j] * w_out[i][j] for j in range(len(places)))
        for i in range(len(people))
    ]


@given(world=worlds(), decay=DECAY, threshold=THRESHOLD)
def test_they_agree_with_loops_over_all_pairs(world, decay, threshold):
    people, places, costs = world
    w = slow_weights(costs, decay, threshold)
    rows = [[x / sum(r) if sum(r) else 0.0 for x in r] for r in w]
    sums = [sum(r[j] for r in w) for j in range(len(places))]
    columns = [[x / sums[j] if x else 0.0 for j, x in enumerate(r)] for r in w]
    selected = [
        [a * b for a, b in zip(r, g, strict=True)] for r, g in zip(w, rows, strict=True)
    ]
    given_ = {"decay": decay, "threshold": threshold}

    for found, expected in (
        (enhanced_two_step_fca(*world, **given_), slow_fca(people, places, w, w)),
        (
            three_step_fca(*world, **given_),
            slow_fca(people, places, selected, selected),
        ),
        (balanced_fca(*world, **given_), slow_fca(people, places, rows, columns)),
        (
            spatial_availability(*world, **given_),
            np.array(people) * slow_fca(people, places, w, w),
        ),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(world=worlds(), threshold=THRESHOLD)
def test_two_steps_are_enhanced_ones_with_all_weights_one(world, threshold):
    plain = two_step_fca(*world, threshold=threshold)
    enhanced = enhanced_two_step_fca(*world, decay=Binary(), threshold=threshold)

    np.testing.assert_array_equal(plain, enhanced)


@given(world=worlds(), decay=DECAY, threshold=THRESHOLD)
def test_every_place_that_somebody_reaches_is_handed_out_once(world, decay, threshold):
    people, places, costs = world
    w = np.array(slow_weights(costs, decay, threshold))
    reached = places[(w * people[:, None]).sum(axis=0) > 0].sum()

    for measure in HANDING_OUT:
        access = measure(*world, decay=decay, threshold=threshold)
        assert (people * access).sum() == pytest.approx(reached)
    available = spatial_availability(*world, decay=decay, threshold=threshold)
    assert available.sum() == pytest.approx(reached)


@given(world=worlds(least_people=1), decay=DECAY, threshold=THRESHOLD)
def test_balanced_ratios_are_neither_inflated_nor_lost(world, decay, threshold):
    people, places, costs = world
    w = np.array(slow_weights(costs, decay, threshold))
    row = w.sum(axis=1, keepdims=True)
    share = np.divide(w, row, out=np.zeros_like(w), where=row > 0)
    demand = (people[:, None] * share).sum(axis=0)
    ratio = np.divide(places, demand, out=np.zeros(len(places)), where=demand > 0)

    found = balanced_fca(*world, decay=decay, threshold=threshold)

    assert found.sum() == pytest.approx(ratio.sum())
    # Everybody who reaches a site is counted at sites exactly once.
    assert demand.sum() == pytest.approx(people[row[:, 0] > 0].sum())


@given(world=worlds(), decay=DECAY, data=st.data())
def test_the_order_of_points_and_sites_does_not_matter(world, decay, data):
    people, places, costs = world
    rows = data.draw(st.permutations(range(len(people))))
    columns = data.draw(st.permutations(range(len(places))))
    moved = dense(costs)[np.ix_(rows, columns)]
    cells = [
        (i, j, moved[i, j])
        for i, j in zip(*np.nonzero(np.isfinite(moved)), strict=True)
    ]
    turned = people[rows], places[columns], sparse(cells, moved.shape)

    for measure in WEIGHTED:
        np.testing.assert_allclose(
            measure(*turned, decay=decay), measure(*world, decay=decay)[rows]
        )


@given(world=worlds(), decay=DECAY, factor=st.sampled_from([2, 10, 0.5]))
def test_twice_the_places_are_twice_the_access(world, decay, factor):
    people, places, costs = world

    for measure in WEIGHTED:
        np.testing.assert_allclose(
            measure(people, places * factor, costs, decay=decay),
            measure(*world, decay=decay) * factor,
        )


@given(world=worlds(least_people=1), lost=st.integers(0, 3))
def test_closing_a_site_never_adds_places(world, lost):
    people, places, costs = world
    assume(lost < len(places))
    fewer = places.copy()
    fewer[lost] = 0

    before = enhanced_two_step_fca(people, places, costs, decay=STEPS)
    after = enhanced_two_step_fca(people, fewer, costs, decay=STEPS)

    assert (after <= before + 1e-12).all()
