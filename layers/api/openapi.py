"""The OpenAPI description of a resource, from the declarations that also check requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import Serializer

from layers.answers.problems import PROBLEM_JSON
from layers.exports.formats import FORMATS
from layers.params.reading import Parameter, Parameters

Schema = Mapping[str, Any]

_PATH_PARAMETERS: Mapping[str, tuple[Schema, str]] = {
    "id": ({"type": "string", "format": "uuid"}, "Its id."),
    "level": (
        {
            "type": "string",
            "enum": ["municipality", "municipal_community", "neighbourhood"],
        },
        "District level.",
    ),
    "code": ({"type": "string"}, "Code of the district within its level."),
    "slug": ({"type": "string"}, "Its slug."),
    "layer": (
        {"type": "string", "pattern": "^[^/.]+$"},
        "Id of the layer; `/api/v1/exports` lists them.",
    ),
    "file_format": (
        {"type": "string", "enum": list(FORMATS)},
        "Format of the file.",
    ),
}

_HEADERS: Mapping[str, Any] = {
    "Content-Language": {
        "schema": {"type": "string"},
        "description": "Language of the texts.",
    },
    "ETag": {
        "schema": {"type": "string"},
        "description": "Send it as If-None-Match to be told 304 while nothing changed.",
    },
    "Last-Modified": {
        "schema": {"type": "string"},
        "description": "When the data last changed.",
    },
    "Link": {"schema": {"type": "string"}, "description": "`self`, and `next` if any."},
}

_REFUSALS: Mapping[str, str] = {
    "400": "A parameter is unknown or has a value that is not allowed; it is named.",
    "403": "That may not be done by whoever asks.",
    "404": "There is no such thing, or none that anybody may see.",
    "405": "The method is not allowed here.",
    "406": "The answer does not come in the format asked for.",
    "413": "The body is larger than this service reads.",
    "415": "The body is not declared as JSON.",
    "429": "More than is taken from one sender or at a time; `Retry-After` says how long to wait.",
    "503": "The database cannot answer now; `Retry-After` says when to come back.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """How a resource answers: media type -> schema or serializer, and in words.

    A resource that stores reports is `limited`: it may say 429.
    """

    content: Mapping[str, Schema | type["Serializer[Any]"]]
    description: str = "What was asked for."
    status: str = "200"
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a resource, where it differs from what the resource says of itself.

    `headers` are those that must be sent: name -> what it holds.
    """

    summary: str
    text: str
    parameters: Parameters
    reply: Reply
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, view: Any, method: str) -> Self:
        """Return what a resource says of a method."""
        own: Self | None = view.operations.get(method)
        return own or cls(view.summary, view.__doc__ or "", view.parameters, view.reply)


class ResourceSchema(AutoSchema):
    """Describes a `Resource` from its class: parameters, answers, every status."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> dict[str, Any] | None:
        """Return the operation object of one method."""
        self.registry, self.path, self.method = registry, path, method.upper()
        view: Any = self.view
        told = Operation.of(view, self.method)
        in_path = [name for name in _PATH_PARAMETERS if f"{{{name}}}" in path]
        operation: dict[str, Any] = {
            "operationId": _operation_id(path, method),
            "summary": told.summary,
            "description": " ".join(told.text.split()),
            "tags": [view.tag or "about"],
            "parameters": [_in_path(name) for name in in_path],
        }
        if self.method == "POST":
            operation["requestBody"] = _body(told.parameters)
        else:
            operation["parameters"] += [_in_query(p) for p in told.parameters]
        operation["parameters"] += [_in_header(*one) for one in told.headers.items()]
        operation["responses"] = self._responses(told, has_path=bool(in_path))
        return operation

    def _responses(self, told: Operation, *, has_path: bool) -> dict[str, Any]:
        view: Any = self.view
        is_post = self.method == "POST"
        is_kept = view.is_kept and self.method == "GET"
        said: dict[str, Any] = {
            told.reply.status: {
                "description": told.reply.description,
                "headers": _HEADERS if is_kept else {},
                "content": {
                    media: {"schema": self._schema(schema)}
                    for media, schema in told.reply.content.items()
                },
            }
        }
        if is_kept:
            said["304"] = {"description": "What you have (If-None-Match) still holds."}
        left_out = set() if has_path else {"404"}
        left_out |= set() if is_post else {"413", "415"}
        left_out |= set() if self.method == "DELETE" else {"403"}
        left_out |= set() if told.reply.limited else {"429"}
        for status, description in _REFUSALS.items():
            if status not in left_out:
                said[status] = _refusal(status, description)
        return said

    def _schema(self, schema: Schema | type["Serializer[Any]"]) -> Schema:
        if isinstance(schema, Mapping):
            return schema
        found: Schema = self.resolve_serializer(schema(), "response").ref
        return found


def _operation_id(path: str, method: str) -> str:
    words = path.removeprefix("/api/v1").replace("{", "").replace("}", "")
    name = words.strip("/").replace("/", "_").replace("-", "_") or "root"
    return f"{method.lower()}_{name}"


def _refusal(status: str, description: str) -> dict[str, Any]:
    ref = {"$ref": "#/components/schemas/Problem"}
    said: dict[str, Any] = {
        "description": description,
        "content": {PROBLEM_JSON: {"schema": ref}},
    }
    if status in ("429", "503"):
        said["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said


def _in_path(name: str) -> dict[str, Any]:
    schema, description = _PATH_PARAMETERS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": schema,
        "description": description,
    }


def _in_header(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": description,
    }


def _in_query(parameter: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": _described(parameter),
    }
    if parameter.required:
        said["required"] = True
    if said["schema"].get("type") == "array":
        said |= {"style": "form", "explode": False}
    return said


def _described(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.kind.schema)
    if parameter.many:
        schema = {"type": "array", "minItems": 1, "items": schema}
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def _body(parameters: Parameters) -> dict[str, Any]:
    properties = {}
    for parameter in parameters:
        schema = _described(parameter)
        if parameter.many:
            default = {"default": schema.pop("default")} if "default" in schema else {}
            schema = {"oneOf": [schema["items"], schema], **default}
        properties[parameter.name] = {
            **schema,
            "nullable": not parameter.required,
            "description": parameter.description,
        }
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": list(parameters.required),
        "properties": properties,
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}
