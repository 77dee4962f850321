"""A layer takes its place, or leaves it, while readers read: at once and as a whole."""

import time

from django.db import OperationalError, connection, transaction
from psycopg import sql
from psycopg.errors import LockNotAvailable

from layers.directory.read_model import bump
from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.ingest.layer_table import INDEXES
from layers.published.layers.catalogue import CATALOGUE
from layers.published.layers.layer import SCHEMA

COUNTER = "layer:"
"""A layer's data version is called by this and its id; it outlives the layer, so that no
version is ever repeated."""

LOCK_TRY_MS = 500
"""How long new readers may have to wait behind a change that waits for a long reader."""

LOCK_PAUSE_S = 1.0
LOCK_TRIES = 300


def reserve(collection: str, *, replace: bool) -> None:
    """Make sure that an id may be published under, and keep others off it.

    Another import of the same id waits until this transaction ends.

    Raises
    ------
    InvalidParameter
        The id belongs to a relation that no import made, or to an import that was not
        to be replaced.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{COUNTER}{collection}"],
        )
    known = _is_import(collection)
    if known is False:
        raise InvalidParameter(
            "collection", collection, "not the name of what is published already"
        )
    if known and not replace:
        raise InvalidParameter(
            "collection",
            collection,
            "a new one: that layer exists; --replace puts this one in its place",
        )


def publish(collection: str, table: str) -> None:
    """Give a finished table the layer's name, and say that the layer changed.

    An earlier layer of that name goes in the same moment.
    """
    if _is_import(collection):
        _lock(collection)
        _run("DROP TABLE {}", sql.Identifier(SCHEMA, collection))
    _run(
        "ALTER TABLE {} RENAME TO {}",
        sql.Identifier(SCHEMA, table),
        sql.Identifier(collection),
    )
    for ending in INDEXES:
        _run(
            "ALTER INDEX IF EXISTS {} RENAME TO {}",
            sql.Identifier(SCHEMA, f"{table}{ending}"),
            sql.Identifier(f"{collection}{ending}"),
        )
    bump(CATALOGUE, f"{COUNTER}{collection}")


@transaction.atomic
def drop_layer(collection: str) -> None:
    """Take an imported layer out of publication; its data version stays and is raised.

    Raises
    ------
    NotFound
        There is no layer of that id.
    InvalidParameter
        It is not an import.
    Unavailable
        Readers held it for five minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    known = _is_import(collection)
    if known is None:
        raise NotFound("layer", collection)
    if not known:
        raise InvalidParameter(
            "collection", collection, "a layer that was published with import_layer"
        )
    _lock(collection)
    _run("DROP TABLE {}", sql.Identifier(SCHEMA, collection))
    bump(CATALOGUE, f"{COUNTER}{collection}")


def _is_import(collection: str) -> bool | None:
    """Tell whether a relation came from a file; None where there is no such relation."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relkind = 'r' AND coalesce(
                   obj_description(c.oid, 'pg_class') LIKE '{%%"import": true%%', false)
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = %s AND c.relname = %s""",
            [SCHEMA, collection],
        )
        row = cursor.fetchone()
    return None if row is None else bool(row[0])


def _lock(collection: str) -> None:
    """Wait until nobody reads the layer, letting readers pass in between.

    PostgreSQL serves a table's locks in order: behind a change that waits for one long
    export every other reader would wait as well. So it waits for moments only.
    """
    statement = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(
        sql.Identifier(SCHEMA, collection)
    )
    for _ in range(LOCK_TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TRY_MS}")
                cursor.execute(statement)
                cursor.execute("SET LOCAL lock_timeout = 0")
        except OperationalError as fault:
            if not isinstance(fault.__cause__, LockNotAvailable):
                raise
            time.sleep(LOCK_PAUSE_S)
        else:
            return
    raise Unavailable(f"{collection}: readers held the layer for too long; try again")


def _run(statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
