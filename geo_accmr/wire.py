"""What goes over a reader's connection: heads of requests in, answers out."""

import errno
import os
import socket
import time
from typing import Any

from gunicorn import http, util
from gunicorn.http import wsgi

HEAD_S = 10.0
"""How long a reader may take to send the head of a request."""

MOST_IN_HEAD = 65_536
"""Bytes of a head that are kept while its end has not come."""

JOINED_BYTES = 32_768
"""Smaller answers are copied together, larger ones handed on in their parts."""

_READ_BYTES = 65_536
_HEAD_END = b"\r\n\r\n"


class Connection:
    """A reader's connection, with what has come of the head of the next request.

    Attributes
    ----------
    deadline : float
        Monotonic time by which something has to come.
    """

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        self.sock, self.client, self.server = sock, client, server
        self.parser = http.get_parser(cfg, sock, client)
        self.deadline = time.monotonic() + HEAD_S
        self._head = b""
        self._most_in_line = int(cfg.limit_request_line) + 2

    def has_head(self) -> bool:
        """Take what has come; tell whether the head of a request is there.

        Raises
        ------
        ConnectionError
            The other side has closed the connection, or sends a head without end.
        """
        try:
            came = os.read(self.sock.fileno(), _READ_BYTES)
        except BlockingIOError:
            return False
        if not came:
            raise ConnectionResetError(errno.ECONNRESET, "closed")
        if not self._head:
            self.deadline = time.monotonic() + HEAD_S
        return self._gathered(self._head + came)

    def has_next(self) -> bool:
        """Tell whether the head of another request came together with the last one."""
        return self._gathered(self.parser.unreader.take_buffered())

    def _gathered(self, head: bytes) -> bool:
        # A first line without an end is handed over, too: the parser refuses it.
        has_no_line = len(head) > self._most_in_line and b"\r\n" not in head
        if _HEAD_END in head or has_no_line:
            self._head = b""
            self.parser.unreader.unread(head)
            return True
        if len(head) > MOST_IN_HEAD:
            util.write_error(self.sock, 431, "Request Header Fields Too Large", "")
            raise ConnectionAbortedError(errno.ECONNABORTED, "the head has no end")
        self._head = head
        return False


class Response(wsgi.Response):  # type: ignore[misc]
    """An answer whose head goes out with the first bytes of its body."""

    headers_sent: bool
    _head = b""

    def send_headers(self) -> None:
        """Write the head down; it is sent with what follows."""
        if not self.headers_sent:
            lines = self.default_headers()
            lines += [f"{name}: {value}\r\n" for name, value in self.headers]
            self._head = f"{''.join(lines)}\r\n".encode("latin-1")
            self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        head, self._head = self._head, b""
        if self.chunked:
            send_all(self.sock, [head, b"%X\r\n" % len(data), data, b"\r\n"])
        else:
            send_all(self.sock, [head, data])

    def sendfile(self, respiter: Any) -> bool:
        """Have the system send a file."""
        self.send_headers()
        self._flush()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """Send what is left: a head without a body, the end of a chunked body."""
        self.send_headers()
        self._flush(b"0\r\n\r\n" if self.chunked else b"")

    def _flush(self, last: bytes = b"") -> None:
        head, self._head = self._head, b""
        if head or last:
            send_all(self.sock, [head, last])


def send_all(sock: socket.socket, parts: list[bytes]) -> None:
    """Send parts one after the other; TimeoutError where nobody takes them.

    Parameters
    ----------
    sock : socket.socket
        With a timeout, so that the system never waits on it.
    parts : list of bytes
        Not copied together where they are large.
    """
    if sum(map(len, parts)) <= JOINED_BYTES:
        parts = [b"".join(parts)]
    try:
        sent = os.writev(sock.fileno(), parts)
    except BlockingIOError:
        sent = 0
    for part in parts:
        if sent < len(part):
            sock.sendall(memoryview(part)[sent:] if sent else part)
        sent = max(0, sent - len(part))
