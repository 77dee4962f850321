"""Reads the query or the JSON body of a request by a declared set of parameters.

Nothing is guessed: an unknown name, a value of another type, a second value where one is
meant, or an empty one is an error that names the parameter. All faults of a call are
reported together.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

import orjson

from layers.errors import (
    InvalidParameter,
    InvalidParameters,
    LayersError,
    MalformedBody,
    UnknownParameter,
)
from layers.params.kinds import Kind

MOST_FIELDS = 500
"""Name=value pairs of one query."""

MOST_VALUES = 100
"""Values of one parameter that takes several."""

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is declared, checked and documented.

    Attributes
    ----------
    name, kind, description
        What it is called, which values it takes, what it does.
    many : bool
        Whether it takes several values: repeated, or separated by commas, in a query; an
        array or one value in JSON. The value read is a tuple, each value once.
    default
        What is read where it is not given; without one None, or () where `many`.
    required : bool
        Whether it must be given.
    """

    name: str
    kind: Kind
    description: str
    many: bool = False
    default: Any = None
    required: bool = False

    def values_of_text(self, raws: list[str]) -> Any:
        """Return the value of all texts given under the name."""
        if not self.many:
            if len(raws) > 1:
                raise InvalidParameter(self.name, f"{len(raws)} times", "given once")
            return self.kind.from_text(self.name, _filled(self.name, raws[0]))
        parts = [_filled(self.name, part) for raw in raws for part in raw.split(",")]
        return self._several(parts, self.kind.from_text)

    def values_of_json(self, raw: object) -> Any:
        """Return the value of a JSON value."""
        if not self.many:
            return self.kind.from_json(self.name, raw)
        parts = raw if isinstance(raw, list) else [raw]
        if not parts:
            raise InvalidParameter(self.name, raw, "at least one value, or left out")
        return self._several(parts, self.kind.from_json)

    def _several(self, parts: list[Any], read: Callable[[str, Any], Any]) -> Any:
        if len(parts) > MOST_VALUES:
            raise InvalidParameter(
                self.name, f"{len(parts)} values", f"at most {MOST_VALUES} values"
            )
        return tuple(dict.fromkeys(read(self.name, part) for part in parts))


class Parameters:
    """The parameters that one resource takes; iterates in the order of declaration."""

    def __init__(self, *parameters: Parameter) -> None:
        """Keep the parameters; each name once."""
        self.by_name = {parameter.name: parameter for parameter in parameters}
        self.defaults = {
            p.name: () if p.many and p.default is None else p.default
            for p in parameters
        }
        self.required = tuple(p.name for p in parameters if p.required)

    def __iter__(self) -> Iterator[Parameter]:
        """Return the parameters one by one."""
        return iter(self.by_name.values())

    def __add__(self, other: "Parameters") -> Self:
        """Return both sets as one."""
        return type(self)(*self, *other)

    def without(self, *names: str) -> Self:
        """Return the set less some names."""
        return type(self)(*(p for p in self if p.name not in names))

    def read_query(self, query_string: str) -> dict[str, Any]:
        """Return the values of a WSGI query string, with defaults where none was given.

        Raises
        ------
        UnknownParameter, InvalidParameter, InvalidParameters
            With the name; for text that is not UTF-8 the name is `query`.
        """
        given: dict[str, list[str]] = {}
        for name, raw in query_pairs(query_string) if query_string else ():
            self._check_name(name)
            given.setdefault(name, []).append(raw)
        return self._complete(given, Parameter.values_of_text)

    def read_body(self, body: bytes) -> dict[str, Any]:
        """Return the values of a JSON object; errors as `read_query`.

        Raises
        ------
        MalformedBody
            Not JSON in UTF-8, not an object, NaN or Infinity, or nested too deep.
        """
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as fault:
            raise MalformedBody(
                f"the body is not JSON: {fault.msg} at character {fault.pos}"
            ) from None
        if not isinstance(given, dict):
            raise MalformedBody("the body is not a JSON object like {…}")
        for name in given:
            self._check_name(name)
        # null says "not given", as an empty form field of a client's code does.
        given = {name: raw for name, raw in given.items() if raw is not None}
        return self._complete(given, Parameter.values_of_json)

    def _check_name(self, name: str) -> None:
        if name not in self.by_name:
            # A name that is none may be a misplaced coordinate: it is not repeated.
            looks = name.isidentifier() and len(name) <= LONGEST_NAME
            raise UnknownParameter(name if looks else "(not shown)", list(self.by_name))

    def _complete(
        self, given: Mapping[str, Any], read: Callable[[Parameter, Any], Any]
    ) -> dict[str, Any]:
        values = dict(self.defaults)
        faults: list[InvalidParameter] = []
        for name, raw in given.items():
            try:
                values[name] = read(self.by_name[name], raw)
            except InvalidParameter as fault:
                faults.append(fault)
        faults += [
            InvalidParameter(name, "(missing)", "it must be given")
            for name in self.required
            if name not in given
        ]
        if faults:
            raise one_of_many(faults)
        return values


def one_of_many(faults: list[InvalidParameter]) -> LayersError:
    """Return the one error for faults of one call."""
    return faults[0] if len(faults) == 1 else InvalidParameters(faults)


def query_pairs(query_string: str) -> list[tuple[str, str]]:
    """Return the names and values of a WSGI query string, in their order.

    Raises
    ------
    InvalidParameter
        Named `query`: bytes that are not UTF-8, or too many pairs.
    """
    try:
        text = query_string.encode("latin-1").decode("utf-8")
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeError:
        raise InvalidParameter("query", "(not UTF-8)", "UTF-8 text") from None
    except ValueError:
        raise InvalidParameter(
            "query", "(too long)", f"at most {MOST_FIELDS} parameters"
        ) from None


def _filled(name: str, raw: str) -> str:
    if not raw:
        raise InvalidParameter(name, raw, "a value, or leave the parameter out")
    return raw
