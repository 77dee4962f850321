"""A world of three points and two sites, small enough to do by hand, and chance ones.

cost   s    t     people
A      2    8     100
B      5    5     200
C      -   10      50
places 30   14
"""

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

PEOPLE = [100.0, 200.0, 50.0]
PLACES = [30.0, 14.0]
COSTS = csr_array(
    ([2.0, 8.0, 5.0, 5.0, 10.0], ([0, 0, 1, 1, 2], [0, 1, 0, 1, 1])), shape=(3, 2)
)


def sparse(cells, shape):
    """Return given pairs as CSR; a cost of 0 stays a pair."""
    rows, columns, costs = zip(*cells, strict=True) if cells else ((), (), ())
    order = sorted(range(len(rows)), key=lambda i: (rows[i], columns[i]))
    begins = np.searchsorted([rows[i] for i in order], range(shape[0] + 1))
    return csr_array(
        (
            np.array([costs[i] for i in order], dtype=float),
            np.array([columns[i] for i in order], dtype=np.int32),
            begins,
        ),
        shape=shape,
    )


def dense(costs):
    """Return costs as a full matrix, inf where there is no pair."""
    full = np.full(costs.shape, np.inf)
    rows = np.repeat(range(costs.shape[0]), np.diff(costs.indptr))
    full[rows, costs.indices] = costs.data
    return full


@st.composite
def worlds(draw, *, max_points=6, max_sites=4, whole=False, least_people=0):
    """Draw people, places and costs; some pairs do not exist, some cost nothing."""
    n = draw(st.integers(1, max_points))
    m = draw(st.integers(1, max_sites))
    number = st.integers(least_people, 300)
    people = draw(st.lists(number, min_size=n, max_size=n))
    places = draw(st.lists(st.integers(0, 60), min_size=m, max_size=m))
    cost = st.one_of(st.none(), st.integers(0, 20))
    cells = [
        (i, j, c) for i in range(n) for j in range(m) if (c := draw(cost)) is not None
    ]
    scale = 1 if whole else draw(st.sampled_from([1, 0.5, 0.1]))
    return (
        np.array(people, dtype=float) * scale,
        np.array(places, dtype=float),
        sparse(cells, (n, m)),
    )
