"""Travel costs of pairs from a long table, as the sparse matrix that measures take."""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from layers.errors import InvalidRecord, UnreadableFile, shown
from layers.ingest.fields import as_text, number
from layers.ingest.tables import read_table
from layers.workbench.columns import positions

MAX_PAIRS = 50_000_000
"""Rows that one file of costs may hold."""

UNREACHABLE = frozenset(("", "inf", "+inf", "infinity"))
"""What a cost says of a pair that nobody can travel; leaving it out says the same."""


@dataclass(slots=True)
class _Pairs:
    """Pairs as they are read; arrays, not lists, for there may be millions."""

    origins: "array[int]" = field(default_factory=lambda: array("i"))
    destinations: "array[int]" = field(default_factory=lambda: array("i"))
    costs: "array[float]" = field(default_factory=lambda: array("d"))
    rows: "array[int]" = field(default_factory=lambda: array("q"))
    n_known: int = 0
    n_foreign: int = 0


def read_costs(
    path: Path,
    from_column: str,
    to_column: str,
    value_column: str,
    from_ids: Sequence[str],
    to_ids: Sequence[str],
) -> tuple[csr_array, int]:
    """Return travel costs of pairs, from a long table with one row per pair.

    Parameters
    ----------
    path : Path
        A CSV file or a workbook.
    from_column, to_column, value_column : str
        Columns with the id of an origin, the id of a destination, the cost.
    from_ids, to_ids : sequence of str, n and m
        Ids of the rows and columns of the result.

    Returns
    -------
    (csr_array, int)
        (n, m) float64, indices sorted. Stored entries are pairs and only they: a
        stored 0 is at the door, what is not stored is unreachable. And the number of
        rows that name an id which is in neither list; they are left out.

    Raises
    ------
    UnreadableFile
        The file is missing, empty or broken; no row of it joins two known ids.
    InvalidParameter
        A column that is not there.
    InvalidRecord
        A cost that is negative or no number; a pair that stands there twice.

    Notes
    -----
    An empty cost and `inf` are unreachable, as is a pair that is left out. `NaN` and
    `NA` are refused: unknown is not unreachable.
    """
    table = read_table(path, max_rows=MAX_PAIRS)
    options = ("cost-from", "cost-to", "cost-value")
    names = (from_column, to_column, value_column)
    at = positions(table.columns, dict(zip(options, names, strict=True)), path)
    cells = (at[from_column], at[to_column], at[value_column])
    pairs = _Pairs()
    origin_of = {name: n for n, name in enumerate(from_ids)}
    destination_of = {name: n for n, name in enumerate(to_ids)}
    for row, from_id, to_id, text in _texts(table.rows, cells):
        origin, destination = origin_of.get(from_id), destination_of.get(to_id)
        if origin is None or destination is None:
            pairs.n_foreign += 1
            continue
        pairs.n_known += 1
        if text.casefold() in UNREACHABLE:
            continue
        pairs.costs.append(_cost(text, path.name, row, value_column))
        pairs.origins.append(origin)
        pairs.destinations.append(destination)
        pairs.rows.append(row)
    if not pairs.n_known:
        raise UnreadableFile(
            f"{shown(path.name)}: no row joins ids of both files; are "
            f"{shown(from_column)!r} and {shown(to_column)!r} the right way round?"
        )
    return _matrix(pairs, from_ids, to_ids, path.name), pairs.n_foreign


def _texts(
    rows: Iterator[tuple[int, Sequence[object]]], cells: tuple[int, int, int]
) -> Iterator[tuple[int, str, str, str]]:
    one, two, three = cells
    for row, values in rows:
        yield row, _text(values[one]), _text(values[two]), _text(values[three])


def _text(value: object) -> str:
    # Cells of a CSV file are text already, and there may be millions of them.
    return (value if type(value) is str else as_text(value)).strip()


def _cost(text: str, file: str, row: int, column: str) -> float:
    try:
        cost = float(text)
    except ValueError:
        cost = math.nan
    # float() also takes 1_000, which a person may have meant otherwise.
    if 0 <= cost < math.inf and "_" not in text:
        return cost
    where = f"{file}, row {row}, {column}"
    cost = number(text, where, comma=False)
    if cost < 0:
        raise InvalidRecord(where, text, "a cost is 0 or more; empty is unreachable")
    return cost


def _matrix(
    pairs: _Pairs, from_ids: Sequence[str], to_ids: Sequence[str], file: str
) -> csr_array:
    """Return the pairs as CSR; built by hand, for scipy would add up repeated ones."""
    shape = len(from_ids), len(to_ids)
    origins = np.array(pairs.origins, dtype=np.int64)
    destinations = np.array(pairs.destinations, dtype=np.int32)
    key = origins * shape[1] + destinations
    order = np.argsort(key, kind="stable")
    repeated = np.flatnonzero(np.diff(key[order]) == 0)
    if len(repeated):
        _refuse_repeated(
            order[repeated[0] : repeated[0] + 2], pairs, from_ids, to_ids, file
        )
    indptr = np.zeros(shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(origins, minlength=shape[0]), out=indptr[1:])
    costs = np.array(pairs.costs, dtype=np.float64)
    return csr_array((costs[order], destinations[order], indptr), shape=shape)


def _refuse_repeated(
    both: NDArray[np.int64],
    pairs: _Pairs,
    from_ids: Sequence[str],
    to_ids: Sequence[str],
    file: str,
) -> None:
    first, second = (int(at) for at in both)
    pair = f"{from_ids[pairs.origins[first]]} to {to_ids[pairs.destinations[first]]}"
    raise InvalidRecord(
        f"{file}, row {pairs.rows[second]}",
        pair,
        f"the pair of row {pairs.rows[first]}, too; give each pair once",
    )
