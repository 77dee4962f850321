"""What an import did, row by row: one report, printed as text and written as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from layers.errors import ImportRefused, UnreadableFile, shown

SHOWN_FINDINGS = 20
"""Findings of one kind that the printed report lists; the JSON file has them all."""

KEPT_FINDINGS = 5_000
"""Findings of one kind that are kept; more are only counted."""

WITHHELD = "(withheld: protected place)"
"""Stands for every value of a row whose place may not be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How an import deals with what it read.

    Attributes
    ----------
    dry_run : bool
        Do everything, then undo it: the report says what would have happened.
    accept_partial : bool
        Write the good rows although others are refused. Without it one refused row
        keeps the whole file out.
    """

    dry_run: bool = False
    accept_partial: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the reader of the report should know about one row.

    Attributes
    ----------
    row : int or None
        Row of the table as a spreadsheet counts it (the header is row 1), or number of
        the feature in a vector file (the first is 1); None for the whole file.
    field : str
        Column at fault, empty when it is the row as a whole.
    value : str
        What stood there, shortened and printable; withheld for protected places.
    reason : str
        What is wrong or was done, and the remedy.
    """

    row: int | None
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = "file" if self.row is None else f"row {self.row}"
        what = f", {self.field}" if self.field else ""
        given = f" {self.value!r}" if self.value else ""
        return f"{where}{what}{given}: {self.reason}"


@dataclass(slots=True)
class Findings:
    """Findings of one kind: all are counted, the first `KEPT_FINDINGS` are kept."""

    count: int = 0
    kept: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Count the finding, and keep it while there is room."""
        self.count += 1
        if len(self.kept) < KEPT_FINDINGS:
            self.kept.append(finding)

    def as_json(self) -> dict[str, Any]:
        """Return count and kept findings, ready for `json`."""
        rows = [
            {"row": f.row, "field": f.field, "value": f.value, "reason": f.reason}
            for f in self.kept
        ]
        return {"count": self.count, "rows": rows}


KINDS = {
    "refused": "refused",
    "repaired": "repaired",
    "duplicates": "duplicates suspected",
    "outside": "outside the municipality, or in no district",
    "noted": "worth a look",
}
"""Kinds of findings and their headings, in the order in which they are printed."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What one import did.

    `accepted` rows are `created`, `updated` or `unchanged`; `absent` are records of the
    same source that the file no longer has. `written` is false after a dry run and
    when refused rows kept the file out: then nothing changed in the database.
    """

    what: str
    file: str
    municipality: str
    source: str = ""
    licence: str = ""
    mode: Mode = field(default_factory=Mode)
    written: bool = False
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    absent: int = 0
    retired: int = 0
    figures: dict[str, float | int | str] = field(default_factory=dict)
    findings: dict[str, Findings] = field(
        default_factory=lambda: {kind: Findings() for kind in KINDS}
    )
    refused_rows: set[int] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def accepted(self) -> int:
        """How many rows are good."""
        return self.created + self.updated + self.unchanged

    @property
    def refused(self) -> int:
        """How many things were refused; a row may have several faults."""
        return self.findings["refused"].count

    def find(
        self, kind: str, row: int | None, column: str, value: object, reason: str
    ) -> None:
        """Record a finding of one of `KINDS`; a refused row counts as refused once."""
        text = "" if value is None else shown(value)
        self.findings[kind].add(Finding(row, column, text, reason))
        if kind == "refused" and row is not None:
            self.refused_rows.add(row)

    def refuse(self, row: int | None, column: str, value: object, reason: str) -> None:
        """Record that a row (or the whole file) is not accepted, and why."""
        self.find("refused", row, column, value, reason)

    def checked(self) -> Self:
        """Return the report, or raise when its import was not wholly accepted.

        Raises
        ------
        ImportRefused
            Rows were refused; the message names the first and how many more.
        """
        if self.refused:
            first = self.findings["refused"].kept[0]
            more = f" (and {self.refused - 1} more)" if self.refused > 1 else ""
            raise ImportRefused(f"{self.file}: {first}{more}")
        return self

    def as_json(self) -> dict[str, Any]:
        """Return the whole report as plain values; the keys are stable."""
        return {
            "what": self.what,
            "file": self.file,
            "municipality": self.municipality,
            "source": self.source,
            "licence": self.licence,
            "dry_run": self.mode.dry_run,
            "accept_partial": self.mode.accept_partial,
            "written": self.written,
            "read": self.read,
            "accepted": self.accepted,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "absent": self.absent,
            "retired": self.retired,
            "refused_rows": len(self.refused_rows),
            "figures": self.figures,
            **{kind: found.as_json() for kind, found in self.findings.items()},
            "seconds": round(self.seconds, 3),
        }

    def write(self, path: Path) -> None:
        """Write the report as JSON (UTF-8).

        Raises
        ------
        UnreadableFile
            The file cannot be written.
        """
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=2)
        try:
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise UnreadableFile(
                f"{shown(path.name)}: the report cannot be written ({error.strerror})"
            ) from error

    def lines(self) -> Iterable[str]:
        """Yield the printed report, line by line."""
        whose = f" of {self.municipality}" if self.municipality else ""
        yield f"{self.file} -> {self.what}{whose}"
        yield (
            f"  {self.read} read: {self.accepted} accepted ({self.created} created, "
            f"{self.updated} updated, {self.unchanged} unchanged), "
            f"{len(self.refused_rows)} refused"
        )
        if self.absent:
            yield f"  {self.absent} of this source are not in the file any more"
        if self.retired:
            yield f"  {self.retired} retired"
        for name, figure in self.figures.items():
            yield (
                f"  {name}: {figure:,}"
                if not isinstance(figure, str)
                else (f"  {name}: {figure}")
            )
        for kind, heading in KINDS.items():
            yield from self._section(kind, heading)
        yield self._outcome()

    def _section(self, kind: str, heading: str) -> Iterable[str]:
        found = self.findings[kind]
        if not found.count:
            return
        yield f"  {heading}: {found.count}"
        yield from (f"    {finding}" for finding in found.kept[:SHOWN_FINDINGS])
        if found.count > SHOWN_FINDINGS:
            rest = found.count - SHOWN_FINDINGS
            yield f"    … and {rest} more; --report FILE.json lists them"

    def _outcome(self) -> str:
        if self.mode.dry_run:
            return "  dry run: nothing was written"
        if not self.written:
            return (
                "  nothing was written: mend the refused rows, or write the good ones "
                "with --accept-partial"
            )
        return f"  written in {self.seconds:.1f} s"
