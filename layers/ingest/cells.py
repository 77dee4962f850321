"""The cells of one row, read one after the other; what is wrong with them is collected."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from layers.errors import InvalidRecord
from layers.ingest.fields import LONG, SHORT, cleaned, items
from layers.ingest.report import WITHHELD, Report

Value = TypeVar("Value")


class Cells:
    """Reads the cells of one row by our column names.

    A column that the table has not is not read; one that it has may be empty. Faults
    go into the report as refusals, so that one row can show several. With `protected`
    no value of the row is told.
    """

    def __init__(
        self, number: int, values: Mapping[str, str], report: Report, *, protected: bool
    ) -> None:
        """Keep the row; `values` has only the columns of the table and the constants."""
        self.number = number
        self.protected = protected
        self.is_refused = False
        self._values = values
        self._report = report

    def has(self, *columns: str) -> bool:
        """Tell whether the table has any of these columns."""
        return any(column in self._values for column in columns)

    def text(self, column: str, *, limit: int = SHORT, lines: bool = False) -> str:
        """Return a cleaned text; empty where there is none or it is refused."""
        raw = self._values.get(column, "")
        if not raw or raw.isspace():
            return ""
        try:
            text, repair = cleaned(raw, column, limit=limit, lines=lines)
        except InvalidRecord as error:
            self.refuse(error)
            return ""
        if repair:
            self.find("repaired", column, text, repair)
        return text

    def texts(
        self, prefix: str, languages: Iterable[str], *, limit: int = SHORT
    ) -> dict[str, str | None]:
        """Return a language map of columns such as `name_el`; None where a cell is empty."""
        lines = limit == LONG
        return {
            lang: self.text(f"{prefix}_{lang}", limit=limit, lines=lines) or None
            for lang in languages
            if f"{prefix}_{lang}" in self._values
        }

    def parsed(self, column: str, parse: Callable[[str], Value], empty: Value) -> Value:
        """Return what `parse` makes of a cell; `empty` where there is nothing to parse."""
        text = self.text(column)
        if not text:
            return empty
        try:
            return parse(text)
        except InvalidRecord as error:
            self.refuse(error)
            return empty

    def each(self, column: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
        """Return what `parse` makes of each part of a cell, in order, without repeats."""
        parts: list[Value] = []
        for part in items(self.text(column, limit=LONG)):
            try:
                parts.append(parse(part))
            except InvalidRecord as error:
                self.refuse(error)
        return tuple(dict.fromkeys(parts))

    def refuse(self, error: InvalidRecord) -> None:
        """Refuse the row for this reason."""
        self.is_refused = True
        self.find("refused", error.field, error.value, error.reason)

    def find(self, kind: str, column: str, value: object, reason: str) -> None:
        """Record a finding about the row; values of protected places are withheld."""
        told = WITHHELD if self.protected and value else value
        self._report.find(kind, self.number, column, told, reason)
