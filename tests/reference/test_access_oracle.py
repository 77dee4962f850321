"""The catchments and RAAM agree with pysal/access to 1e-9 where definitions agree.

Where they do not (docs/reference/measures.md): selection weights of the three steps
beyond the threshold, points that reach nothing, sites that nobody reaches, points
without people. Each of these is pinned below, too, so that a change of either is seen.
"""

import numpy as np
import pytest
from scipy.sparse import csr_array

from layers.measures.decay import Exponential, Gaussian, Stepped
from layers.measures.floating_catchment import (
    enhanced_two_step_fca,
    three_step_fca,
    two_step_fca,
)
from layers.measures.gravity import cumulative_cutoff, gravity
from layers.measures.raam import raam

pytestmark = [
    pytest.mark.reference,
    # The oracle calls pandas in a way that pandas 3.1 has begun to advise against.
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
]

fca = pytest.importorskip("access.fca")
weights = pytest.importorskip("access.weights")
oracle_raam = pytest.importorskip("access.raam").raam
pd = pytest.importorskip("pandas")

SIZES = [(40, 7), (120, 15)]
THRESHOLD = 6000.0
STEPS = {2000.0: 1.0, 4000.0: 0.68, 6000.0: 0.22}
DECAYS = [
    (Stepped(tuple(STEPS), tuple(STEPS.values())), weights.step_fn(STEPS)),
    (Gaussian(2500), weights.gaussian(2500)),
    (Exponential(0.0005), lambda d: np.exp(-0.0005 * d)),
]


class City:
    """Chance points and sites of 10 x 10 km, for both programmes."""

    def __init__(self, n, m, seed):
        chance = np.random.default_rng(seed)
        origins = chance.uniform(0, 10_000, (n, 1, 2))
        sites = chance.uniform(0, 10_000, (1, m, 2))
        d = np.hypot(*np.moveaxis(origins - sites, 2, 0))
        there = chance.random((n, m)) < 0.8
        there[np.arange(n), d.argmin(axis=1)] = True
        self.rows, self.columns = np.nonzero(there)
        cost = d[there]
        self.people = chance.integers(20, 900, n).astype(float)
        self.places = chance.integers(1, 40, m).astype(float)
        self.costs = csr_array((cost, (self.rows, self.columns)), shape=(n, m))
        self.table = pd.DataFrame(
            {"origin": self.rows, "dest": self.columns, "cost": cost}
        )
        self.demand = pd.DataFrame({"demand": self.people})
        self.supply = pd.DataFrame({"supply": self.places})

    def whole(self, series):
        """Return what the oracle says, 0 for the points it leaves out."""
        return series.reindex(range(len(self.people))).fillna(0).to_numpy()

    def two_steps(self, **options):
        found = fca.two_stage_fca(
            self.demand, self.supply, self.table, demand_index=True, **options
        )
        return self.whole(found)


def _frames_indexed(city):
    """Give the oracle the names that it takes indices by."""
    city.demand.index.name = city.supply.index.name = "geoid"
    return city


@pytest.fixture(params=[(n, m, seed) for n, m in SIZES for seed in (1, 2)], ids=str)
def city(request):
    return _frames_indexed(City(*request.param))


def agree(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_two_steps(city):
    found = two_step_fca(city.people, city.places, city.costs, threshold=THRESHOLD)

    agree(found, city.two_steps(max_cost=THRESHOLD))


@pytest.mark.parametrize(("ours", "theirs"), DECAYS, ids=["steps", "gauss", "exp"])
def test_enhanced_two_steps(city, ours, theirs):
    found = enhanced_two_step_fca(
        city.people, city.places, city.costs, decay=ours, threshold=THRESHOLD
    )

    agree(found, city.two_steps(max_cost=THRESHOLD, weight_fn=theirs))


def three_steps_of_the_oracle(city, weight, **options):
    found = fca.three_stage_fca(
        city.demand, city.supply, city.table.copy(), weight_fn=weight,
        demand_index=True, **options,
    )  # fmt: skip
    return city.whole(found)


@pytest.mark.parametrize(("ours", "theirs"), DECAYS, ids=["steps", "gauss", "exp"])
def test_three_steps_without_a_threshold(city, ours, theirs):
    found = three_step_fca(city.people, city.places, city.costs, decay=ours)

    agree(found, three_steps_of_the_oracle(city, theirs, max_cost=None))


def test_three_steps_where_the_decay_ends_at_the_threshold(city):
    ours, theirs = DECAYS[0]
    found = three_step_fca(
        city.people, city.places, city.costs, decay=ours, threshold=THRESHOLD
    )

    agree(found, three_steps_of_the_oracle(city, theirs, max_cost=THRESHOLD))


def test_three_steps_differ_where_the_decay_goes_on_beyond_the_threshold(city):
    ours, theirs = DECAYS[2]
    found = three_step_fca(
        city.people, city.places, city.costs, decay=ours, threshold=THRESHOLD
    )
    expected = three_steps_of_the_oracle(city, theirs, max_cost=THRESHOLD)
    cut = city.table[city.table["cost"] <= THRESHOLD].copy()

    assert not np.allclose(found, expected)
    # Given only the pairs within the threshold it says what we say.
    city.table = cut
    agree(found, three_steps_of_the_oracle(city, theirs, max_cost=THRESHOLD))


@pytest.mark.parametrize(("ours", "theirs"), DECAYS, ids=["steps", "gauss", "exp"])
def test_gravity(city, ours, theirs):
    expected = fca.weighted_catchment(
        city.supply, city.table, THRESHOLD, cost_source="dest", cost_dest="origin",
        loc_index=True, loc_value="supply", weight_fn=theirs,
    )  # fmt: skip

    found = gravity(city.places, city.costs, decay=ours, threshold=THRESHOLD)

    agree(found, city.whole(expected))


def test_cumulative(city):
    expected = fca.weighted_catchment(
        city.supply, city.table, THRESHOLD, cost_source="dest", cost_dest="origin",
        loc_index=True, loc_value="supply",
    )  # fmt: skip

    agree(
        cumulative_cutoff(city.places, city.costs, threshold=THRESHOLD),
        city.whole(expected),
    )


@pytest.mark.parametrize("options", [{}, {"rho": 12.0}, {"max_cycles": 7}], ids=str)
def test_raam(city, options):
    expected = oracle_raam(
        city.demand, city.supply, city.table, tau=1500, **options
    ).sort_index()

    found = raam(city.people, city.places, city.costs, tau=1500, **options)

    agree(found.cost, expected.to_numpy())


def test_the_oracle_says_infinite_where_a_site_has_places_and_nobody():
    costs = csr_array(([1.0], ([0], [0])), shape=(1, 1))
    city = City(40, 7, 1)
    city.people, city.places = np.array([0.0]), np.array([5.0])
    city.demand = pd.DataFrame({"demand": city.people})
    city.supply = pd.DataFrame({"supply": city.places})
    city.table = pd.DataFrame({"origin": [0], "dest": [0], "cost": [1.0]})

    assert city.two_steps(max_cost=5).tolist() == [np.inf]
    assert two_step_fca([0], [5], costs, threshold=5).tolist() == [0]
