"""A whole layer as a stream of rows, in one state of the data and in flat memory.

PostgreSQL writes the rows (`COPY … TO STDOUT`) and they are handed on as they come, a
quarter of a megabyte at a time; nothing is kept. A stream has a connection and a
transaction of its own until its last row. It outlives the view that opened it, so it must
not go through a pooler that shares connections by statement.

Fields are written as CSV, whose text needs no unescaping: COPY's own text format doubles
every backslash. Where the field is JSON, delimiter and quote are control characters that
JSON cannot hold, and a row is the JSON as it is.
"""

import errno
import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.published import connection as reader
from layers.published.layers import catalogue
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.layer import Condition, Layer
from layers.published.versions import DataState, version_sql

BATCH_BYTES = 262_144
"""Bytes of rows that are handed on together."""

SLOTS_KEY = 0x6578706F
"""First half of the advisory locks that count exports, over all server processes."""

_AS_CSV = "(FORMAT csv)"
_AS_JSON = r"(FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"
_QUOTE = b"\x01"

# Not everywhere; without it a reader who has gone is noticed at the next byte sent.
_HANGUP: int = getattr(select, "POLLRDHUP", 0)
_GONE = _HANGUP | select.POLLHUP | select.POLLERR

Records = Sequence["memoryview"]


class ReaderGone(ConnectionResetError):
    """Whoever asked for the rows has hung up; a web server closes the connection for it."""

    def __init__(self) -> None:
        """Carry the error number by which servers know it."""
        super().__init__(errno.ECONNRESET, "the reader has hung up")


class LayerReading:
    """One state of a layer, open for reading; `open_layer` makes and ends it.

    Attributes
    ----------
    layer : Layer
        Its description, of that state.
    state : DataState
        Which state.
    """

    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        layer: Layer,
        state: DataState,
        hangup: int | None,
    ) -> None:
        self.layer, self.state = layer, state
        self._connection, self._hangup = connection, hangup

    def json_lines(
        self, item: str, condition: Condition, separator: bytes = b""
    ) -> Iterator[bytes]:
        """Yield JSON texts, one to a line, some lines at a time.

        Parameters
        ----------
        item : str
            SQL of the text, for a row `r` of the layer.
        condition : Condition
            Which rows.
        separator : bytes
            Put before each line but the first that is yielded together.

        Yields
        ------
        bytes
            UTF-8, at least one line. Errors as `records`.
        """
        for batch in self._copied([item], condition, _AS_JSON):
            lines = separator.join(batch)
            if _QUOTE in lines:
                # A `json` column keeps its line breaks; COPY quotes a text for them.
                lines = separator.join(map(_on_one_line, batch))
            yield lines

    def records(self, items: Sequence[str], condition: Condition) -> Iterator[Records]:
        """Yield rows as CSV records, some at a time.

        Parameters
        ----------
        items : sequence of str
            SQL of the fields, for a row `r` of the layer.
        condition : Condition
            Which rows.

        Yields
        ------
        sequence of memoryview
            Records in UTF-8, at least one, each with its line break. Null is an empty
            field, an empty text is `""`.

        Raises
        ------
        InvalidParameter
            The condition cannot be computed on the data.
        Unavailable
            It took longer than EXPORT_TIMEOUT_MS, or the database went away.
        ReaderGone
            The other side has closed the connection under `hangup`.
        """
        return self._copied(items, condition, _AS_CSV)

    def one(self, items: str, condition: Condition) -> tuple[Any, ...]:
        """Return the one row of an aggregate over the layer; errors as `records`."""
        found: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT {items} FROM {self.layer.relation} WHERE {condition.sql}",
            dict(condition.values),
        ).fetchone()
        assert found is not None  # noqa: S101 (an aggregate always has a row)
        return found

    def _copied(
        self, items: Sequence[str], condition: Condition, form: str
    ) -> Iterator[Records]:
        # COPY takes no parameters: the values are bound here, quoted by the driver.
        statement = psycopg.ClientCursor(self._connection).mogrify(
            f"COPY (SELECT {', '.join(items)} FROM {self.layer.relation} "
            f"WHERE {condition.sql}) TO STDOUT {form}",
            dict(condition.values),
        )
        # Leaving the block before its end, as a reader does who goes, cancels the query.
        with self._connection.cursor() as cursor, cursor.copy(statement.encode()):
            yield from self._batches()

    def _batches(self) -> Iterator[Records]:
        # The driver's own iteration goes through three generators for every row; asked
        # directly, libpq hands rows over as quickly as psql gets them.
        libpq = self._connection.pgconn
        waiting = select.poll()
        waiting.register(libpq.socket, select.POLLIN)
        if self._hangup is not None:
            waiting.register(self._hangup, _HANGUP)
        batch: list[memoryview] = []
        size = 0
        while True:
            length, record = libpq.get_copy_data(1)
            if length > 0:
                batch.append(record)
                size += length
                if size >= BATCH_BYTES:
                    self._check_reader(waiting.poll(0))
                    yield batch
                    batch, size = [], 0
            elif length == 0:  # nothing there yet
                self._check_reader(waiting.poll())
                libpq.consume_input()
            else:
                break
        _check_end(libpq)
        if batch:
            yield batch

    def _check_reader(self, events: list[tuple[int, int]]) -> None:
        if any(fd == self._hangup and event & _GONE for fd, event in events):
            raise ReaderGone


@contextmanager
def open_layer(
    layer_id: str, *, hangup: int | None = None, is_counted: bool = True
) -> Iterator[LayerReading]:
    """Lend one state of a layer for reading; every read in the block sees that state.

    Parameters
    ----------
    layer_id : str
        Of a published layer.
    hangup : int, optional
        File descriptor of the connection of whoever asked. When the other side closes
        it the reading ends, also while the database still looks for the first row.
    is_counted : bool
        Whether it is one of the EXPORTS_AT_ONCE that may run.

    Raises
    ------
    NotFound
        There is no such layer.
    Unavailable
        As many exports run as may, the database is away, or it took too long.
    InvalidParameter
        A condition cannot be computed on the data.
    """
    with _faults_named(layer_id):
        for last_try in (False, True):
            layer = catalogue.layer(layer_id)
            with _snapshot(is_counted=is_counted) as connection:
                row = connection.execute(
                    f"SELECT {version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}"
                ).fetchone()
                assert row is not None  # noqa: S101 (no FROM: always one row)
                if catalogue.is_current(row[2]) or last_try:
                    state = DataState(row[0], row[1])
                    yield LayerReading(connection, layer, state, hangup)
                    return


@contextmanager
def _snapshot(*, is_counted: bool) -> Iterator["psycopg.Connection[Any]"]:
    with reader.borrowed() as connection:
        is_own = connection.info.transaction_status == TransactionStatus.IDLE
        with connection.transaction():
            if is_own:  # part of another transaction, it sees what that sees
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute(_SETTINGS, [str(settings.EXPORT_TIMEOUT_MS)])
            if is_counted:
                _take_slot(connection)
            yield connection


# Rows in the order in which they are stored: the same file as long as nothing changes.
_SETTINGS = """
SELECT set_config('statement_timeout', %s, true), set_config('timezone', 'UTC', true),
       set_config('synchronize_seqscans', 'off', true),
       set_config('datestyle', 'ISO, YMD', true)
"""


def _take_slot(connection: "psycopg.Connection[Any]") -> None:
    """Take one of the slots until the end of the transaction."""
    taken = connection.execute(
        "SELECT n FROM generate_series(1, %s) n WHERE pg_try_advisory_xact_lock(%s, n) "
        "LIMIT 1",
        [settings.EXPORTS_AT_ONCE, SLOTS_KEY],
    ).fetchone()
    if taken is None:
        raise Unavailable("as many exports run as may run at once; try again soon")


@contextmanager
def _faults_named(layer_id: str) -> Iterator[None]:
    """Turn what the database says into errors of ours."""
    try:
        yield
    except psycopg.errors.QueryCanceled as fault:
        raise Unavailable("the export took too long; ask for less of it") from fault
    except psycopg.OperationalError as fault:
        raise Unavailable("the database is busy or away; try again soon") from fault
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        catalogue.forget()  # removed or replaced since it was described
        raise NotFound("layer", layer_id) from None
    except psycopg.DataError as fault:
        said = fault.diag.message_primary or "a value is out of range"
        raise InvalidParameter("filter", said, "values of the columns' types") from None


def _check_end(libpq: "psycopg.pq.abc.PGconn") -> None:
    """Fetch all results that are left, then raise what the server said, if it did."""
    faults = []
    while (result := libpq.get_result()) is not None:
        if result.status != ExecStatus.COMMAND_OK:
            faults.append(error_from_result(result))
    if faults:
        raise faults[0]


def _on_one_line(record: "memoryview | bytes") -> bytes:
    text = bytes(record)
    if not text.startswith(_QUOTE):
        return text
    # Within JSON a line break can only stand between two tokens.
    inner = text[1 : text.rindex(_QUOTE)].replace(b"\r", b" ").replace(b"\n", b" ")
    return inner + b"\n"
