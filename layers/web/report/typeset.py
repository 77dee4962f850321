"""A process that turns one document into a PDF, and then is gone.

It is started as a script of its own (`press.py`): WeasyPrint costs a web process more
memory than everything else in it, and a document that hangs is ended with its process.
It imports nothing of ours, reads nothing but its input and the fonts named there, and
opens no connection: every other address that a document asks for ends it.

Input, JSON: `html`, `css`, `identifier` (str), `fonts` (address -> path).
Output: the PDF; or exit code 1 and the fault as text.
"""

import json
import logging
import resource
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

MEMORY_BYTES = 1 << 30
CPU_S = 60
LARGEST_FILE = 8 << 20
"""WeasyPrint unpacks the fonts into TMPDIR, which whoever started this takes away."""


def limited() -> None:
    """Take from this process what no report needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fetcher(fonts: dict[str, str]) -> Any:
    """Return what answers a document's requests: its fonts, and for others the end."""
    from weasyprint.urls import (
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OnlyFonts(URLFetcher):  # type: ignore[misc]
        """Knows the fonts."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return a font; raise for everything else."""
            if url not in fonts:
                raise FatalURLFetchingError(f"refused to fetch {url!r}")
            body = Path(fonts[url]).read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": "font/woff2"})

    return OnlyFonts()


class Faults(logging.Handler):
    """Keeps what WeasyPrint only logs: a picture that failed, one without words."""

    def __init__(self) -> None:
        """Keep errors and worse."""
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.found.append(record.getMessage())


def pdf_of(asked: dict[str, Any]) -> bytes:
    """Return the PDF of a document: PDF/UA-1, tagged, the same bytes for the same input.

    Raises
    ------
    FatalURLFetchingError
        The document asks for something that is not a font.
    ValueError
        A part of it could not be drawn: half a report is none.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetch = fetcher(asked["fonts"])
    # One object for the sheet and the document, or the fonts are left out in silence.
    fonts = FontConfiguration()
    sheet = CSS(string=asked["css"], font_config=fonts, url_fetcher=fetch)
    document = HTML(string=asked["html"], url_fetcher=fetch)
    faults = Faults()
    logging.getLogger("weasyprint").addHandler(faults)
    written: bytes = document.write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=asked["identifier"].encode(),
    )
    logging.getLogger("weasyprint").removeHandler(faults)
    if faults.found:
        raise ValueError("; ".join(faults.found))
    return written


def main() -> NoReturn:
    """Answer the document on standard input."""
    limited()
    warnings.filterwarnings(
        "ignore", message="No fonts configured"
    )  # fonts.conf says so
    try:
        written = pdf_of(json.loads(sys.stdin.buffer.read()))
    except BaseException as fault:  # noqa: BLE001 (FatalURLFetchingError is none of Exception)
        sys.stderr.write(f"{type(fault).__name__}: {fault}\n")
        sys.exit(1)
    sys.stdout.buffer.write(written)
    sys.exit(0)


if __name__ == "__main__":
    main()
