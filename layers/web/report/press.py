"""Prints documents: one at a time, each in a process of its own, and keeps the last ones."""

import hashlib
import json
import logging
import subprocess
import sys
from collections import OrderedDict
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from layers.errors import LayersError, Unavailable
from layers.web.report.fonts import font_faces, fonts

HERE = Path(__file__).parent
LONGEST_S = 90
WAIT_S = 3.0
"""How long a second reader waits for the first one's report before being asked to wait."""

RETRY_AFTER_S = 5
KEPT = 24
"""Documents kept; about 100 kB each."""

_logger = logging.getLogger(__name__)
_printing = Lock()
_keeping = Lock()
_kept: OrderedDict[str, bytes] = OrderedDict()


class Busy(Unavailable):
    """Another document is being printed; waiting a few seconds helps."""

    code = "busy"


class NotPrinted(LayersError):
    """A document that could not be printed; the log says why."""

    code = "not-printed"


def style_sheet() -> str:
    """Return the style sheet of the report, its fonts declared."""
    own = (HERE / "report.css").read_text(encoding="utf-8")
    return f"{font_faces(fonts())}\n{own}"


def fingerprint(html: str) -> str:
    """Return what is the same for documents of the same bytes; Unavailable without fonts."""
    parts = (version("weasyprint"), style_sheet(), html)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def printed(html: str) -> bytes:
    """Return a document as PDF.

    Raises
    ------
    Busy
        Another one is being printed and takes longer than WAIT_S.
    NotPrinted
        It failed, or took longer than LONGEST_S.
    Unavailable
        The fonts are missing.
    """
    identifier = fingerprint(html)
    found = _found(identifier)
    if found is not None:
        return found
    if not _printing.acquire(timeout=WAIT_S):
        raise Busy(f"another report is being printed; try again in {RETRY_AFTER_S} s")
    try:
        found = _found(identifier)  # what the one before us printed may be ours
        if found is None:
            found = _run(html, identifier)
            _keep(identifier, found)
    finally:
        _printing.release()
    return found


def _run(html: str, identifier: str) -> bytes:
    asked = {
        "html": html,
        "css": style_sheet(),
        "identifier": identifier,
        "fonts": {font.url: str(font.path) for font in fonts()},
    }
    # -I: nothing of the environment and no folder of ours decides what is imported.
    command = [sys.executable, "-I", str(HERE / "typeset.py")]
    with TemporaryDirectory(prefix="geoaccmr-report-") as folder:
        done = _process(command, json.dumps(asked).encode(), folder)
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        _logger.error(
            "report not printed: %s", done.stderr[-2000:].decode("utf-8", "replace")
        )
        raise NotPrinted(
            "the report could not be printed; the log of the server says why"
        )
    return done.stdout


def _process(
    command: list[str], asked: bytes, folder: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {
        "FONTCONFIG_FILE": str(HERE / "fonts.conf"),
        "LC_ALL": "C.UTF-8",
        "TMPDIR": folder,
    }
    try:
        return subprocess.run(  # noqa: S603 (our own script)
            command,
            input=asked,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
            env=environment,
            cwd=folder,
        )
    except subprocess.TimeoutExpired as fault:
        raise NotPrinted(f"the report took longer than {LONGEST_S} s") from fault


def _found(identifier: str) -> bytes | None:
    with _keeping:
        if identifier in _kept:
            _kept.move_to_end(identifier)
            return _kept[identifier]
    return None


def _keep(identifier: str, document: bytes) -> None:
    with _keeping:
        _kept[identifier] = document
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def forget() -> None:
    """Forget the kept documents."""
    with _keeping:
        _kept.clear()
