"""What the contenders are asked: seeded requests, and the statements behind them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import orjson
import psycopg

from tests.bench.client import fetched, get, post
from tests.bench.databases import REPOSITORY

NEAREST = "/api/v1/nearest"
POINTS = "/api/v1/service-points"
PEER = "/peer/service-points"
PEER_NEAREST = "/peer/nearest"
WITHIN_M = 3_000
"""A filter by distance has to be given one; nearly every question finds ten in it."""

LANGUAGES = ("fa", "ar", "fr", "ur", "uk")
N_NEAREST = 400
N_PAGES = 20

Question = dict[str, Any]


class Statement(NamedTuple):
    """A statement as the driver was given it."""

    text: str
    values: Any
    options: dict[str, Any]


def near_questions(database_url: str, seed: int) -> list[Question]:
    """Return spots where people live, each with a category and a language."""
    with psycopg.connect(database_url) as connection:
        spots = connection.execute(
            "SELECT ST_X(point), ST_Y(point) FROM layers_demandpoint"
            " WHERE population > 20 ORDER BY id"
        ).fetchall()
    rng = np.random.default_rng(seed + 2)
    leaves = _leaves()
    return [
        {
            "lon": round(spots[spot][0], 6),
            "lat": round(spots[spot][1], 6),
            "category": [leaves[leaf]],
            "language": [LANGUAGES[language]],
            "limit": 10,
        }
        for spot, leaf, language in zip(
            rng.integers(0, len(spots), N_NEAREST),
            rng.integers(0, len(leaves), N_NEAREST),
            rng.integers(0, len(LANGUAGES), N_NEAREST),
            strict=True,
        )
    ]


def _leaves() -> list[str]:
    path = REPOSITORY / "fixtures" / "taxonomy" / "categories.json"
    terms = json.loads(path.read_text(encoding="utf-8"))["terms"]
    return [term["slug"] for term in terms if term["parent"] is not None]


def near_requests(questions: Sequence[Question]) -> list[bytes]:
    """Return the questions as POST requests."""
    return [post(NEAREST, orjson.dumps(question)) for question in questions]


def peer_near_requests(questions: Sequence[Question]) -> list[bytes]:
    """Return the questions as the peer takes them: the nearest within WITHIN_M."""
    return [
        get(
            f"{PEER_NEAREST}?point={q['lon']},{q['lat']}&dist={WITHIN_M}"
            f"&category={q['category'][0]}&language={q['language'][0]}"
            f"&limit={q['limit']}"
        )
        for q in questions
    ]


def page_paths(port: int, limit: int) -> list[str]:
    """Return the first pages of the list, found by following `next`."""
    paths = [f"{POINTS}?limit={limit}&lang=en"]
    while len(paths) < N_PAGES:
        after = [
            link["href"]
            for link in orjson.loads(fetched(port, paths[-1]))["links"]
            if link["rel"] == "next"
        ]
        if not after:
            break
        paths.append(after[0][after[0].index(POINTS) :])
    return paths


def peer_requests(limit: int, n: int) -> list[bytes]:
    """Return the same pages of the peer, by offset."""
    return [get(f"{PEER}?limit={limit}&offset={limit * page}") for page in range(n)]


@contextmanager
def recorded(into: list[Statement]) -> Iterator[None]:
    """Note every statement that the public reader runs."""
    from layers.published import connection as reader

    lend = reader.borrowed

    class Noting:
        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

        def execute(self, statement: Any, values: Any = None, **options: Any) -> Any:
            text = statement if isinstance(statement, str) else statement.as_string()
            into.append(Statement(text, values, options))
            return self._real.execute(statement, values, **options)

    @contextmanager
    def borrowed() -> Iterator[Noting]:
        with lend() as connection:
            yield Noting(connection)

    reader.borrowed = borrowed  # type: ignore[assignment]
    try:
        yield
    finally:
        reader.borrowed = lend
