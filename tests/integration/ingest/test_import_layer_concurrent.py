"""Layers come, change and go while others read and write: whole or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import shapely
from django.conf import settings
from django.db import connection

from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.ingest import layer_publishing
from layers.ingest.layer_publishing import drop_layer
from layers.published.connection import read, reader_conninfo
from layers.published.layers import catalogue
from layers.published.layers.items import page
from layers.published.layers.page_sql import ItemsQuestion
from tests.integration.ingest.layer_world import is_layer, loaded, saved, version_of

pytestmark = pytest.mark.django_db(transaction=True)

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    catalogue.forget()
    read("SELECT 1")  # opens the pool before several threads ask for it at once
    yield
    for collection in ("a", "b"):
        if is_layer(collection):
            drop_layer(collection)
    assert not is_layer("new_a")
    catalogue.forget()


def points(path: Path, n: int, label: int, **more: Any) -> Path:
    # All on the globe, however many: a file with refused rows ends before it is interrupted.
    shapes = [shapely.Point(x % 170_000 / 1_000, 10) for x in range(n)]
    return saved(path, shapes, {"label": np.full(n, label), **more}, SPATIAL_INDEX="NO")


class Running:
    """Runs something again and again in another thread until it is stopped."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.faults: list[BaseException] = []
        self.rounds = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            while not self._over.is_set():
                work()
                self.rounds += 1
        except BaseException as fault:  # noqa: BLE001 (shown by the test)
            self.faults.append(fault)
        finally:
            connection.close()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def test_readers_see_one_import_or_the_other_and_never_a_fault(tmp_path: Path) -> None:
    small, large = (
        points(tmp_path / "s.fgb", 100, 1),
        points(tmp_path / "l.fgb", 300, 2),
    )
    loaded(small)
    seen: set[tuple[int, int, int]] = set()

    def look() -> None:
        (row,) = read('SELECT count(*), min(label), max(label) FROM published."a"')
        seen.add(row)

    readers = [Running(look) for _ in range(3)]
    for n in range(10):
        loaded(small if n % 2 else large, replace=True)
    for reader in readers:
        reader.stop()
    assert [reader.faults for reader in readers] == [[], [], []]
    assert all(reader.rounds > 10 for reader in readers)
    assert seen <= {(100, 1, 1), (300, 2, 2)}
    assert len(seen) == 2


def test_pages_go_on_when_a_layer_changes_its_columns(tmp_path: Path) -> None:
    one = points(tmp_path / "one.fgb", 50, 1)
    two = points(tmp_path / "two.fgb", 50, 2, more=np.full(50, 0.5))
    loaded(one)
    seen: set[int] = set()

    def look() -> None:
        found = page("a", lambda _layer: ItemsQuestion(limit=10))
        seen.add(found.features.count(b'"more"'))
        assert found.n == 10

    reader = Running(look)
    for n in range(8):
        loaded(one if n % 2 else two, replace=True)
    reader.stop()
    assert reader.faults == []
    assert seen == {0, 10}


def test_a_long_reader_holds_up_the_change_and_not_the_other_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_publishing, "LOCK_PAUSE_S", 0.2)
    loaded(points(tmp_path / "a.fgb", 10, 1))
    with psycopg.connect(reader_conninfo()) as long_reader:
        long_reader.execute('SELECT * FROM published."a"')  # its transaction stays open
        change = Running(lambda: replace_once(tmp_path, done))
        done.clear()
        waits = []
        for _ in range(20):
            started = time.perf_counter()
            assert read('SELECT max(label) FROM published."a"') == [(1,)]
            waits.append(time.perf_counter() - started)
            time.sleep(0.05)
        assert not done.is_set()
        long_reader.rollback()
    assert done.wait(10)
    change.stop()
    assert change.faults == []
    assert read('SELECT max(label) FROM published."a"') == [(2,)]
    # Behind one try of the change, no longer.
    assert max(waits) < layer_publishing.LOCK_TRY_MS / 1000 + 0.5


done = threading.Event()


def replace_once(folder: Path, done: threading.Event) -> None:
    if not done.is_set():
        loaded(points(folder / "b.fgb", 10, 2), replace=True)
        done.set()
    time.sleep(0.01)


def test_a_reader_that_never_ends_keeps_the_layer_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_publishing, "LOCK_PAUSE_S", 0.01)
    monkeypatch.setattr(layer_publishing, "LOCK_TRY_MS", 20)
    monkeypatch.setattr(layer_publishing, "LOCK_TRIES", 3)
    loaded(points(tmp_path / "a.fgb", 10, 1))
    with psycopg.connect(reader_conninfo()) as long_reader:
        long_reader.execute('SELECT * FROM published."a"')
        with pytest.raises(Unavailable, match="readers held the layer"):
            loaded(points(tmp_path / "b.fgb", 10, 2), replace=True)
        with pytest.raises(Unavailable, match="readers held the layer"):
            drop_layer("a")
    assert read('SELECT max(label) FROM published."a"') == [(1,)]
    assert version_of("layer:a") == 1


def test_two_imports_of_one_id_take_turns(tmp_path: Path) -> None:
    file = points(tmp_path / "a.fgb", 500, 1)
    outcomes: list[str] = []

    def publish() -> None:
        try:
            loaded(file)
            outcomes.append("published")
        except InvalidParameter:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published", "refused", "refused"]
    assert version_of("layer:a") == 1


def test_a_version_is_never_repeated(tmp_path: Path) -> None:
    file = points(tmp_path / "a.fgb", 5, 1)
    loaded(file)
    drop_layer("a")
    assert version_of("layer:a") == 2
    with pytest.raises(NotFound):
        catalogue.layer("a")
    with pytest.raises(NotFound):
        drop_layer("a")
    loaded(file)
    assert version_of("layer:a") == 3
    assert catalogue.layer("a").is_import


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_import_leaves_nothing(
    tmp_path: Path, how: signal.Signals
) -> None:
    loaded(points(tmp_path / "a.fgb", 5, 1))
    file = points(tmp_path / "big.fgb", 400_000, 2)
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    given = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY}
    command = [
        sys.executable,
        "manage.py",
        "import_layer",
        file,
        "--collection",
        "a",
        "--replace",
    ]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=given,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell runs in the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_rows()
        process.send_signal(how)
        _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    if how == signal.SIGINT:
        assert "interrupted: nothing was written" in said
    assert read('SELECT count(*), max(label) FROM published."a"') == [(5, 1)]
    assert version_of("layer:a") == 1
    loaded(points(tmp_path / "a.fgb", 6, 3), replace=True)
    assert read('SELECT count(*) FROM published."a"') == [(6,)]


def wait_for_rows() -> None:
    """Wait until the other process copies rows."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND query LIKE '%layer_staging%' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("the import did not begin")
