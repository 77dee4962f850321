"""What several published states of one world show together, that none shows alone.

Someone who sees today, a first and a second state subtracts them from each other. Two
questions decide what they find: who is reached in just the same states (a *pattern*), and
whether a withheld count is a linear combination of everything that is shown.
"""

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, IntArray, checked_people
from layers.measures.secondary_suppression import TOLERANCE


def patterns(states: ArrayLike) -> IntArray:
    """Return which columns of some states are alike: a number for each, from 0.

    Parameters
    ----------
    states : array_like of bool, (n_states, n)
        What holds of each point in each state.

    Examples
    --------
    >>> patterns([[True, True, False], [False, False, True]])
    array([1, 1, 0])
    """
    bits = np.asarray(states, dtype=np.bool_)
    if bits.ndim != 2:
        raise InvalidArray(f"states: shape {bits.shape} is not (n_states, n)")
    packed = np.ascontiguousarray(np.packbits(bits, axis=0).T)
    if not packed.size:
        return np.zeros(bits.shape[1], dtype=np.int64)
    as_one = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, number = np.unique(as_one, return_inverse=True)
    return np.asarray(number, dtype=np.int64).reshape(-1)


def people_by_pattern(
    people: ArrayLike, atom: ArrayLike, pattern: ArrayLike, *, n_atoms: int
) -> FloatArray:
    """Return the people of each atom with each pattern, (n_atoms, n_patterns).

    Parameters
    ----------
    people, atom, pattern : array_like, (n,)
        Of each point: people, which atom of the table it is in, its pattern.
    n_atoms : int
        How many atoms there are.
    """
    persons = checked_people(people, "people")
    where, which = np.asarray(atom), np.asarray(pattern)
    if where.shape != persons.shape or which.shape != persons.shape:
        raise InvalidArray(f"atom and pattern do not fit the {len(persons)} points")
    n_patterns = int(which.max(initial=-1)) + 1
    sums = np.bincount(
        where * n_patterns + which, weights=persons, minlength=n_atoms * n_patterns
    )
    return np.asarray(sums, dtype=np.float64).reshape(n_atoms, n_patterns)


def spanned(basis: ArrayLike, rows: ArrayLike) -> BoolArray:
    """Return which rows are linear combinations of a basis; a row of zeros is none.

    Parameters
    ----------
    basis, rows : array_like, (n, k) and (m, k)
        A row of zeros says nothing that is not known already, so it is not told.

    Examples
    --------
    >>> spanned([[1, 0, 0], [1, 1, 1]], [[0, 1, 1], [0, 1, 0], [0, 0, 0]])
    array([ True, False, False])
    """
    table = np.asarray(basis, dtype=np.float64)
    wanted = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2 or wanted.ndim != 2 or table.shape[1] != wanted.shape[1]:
        raise InvalidArray(f"rows: shape {wanted.shape} does not fit {table.shape}")
    says = np.abs(wanted).max(axis=1, initial=0.0) > TOLERANCE
    if not len(table) or not says.any():
        return np.zeros(len(wanted), dtype=np.bool_)
    weights, *_ = np.linalg.lstsq(table.T, wanted.T, rcond=None)
    left = np.abs(table.T @ weights - wanted.T).max(axis=0, initial=0.0)
    return np.asarray(says & (left <= TOLERANCE))
