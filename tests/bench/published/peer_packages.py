"""The peers' own virtual environment, made from pinned versions when it is not there.

Nothing of it can touch the project's environment, and it is used by no test.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.databases import REPOSITORY

PINNED = REPOSITORY / "tests" / "bench" / "peers.txt"
PLACE = REPOSITORY / ".data" / "bench-peers"
TIMEOUT_S = 1_200


def peer_program(name: str) -> Path:
    """Return a program of the peers' environment, which is made if need be.

    Raises
    ------
    RuntimeError
        The packages cannot be installed; says pip's last words.
    """
    finished = PLACE / ".finished"
    wanted = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if not finished.exists() or finished.read_text() != wanted:
        sys.stderr.write(f"Installing the peers of {PINNED.name} into {PLACE}\n")
        _make()
        finished.write_text(wanted)  # last: a half-made one is never trusted
    return PLACE / "bin" / name


def peer_versions() -> dict[str, str]:
    """Return the versions of what is measured."""
    pins = dict(
        line.split("==") for line in PINNED.read_text().splitlines() if "==" in line
    )
    return {name: pins[name] for name in ("tipg", "pygeoapi")}


def _make() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    _run(sys.executable, "-m", "venv", str(PLACE))
    _run(
        str(PLACE / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps",
        "--only-binary=:all:", "-r", str(PINNED),
    )  # fmt: skip


def _run(*command: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the peers cannot be installed: {done.stderr[-800:]}")
