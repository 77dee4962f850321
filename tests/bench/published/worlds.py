"""Databases of published layers: four sizes of one layer, each beside its peers' copy.

Our copy is published by `manage.py import_layer`, as an analyst does it. The peers get
what suits them best: a plain table in a schema of its own, loaded by ogr2ogr from the
same file, with the same columns and rows in the same order, a primary key, a GiST index
and fresh statistics, and without the ready-made text that our copy keeps.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.bench import databases
from tests.bench.published.points import write_points
from tests.bench.server import environment

PEER_SCHEMA = "peer"
TIMEOUT_S = 3_600
MAX_FILE_MB = "4000"
CONTENT = (
    "layers/migrations",
    "layers/ingest/layer_publishing.py",
    "layers/ingest/layer_table.py",
    "tests/bench/city.py",
    "tests/bench/published/points.py",
    "tests/bench/published/worlds.py",
)


@dataclass(frozen=True, slots=True)
class Layers:
    """A database of layers: its URL and how many rows the ordinary one has.

    Attributes
    ----------
    tenth, points, double, tenfold : str
        Collections of n/10, n, 2n and 10n rows; peers have tables of the same names.
    """

    url: str
    n_points: int
    tenth: str = "tenth"
    points: str = "points"
    double: str = "double"
    tenfold: str = "tenfold"

    def sizes(self) -> dict[str, int]:
        """Return the rows of each layer."""
        n = self.n_points
        return {
            self.tenth: max(1, n // 10),
            self.points: n,
            self.double: 2 * n,
            self.tenfold: 10 * n,
        }


def layers_world(n_points: int, seed: int) -> Layers:
    """Return the layers of a size and a seed; minutes where they have to be made first."""
    name = databases.bench_name(n_points, 0, seed)
    place = Layers(databases.named(databases.base_url(), name), n_points)
    wanted = databases.expected(n_points, 0, seed, CONTENT)
    if databases.stamp(name) != wanted:
        sys.stderr.write(f"Making {name} with layers of {n_points:,} points:\n")
        databases.create(name)
        _manage(place.url, "migrate", "--verbosity", "0")
        for layer, n in place.sizes().items():
            _fill(place.url, layer, n, seed)
        databases.mark(name, wanted)
    return place


def _fill(url: str, layer: str, n: int, seed: int) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{layer}.gpkg"
        write_points(file, n, seed)
        _manage(url, "import_layer", str(file), "--collection", layer)
        load_peer_table(url, layer, file)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    sys.stderr.write(f"  {layer}: {time.monotonic() - started:.1f} s\n")


def load_peer_table(url: str, layer: str, file: Path) -> None:
    """Load a file into a table for the peers, by the tool that their manuals name."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {PEER_SCHEMA}")
    command = [
        "ogr2ogr", "-f", "PostgreSQL", gdal_name(url), str(file), "points",
        "-nln", f"{PEER_SCHEMA}.{layer}", "-nlt", "POINT", "-lco", "FID=id",
        "-lco", "GEOMETRY_NAME=geom", "-lco", "SPATIAL_INDEX=GIST",
        "--config", "PG_USE_COPY", "YES", "-q",
    ]  # fmt: skip
    done = subprocess.run(
        command, timeout=TIMEOUT_S, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"ogr2ogr: {done.stderr[-500:]}")


def gdal_name(url: str) -> str:
    """Return a database as GDAL's PostgreSQL driver names it."""
    return f"PG:{make_conninfo(**conninfo_to_dict(url))}"


def _manage(url: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=databases.REPOSITORY,
        env={**environment(url), "MAX_UPLOAD_MB": MAX_FILE_MB},
        stdout=subprocess.DEVNULL,
        timeout=TIMEOUT_S,
        check=True,
    )
