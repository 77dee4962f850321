"""The columns of a layer's table: what each is called, where it is staged, what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.errors import InvalidParameter, shown
from layers.ingest.layer_names import column_names
from layers.ingest.layer_staging import Staging
from layers.ingest.report import Report
from layers.published.layers.catalogue import kind_of
from layers.published.layers.layer import Column


@dataclass(frozen=True, slots=True)
class Columns:
    """The file's columns as the table has them.

    Attributes
    ----------
    columns : tuple of Column
        In the file's order, under the names of the table.
    staged : mapping of str to str
        Where the values of each lie in the staging table.
    originals : mapping of str to str
        What the file calls those whose name had to be changed.
    """

    columns: tuple[Column, ...]
    staged: Mapping[str, str]
    originals: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The names in the table."""
        return [column.name for column in self.columns]

    def called(self, name: str, parameter: str, types: Sequence[str]) -> Column:
        """Return the column that the file, or the table, calls so.

        Raises
        ------
        InvalidParameter
            There is none, or it is of none of the types.
        """
        by_name = {
            self.originals.get(c.name, c.name): c for c in reversed(self.columns)
        }
        found = by_name.get(name) or next(
            (c for c in self.columns if c.name == name), None
        )
        if found is None:
            listed = shown(", ".join(by_name), limit=300)
            raise InvalidParameter(parameter, name, f"one of the columns {listed}")
        if found.sql_type not in types:
            raise InvalidParameter(
                parameter,
                name,
                f"a column of {' or '.join(sorted(types))}; it is {found.sql_type}",
            )
        return found


def column(name: str, sql_type: str) -> Column:
    """Return a column of the table as readers will know it."""
    return Column(name=name, kind=kind_of(sql_type), sql_type=sql_type)


def table_columns(staging: Staging, report: Report) -> Columns:
    """Return the columns of the table; the report says which were changed or left out."""
    kept = [
        (n, source, type_)
        for n, (source, type_) in enumerate(staging.columns)
        if type_ is not None
    ]
    names = column_names([source.name for _, source, _ in kept])
    for name in names:
        if not name.is_kept:
            report.find(
                "noted", None, name.original, "", f"{name.reason}: called {name.name!r}"
            )
    for source, type_ in staging.columns:
        if type_ is None:
            report.find(
                "noted",
                None,
                source.name,
                "",
                f"left out: no format shows values of type {source.type}",
            )
    for name_of, count in staging.nan.items():
        report.find("noted", None, name_of, "", f"{count} times NaN, stored as nothing")
    return Columns(
        columns=tuple(
            column(name.name, type_.sql)
            for name, (_, _, type_) in zip(names, kept, strict=True)
        ),
        staged={
            name.name: f"c{n}" for name, (n, _, _) in zip(names, kept, strict=True)
        },
        originals={n.name: n.original for n in names if n.original and not n.is_kept},
    )
