"""Connections of the public reader: a pool under a role that sees schema `published` only.

Every public answer is read through here, so that no slip in a statement can reach a
table with hidden places. Kept connections and prepared statements make it quick: a new
connection costs more than most answers.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connection as owner
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from layers.errors import Unavailable

Parameters = Sequence[Any] | Mapping[str, Any]
Statement = str | sql.SQL | sql.Composed

POOL_WAIT_S = 5.0
"""How long a request waits for a free connection before it is told to come back."""

_CONNECTION_KEYS = ("dbname", "user", "password", "host", "port", "sslmode", "service")


def reader_conninfo() -> str:
    """Return how a public reader connects: as the app, but in the published role."""
    given = owner.get_connection_params()
    known = {key: given[key] for key in _CONNECTION_KEYS if given.get(key)}
    options = " ".join(
        f"-c {setting}"
        for setting in (
            f"role={settings.PUBLISHED_ROLE}",
            "default_transaction_read_only=on",
            f"statement_timeout={settings.STATEMENT_TIMEOUT_MS}",
            "max_parallel_workers_per_gather=0",
            "jit=off",
            "timezone=UTC",
        )
    )
    return make_conninfo(
        "", **known, options=options, application_name="geoaccmr-public"
    )


def _configured(connection: "psycopg.Connection[Any]") -> None:
    connection.prepare_threshold = 2
    set_json_loads(orjson.loads, connection)


_opening = Lock()


def _pool(process: int) -> "ConnectionPool[psycopg.Connection[Any]]":
    # lru_cache alone lets two threads that ask first make a pool each.
    with _opening:
        return _pool_of(process)


@lru_cache(maxsize=1)
def _pool_of(_process: int) -> "ConnectionPool[psycopg.Connection[Any]]":
    return ConnectionPool(
        reader_conninfo(),
        min_size=1,
        max_size=settings.PUBLISHED_POOL_SIZE,
        timeout=POOL_WAIT_S,
        kwargs={"autocommit": True},
        configure=_configured,
        open=True,
    )


def close_pool() -> None:
    """Close the pool of this process; the next read opens a new one."""
    if _pool_of.cache_info().currsize:
        _pool(os.getpid()).close()
        _pool_of.cache_clear()


@contextmanager
def borrowed() -> Iterator["psycopg.Connection[Any]"]:
    """Lend a connection of the public reader; one pool per process, safe after a fork."""
    pool = _pool(os.getpid())
    connection = pool.getconn()
    try:
        yield connection
    finally:
        pool.putconn(connection)  # which ends what was not ended


def read(
    statement: Statement,
    parameters: Parameters = (),
    *,
    binary: bool = False,
    prepare: bool | None = None,
) -> list[tuple[Any, ...]]:
    """Return all rows of one statement, read as the published role.

    Parameters
    ----------
    statement : str or psycopg.sql.Composable
        SQL with `%s` or `%(name)s`; values only ever as parameters.
    parameters
        The values.
    binary : bool
        Have the values sent as they are stored: for large bytea.
    prepare : bool, optional
        False has the statement planned for these very values. Without it, one that is
        asked again and again is planned once, for any values.

    Returns
    -------
    list of tuple
        jsonb as Python objects, timestamps with their zone.

    Raises
    ------
    Unavailable
        The database is away, all connections are in use for 5 s, or the statement ran
        longer than STATEMENT_TIMEOUT_MS.

    Notes
    -----
    A connection that the server has closed (restart, fail-over) is replaced and the
    statement tried once more; reading twice does no harm.
    """
    for last_try in (False, True):
        try:
            with borrowed() as connection:
                found = connection.execute(
                    statement, parameters, binary=binary, prepare=prepare
                )
                return found.fetchall()
        except psycopg.errors.QueryCanceled as fault:
            raise Unavailable("the question took too long; ask for less") from fault
        except PoolTimeout as fault:
            raise Unavailable("the database is busy or away; try again soon") from fault
        except psycopg.OperationalError as fault:
            if last_try:
                raise Unavailable("the database is away; try again soon") from fault
    raise AssertionError("unreachable")  # pragma: no cover


def read_one(
    statement: Statement,
    parameters: Parameters = (),
    *,
    binary: bool = False,
    prepare: bool | None = None,
) -> tuple[Any, ...] | None:
    """Return the first row of one statement, or None; parameters and errors as `read`."""
    rows = read(statement, parameters, binary=binary, prepare=prepare)
    return rows[0] if rows else None
