"""A small HTTP client for load: one kept connection, requests prepared as bytes.

Python's own client would spend more on a short answer than the server does.
"""

import http.client
import re
import socket
from collections.abc import Sequence

from tests.bench.contenders import Once
from tests.bench.server import HOST

TIMEOUT_S = 600.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_OK = b"HTTP/1.1 200 "
_UNCHANGED = b"HTTP/1.1 304 "


def get(path: str, **headers: str) -> bytes:
    """Return a GET request; `if_none_match=` becomes the header If-None-Match."""
    more = "".join(f"{name.replace('_', '-')}: {v}\r\n" for name, v in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{more}\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """Return a POST request with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """A kept connection; opened anew where the server has closed it in a pause."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._room = bytearray(1 << 22)
        self._view = memoryview(self._room)
        self._socket = self._opened()

    def _opened(self) -> socket.socket:
        made = socket.create_connection((HOST, self._port), timeout=TIMEOUT_S)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def answer(self, request: bytes) -> int:
        """Send a request, read the answer, return its bytes; only 200 and 304 will do."""
        try:
            have = self._asked(request)
        except ConnectionError:
            self._socket.close()
            self._socket = self._opened()
            have = self._asked(request)
        while (head_end := self._room.find(b"\r\n\r\n", 0, have)) < 0:
            have += self._received(have, len(self._room) - have)
        if self._room.startswith(_UNCHANGED):
            return head_end + 4
        length = _LENGTH.search(self._room, 0, head_end)
        if not self._room.startswith(_OK) or length is None:
            raise RuntimeError(f"no 200 with a length: {bytes(self._room[:300])!r}")
        size = head_end + 4 + int(length[1])
        while have < size:
            # What does not fit overwrites what came before: nobody reads it.
            have += self._received(have % (len(self._room) // 2), size - have)
        return size

    def _asked(self, request: bytes) -> int:
        self._socket.sendall(request)
        return self._received(0, len(self._room))

    def _received(self, at: int, most: int) -> int:
        n = self._socket.recv_into(self._view[at : at + most])
        if not n:
            raise ConnectionError("the server closed the connection")
        return n


def fetched(port: int, path: str) -> bytes:
    """Return the body of one answer; RuntimeError where it is not 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return body


def etag_of(port: int, path: str) -> str:
    """Return the validator of an answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
    try:
        connection.request("HEAD", path)
        return connection.getresponse().headers["ETag"]
    finally:
        connection.close()


def downloading(port: int, paths: Sequence[str]) -> Once:
    """Return what reads a whole answer, however long, and forgets it as it comes."""
    room = bytearray(1 << 20)

    def once(n: int) -> int:
        size = 0
        connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", paths[n % len(paths)])
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise RuntimeError(f"{answer.status}: {answer.read(300)!r}")
            while got := answer.readinto(room):
                size += got
        finally:
            connection.close()
        return size

    return once


def over_http(port: int, requests: Sequence[bytes]) -> Once:
    """Return what sends request n and reads its answer, over a connection of its own."""
    connection = Connection(port)
    return lambda n: connection.answer(requests[n % len(requests)])
