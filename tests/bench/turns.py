"""Turns: contenders measured one after the other, again and again."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import psycopg

from tests.bench.contenders import Contender, Sample
from tests.bench.figures import Detail, Figure, Promise, ratio
from tests.bench.server import Server, cpu_s

IN_PROCESS = ("bare", "lean")
"""Names of contenders that ask the database themselves begin so."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: rounds, seconds of each turn, many connections at once."""

    points: int
    demand: int
    seed: int
    rounds: int
    seconds: float
    connections: int
    sizes: tuple[int, ...]


class Spent(NamedTuple):
    """Processor seconds of one turn."""

    server_s: float
    database_s: float


def is_in_process(name: str) -> bool:
    """Tell whether a contender asks the database itself."""
    return name.startswith(IN_PROCESS)


class Turns:
    """Samples of some contenders, taken in turn, with what their server spent.

    `peers` names the contenders that another server answers.
    """

    def __init__(
        self,
        server: Server,
        database_url: str,
        connections: int = 1,
        peers: Mapping[str, Server] | None = None,
    ) -> None:
        self.server, self.database_url = server, database_url
        self.connections = connections
        self.peers = peers or {}
        self.samples: dict[str, list[Sample]] = {}
        self.spent: dict[str, list[Spent]] = {}

    def take(self, contenders: Sequence[Contender], plan: Plan) -> None:
        """Let each run in every round, first the one that was last before."""
        for turn in range(plan.rounds):
            for one in contenders[:: 1 if turn % 2 == 0 else -1]:
                server = self.server_of(one.name)
                server_s, before = server.cpu_s(), self._backends()
                sample = one.run(plan.seconds)
                after = self._backends()
                database_s = sum(
                    seconds - before.get(process, 0.0)
                    for process, seconds in after.items()
                )
                self.samples.setdefault(one.name, []).append(sample)
                self.spent.setdefault(one.name, []).append(
                    Spent(server.cpu_s() - server_s, database_s)
                )

    def server_of(self, name: str) -> Server:
        """Return the server that a contender asks."""
        return self.peers.get(name, self.server)

    def per_s(self, name: str) -> list[float]:
        """Return answers a second, by round."""
        return [sample.per_s for sample in self.samples[name]]

    def cpu_ms(self, name: str) -> list[float]:
        """Return processor time of an answer, without the HTTP client's, by round."""
        return [
            (
                spent.database_s
                + (sample.client_cpu_s if is_in_process(name) else spent.server_s)
            )
            / len(sample.latencies_s)
            * 1e3
            for sample, spent in zip(self.samples[name], self.spent[name], strict=True)
        ]

    def figure(
        self,
        name: str,
        ours: str,
        theirs: str,
        promise: Promise | None,
        *,
        by_cpu: bool = True,
    ) -> Figure:
        """Return the comparison of two by answers a second, and by processor time.

        Of a program that a contender starts, the processor time is not known.
        """
        a, b = self.per_s(ours), self.per_s(theirs)
        cpu = math.nan
        if by_cpu:
            cpu = ratio(self.cpu_ms(theirs), self.cpu_ms(ours))
        return Figure(
            name,
            median(a),
            median(b),
            "req/s",
            ratio(a, b),
            promise,
            cpu_ratio=cpu,
        )

    def time_figure(
        self, name: str, ours: str, theirs: str, promise: Promise | None
    ) -> Figure:
        """Return the comparison of two by the median time of an answer."""
        a, b = self.p50_ms(ours), self.p50_ms(theirs)
        return Figure(name, median(a), median(b), "ms p50", ratio(a, b), promise)

    def p50_ms(self, name: str) -> list[float]:
        """Return the median time of an answer, by round."""
        return [sample.p50_ms for sample in self.samples[name]]

    def details(self, what: str = "") -> Iterator[Detail]:
        """Yield what each contender did; `what` was asked stands before its name."""
        for name, samples in self.samples.items():
            n = sum(len(sample.latencies_s) for sample in samples)
            server_s = sum(spent.server_s for spent in self.spent[name])
            database_s = sum(spent.database_s for spent in self.spent[name])
            alone = is_in_process(name)
            yield Detail(
                name=f"{what}: {name}" if what else name,
                connections=self.connections,
                per_s=median(self.per_s(name)),
                p50_ms=median(sample.p50_ms for sample in samples),
                p99_ms=median(sample.p99_ms for sample in samples),
                mb_per_s=median(sample.mb_per_s for sample in samples),
                kb=sum(sample.n_bytes for sample in samples) / n / 1e3,
                server_cpu_ms=math.nan if alone else server_s / n * 1e3,
                database_cpu_ms=database_s / n * 1e3,
                peak_rss_mb=math.nan if alone else self.server_of(name).peak_rss_mb(),
            )

    def _backends(self) -> dict[int, float]:
        """Return the processor seconds of each connection to the database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        return {row[0]: cpu_s(row[0]) for row in rows}
