"""Databases of the bench: one per size and seed, beside the one in DATABASE_URL.

Each carries a stamp (a comment on the database) that says what is in it and how long
that took; a database without the right stamp is dropped and made anew, so that a bench
that was interrupted leaves nothing behind that a later one would trust.
"""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

REPOSITORY = Path(__file__).resolve().parents[2]
SUFFIX = "_bench"

CONTENT = (
    "layers/migrations",
    "layers/directory",
    "layers/measures/opening_hours.py",
    "fixtures/taxonomy",
    "tests/bench/city.py",
    "tests/bench/rows.py",
    "tests/bench/details.py",
)
"""What decides the content of a bench database besides sizes and seed."""

Stamp = dict[str, Any]


def base_url() -> str:
    """Return DATABASE_URL, or end with a message that says what to do."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        sys.exit("The bench needs a database: start it by ./dev bench, or set DATABASE_URL.")  # fmt: skip
    return url.replace("postgis://", "postgres://", 1)


def named(url: str, name: str) -> str:
    """Return the same server with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def name_of(url: str) -> str:
    """Return the database that a URL names."""
    return unquote(urlsplit(url).path.lstrip("/"))


def bench_name(n_points: int, n_demand: int, seed: int) -> str:
    """Return the name of the database of one size and seed."""
    base = name_of(base_url())[:30]
    return f"{base}_{n_points}_{n_demand}_{seed}{SUFFIX}"


def expected(
    n_points: int, n_demand: int, seed: int, content: Sequence[str] = CONTENT
) -> Stamp:
    """Return what the stamp of a finished database says, but for its times."""
    return {
        "points": n_points,
        "demand": n_demand,
        "seed": seed,
        "content": _fingerprint(content),
    }


def _fingerprint(content: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for entry in content:
        path = REPOSITORY / entry
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in {".py", ".sql", ".json"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> Stamp | None:
    """Return what a bench database says of itself, or None."""
    with psycopg.connect(base_url(), autocommit=True) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            (name,),
        ).fetchone()
    try:
        found = json.loads(row[0]) if row and row[0] else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def mark(name: str, content: Stamp) -> None:
    """Say what is in a database; the last step of making it."""
    _on_server(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(json.dumps(content))
        )
    )


def create(name: str) -> None:
    """Make an empty database, in place of one of that name."""
    drop(name)
    _on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop(name: str) -> None:
    """Drop a database of the bench; never any other."""
    if not name.endswith(SUFFIX):
        raise ValueError(f"{name} is not a database of the bench")
    _on_server(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def all_of_bench() -> list[str]:
    """Return the bench databases beside the one in DATABASE_URL."""
    like = f"{name_of(base_url())[:30]}_%{SUFFIX}".replace("_", "\\_")
    with psycopg.connect(base_url(), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (like,)
        ).fetchall()
    return [row[0] for row in rows]


def _on_server(statement: sql.Composed) -> None:
    with psycopg.connect(base_url(), autocommit=True) as connection:
        connection.execute(statement)
