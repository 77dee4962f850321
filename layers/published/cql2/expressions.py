"""Typed pieces of SQL, and the compiler that keeps what they bind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from layers.published.cql2.refusals import refused
from layers.published.layers.layer import Layer


class Type(StrEnum):
    """What an expression is; a property that is none of these has the type OTHER."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    INTERVAL = "interval"
    GEOMETRY = "geometry"
    ARRAY = "array"
    OTHER = "value"


MOST_VALUES = 5_000
"""Values that one filter may bind; all texts or numbers of an IN count as one."""

INSTANTS = (Type.DATE, Type.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Expression:
    """A typed expression: a piece of SQL, or a literal that is bound when it is used.

    Attributes
    ----------
    type : Type
        What it is.
    sql : str
        The SQL of it; empty for a literal, whose binding depends on what it meets.
    sql_type : str
        PostgreSQL's name of the SQL's type.
    value : Any
        The literal: str, int, float, bool, date, datetime or shapely geometry; None
        where it is none.
    items : tuple of Expression
        Of an array literal.
    ends : tuple of two (Expression or None), or None
        Of an interval; None is open.
    """

    type: Type
    sql: str = ""
    sql_type: str = ""
    value: Any = None
    items: tuple["Expression", ...] | None = None
    ends: tuple["Expression | None", "Expression | None"] | None = None

    @property
    def is_literal(self) -> bool:
        """Whether it is a value that the filter itself gives."""
        return self.value is not None


Operator = Callable[["Compiler", str, Sequence[Any]], Expression]
"""Compiles an operator or function of a name and its argument nodes."""


@dataclass(slots=True)
class Compiler:
    """What the parts of one filter share.

    Attributes
    ----------
    layer : Layer
        Whose properties the filter may name.
    filter_srid : int
        EPSG code of its geometry literals.
    flip : bool
        Whether these put y (north, lat) first.
    operators : mapping of str to Operator
        All that there is, by name in lower case.
    literal : function
        Compiles a node that is no operator: a property or a literal.
    values : dict
        What was bound, by the name of its placeholder.
    """

    layer: Layer
    filter_srid: int
    flip: bool
    operators: Mapping[str, Operator]
    literal: Callable[["Compiler", Any], Expression]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def srid(self) -> int:
        """EPSG code in which geometries meet: the layer's own, so that its index serves."""
        geometry = self.layer.geometry
        return geometry.srid if geometry else self.filter_srid

    def bind(self, value: Any, sql_type: str) -> str:
        """Keep a value and return its placeholder, cast to an SQL type of ours."""
        if len(self.values) >= MOST_VALUES:
            raise refused(
                "a filter", f"at most {MOST_VALUES} values; put more in a list"
            )
        name = f"cql_{len(self.values)}"
        self.values[name] = value
        return f"%({name})s::{sql_type}"

    def expression(self, node: Any) -> Expression:
        """Return a node's expression, whatever its type.

        Raises
        ------
        InvalidParameter
            It is none of CQL2, or names what is not there.
        """
        if not isinstance(node, Mapping) or "op" not in node:
            return self.literal(self, node)
        name, arguments = node["op"], node.get("args")
        if (
            len(node) != 2
            or not isinstance(name, str)
            or not isinstance(arguments, list)
        ):
            raise refused(node, 'an operator is {"op": name, "args": [...]}')
        operator = self.operators.get(name.lower())
        if operator is None:
            raise refused(
                name, f"operators and functions are {', '.join(sorted(self.operators))}"
            )
        return operator(self, name.lower(), arguments)

    def typed(self, node: Any, *types: Type) -> Expression:
        """Return a node's expression, one of the types; InvalidParameter for another."""
        found = self.expression(node)
        if found.type not in types:
            wanted = " or ".join(types)
            raise refused(node, f"its type is {found.type}, where {wanted} is wanted")
        return found

    def predicate(self, node: Any) -> str:
        """Return the SQL of a node that is true, false or unknown."""
        return self.sql(self.typed(node, Type.BOOLEAN))

    def sql(self, expression: Expression) -> str:
        """Return the SQL of an expression on its own, a literal bound as what it is."""
        if not expression.is_literal:
            return expression.sql
        return self.bind(expression.value, literal_type(expression.value))

    def text(self, expression: Expression) -> str:
        """Return the SQL of a string as text, UUIDs as they are written."""
        sql = self.sql(expression)
        return sql if expression.sql_type in ("", "text") else f"{sql}::text"

    def number(self, expression: Expression) -> str:
        """Return the SQL of a number in double precision."""
        if expression.is_literal:
            return self.bind(float(expression.value), "float8")
        if expression.sql_type == "float8":
            return expression.sql
        return f"{expression.sql}::float8"


def literal_type(value: Any) -> str:
    """Return the SQL type that holds a literal that is no geometry."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):  # a datetime is a date, too
        return "timestamptz" if isinstance(value, datetime) else "date"
    if isinstance(value, int):
        return "bigint" if -(2**63) <= value < 2**63 else "numeric"
    return "float8" if isinstance(value, float) else "text"


def count_arguments(name: str, arguments: Sequence[Any], *counts: int) -> None:
    """Refuse an operator or function with another number of arguments."""
    if len(arguments) not in counts:
        wanted = " or ".join(map(str, counts))
        raise refused(
            {"op": name, "args": list(arguments)}, f"{name} takes {wanted} arguments"
        )
