"""gunicorn's worker with threads, without its hand-overs: each thread waits by itself.

In gunicorn's own thread worker one thread waits for all connections and hands each
request to another and back; that, and one packet for the head and one for the body, cost
a small answer more than Django does. Here every thread waits on the same epoll, takes the
request that comes, answers it and waits again. Reading requests, their limits, signals,
logs and the life of processes stay gunicorn's.

`tests/api/test_worker.py` and `tests/api/test_exports_served.py` hold what must not be lost:
a transfer that fails breaks off, a reader who goes ends the query, and no thread waits for a
reader who sends the head of a request slowly.
"""

import errno
import select
import selectors
import socket
import time
from datetime import timedelta
from threading import Thread
from typing import Any

from gunicorn import http, util
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from geo_accmr.wire import Connection, Response

STALLED_S = 60.0
"""How long one piece of an answer may take to be sent, and one of a body to come."""

LINGER_S = 1.0
"""How long a stopping worker keeps idle connections, for a request that is on its way."""

_ONCE = select.EPOLLIN | select.EPOLLONESHOT
_GONE = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN, errno.EBADF)


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker, for HTTP/1 without TLS: a reverse proxy does the rest."""

    alive: bool

    def init_process(self) -> None:
        """Serve; comes back when the worker has ended."""
        self._ready = select.epoll()
        self._listeners = {sock.fileno(): sock for sock in self.sockets}
        self._open: set[Connection] = set()
        self._idle: dict[int, Connection] = {}
        super().init_process()

    def run(self) -> None:
        """Let the threads serve until the worker is told to stop; let them finish."""
        self.poller.register(
            self.method_queue.fileno(),
            selectors.EVENT_READ,
            self.method_queue.run_callbacks,
        )
        for fileno, listener in self._listeners.items():
            listener.setblocking(False)  # noqa: FBT003
            self._ready.register(fileno, _ONCE)
        for number in range(self.cfg.threads):
            Thread(target=self._serve, name=f"serve-{number}", daemon=True).start()
        while self.alive and self.is_parent_alive():
            self.notify()
            self.wait_for_and_dispatch_events(timeout=1.0)
            self._close_late()
        self.alive = False
        self._finish()

    def _finish(self) -> None:
        for listener in self.sockets:
            self._ready.unregister(listener.fileno())
            listener.close()
        began = time.monotonic()
        while self._open:
            waited = time.monotonic() - began
            if waited > self.cfg.graceful_timeout:
                break
            self.notify()
            self._close_late(everyone=waited > LINGER_S)
            time.sleep(0.02)

    def _close_late(self, *, everyone: bool = False) -> None:
        """Close the connections on which nothing came in time."""
        before = time.monotonic() - 1.0  # a thread that looks just now sees it itself
        for fileno, conn in list(self._idle.items()):
            is_late = everyone or conn.deadline < before
            if is_late and self._idle.pop(fileno, None) is conn:
                self._close(conn)

    def _serve(self) -> None:
        """Wait, answer, wait again: the life of a thread."""
        while True:
            try:
                for fileno, _ in self._ready.poll(maxevents=1):
                    if fileno in self._listeners:
                        self._accept(fileno)
                    elif (conn := self._idle.pop(fileno, None)) is not None:
                        self._turn(conn)
            except Exception:
                self.log.exception("A thread failed and goes on.")

    def _accept(self, fileno: int) -> None:
        try:
            sock, client = self._listeners[fileno].accept()
        except OSError as fault:
            sock = None  # another worker took it, or it has gone
            if fault.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(0.1)  # no file is left to open: wait until one is closed
        if self.alive and len(self._open) < self.worker_connections:
            self._ready.modify(fileno, _ONCE)
        if sock is not None:
            sock.settimeout(STALLED_S)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conn = Connection(self.cfg, sock, client, sock.getsockname())
            self._open.add(conn)
            self._idle[sock.fileno()] = conn
            self._ready.register(sock.fileno(), _ONCE)

    def _turn(self, conn: Connection) -> None:
        """Answer what has come on a connection, then wait for more or close it."""
        try:
            is_asked, is_kept = conn.has_head(), True
            while is_asked and is_kept:
                is_kept = self._answered(conn)
                conn.deadline = time.monotonic() + self.cfg.keepalive
                is_asked = is_kept and conn.has_next()
        except OSError:
            is_kept = False
        if is_kept and time.monotonic() < conn.deadline:
            fileno = conn.sock.fileno()
            self._idle[fileno] = conn
            self._ready.modify(fileno, _ONCE)
        else:
            self._close(conn)

    def _close(self, conn: Connection) -> None:
        was_full = len(self._open) >= self.worker_connections
        self._open.discard(conn)
        util.close_graceful(conn.sock, timeout=0.0)
        if was_full and self.alive:
            for fileno in self._listeners:
                self._ready.modify(fileno, _ONCE)

    def _answered(self, conn: Connection) -> bool:
        """Answer a request; tell whether the connection may carry another one."""
        req = None
        try:
            req = next(conn.parser)
            return bool(self._keepalive_after(conn, self.handle_request(req, conn)))
        except (http.errors.NoMoreData, StopIteration, TimeoutError):
            return False
        except OSError as fault:
            if fault.errno not in _GONE:
                self.log.exception("Socket error processing request.")
        except (Exception, SystemExit) as fault:  # noqa: BLE001 (gunicorn answers)
            self.handle_error(req, conn.sock, conn.client, fault)
        return False

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Have the application answer; tell whether the connection may be kept."""
        resp, environ = None, {}
        began = time.monotonic()
        try:
            self.cfg.pre_request(self, req)
            resp, environ = wsgi.create(
                req, conn.sock, conn.client, conn.server, self.cfg, Response
            )
            environ["wsgi.multithread"] = True
            parts = self.wsgi(environ, resp.start_response)
            if not self._may_go_on():
                resp.force_close()
            self._send(parts, resp, environ)
        except OSError:
            raise
        except (Exception, SystemExit):
            if resp is None or not resp.headers_sent:
                raise
            # Whatever was sent is not whole: the reader has to see that.
            self.log.exception("Error handling request")
            util.close_graceful(conn.sock)
            raise StopIteration from None
        finally:
            taken = timedelta(seconds=time.monotonic() - began)
            self.log.access(resp, req, environ, taken)
            self.cfg.post_request(self, req, environ, resp)
        return not resp.should_close()

    def _may_go_on(self) -> bool:
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        return bool(self.alive and self.cfg.keepalive)

    @staticmethod
    def _send(parts: Any, resp: Response, environ: dict[str, Any]) -> None:
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                resp.write_file(parts)
            else:
                for part in parts:
                    resp.write(part)
            resp.close()
        finally:
            if hasattr(parts, "close"):
                parts.close()
