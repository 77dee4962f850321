"""The project's server, started as `./dev run` starts it, on a free port."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.databases import REPOSITORY

HOST = "127.0.0.1"
SERVING = "--worker-class geo_accmr.worker.Worker --threads 4 --timeout 60 --graceful-timeout 5"
"""As in .dev.d/serve.sh; tests/repository/test_bench.py holds the two together."""

WORKERS = os.environ.get("WEB_CONCURRENCY", "2")
START_S = 60.0
_TICK = os.sysconf("SC_CLK_TCK")


def environment(database_url: str) -> dict[str, str]:
    """Return the environment of a production server on a bench database."""
    return {
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        **os.environ,
        "SECRET_KEY": "only-for-the-bench-and-long-enough-to-be-accepted",
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore::UserWarning",  # that no static files are collected
        "PYTHONPATH": str(REPOSITORY),
    }


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its first process."""

    port: int
    process: int

    def cpu_s(self) -> float:
        """Return the processor seconds that all its processes have used."""
        return sum(map(cpu_s, self.processes()))

    def peak_rss_mb(self) -> float:
        """Return the largest resident memory that one of its processes ever had."""
        return max(map(_peak_rss_mb, self.processes()), default=0.0)

    def processes(self) -> list[int]:
        """Return the first process and its workers."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        return [self.process, *map(int, children.read_text().split())]


def cpu_s(process: int) -> float:
    """Return the processor seconds of one process; 0 where it is gone."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICK


def _peak_rss_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def serving(database_url: str, **settings: str) -> Iterator[Server]:
    """Serve a bench database; the server is gone at the end, whatever happens."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "geo_accmr.wsgi:application",
        "--bind", f"{HOST}:{port}", "--workers", WORKERS, *SERVING.split(),
        "--no-control-socket", "--log-level", "warning", *heartbeat(),
    ]  # fmt: skip
    with running(
        command, {**environment(database_url), **settings}, port, "/readyz"
    ) as server:
        yield server


def heartbeat() -> list[str]:
    """Return where gunicorn keeps its heartbeat, as ./dev has it."""
    has_memory = os.access("/dev/shm", os.W_OK)  # noqa: S108
    return ["--worker-tmp-dir", "/dev/shm"] if has_memory else []  # noqa: S108


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], port: int, ready: str
) -> Iterator[Server]:
    """Run a server until the end; it is up when it answers `ready` with 200."""
    process = subprocess.Popen(command, cwd=REPOSITORY, env=env)
    try:
        _wait_until_up(port, process, ready)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _wait_until_up(port: int, process: "subprocess.Popen[bytes]", ready: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", ready)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the server did not start; its own words stand above")
