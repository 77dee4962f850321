"""Figures that others have printed, with where they stand."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from layers.measures.decay import Exponential
from layers.measures.decay_text import parse_decay
from layers.measures.floating_catchment import (
    spatial_availability,
    two_step_fca,
)
from layers.measures.gravity import gravity
from layers.measures.inequality import concentration_index
from layers.measures.poverty import fgt

pytestmark = pytest.mark.reference

# Soukhov et al. (2023), PLOS ONE 18:e0278468, synthetic example: three towns, three
# places of work, minutes between them.
TOWNS = [50_000, 150_000, 10_000]
JOBS = [100_000, 100_000, 10_000]
MINUTES = np.array([[15, 30, 100], [30, 15, 100], [100, 100, 15]], dtype=float)
COSTS = csr_array(MINUTES)  # no zero among them


def test_jobs_available_to_three_towns():
    # As the tests of ipeaGIT/accessibility have them, rounded to jobs:
    # test-spatial_availability.R, "calculates spatial availability correctly".
    found = spatial_availability(TOWNS, JOBS, COSTS, decay=Exponential(0.1))

    assert found.round().tolist() == [66_833, 133_203, 9_963]
    assert found.sum() == pytest.approx(sum(JOBS))


def test_jobs_in_reach_of_three_towns_by_hansen():
    # The measure of the same example that knows no competition, by hand:
    # A: 100000 e^-1.5 + 100000 e^-3 + 10000 e^-10 = 22313.016 + 4978.707 + 0.454.
    found = gravity(JOBS, COSTS, decay=Exponential(0.1))

    assert found[0] == pytest.approx(22313.016 + 4978.707 + 0.454, abs=0.002)
    assert found[0] == found[1]


def test_steps_of_luo_and_qi():
    # Luo & Qi (2009), Health & Place 15:1100: weights 1, 0.68 and 0.22 of three zones,
    # there of 0-10, 10-20 and 20-30 minutes.
    decay = parse_decay("stepped:10=1,20=0.68,30=0.22")

    assert decay(np.array([10.0, 20.0, 30.0, 31.0])).tolist() == [1, 0.68, 0.22, 0]


def test_the_mean_of_a_closed_region_is_its_ratio():
    # Shen (1998) and Wang & Luo (2005): weighted by people, mean access is all places
    # over all people.
    found = two_step_fca(TOWNS, JOBS, COSTS, threshold=30)

    assert np.average(found, weights=TOWNS) == pytest.approx(sum(JOBS) / sum(TOWNS))


def test_deaths_of_children_in_india_by_wealth():
    # O'Donnell et al. (2008), Analyzing Health Equity Using Household Survey Data,
    # World Bank, table 8.1: births and deaths under five per 1,000, India 1982-92, by
    # wealth group, poorest first; concentration index -0.1694.
    births = [29_939, 28_776, 26_528, 24_689, 19_739]
    per_thousand = [154.7, 152.9, 119.5, 86.9, 54.3]

    found = concentration_index(per_thousand, births, [1, 2, 3, 4, 5])

    assert round(found, 4) == -0.1694


@pytest.mark.parametrize(("alpha", "printed"), [(0, 0.5), (1, 0.08), (2, 0.0136)])
def test_poverty_of_country_c(alpha, printed):
    # Haughton & Khandker (2009), Handbook on Poverty and Inequality, World Bank, pages
    # 70 and 72: expenditure of four people, poverty line 125.
    found = fgt([100, 110, 150, 160], [1] * 4, standard=125, alpha=alpha)

    assert found == pytest.approx(printed, abs=1e-12)
