"""Streets as a matrix."""

import numpy as np
import pytest

from layers.errors import InvalidArray
from layers.measures.street_graph import Spots, StreetGraph, with_places


def test_of_two_parallel_streets_the_shorter_counts_and_never_their_sum():
    graph = StreetGraph.of(2, [0, 1, 0], [1, 0, 1], [90.0, 70.0, 80.0])

    assert graph.matrix().toarray().tolist() == [[0, 70], [70, 0]]


def test_a_loop_is_no_link_but_still_a_street():
    graph = StreetGraph.of(1, [0], [0], [300.0])

    assert graph.matrix().nnz == 0
    # A hundred metres along it, back to where it began: 100 one way, 200 the other.
    spots = Spots.on(graph, np.array([0]), np.array([1 / 3]), np.array([0.0]))
    assert np.allclose([spots.to_start[0], spots.to_end[0]], [100, 200])


def test_a_street_of_no_length_is_a_link():
    graph = StreetGraph.of(3, [0, 1], [1, 2], [0.0, 5.0])

    assert graph.matrix().nnz == 4
    assert graph.components().tolist() == [0, 0, 0]


def test_parts_are_told_apart():
    graph = StreetGraph.of(5, [0, 3], [1, 4], [1.0, 1.0])

    assert graph.components().tolist() == [0, 0, 1, 2, 2]


def test_no_streets_are_a_graph_too():
    graph = StreetGraph.of(0, [], [], [])

    assert graph.components().tolist() == []
    assert Spots.on(graph, np.array([-1]), np.zeros(1), np.zeros(1)).to_end[0] == np.inf


def test_one_can_leave_a_place_and_never_pass_through_it():
    graph = StreetGraph.of(2, [0], [1], [10.0])
    spots = Spots.on(graph, np.array([0, -1]), np.array([0.5, 0]), np.array([2.0, 9]))

    matrix = with_places(graph, spots).toarray()

    assert matrix[2].tolist() == [7, 7, 0, 0]  # 2 off the street, then 5 either way
    assert matrix[:, 2].tolist() == [0, 0, 0, 0]
    assert not matrix[3].any()


def test_a_patch_keeps_the_streets_between_its_junctions():
    graph = StreetGraph.of(4, [0, 1, 2], [1, 2, 3], [1.0, 2.0, 3.0])

    patch, place = graph.patch(np.array([2, 1]))

    assert place.tolist() == [-1, 1, 0, -1]
    assert patch.matrix().toarray().tolist() == [[0, 2], [2, 0]]


@pytest.mark.parametrize(
    ("start", "end", "cost", "named"),
    [
        ([0], [2], [1.0], "end"),
        ([-1], [0], [1.0], "start"),
        ([0], [1], [-1.0], "cost"),
        ([0], [1], [np.nan], "cost"),
        ([0], [1], [np.inf], "cost"),
        ([0.5], [1], [1.0], "start"),
        ([0, 1], [1], [1.0], "start"),
    ],
)
def test_what_is_no_street_is_refused_by_name(start, end, cost, named):
    with pytest.raises(InvalidArray, match=f"^{named}"):
        StreetGraph.of(2, start, end, cost)
