"""`COPY … TO STDOUT`, read while somebody listens and cancelled when nobody does.

libpq is asked directly: the driver's own iteration goes through three generators for
every row, and it cannot be told to stop while the server still looks for the first one.
"""

import errno
import select
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

BATCH_BYTES = 262_144
"""Bytes of rows that are handed on together."""

CANCEL_S = 5.0
"""How long the server may take to hear that its rows are not wanted any more."""

# Not everywhere; without it a reader who has gone is noticed at the next byte sent.
_HANGUP: int = getattr(select, "POLLRDHUP", 0)
_GONE = _HANGUP | select.POLLHUP | select.POLLERR

Records = Sequence["memoryview"]
Batches = Generator[Records, None, None]


class ReaderGone(ConnectionResetError):
    """Whoever asked for the rows has hung up; a web server closes the connection for it."""

    def __init__(self) -> None:
        """Carry the error number by which servers know it."""
        super().__init__(errno.ECONNRESET, "the reader has hung up")


def copied(
    connection: "psycopg.Connection[Any]", statement: str, hangup: int | None
) -> Batches:
    """Yield the rows of a COPY statement, a quarter of a megabyte at a time.

    Parameters
    ----------
    connection : psycopg.Connection
        Nothing else may be done with it until the last row, or until this is closed:
        that cancels the statement.
    statement : str
        With its values in it.
    hangup : int or None
        File descriptor of the connection of whoever reads.

    Yields
    ------
    sequence of memoryview
        Rows as the server sent them, at least one.

    Raises
    ------
    ReaderGone
        The other side has closed the connection under `hangup`.
    psycopg.Error
        What the server says.
    """
    libpq = connection.pgconn
    line = _Line(libpq, hangup)
    libpq.send_query(statement.encode())
    try:
        line.flush()
        result = line.result()
        if result is not None and result.status == ExecStatus.COPY_OUT:
            yield from _batches(libpq, line)
            result = line.result()
        faults = []
        while result is not None:
            if result.status != ExecStatus.COMMAND_OK:
                faults.append(error_from_result(result))
            result = line.result()
        if faults:
            raise faults[0]
    finally:
        if libpq.transaction_status == TransactionStatus.ACTIVE:
            _stop(connection)


def _batches(libpq: "PGconn", line: "_Line") -> Batches:
    batch: list[memoryview] = []
    size = 0
    while True:
        length, record = libpq.get_copy_data(1)
        if length > 0:
            batch.append(record)
            size += length
            if size >= BATCH_BYTES:
                line.check()
                yield batch
                batch, size = [], 0
        elif length == 0:  # nothing there yet
            line.wait()
        else:
            break
    if batch:
        yield batch


def _stop(connection: "psycopg.Connection[Any]") -> None:
    """Cancel the statement and take what was on the way, so that others can be sent."""
    libpq = connection.pgconn
    line = _Line(libpq, None)
    with suppress(psycopg.Error):  # the server is gone, and with it the statement
        connection.cancel_safe(timeout=CANCEL_S)
        while True:
            with suppress(psycopg.Error):  # no rows are on the way
                while (length := libpq.get_copy_data(1)[0]) >= 0:
                    if length == 0:
                        line.wait()
            if line.result() is None:
                break


class _Line:
    """The connection to the server, and beside it that of the reader."""

    def __init__(self, libpq: "PGconn", hangup: int | None) -> None:
        self._libpq, self._hangup = libpq, hangup
        self._waiting = select.poll()
        self._waiting.register(libpq.socket, select.POLLIN)
        if hangup is not None:
            self._waiting.register(hangup, _HANGUP)

    def flush(self) -> None:
        """Send what is to be sent; a statement may be longer than a buffer."""
        sending = select.poll()
        sending.register(self._libpq.socket, select.POLLIN | select.POLLOUT)
        while self._libpq.flush():
            for _, event in sending.poll():
                if event & select.POLLIN:
                    self._libpq.consume_input()

    def result(self) -> "PGresult | None":
        """Return the next result when it is there, None after the last."""
        while self._libpq.is_busy():
            self.wait()
        return self._libpq.get_result()

    def wait(self) -> None:
        """Wait for the server; ReaderGone where the reader goes in the meantime."""
        self._check(self._waiting.poll())
        self._libpq.consume_input()

    def check(self) -> None:
        """Raise ReaderGone where the reader has gone."""
        if self._hangup is not None:
            self._check(self._waiting.poll(0))

    def _check(self, events: list[tuple[int, int]]) -> None:
        if any(fd == self._hangup and event & _GONE for fd, event in events):
            raise ReaderGone
