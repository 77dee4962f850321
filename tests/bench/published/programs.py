"""Programs that read a layer whole: psql, ogr2ogr and pyarrow, each as one `Once`."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.client import fetched
from tests.bench.contenders import Once
from tests.bench.databases import REPOSITORY
from tests.bench.published.worlds import PEER_SCHEMA, gdal_name
from tests.bench.server import HOST

TIMEOUT_S = 1_800
_CHUNK = 1 << 20
_NEXT = re.compile(rb'"rel":"next","href":"https?://[^/]+([^"]+)"')


def psql_copy(url: str, select: str) -> Once:
    """Return what copies the rows of a statement out by psql, into a pipe."""
    command = ["psql", url, "-XqAt", "-c", f"COPY ({select}) TO STDOUT"]

    def once(_n: int) -> int:
        size = 0
        with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            while chunk := running.stdout.read1(_CHUNK):
                size += len(chunk)
        if running.returncode:
            raise RuntimeError(f"psql ended with {running.returncode}")
        return size

    return once


def from_postgis(url: str, layer: str, driver: str, ending: str) -> Once:
    """Return what writes a peer's table by ogr2ogr straight from PostGIS."""
    source = [gdal_name(url), f"{PEER_SCHEMA}.{layer}"]
    return _ogr2ogr(["-f", driver], source, ending)


def from_api(port: int, path: str, page_size: int) -> Once:
    """Return what pulls a collection by GDAL through OGC API - Features into memory."""
    root, collection = path.rsplit("/collections/", 1)
    return _ogr2ogr(
        ["-f", "Memory", "-oo", f"PAGE_SIZE={page_size}"],
        [f"OAPIF:http://{HOST}:{port}{root}", collection],
        "memory",
    )


def _ogr2ogr(options: Sequence[str], source: Sequence[str], ending: str) -> Once:
    def once(_n: int) -> int:
        with TemporaryDirectory() as folder:
            target = Path(folder) / f"layer.{ending}"
            command = ["ogr2ogr", "-q", *options, str(target), *source]
            _run(command)
            return target.stat().st_size if target.exists() else 0

    return once


def pyarrow_from_postgis(url: str, layer: str) -> Once:
    """Return what writes a peer's table as GeoParquet by pyarrow, in a process."""

    def once(_n: int) -> int:
        with TemporaryDirectory() as folder:
            target = Path(folder) / "layer.parquet"
            program = "tests.bench.published.parquet"
            _run([sys.executable, "-m", program, url, layer, str(target)])
            return target.stat().st_size

    return once


def paging(port: int, path: str, limit: int, n: int) -> Once:
    """Return what reads a whole collection of n rows from tipg, page by page."""

    def once(_n: int) -> int:
        return sum(
            len(fetched(port, f"{path}?limit={limit}&offset={offset}"))
            for offset in range(0, n, limit)
        )

    return once


def following(port: int, path: str) -> Once:
    """Return what reads a whole collection by following `next`, without looking at it."""

    def once(_n: int) -> int:
        size, at = 0, path
        while at:
            body = fetched(port, at)
            size += len(body)
            head = body[: body.index(b'"features":[')]  # links come before features
            found = _NEXT.search(head)
            at = found[1].decode() if found else ""
        return size

    return once


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-500:]}")
