"""`/api/v1/docs`: the OpenAPI document as a page to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from layers.answers.answer import HTML, Answer
from layers.answers.problems import TYPES
from layers.api.openapi import Reply
from layers.api.plain_html import document as html_document
from layers.api.schema import document
from layers.api.views import Asked, Resource
from layers.params.reading import Parameters


class Docs(Resource):
    """Every resource with its parameters and answers, and every error."""

    parameters = Parameters()
    offers = ("text/html",)
    is_kept = False
    summary = "Documentation"
    reply = Reply({"text/html": {"type": "string"}})

    def get(self, asked: Asked) -> Answer:
        """Return the page."""
        return Answer(docs_page(document()).encode(), HTML, "en")


def docs_page(described: Mapping[str, Any]) -> SafeString:
    """Return the page that describes an OpenAPI document."""
    sections = [
        format_html("<h1>{}</h1>", described["info"]["title"]),
        format_html("<p>{}</p>", described["info"]["description"]),
        SafeString('<p><a href="/api/v1/schema">OpenAPI 3.0 document</a></p>'),
        *_operations(described["paths"]),
        _errors(),
    ]
    return html_document(
        "GeoACCMR API", format_html_join("\n", "{}", ((part,) for part in sections))
    )


def _operations(paths: Mapping[str, Any]) -> Iterator[SafeString]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield format_html(
                '<section id="{}"><h2><code>{} {}</code></h2><p>{}. {}</p>{}<p>{}</p></section>',
                operation["operationId"],
                method.upper(),
                path,
                operation["summary"],
                operation["description"],
                _parameters(operation),
                f"Statuses: {', '.join(operation['responses'])}",
            )


def _parameters(operation: Mapping[str, Any]) -> SafeString | str:
    rows = [
        (p["name"], _type(p["schema"]), p["schema"].get("default"), p["description"])
        for p in operation["parameters"]
    ]
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        rows += [
            (name, _type(schema), schema.get("default"), schema["description"])
            for name, schema in content["schema"]["properties"].items()
        ]
    if not rows:
        return ""
    body = format_html_join(
        "\n",
        "<tr><th scope=row><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (name, kind, "" if default is None else _shown(default), text)
            for name, kind, default, text in rows
        ),
    )
    return format_html(
        "<table><thead><tr><th>Parameter</th><th>Value</th><th>Default</th><th>Meaning"
        "</th></tr></thead><tbody>{}</tbody></table>",
        body,
    )


def _shown(default: object) -> str:
    if isinstance(default, list | tuple):
        return ", ".join(str(one) for one in default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def _type(schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words."""
    if "oneOf" in schema:
        return _type(schema["oneOf"][-1])
    if schema["type"] == "array":
        return f"one or several: {_type(schema['items'])}"
    if "enum" in schema:
        return " | ".join(schema["enum"])
    ends = [
        f"{sign} {schema[name]:g}"
        for sign, name in (("from", "minimum"), ("to", "maximum"))
        if name in schema
    ]
    return " ".join([schema.get("format", schema["type"]), *ends])


def _errors() -> SafeString:
    items = format_html_join(
        "\n",
        '<dt id="{}"><code>{}</code> ({})</dt><dd>{}.</dd>',
        ((code, code, status, title) for code, (status, title) in TYPES.items()),
    )
    return format_html(
        "<section><h2>Errors</h2><p>Every error is <code>application/problem+json</code> "
        "(RFC 9457): type, title, status, detail, instance, and where it is about "
        "parameters, parameter and errors.</p><dl>{}</dl></section>",
        items,
    )
