"""Bare statements: what an endpoint runs, prepared, with nothing around it.

They are noted while the endpoint answers the very requests of the bench, so text and
values are the endpoint's own, whatever it does. Run in processes of their own: Django is
set up there, on the database given.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tests.bench.contenders import Once
from tests.bench.questions import NEAREST, Question, Statement, recorded
from tests.bench.server import environment

Noted = list[Statement]
"""The statements of one request."""


def bare_nearest(database_url: str, questions: Sequence[Question]) -> Once:
    """Return what runs the statements behind `POST /api/v1/nearest`."""
    client = _client(database_url)
    noted = [
        _noted(lambda q=q: client.post(NEAREST, q, content_type="application/json"))
        for q in (questions[0], *questions)
    ]
    return _bare(noted[1:])  # the first one filled the caches


def bare_pages(database_url: str, paths: Sequence[str]) -> Once:
    """Return what runs the statements behind GET requests."""
    return _bare(_behind(database_url, tuple(paths)))


@lru_cache(maxsize=1)
def _behind(database_url: str, paths: tuple[str, ...]) -> list[Noted]:
    """Return the statements behind each path; noted once for all connections."""
    client = _client(database_url)
    client.get(paths[0])  # fills the caches
    return [_noted(lambda p=p: client.get(p)) for p in paths]


def lean_nearest(database_url: str, questions: Sequence[Question]) -> Once:
    """Return what runs the least statement that finds ten neighbours and writes them.

    No opening hours, no reasons, no services without a place, no district of the spot,
    planar distance: less than the endpoint answers. It shows what the rest costs.
    """
    values = [{**q, "category": q["category"][0], "lang": "en"} for q in questions]
    return _bare([[Statement(LEAN, value, {})] for value in values], database_url)


LEAN = """
SELECT string_agg('{"type":"Feature","id":"' || n.id || '","geometry":' || n.geometry_json
  || ',"properties":{"distance_m":' || n.m::numeric(12, 1) || ',' || t.properties || ','
  || n.properties || '}}', ',' ORDER BY n.m)
FROM (
  SELECT p.id, p.geometry_json, p.properties, c.point_m <-> s.spot AS m
  FROM (SELECT ST_Transform(ST_Point(%(lon)s, %(lat)s, 4326), 2100) AS spot) s,
       published.service_point_category c
  JOIN published.service_point p ON p.id = c.service_point_id
  WHERE c.category = %(category)s AND p.languages && %(language)s AND p.status = 'active'
  ORDER BY c.point_m <-> s.spot LIMIT %(limit)s
) n
JOIN published.service_point_text t ON t.service_point_id = n.id AND t.lang = %(lang)s
"""


def _client(database_url: str) -> Any:
    os.environ.update(environment(database_url))
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    return Client()


def _noted(ask: Any) -> Noted:
    found: Noted = []
    with recorded(found):
        answer = ask()
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
    return found


def _bare(requests: Sequence[Noted], database_url: str = "") -> Once:
    import psycopg

    if not database_url:
        from layers.published.connection import reader_conninfo

        database_url = reader_conninfo()
    cursor = psycopg.connect(database_url, autocommit=True).cursor()

    def once(n: int) -> int:
        size = 0
        for text, values, options in requests[n % len(requests)]:
            found = cursor.execute(text, values, **{"prepare": True, **options})
            for row in found.fetchall():
                size += sum(len(v) for v in row if isinstance(v, (str, bytes)))
        return size

    return once
