"""What every test may ask for: the real data if it is there, and the public reader.

Public reads go through `layers.published.connection`. Inside a test's transaction they
are lent the test's own connection, in the published role, so that they see rows that
were not committed and still may read nothing but schema `published`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg.types.json import set_json_loads

REPOSITORY = Path(__file__).resolve().parent.parent

# A busy machine is not a failing test: no deadline for a single example.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")

# Sync Playwright runs an event loop beside Django's synchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder with real data, or skip."""
    folder = Path(os.environ.get("SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; see docs/how-to/load-official-data.md")
    return folder


@contextmanager
def _lent_by_the_test() -> Iterator["psycopg.Connection[Any]"]:
    from django.conf import settings
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    kept_adapters, kept_factory = raw._adapters, raw.cursor_factory
    raw._adapters = psycopg.adapt.AdaptersMap(psycopg.adapters)
    raw.cursor_factory = psycopg.Cursor
    set_json_loads(orjson.loads, raw)
    try:
        with raw.transaction():
            raw.execute(f'SET LOCAL ROLE "{settings.PUBLISHED_ROLE}"')
            raw.execute("SET LOCAL transaction_read_only = on")
            yield raw
            raise psycopg.Rollback  # gives the role back
    finally:
        raw._adapters, raw.cursor_factory = kept_adapters, kept_factory


@pytest.fixture(autouse=True)
def public_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let public reads see the rows of a test's own transaction."""
    from django.db import connection

    from layers.published import connection as reader
    from layers.published import kept_counts, vocabulary
    from layers.published.layers import catalogue, extents

    pooled = reader.borrowed

    def borrowed() -> Any:
        return _lent_by_the_test() if connection.in_atomic_block else pooled()

    monkeypatch.setattr(reader, "borrowed", borrowed)
    held = (
        vocabulary.forget,
        kept_counts.forget,
        catalogue.forget,
        extents.forget,
    )
    for forget in held:  # what another test's transaction held
        forget()
    yield
    for forget in held:
        forget()
    reader.close_pool()
