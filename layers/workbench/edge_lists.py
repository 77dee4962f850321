"""A network as a list of edges, and the shortest ways between its vertices."""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.errors import InvalidParameter, InvalidRecord, shown
from layers.measures.arrays import FloatArray, IntArray
from layers.workbench.columns import read_columns

MAX_PATHS = 100_000_000
"""Shortest ways from sites to vertices that fit into memory (800 MB)."""


class EdgeList:
    """An undirected network with costs on its edges.

    Parameters
    ----------
    path : Path
        A CSV file or a workbook, one row per edge.
    from_column, to_column, cost_column : str
        Columns with the ids of two vertices and the cost between them, finite, 0 or
        more. An edge that is listed again, in either direction, replaces the earlier
        one: the last row wins, as in the p-median files of the OR-Library. An edge
        from a vertex to itself is no way anywhere and is left out.

    Raises
    ------
    UnreadableFile, InvalidParameter, InvalidRecord
        The file cannot be read; a column is missing; a cell holds no id or no cost.

    References
    ----------
    Beasley (1990), doi:10.1057/jors.1990.166.
    """

    def __init__(
        self, path: Path, from_column: str, to_column: str, cost_column: str
    ) -> None:
        asked = {
            "cost-from": from_column,
            "cost-to": to_column,
            "cost-value": cost_column,
        }
        columns = read_columns(path, asked, target_srid=None)
        self.file = path.name
        cost = columns.amounts(cost_column)
        edges: dict[tuple[int, int], float] = {}
        self._vertex: dict[str, int] = {}
        ends = columns.texts[from_column], columns.texts[to_column]
        for row, one, other, value in zip(
            columns.rows, *ends, cost.tolist(), strict=True
        ):
            for name, column in ((one, from_column), (other, to_column)):
                if not name:
                    raise columns.fault(row, column, name, "an id is missing")
            a = self._vertex.setdefault(one, len(self._vertex))
            b = self._vertex.setdefault(other, len(self._vertex))
            if a != b:
                edges[min(a, b), max(a, b)] = value
        self._edges = _matrix(edges, len(self._vertex))

    def costs(
        self, demand_ids: tuple[str, ...], site_ids: tuple[str, ...]
    ) -> FloatArray:
        """Return the cost of the shortest way from each demand vertex to each site.

        Returns
        -------
        ndarray, (n, m)
            inf where there is no way.

        Raises
        ------
        InvalidRecord
            An id that is no vertex.
        InvalidParameter
            More ways than `MAX_PATHS`.
        """
        demand, sites = self._at(demand_ids, "demand"), self._at(site_ids, "sites")
        if len(sites) * len(self._vertex) > MAX_PATHS:
            raise InvalidParameter(
                "graph",
                f"{len(sites)} sites, {len(self._vertex)} vertices",
                f"at most {MAX_PATHS:,} shortest ways",
            )
        # The way from a site is the way to it, and there are fewer sites than people.
        ways = dijkstra(self._edges, directed=True, indices=sites)
        return np.asarray(ways[:, demand].T, dtype=np.float64)

    def _at(self, ids: tuple[str, ...], what: str) -> IntArray:
        for name in ids:
            if name not in self._vertex:
                raise InvalidRecord(
                    f"{what}, id", name, f"no vertex of {shown(self.file)}"
                )
        return np.array([self._vertex[name] for name in ids], dtype=np.int64)


def _matrix(edges: dict[tuple[int, int], float], n: int) -> csr_array:
    """Return both directions of each edge; a cost of 0 stays an edge."""
    ends = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    cost = np.array(list(edges.values()), dtype=np.float64)
    row = np.concatenate([ends[:, 0], ends[:, 1]])
    order = np.argsort(row, kind="stable")
    column = np.concatenate([ends[:, 1], ends[:, 0]])[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))])
    return csr_array((np.tile(cost, 2)[order], column, first), shape=(n, n))
