"""Fill an empty database with an invented city: `python -m tests.bench.fill N M SEED`.

Runs in a process of its own, with DATABASE_URL naming the database. Prints one line of
JSON: how long each step took.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import django

from tests.bench.server import cpu_s

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


class Stopwatch:
    """Seconds of each step, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step and say so on stderr."""
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 2)
        sys.stderr.write(f"  {name}: {self.seconds[name]:.1f} s\n")


def fill(n_points: int, n_demand: int, seed: int) -> dict[str, float]:
    """Migrate, copy the rows, write the read model; return seconds by step."""
    from django.core.management import call_command
    from django.db import connection

    from layers.directory import read_model
    from layers.ingest.taxonomy import import_taxonomies

    watch = Stopwatch()
    with watch.step("migrate"):
        call_command("migrate", verbosity=0)
        import_taxonomies(FIXTURES / "taxonomy")
    with connection.cursor() as cursor:
        # A bulk job may take longer than any answer.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    with watch.step("copy"):
        copy_rows(n_points, n_demand, seed)
    before = cpu_s(backend) + time.process_time()
    with watch.step("rebuild"):
        written = read_model.rebuild()
    watch.seconds["rebuild_cpu"] = round(
        cpu_s(backend) + time.process_time() - before, 2
    )
    if written != n_points:
        raise RuntimeError(f"{written} service points were written, not {n_points}")
    with connection.cursor() as cursor, watch.step("vacuum"):
        cursor.execute("VACUUM ANALYZE")
    return watch.seconds


def copy_rows(n_points: int, n_demand: int, seed: int) -> None:
    """Copy all tables of the city into the database, in one transaction."""
    from django.db import connection, transaction

    from tests.bench.city import drawn
    from tests.bench.rows import Rows, Sizes

    sizes = Sizes.of(n_points)
    city = drawn(seed, sizes.locations + sizes.hidden, n_demand)
    municipality = _municipality(city.areas[0].boundary.wkt)
    rows = Rows(city, _terms(), municipality, n_points, seed)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, values in rows.tables():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _municipality(boundary: str) -> UUID:
    from django.contrib.gis.geos import GEOSGeometry

    from layers.models import Municipality

    made = Municipality.objects.create(
        code="BENCH",
        slug=os.environ.get("DEFAULT_MUNICIPALITY", "athens"),
        names={"el": "Επινοημένη πόλη", "en": "Invented city"},
        boundary=GEOSGeometry(boundary, srid=4326),
        is_demo=True,
    )
    return UUID(str(made.pk))


def _terms() -> "Terms":  # noqa: F821 (models are there only after set-up)
    from layers.models import TaxonomyTerm
    from tests.bench.rows import Terms

    leaves = TaxonomyTerm.objects.filter(children__isnull=True).order_by("id")
    categories = leaves.filter(taxonomy__slug="category").values_list("id", "names")
    groups = leaves.filter(taxonomy__slug="population_group")
    return Terms(list(categories), list(groups.values_list("id", flat=True)))


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(fill(*(int(text) for text in sys.argv[1:4]))) + "\n")
