"""How the columns of a stranger's table become ours: a small TOML file.

```toml
[file]                      # all optional
crs = "EPSG:2100"           # of the columns that become lon and lat
sheet = "Δομές"             # or encoding, delimiter

[columns]                   # their column = ours
"Επωνυμία" = "name_el"
"Τηλέφωνο" = "phone"

[constants]                 # ours = the same in every row
organization_type = "municipal"

[values.categories]         # their value = ours
"Νοσοκομείο" = "hospital"

[id]                        # for tables without a column of ids
from = ["organization", "name_el", "address_el"]

[ignore]
columns = ["Σχόλια"]
```
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from layers.directory.names import name_key
from layers.errors import InvalidRecord, UnreadableFile, shown
from layers.ingest.fields import as_text, items
from layers.ingest.limits import checked_file
from layers.ingest.service_columns import LISTS, NAMES

_FILE_KEYS = ("crs", "sheet", "encoding", "delimiter")
_SECTIONS = ("file", "columns", "constants", "values", "id", "ignore")
_ALIASES = {"license": "licence", "longitude": "lon", "latitude": "lat"}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a mapping file says; without one, columns are found by our own names.

    Attributes
    ----------
    columns : mapping of their column to ours
    constants : mapping of our column to its value in every row
    values : mapping of our column to (their value, folded by `name_key`, to ours)
    id_from : tuple of our columns
        From which `source_id` is made where the table has none.
    ignored : set of their columns
    crs, sheet, encoding, delimiter : str, optional
        About the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    id_from: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    crs: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None

    def ours(
        self, columns: Sequence[str], *, file: str
    ) -> tuple[dict[str, int], list[str]]:
        """Return where each of our columns stands in a table, and remarks.

        A column is ours when the mapping says so, or when it has our name; columns
        that are neither are left out, and named in the remarks.

        Raises
        ------
        UnreadableFile
            The mapping names a column that the table has not; two columns become one of
            ours; a column looks like a misspelt one of ours.
        """
        missing = [name for name in self.columns if name not in columns]
        if missing:
            raise UnreadableFile(
                f"{file}: the mapping speaks of column {shown(missing[0])!r}, which is "
                f"not there; there are {shown(', '.join(columns), limit=300)}"
            )
        found: dict[str, int] = {}
        left: list[str] = []
        for position, theirs in enumerate(columns):
            name = self.columns.get(theirs) or _own_name(theirs)
            if name is None or theirs in self.ignored:
                left.append(theirs)
            elif name in found:
                raise UnreadableFile(
                    f"{file}: columns {shown(columns[found[name]])!r} and "
                    f"{shown(theirs)!r} both become {name}"
                )
            else:
                found[name] = position
        unknown = [name for name in left if name and name not in self.ignored]
        _check_misspelt(unknown, found.keys() | self.constants.keys(), file)
        remark = f"columns left out: {shown(', '.join(unknown), limit=300)}"
        return found, [remark] if unknown else []

    def value(self, column: str, raw: object) -> str:
        """Return a cell's text in our words."""
        text = as_text(raw)
        known = self.values.get(column)
        if not known:
            return text
        if column not in LISTS:
            return known.get(name_key(text), text)
        parts = (known.get(name_key(part), part) for part in items(text))
        return ";".join(part for part in parts if part)

    def made_id(self, value: Callable[[str], str]) -> str:
        """Return an id made of other columns; the same for the same texts.

        Raises
        ------
        InvalidRecord
            All of those columns are empty.
        """
        texts = [name_key(value(column)) for column in self.id_from]
        if not any(texts):
            raise InvalidRecord("source_id", "", f"{', '.join(self.id_from)} are empty")
        return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:24]


def read_mapping(path: Path) -> ColumnMapping:
    """Return the mapping in a TOML file.

    Raises
    ------
    UnreadableFile
        It is no TOML, or says something that a mapping has no place for; the message
        names the section and the key.
    """
    real = checked_file(path)
    name = shown(path.name)
    try:
        data = tomllib.loads(real.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFile(
            f"{name}: not a TOML file ({shown(str(error))})"
        ) from error
    _check_keys(data, _SECTIONS, "", name)
    about = _texts(data, "file", name)
    _check_keys(about, _FILE_KEYS, "file", name)
    columns = _texts(data, "columns", name)
    _check_ours(columns.values(), "columns", name)
    constants = _texts(data, "constants", name)
    _check_ours(constants, "constants", name)
    sections = data.get("values", {})
    if not isinstance(sections, dict):
        raise UnreadableFile(f"{name}: [values] holds a table per column")
    _check_ours(sections, "values", name)
    return ColumnMapping(
        columns=columns,
        constants=constants,
        values={
            column: {name_key(k): v for k, v in _texts(sections, column, name).items()}
            for column in sections
        },
        id_from=tuple(_list(data, "id", "from", name)),
        ignored=frozenset(_list(data, "ignore", "columns", name)),
        **about,
    )


def _own_name(theirs: str) -> str | None:
    plain = re.sub(r"[\s\-]+", "_", theirs.strip()).casefold()
    plain = _ALIASES.get(plain, plain)
    return plain if plain in NAMES else None


def _check_misspelt(
    unknown: Collection[str], found: Collection[str], file: str
) -> None:
    free = [name for name in NAMES if name not in found]
    for theirs in unknown:
        near = get_close_matches(theirs.casefold(), free, n=1, cutoff=0.85)
        if near:
            raise UnreadableFile(
                f"{file}: column {shown(theirs)!r} is not known; did you mean "
                f"{near[0]!r}? Rename it, or put it under [ignore] in a mapping"
            )


def _texts(data: Mapping[str, Any], section: str, name: str) -> dict[str, str]:
    table = data.get(section, {})
    if not isinstance(table, dict):
        raise UnreadableFile(f"{name}: [{section}] is not a table")
    texts = {}
    for key, value in table.items():
        if isinstance(value, dict | list):
            raise UnreadableFile(
                f"{name}: [{section}] {shown(key)} is not a plain value"
            )
        texts[str(key)] = as_text(value)
    return texts


def _list(data: Mapping[str, Any], section: str, key: str, name: str) -> list[str]:
    table = data.get(section, {})
    values = table.get(key, []) if isinstance(table, dict) else None
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise UnreadableFile(f"{name}: [{section}] {key} is a list of columns")
    if isinstance(table, dict):
        _check_keys(table, (key,), section, name)
    if section == "id":
        _check_ours(values, "id", name)
    return values


def _check_keys(
    table: Mapping[str, Any], known: Sequence[str], section: str, name: str
) -> None:
    for key in table:
        if key not in known:
            where = f"[{section}] " if section else ""
            raise UnreadableFile(
                f"{name}: {where}{shown(key)!r} is not known; {', '.join(known)} are"
            )


def _check_ours(columns: Collection[str], section: str, name: str) -> None:
    for column in columns:
        if column not in NAMES:
            near = get_close_matches(column, NAMES, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnreadableFile(
                f"{name}: [{section}] {shown(column)!r} is none of our columns{hint}"
            )
