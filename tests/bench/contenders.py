"""Contenders: processes of their own that answer the same questions, turn by turn.

A contender is started once, warmed up, and then told to run for some seconds whenever
it is its turn; between turns it waits. So two of them are compared under the same load
of the machine, connections and prepared statements stay, and none pays for the other's
garbage.
"""

import multiprocessing
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median, quantiles
from threading import Thread
from typing import Any

Once = Callable[[int], int]
"""Answers question number n and returns the bytes of the answer."""

Maker = Callable[..., Once]
"""Makes an `Once`, with a connection of its own; importable by name."""

PATIENCE_S = 900.0
WARM_UP_S = 0.5
MOST = 1_000_000
"""Answers of one turn and connection."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one turn of a contender measured."""

    seconds: float
    latencies_s: "array[float]"
    n_bytes: int
    client_cpu_s: float

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds

    @property
    def mb_per_s(self) -> float:
        """Megabytes (10^6) a second."""
        return self.n_bytes / self.seconds / 1e6

    @property
    def p50_ms(self) -> float:
        """Median time of an answer."""
        return median(self.latencies_s) * 1e3

    @property
    def p99_ms(self) -> float:
        """Time that 99 of 100 answers do not exceed."""
        if len(self.latencies_s) < 2:
            return self.p50_ms
        return quantiles(self.latencies_s, n=100)[98] * 1e3


class Contender:
    """One process that answers when told to."""

    def __init__(self, name: str, pipe: "Connection[Any, Any]") -> None:
        self.name = name
        self._pipe = pipe

    def run(self, seconds: float) -> Sample:
        """Answer question after question for some seconds; return what was measured.

        At least one question on each connection, however long it takes.
        """
        self._pipe.send(seconds)
        if not self._pipe.poll(seconds + PATIENCE_S):
            raise TimeoutError(f"{self.name} gave no answer")
        found = self._pipe.recv()
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Sample)
        return found


@contextmanager
def contender(
    name: str,
    make: Maker,
    *arguments: Any,
    connections: int = 1,
    is_warmed_up: bool = True,
) -> Iterator[Contender]:
    """Start a contender that asks over so many connections at once."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(
        target=_work, args=(there, make, arguments, connections), daemon=True
    )
    process.start()
    there.close()
    try:
        made = Contender(name, here)
        if is_warmed_up:
            made.run(WARM_UP_S)
        yield made
    finally:
        here.close()
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()


def _work(
    pipe: "Connection[Any, Any]", make: Maker, arguments: Sequence[Any], n: int
) -> None:
    asked = 0
    try:
        ways = [make(*arguments) for _ in range(n)]
        while True:
            found = _measured(ways, asked, pipe.recv())
            asked += len(found.latencies_s)
            pipe.send(found)
    except EOFError:
        return  # the bench is over
    except Exception as fault:  # noqa: BLE001 (it is told to who asked)
        pipe.send(RuntimeError(f"{type(fault).__name__}: {fault}"))


class _Way(Thread):
    """One connection of a turn: asks until the time is up, at least once."""

    def __init__(self, once: Once, first: int, step: int, seconds: float) -> None:
        super().__init__()
        self._once, self._first, self._step = once, first, step
        self._seconds = seconds
        self.latencies_s = array("d")
        self.n_bytes = 0
        self.fault: Exception | None = None

    def run(self) -> None:
        """Ask, and keep a fault for who started this."""
        try:
            self._ask()
        except Exception as fault:  # noqa: BLE001 (raised by who started this)
            self.fault = fault

    def _ask(self) -> None:
        clock, once, times = time.perf_counter, self._once, self.latencies_s
        question, until = self._first, clock() + self._seconds
        for _ in range(MOST):
            before = clock()
            self.n_bytes += once(question)
            after = clock()
            times.append(after - before)
            question += self._step
            if after >= until:
                return


def _measured(ways: Sequence[Once], first: int, seconds: float) -> Sample:
    """Run all connections for some seconds, at least one answer of each."""
    turn = [
        _Way(once, first + number, len(ways), seconds)
        for number, once in enumerate(ways)
    ]
    started, cpu = time.perf_counter(), time.process_time()
    if len(turn) == 1:
        turn[0].run()  # no thread between a single connection and its clock
    else:
        for way in turn:
            way.start()
        for way in turn:
            way.join()
    seconds_taken, cpu = time.perf_counter() - started, time.process_time() - cpu
    together = array("d")
    for way in turn:
        if way.fault:
            raise way.fault
        together.extend(way.latencies_s)
    return Sample(seconds_taken, together, sum(way.n_bytes for way in turn), cpu)
