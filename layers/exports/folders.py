"""Folders for files that are put together before they are sent; none is ever left behind.

A folder goes with the block that made it. Where the process was killed in between, its
lock is free, and whoever makes the next folder removes it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from django.conf import settings

PREFIX = "geoaccmr-export-"
_LOCK = "lock"


@contextmanager
def working_folder() -> Iterator[Path]:
    """Lend an empty folder, and remove it with all that is in it."""
    parent = Path(settings.EXPORT_DIR or gettempdir())
    _remove_abandoned(parent)
    outer = Path(mkdtemp(prefix=PREFIX, dir=parent))
    lock = os.open(outer / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        inner = outer / "files"
        inner.mkdir()
        yield inner
    finally:
        shutil.rmtree(outer, ignore_errors=True)
        os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*/"):
        # Without a lock it is being made just now; of another user it is none of ours.
        with suppress(OSError):
            lock = os.open(folder / _LOCK, os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
