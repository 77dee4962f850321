"""System checks: odd set-ups are named, with the remedy, before they do harm.

Ids are stable. `layers.E…` stop a start, `layers.W…` do not.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import DatabaseError
from pyproj.exceptions import CRSError

from layers.geo import is_projected_in_metres
from layers.web.finders import missing_files

OLDEST_POSTGRESQL = 150_000
OLDEST_POSTGIS = (3, 3)


@register(Tags.compatibility)
def check_metric_srid(**_: Any) -> list[CheckMessage]:
    """Refuse a METRIC_SRID that is not projected in metres: distances would lie."""
    try:
        fits = is_projected_in_metres(settings.METRIC_SRID)
    except CRSError:
        fits = False
    if fits:
        return []
    return [
        Error(
            f"METRIC_SRID={settings.METRIC_SRID} is not a projected system in metres.",
            hint="Use 2100 (all of Greece) or the national grid or UTM zone of the place.",
            id="layers.E001",
        )
    ]


@register(Tags.staticfiles)
def check_front_end_files(**_: Any) -> list[CheckMessage]:
    """Warn where the front-end files were not fetched: pages work, maps do not."""
    missing = missing_files()
    if not missing:
        return []
    return [
        checks.Warning(
            f"{len(missing)} front-end files are missing, {missing[0]} among them.",
            hint="Run ./dev run, or npm ci in layers/web, or set NODE_MODULES.",
            id="layers.W001",
        )
    ]


@register(Tags.database)
def check_database(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Refuse a database that is too old, has no PostGIS, or no role for public reads."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                found += _versions(cursor) or [
                    *_metric_columns(cursor),
                    *_role(cursor),
                    *_may_publish(cursor),
                ]
        except DatabaseError as fault:
            found.append(
                Error(
                    f"The database cannot be asked: {fault}",
                    hint="Is DATABASE_URL right, and has manage.py migrate been run?",
                    id="layers.E002",
                )
            )
    return found


def _versions(cursor: Any) -> list[CheckMessage]:
    cursor.execute(
        """SELECT current_setting('server_version_num')::int,
                  (SELECT extversion FROM pg_extension WHERE extname = 'postgis')"""
    )
    server, postgis = cursor.fetchone()
    if server < OLDEST_POSTGRESQL:
        return [
            Error(
                f"PostgreSQL {server // 10_000} is too old.",
                hint="15 or newer.",
                id="layers.E002",
            )
        ]
    if postgis and tuple(int(n) for n in postgis.split(".")[:2]) < OLDEST_POSTGIS:
        return [
            Error(
                f"PostGIS {postgis} is too old.", hint="3.3 or newer.", id="layers.E002"
            )
        ]
    return []


def _metric_columns(cursor: Any) -> list[CheckMessage]:
    cursor.execute("SELECT to_regclass('geometry_columns') IS NULL")
    if cursor.fetchone()[0]:
        return []  # the first migration brings PostGIS
    cursor.execute(
        """SELECT DISTINCT srid FROM geometry_columns
           WHERE f_table_name LIKE 'layers_%%' AND f_geometry_column = 'point_m'"""
    )
    stored = sorted(row[0] for row in cursor.fetchall())
    if stored in ([], [settings.METRIC_SRID]):
        return []
    return [
        Error(
            f"METRIC_SRID={settings.METRIC_SRID}, but the database was made with {stored}.",
            hint="Set METRIC_SRID back, or make the database anew and import again.",
            id="layers.E004",
        )
    ]


def _may_publish(cursor: Any) -> list[CheckMessage]:
    cursor.execute(
        """SELECT current_user, has_schema_privilege(n.oid, 'CREATE')
           FROM pg_namespace n WHERE n.nspname = 'published'"""
    )
    row = cursor.fetchone()
    if row is None or row[1]:
        return []
    return [
        checks.Warning(
            f"{row[0]!r} may not make tables in schema published: import_layer will fail.",
            hint=f'Have its owner run: GRANT CREATE ON SCHEMA published TO "{row[0]}"',
            id="layers.W002",
        )
    ]


def _role(cursor: Any) -> list[CheckMessage]:
    cursor.execute("SELECT to_regnamespace('published') IS NULL")
    if cursor.fetchone()[0]:
        return []  # not migrated yet
    role = settings.PUBLISHED_ROLE
    cursor.execute(
        """SELECT current_user,
                  EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s)
                  AND pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = %(role)s),
                                  'MEMBER')
                  AND has_schema_privilege(
                        (SELECT oid FROM pg_roles WHERE rolname = %(role)s), 'published', 'USAGE')""",
        {"role": role},
    )
    user, ready = cursor.fetchone()
    if ready:
        return []
    statements = (
        f'CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO "{user}"; '
        f'GRANT USAGE ON SCHEMA published TO "{role}"; '
        f'GRANT SELECT ON ALL TABLES IN SCHEMA published TO "{role}";'
    )
    return [
        Error(
            f"There is no role {role!r} for public reads, or {user!r} may not take it on.",
            hint=f"Have an administrator of the database run: {statements}",
            id="layers.E003",
        )
    ]
