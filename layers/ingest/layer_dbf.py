"""In which encoding the texts of a dBASE table (of a Shapefile) are, where nobody says."""

import codecs
from typing import IO

GREEK_WINDOWS = "cp1253"

_HEADER = 32
_LANGUAGE_DRIVER = 29
"""Byte of the header that names a code page; 0 is none."""

_CHUNK = 1 << 20


def dbf_encoding(dbf: IO[bytes]) -> tuple[str | None, tuple[str, ...]]:
    """Return the encoding to read a table in, and what to say about it.

    Without a code page in the table and without a `.cpg` file GDAL would read Latin-1,
    and Greek would come out garbled. UTF-8 is recognised; what is left is taken for
    Windows-1253, as in tables of services, and said.

    Returns
    -------
    (str or None, tuple of str)
        None where the table names a code page or is plain ASCII.
    """
    header = dbf.read(_HEADER)
    if len(header) < _HEADER or header[_LANGUAGE_DRIVER]:
        return None, ()
    names = dbf.read(max(0, int.from_bytes(header[8:10], "little") - _HEADER))
    texts = [names[at : at + 11].rstrip(b"\x00") for at in range(0, len(names), 32)]
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_ascii = all(text.isascii() for text in texts)
    try:
        for text in texts:
            text.decode("utf-8")
        while chunk := dbf.read(_CHUNK):
            is_ascii = is_ascii and chunk.isascii()
            decoder.decode(chunk)
    except UnicodeDecodeError:
        said = "the table does not say its encoding; read as Windows-1253"
        return GREEK_WINDOWS, (f"{said} (--encoding says otherwise)",)
    return (None, ()) if is_ascii else ("UTF-8", ())
