"""Names of published layers and of their columns: what PostgreSQL and a URL can hold.

Column names are kept as the file has them, in any script and case. Where PostgreSQL
cannot hold one it is changed as little as possible, and the change is said.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layers.errors import InvalidParameter

MAX_COLLECTION_ID = 50
"""Characters of a collection's id: its data version is called `layer:<id>`."""

MAX_NAME_BYTES = 63
"""Bytes of a PostgreSQL identifier (NAMEDATALEN - 1)."""

CUT = "…"
"""Ends a name that was too long."""

SYSTEM_COLUMNS = frozenset(("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"))
"""Names that every PostgreSQL table uses itself; the bounds of a map among them."""

_ID = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MAX_COLLECTION_ID - 2}}}[a-z0-9])?")

# ELOT 743 without its rules of context: legible, and the same every time.
_GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column's name as the file has it and as the table has it."""

    original: str
    name: str
    reason: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether both are the same."""
        return self.original == self.name


def checked_collection_id(given: str) -> str:
    """Return a collection id that may stand in a URL as it is.

    Raises
    ------
    InvalidParameter
        It is none: 1 to 50 of a-z, 0-9 and hyphens, no hyphen first or last.
    """
    if not _ID.fullmatch(given):
        raise InvalidParameter(
            "collection",
            given,
            f"1 to {MAX_COLLECTION_ID} of a-z, 0-9 and -, no hyphen first or last",
        )
    return given


def collection_id(title: str) -> str:
    """Return the collection id made from a file's or layer's name.

    Greek is written in Latin letters, accents go, anything else becomes a hyphen.

    Raises
    ------
    InvalidParameter
        Nothing is left of the name (Arabic, say): the id has to be given.

    Examples
    --------
    >>> collection_id("Σχολεία Αθήνας 2024")
    'scholeia-athinas-2024'
    """
    plain = "".join(
        c
        for c in unicodedata.normalize("NFKD", title.lower().replace("ου", "ou"))
        if not unicodedata.combining(c)
    )
    latin = "".join(_GREEK.get(c, c) for c in plain)
    slug = re.sub(r"[^a-z0-9]+", "-", latin)[:MAX_COLLECTION_ID].strip("-")
    if not slug:
        raise InvalidParameter(
            "collection", title, "no id can be made of that name; give --collection"
        )
    return slug


def column_names(originals: Sequence[str]) -> tuple[ColumnName, ...]:
    """Return a name for each column of a file, in order, all different.

    A name is changed where PostgreSQL cannot hold it: an empty one, one of more than
    63 bytes, one that every table uses itself (`xmin`), or one that an earlier column
    has. Names that differ by case are different.
    """
    found: list[ColumnName] = []
    # Whoever's name can stay has it: a shortened one makes room, not the other way.
    taken = {n for n in originals if not _fault(n)}
    seen: set[str] = set()
    for original in originals:
        fault = _fault(original)
        if not fault and original not in seen:
            seen.add(original)
            found.append(ColumnName(original, original))
            continue
        name = free_name(_possible(original), taken)
        taken.add(name)
        found.append(ColumnName(original, name, fault or "two columns have that name"))
    return tuple(found)


def free_name(wanted: str, taken: Iterable[str], *, any_case: bool = False) -> str:
    """Return `wanted`, or `wanted_2` and so on where it is taken, within 63 bytes.

    With `any_case` a name counts as taken in every spelling by case, for the sake of
    clients that know no difference (GeoPackage, Shapefile).
    """
    used = {n.lower() for n in taken} if any_case else set(taken)
    name, n = wanted, 1
    while (name.lower() if any_case else name) in used:
        n += 1
        ending = f"_{n}"
        name = _first_bytes(wanted, MAX_NAME_BYTES - len(ending)) + ending
    return name


def _fault(name: str) -> str:
    if not name:
        return "it has no name"
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"longer than the {MAX_NAME_BYTES} bytes of PostgreSQL"
    if name in SYSTEM_COLUMNS:
        return "every PostgreSQL table uses that name itself"
    return ""


def _possible(name: str) -> str:
    if not name:
        return "column"
    if name in SYSTEM_COLUMNS:
        return f"{name}_"
    if len(name.encode()) > MAX_NAME_BYTES:
        return _first_bytes(name, MAX_NAME_BYTES - len(CUT.encode())) + CUT
    return name


def _first_bytes(name: str, size: int) -> str:
    """Return the beginning of a name that fits, no letter torn apart."""
    return name.encode()[:size].decode(errors="ignore")
