"""What pg_dump wrote comes back whole: every table with its rows, and its rules with it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from layers.directory.read_model import rebuild
from tests.factories import (
    DemandPointFactory,
    DistrictFactory,
    ServiceAtLocationFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

COUNTS = """
SELECT format('%I', c.relname), (xpath('//n/text()', query_to_xml(
    format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, true, '')))[1]::text::int
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = current_schema() AND c.relname ~ '^layers_'
"""


def address(database: str) -> dict[str, Any]:
    given = connection.get_connection_params()
    kept = {
        name: given[name]
        for name in ("host", "port", "user", "password")
        if name in given
    }
    return {**kept, "dbname": database}


def run(program: str, *arguments: str, database: str) -> None:
    where = address(database)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    surroundings = {
        names[name]: str(value) for name, value in where.items() if name in names
    }
    done = subprocess.run(
        [program, f"--dbname={database}", *arguments],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = f"{connection.settings_dict['NAME']}_restored"
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with psycopg.connect(**address("postgres"), autocommit=True) as cluster:
        cluster.execute(drop)
        cluster.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )
        yield name
        cluster.execute(drop)


def test_a_backup_is_restored_whole(empty_database: str, tmp_path: Path) -> None:
    for program in ("pg_dump", "pg_restore"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")
    DistrictFactory(), DemandPointFactory()
    ServiceAtLocationFactory()
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        before = dict(cursor.fetchall())
    backup = str(tmp_path / "city.dump")
    run(
        "pg_dump",
        "--format=custom",
        f"--file={backup}",
        database=str(connection.settings_dict["NAME"]),
    )
    run("pg_restore", "--exit-on-error", backup, database=empty_database)
    with psycopg.connect(**address(empty_database)) as restored:
        after = dict(restored.execute(COUNTS).fetchall())
    assert {"layers_demandpoint", "layers_location", "layers_servicepoint"} <= {
        table for table, rows in before.items() if rows
    }
    assert after == before
