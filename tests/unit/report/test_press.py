"""Printing: what a document may ask for, and how many are printed at a time."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from weasyprint.urls import FatalURLFetchingError

from layers.errors import Unavailable
from layers.web.report import press, typeset
from layers.web.report.fonts import SUBSETS, WEIGHTS, font_faces, fonts

HTML = '<html lang="en"><head><title>T</title></head><body>{}</body></html>'


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    press.forget()


def test_the_same_document_is_the_same_bytes() -> None:
    html = HTML.format("<h1>Καλημέρα</h1>")
    first = press.printed(html)
    press.forget()
    assert press.printed(html) == first
    assert first.startswith(b"%PDF-1.7")


def test_a_document_is_printed_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []

    def run(html: str, identifier: str) -> bytes:
        runs.append(identifier)
        return b"%PDF-"

    monkeypatch.setattr(press, "_run", run)
    for _ in range(3):
        press.printed(HTML.format("one"))
    press.printed(HTML.format("two"))
    assert len(runs) == 2


def test_only_so_many_documents_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_run", lambda *_: b"%PDF-")
    for n in range(press.KEPT + 5):
        press.printed(HTML.format(n))
    assert len(press._kept) == press.KEPT


def test_while_one_is_printed_another_reader_is_asked_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def run(html: str, identifier: str) -> bytes:
        begun.set()
        may_end.wait(10)
        return b"%PDF-"

    monkeypatch.setattr(press, "_run", run)
    monkeypatch.setattr(press, "WAIT_S", 0.01)
    first = threading.Thread(target=press.printed, args=[HTML.format("slow")])
    first.start()
    assert begun.wait(10)
    with pytest.raises(press.Busy, match="try again in 5 s"):
        press.printed(HTML.format("other"))
    may_end.set()
    first.join(10)
    assert press.printed(HTML.format("other")) == b"%PDF-"


def test_after_a_failure_the_next_one_is_printed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = HTML.format('<img src="file:///etc/passwd" alt="x">')
    with pytest.raises(press.NotPrinted, match="could not be printed"):
        press.printed(bad)
    assert "refused to fetch" in caplog.text
    assert press.printed(HTML.format("good")).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1:1/x.png" alt="x">',
        '<img src="https://example.org/x.png" alt="x">',
        '<img src="data:image/svg+xml,&lt;svg/&gt;" alt="x">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<style>@import url("http://127.0.0.1:1/x.css")</style>',
        '<style>body { background: url("file:///etc/hostname") }</style>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
    ],
)
def test_a_document_that_asks_for_anything_else_is_not_printed(markup: str) -> None:
    asked = {"html": HTML.format(markup), "css": "", "identifier": "x", "fonts": {}}
    # Not an Exception: WeasyPrint would only log one and go on.
    with pytest.raises(FatalURLFetchingError):
        typeset.pdf_of(asked)


def test_half_a_document_is_not_printed() -> None:
    """WeasyPrint leaves out a picture that fails, and only logs it."""
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="file:///etc/passwd" width="1" height="1"/></svg>'
    )
    asked = {"html": HTML.format(picture), "css": "", "identifier": "x", "fonts": {}}
    with pytest.raises(ValueError, match="Failed to render SVG"):
        typeset.pdf_of(asked)


def test_a_process_that_refuses_answers_nothing() -> None:
    asked = {
        "html": HTML.format('<img src="file:///etc/passwd" alt="">'),
        "css": "",
        "identifier": "x",
        "fonts": {},
    }
    answer = subprocess.run(
        [sys.executable, "-I", typeset.__file__],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    assert b"file:///etc/passwd" in answer.stderr
    assert answer.stdout == b""


def test_a_document_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(press, "LONGEST_S", 0.01)
    with pytest.raises(press.NotPrinted, match="took longer than"):
        press.printed(HTML.format("slow"))


def test_missing_fonts_are_named(settings: Any, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    with pytest.raises(Unavailable, match=r"noto-sans-greek-400.*npm ci"):
        fonts()


def test_each_subset_is_a_family_of_its_own() -> None:
    """Subsets under one name come out as wrong letters."""
    found = fonts()
    assert len({(font.family, font.weight) for font in found}) == len(found)
    assert len(found) == len(SUBSETS) * len(WEIGHTS)
    assert "unicode-range" not in font_faces(found)


def test_nothing_of_it_is_left_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press.printed(HTML.format("x"))
    assert list(tmp_path.iterdir()) == []
