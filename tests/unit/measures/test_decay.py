"""Weights from costs, and the texts that name them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.measures.decay import (
    Binary,
    Exponential,
    Gaussian,
    Linear,
    Logistic,
    Power,
    Stepped,
)
from layers.measures.decay_text import SPELLINGS, parse_decay

KINDS = [
    Binary(),
    Binary(7),
    Stepped((5, 10), (1, 0.5)),
    Linear(7),
    Exponential(0.1),
    Gaussian(4),
    Power(1.5),
    Logistic(6, 2),
]


def weights(text, *costs):
    return parse_decay(text)(np.array(costs, dtype=float)).tolist()


def test_a_step_ends_at_its_limit_and_includes_it():
    # Luo & Qi (2009): 1, 0.68, 0.22 in three zones.
    text = "stepped:5000=1,10000=0.68,15000=0.22"

    assert weights(text, 0, 5000, 5000.001, 10000, 15000, 15001) == [
        1, 1, 0.68, 0.68, 0.22, 0,
    ]  # fmt: skip


def test_steps_may_be_given_in_any_order():
    assert parse_decay("stepped:10=0.5,5=1") == Stepped((5, 10), (1, 0.5))


def test_the_gaussian_begins_at_one_and_is_not_normalised():
    # exp(-1/2) at one sigma, exp(-2) at two.
    expected = [1, math.exp(-0.5), math.exp(-2)]
    assert weights("gaussian:5000", 0, 5000, 10000) == pytest.approx(expected)


def test_the_exponential_loses_a_tenth_of_itself_per_unit():
    assert weights("exponential:0.1", 0, 10) == pytest.approx([1, math.exp(-1)])


def test_the_power_is_one_up_to_a_cost_of_one():
    # 1/d for alpha = 1; at 0 it would be infinite.
    assert weights("power:1", 0, 0.5, 1, 2, 4) == [1, 1, 1, 0.5, 0.25]


def test_the_linear_decay_ends_at_its_end():
    assert weights("linear:10", 0, 5, 10, 11) == [1, 0.5, 0, 0]


def test_the_logistic_turns_at_its_median():
    # Bauer & Groneberg: f = g(0)/g(d), g(d) = 1 + exp((d-M) pi/(S sqrt 3)).
    # ipeaGIT/accessibility tests: cutoff 20, sd 2: 0.5 at 20; 30, sd 10: 0.502 at 30.
    assert weights("logistic:20,2", 0, 20) == pytest.approx([1, 0.5], abs=1e-7)
    assert weights("logistic:30,10", 0, 30) == pytest.approx([1, 0.502], abs=5e-4)


def test_costs_that_no_exponential_can_hold_weigh_nothing_and_warn_of_nothing():
    assert weights("logistic:20,2", 1e6) == [0]
    assert weights("gaussian:1", 1e6) == [0]
    assert weights("exponential:5", 1e6) == [0]


@pytest.mark.parametrize("text", ["binary", " Binary ", "BINARY"])
def test_binary_needs_no_number(text):
    assert parse_decay(text) == Binary()


def test_binary_may_have_a_reach_of_its_own():
    assert weights("binary:5", 5, 5.1) == [1, 0]


@pytest.mark.parametrize(
    "text",
    [
        "", "gauss:5", "gaussian", "gaussian:", "gaussian:0", "gaussian:-1", "gaussian:x",
        "gaussian:nan", "gaussian:inf", "gaussian:1,2", "exponential:0", "power:0",
        "power:-2", "linear:0", "linear", "logistic:5", "logistic:5,0", "logistic:0,5",
        "logistic:1,2,3", "stepped", "stepped:", "stepped:5", "stepped:5=", "stepped:=1",
        "stepped:5=1,5=0.5", "stepped:5=0.5,10=1", "stepped:5=-1", "stepped:-5=1",
        "stepped:5=1;10=0.5", "binary:-1", "binary:", "stepped:5=1=2",
    ],
)  # fmt: skip
def test_what_is_no_decay_is_refused(text):
    with pytest.raises(InvalidParameter, match="decay"):
        parse_decay(text)


def test_a_refusal_says_how_decays_are_written():
    with pytest.raises(InvalidParameter) as refusal:
        parse_decay("cosine:3")

    assert all(spelling in refusal.value.detail for spelling in SPELLINGS)


@pytest.mark.parametrize("decay", KINDS, ids=repr)
@given(costs=st.lists(st.floats(0, 50), max_size=20))
def test_weights_are_shares_that_never_rise_with_cost(decay, costs):
    found = decay(np.sort(np.array(costs, dtype=float)))

    assert found.shape == (len(costs),)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 1e-15).all()


@pytest.mark.parametrize("decay", KINDS, ids=repr)
def test_beyond_its_reach_a_decay_weighs_nothing(decay):
    assert decay(np.zeros(1)).tolist() == [1]
    if math.isfinite(decay.reach):
        beyond = np.nextafter(decay.reach, np.inf)
        assert decay(np.array([beyond])).tolist() == [0]


@given(costs=st.lists(st.floats(0, 30), max_size=30))
def test_steps_agree_with_looking_each_one_up(costs):
    steps = {5.0: 1.0, 10.0: 0.68, 15.0: 0.22}
    slow = [next((w for d, w in steps.items() if c <= d), 0.0) for c in costs]

    fast = Stepped(tuple(steps), tuple(steps.values()))(np.array(costs, dtype=float))

    assert fast.tolist() == slow
