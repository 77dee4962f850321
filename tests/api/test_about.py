"""The root, the OpenAPI document and the documentation page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client

from layers.answers.problems import TYPES
from layers.api.schema import document
from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db

SNAPSHOT = Path(__file__).parent / "openapi.json"
ASKED_WITH_SOMETHING = {
    f"/api/v1/{name}"
    for name in (
        "nearest", "scenarios", "critical-services", "siting", "feedback",
        "service-requests",
    )
}  # fmt: skip
"""Resources that nothing can be said of without being told what is meant."""

REPORTS = {"/api/v1/feedback", "/api/v1/service-requests"}

REFERENCE = settings.BASE_DIR / "docs" / "reference"


def test_the_root_links_to_every_resource(
    world: World, client: Client, get: Get
) -> None:
    links = get("")["links"]
    for link in links:
        path = link["href"].removeprefix("http://testserver")
        if path not in ASKED_WITH_SOMETHING:
            answer = client.get(path, headers={"accept": link["type"]})
            assert answer.status_code == 200, path
    rooted = {path.split("/")[3] for path in document()["paths"]}
    assert rooted == {link["href"].rsplit("/", 1)[-1] for link in links}


def test_a_browser_gets_a_page(world: World, client: Client) -> None:
    answer = client.get(
        "/api/v1/", headers={"accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}
    )
    assert answer["Content-Type"].startswith("text/html")
    assert "/api/v1/service-points" in answer.content.decode()


def test_the_root_without_its_slash_leads_there(world: World, client: Client) -> None:
    assert client.get("/api/v1", follow=True).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "*/*"])
def test_a_program_gets_json(world: World, client: Client, kind: str) -> None:
    answer = client.get("/api/v1/", headers={"accept": kind})
    assert answer["Content-Type"] == "application/json"


def test_the_document_is_the_committed_one() -> None:
    # To take a change over: delete the file, run this once, look at the difference.
    made = json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(made, encoding="utf-8")
        pytest.fail(
            f"{SNAPSHOT.name} was missing and has been written; look and commit"
        )
    assert made == SNAPSHOT.read_text(encoding="utf-8")


def test_the_document_is_openapi_3_0(client: Client) -> None:
    said = client.get(
        "/api/v1/schema",
        headers={"accept": "application/vnd.oai.openapi+json;version=3.0"},
    )
    assert said.status_code == 200
    assert said.json()["openapi"] == "3.0.3"


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


LIMITED = {("post", "/api/v1/runs"), ("post", "/api/v1/scenarios")}
DONE = {("post", "/api/v1/runs"): "202", ("delete", "/api/v1/scenarios/{id}"): "204"}


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    operations(),
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_every_status_and_parameter_is_described(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    statuses = set(operation["responses"])
    is_report = path in REPORTS
    assert ("429" in statuses) == (is_report or (method, path) in LIMITED)
    assert {DONE.get((method, path), "202" if is_report else "200")} == {
        status for status in statuses if status.startswith("2")
    }
    assert {"400", "405", "406", "503"} <= statuses
    assert ("403" in statuses) == (method == "delete")
    assert ("404" in statuses) == ("{" in path)
    assert ("413" in statuses) == (method == "post")
    assert operation["summary"]
    assert operation["description"]
    for parameter in operation["parameters"]:
        assert parameter["description"], parameter["name"]
    ref = {"$ref": "#/components/schemas/Problem"}
    for status in statuses - {"200", "202", "204", "304"}:
        content = operation["responses"][status]["content"]
        assert content["application/problem+json"]["schema"] == ref


def test_operations_have_names_of_their_own() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


def test_answers_fit_their_schemas(world: World, client: Client) -> None:
    described = document()
    for address in (
        "service-points", "districts", "organizations", "services", "locations",
        "taxonomies", "committees", "coverage", "gaps",
    ):  # fmt: skip
        answer = client.get(f"/api/v1/{address}")
        content = described["paths"][f"/api/v1/{address}"]["get"]["responses"]["200"]
        schema = content["content"][answer["Content-Type"]]["schema"]
        jsonschema.validate(
            answer.json(), nullable({**schema, "components": described["components"]})
        )


def nullable(schema: Any) -> Any:
    """Return an OpenAPI 3.0 schema as JSON schema: nullable becomes a type."""
    if isinstance(schema, list):
        return [nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: nullable(value) for key, value in schema.items()}
    if made.pop("nullable", False) is True and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


class Fetches(HTMLParser):
    """Collects what a page would fetch, and whether its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in ("script", "link", "img", "iframe", "style"):
            self.fetched.append(tag)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_documentation_fetches_nothing_and_is_whole(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    seen = Fetches()
    seen.feed(page)
    assert seen.fetched == []
    assert seen.open == []
    for _, path, operation in operations():
        assert path in page
        for parameter in operation["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
    for code in TYPES:
        assert f'id="{code}"' in page


def test_the_documentation_is_a_page_only(client: Client) -> None:
    answer = client.get("/api/v1/docs", headers={"accept": "application/json"})
    assert answer.status_code == 406


@pytest.mark.parametrize("address", ["", "schema", "docs"])
def test_parameters_that_there_are_not_are_refused(get: Get, address: str) -> None:
    assert get(address, 400, nonsense=1)["parameter"] == "nonsense"


def test_the_reference_names_every_resource_and_parameter() -> None:
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    for method, path, operation in operations():
        assert f"`{method.upper()} {path}`" in text or f"`{path}`" in text, path
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                assert f"`{parameter['name']}`" in text, parameter["name"]


def test_the_reference_explains_every_error() -> None:
    text = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    for code, (status, title) in TYPES.items():
        assert re.search(rf"\| `{code}` \| {status} \|", text), code
        assert title in text
