"""Look at the database in DATABASE_URL for ./dev, before Django does.

`check` says in one line what is wrong with it; `identity` prints which database it is
and what stands in it, so that ./dev knows when there is nothing to do.
"""

import os
import sys
from urllib.parse import unquote

import psycopg

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist", "unaccent")
MIN_SERVER = 150_000

FACTS = """
SELECT current_setting('server_version_num')::int,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
       (SELECT array_agg(name::text) FROM pg_available_extensions),
       (SELECT array_agg(extname::text) FROM pg_extension),
       (SELECT array_agg(DISTINCT name::text) FROM pg_available_extension_versions
        WHERE trusted AND has_database_privilege(current_database(), 'CREATE'))
"""
IDENTITY = """
SELECT d.oid, d.datname, to_regclass('django_migrations') IS NOT NULL
FROM pg_database d WHERE d.datname = current_database()
"""
CONTENT = """
SELECT (SELECT count(*) FROM django_migrations),
       (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""


def connect() -> psycopg.Connection:
    """Return a connection to the database in DATABASE_URL."""
    url = os.environ["DATABASE_URL"].replace("postgis://", "postgres://", 1)
    return psycopg.connect(url, connect_timeout=10, autocommit=True)


def problem() -> str:
    """Return what keeps this database from being used, or an empty text."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith(("postgres://", "postgresql://", "postgis://")):
        return "DATABASE_URL must be a PostGIS database: postgres://user@host/name"
    shown = unquote(url.rpartition("@")[2].partition("?")[0])
    try:
        connection = connect()
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        return f"DATABASE_URL (…@{shown}) cannot be reached: {first}"
    with connection:
        facts = connection.execute(FACTS).fetchone()
    version, superuser, available, installed, trusted = facts
    missing = [name for name in EXTENSIONS if name not in installed]
    absent = [name for name in missing if name not in available]
    if version < MIN_SERVER:
        return f"The server is PostgreSQL {version // 10_000}; 15 or newer is needed."
    if absent:
        return (
            f"The server has no extension {', '.join(absent)}: install PostGIS there."
        )
    refused = [name for name in missing if not superuser and name not in trusted]
    if refused:
        sql = " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in refused)
        return (
            f"This role may not add {', '.join(refused)}."
            f" As a superuser of that database, run once: {sql}"
        )
    return ""


def identity() -> str:
    """Return which database this is, with how much of ours stands in it."""
    with connect() as connection:
        oid, name, migrated = connection.execute(IDENTITY).fetchone()
        content = connection.execute(CONTENT).fetchone() if migrated else ()
    return f"{name} {oid} {content}"


if __name__ == "__main__":
    if sys.argv[1] == "check":
        said = problem()
        sys.stderr.write(f"{said}\n" if said else "")
        sys.exit(bool(said))
    sys.stdout.write(f"{identity()}\n")
