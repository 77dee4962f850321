"""Which files an import opens at all: regular, local, of a size that fits in memory."""

import stat
import zipfile
from pathlib import Path

from django.conf import settings

from layers.errors import UnreadableFile, shown

MAX_ROWS = 500_000
"""Rows or features that one file may hold."""

MAX_COLUMNS = 500
"""Columns that one table may have."""

MAX_REFUSED_ROWS = 5_000
"""After so many refused rows a file is not read further: it is the wrong file."""

MAX_RATIO = 100
"""How many times its packed size an archive may unpack to, once it is not small."""

SMALL_BYTES = 20_000_000
"""An archive that unpacks to less than this may be packed as tightly as it likes."""

MAX_ENTRIES = 2_000
"""Files that one archive may hold."""

ZIP_MAGIC = b"PK\x03\x04"


def checked_file(path: Path) -> Path:
    """Return the absolute path of a file that may be read.

    A symbolic link is followed; what it points at must be a regular file too. An Esri
    file geodatabase (`*.gdb`) is the one directory that counts as a file.

    Parameters
    ----------
    path : Path
        As given; never a URL or one of GDAL's virtual paths, which are no files.

    Raises
    ------
    UnreadableFile
        It is missing, a directory, a device, empty, unreadable or larger than
        `MAX_UPLOAD_MB`, or an archive that would unpack to more.
    """
    name = shown(path.name or str(path))
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        raise UnreadableFile(f"{name}: {reason}; give the path of a file") from error
    if stat.S_ISDIR(mode) and real.suffix.lower() == ".gdb":
        _check_size(name, sum(p.stat().st_size for p in real.iterdir()))
        return real
    if not stat.S_ISREG(mode):
        kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
        raise UnreadableFile(f"{name}: {kind}; give the path of a file")
    _check_size(name, real.stat().st_size)
    if is_zip(real):
        _check_archive(name, real)
    return real


def is_zip(path: Path) -> bool:
    """Tell whether a file begins as ZIP archives do (XLSX and KMZ are ones, too)."""
    return head(path, 4) == ZIP_MAGIC


def head(path: Path, size: int) -> bytes:
    """Return the first bytes of a file; none of a directory.

    Raises
    ------
    UnreadableFile
        It cannot be opened.
    """
    if path.is_dir():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise UnreadableFile(f"{shown(path.name)}: {error.strerror}") from error


def max_bytes() -> int:
    """Return how large a file may be, packed and unpacked."""
    return int(settings.MAX_UPLOAD_MB) * 1_000_000


def _check_size(name: str, size: int) -> None:
    if not size:
        raise UnreadableFile(f"{name}: the file is empty")
    if size > max_bytes():
        raise UnreadableFile(
            f"{name}: {size / 1e6:,.0f} MB; at most {settings.MAX_UPLOAD_MB} MB are "
            "read (MAX_UPLOAD_MB)"
        )


def _check_archive(name: str, path: Path) -> None:
    """Refuse an archive by its table of contents, before a byte is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            f"{name}: a damaged ZIP archive ({shown(str(error))})"
        ) from error
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFile(f"{name}: {len(entries)} files in one archive")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(f"{name}: protected by a password; save it without one")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max_bytes():
        raise UnreadableFile(
            f"{name}: unpacks to {unpacked / 1e6:,.0f} MB; at most "
            f"{settings.MAX_UPLOAD_MB} MB are read (MAX_UPLOAD_MB)"
        )
    if unpacked > SMALL_BYTES and unpacked > MAX_RATIO * path.stat().st_size:
        raise UnreadableFile(
            f"{name}: unpacks to more than {MAX_RATIO} times its size, as ZIP bombs do"
        )
