"""A whole layer as a stream of rows, in one state of the data and in flat memory.

PostgreSQL writes the rows (`COPY … TO STDOUT`) and they are handed on as they come, a
quarter of a megabyte at a time; nothing is kept. A stream has a connection and a
transaction of its own until its last row. It outlives the view that opened it, so it must
not go through a pooler that shares connections by statement.

Rows of several fields are written as CSV. A single field of JSON is written in COPY's own
text format, which costs PostgreSQL a quarter less: it doubles backslashes, which is undone
where there are any, and changes nothing else that JSON can hold within a text.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg.pq import TransactionStatus

from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.published import connection as reader
from layers.published.layers import catalogue
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.copying import Batches, Records, copied
from layers.published.layers.layer import Condition, Layer
from layers.published.versions import DataState, version_sql

SLOTS_KEY = 0x6578706F
"""First half of the advisory locks that count exports, over all server processes."""

_AS_CSV = "(FORMAT csv)"
_AS_TEXT = "(FORMAT text)"
_BACKSLASH = b"\\"
_CONTROL = re.compile(rb"\\.")
"""A line break or tab, as COPY's text format writes it once backslashes are put aside."""


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
        self._open: Batches | None = None

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
        if self.layer.feature_text is not None:
            self._connection.execute(_BEGIN_AT_ONCE)
        for batch in self._copied([item], condition, _AS_TEXT):
            lines = separator.join(batch)
            yield _as_it_was(lines) if _BACKSLASH in lines else lines

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

    def stop(self) -> None:
        """Cancel the query whose rows were not all read, if there is one.

        Whoever reads may have failed between two rows, and a connection with rows on the
        way can do nothing else, not even end its transaction. Nothing can be read after.
        """
        if self._open is not None:
            self._open.close()
            self._open = None

    def one(self, items: str, condition: Condition) -> tuple[Any, ...]:
        """Return the one row of an aggregate over the layer; errors as `records`."""
        found: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT {items} FROM {self.layer.relation} WHERE {condition.sql}",
            dict(condition.values),
        ).fetchone()
        assert found is not None  # noqa: S101 (an aggregate always has a row)
        return found

    def _copied(self, items: Sequence[str], condition: Condition, form: str) -> Batches:
        # COPY takes no parameters: the values are bound here, quoted by the driver.
        statement = psycopg.ClientCursor(self._connection).mogrify(
            f"COPY (SELECT {', '.join(items)} FROM {self.layer.relation} "
            f"WHERE {condition.sql}) TO STDOUT {form}",
            dict(condition.values),
        )
        self._open = copied(self._connection, statement, self._hangup)
        return self._open


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
                    reading = LayerReading(connection, layer, state, hangup)
                    try:
                        yield reading
                    finally:
                        reading.stop()
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
       set_config('datestyle', 'ISO, YMD', true),
       set_config('synchronize_seqscans', 'off', true)
"""


# Ready-made texts are joined to their rows by a key that both are sorted by. A merge join
# begins with the first row; a hash join would read all rows first, seconds in a large layer.
_BEGIN_AT_ONCE = "SELECT set_config('enable_hashjoin', 'off', true)"


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


def _as_it_was(lines: bytes) -> bytes:
    """Return JSON texts, one to a line, that COPY's text format has escaped.

    Every backslash is doubled. A single one begins a line break or tab, which a `json`
    column keeps: in JSON that stands only between two tokens, where a space does as well.
    """
    parts = lines.split(_BACKSLASH * 2)
    return _BACKSLASH.join(_CONTROL.sub(b" ", part) for part in parts)
