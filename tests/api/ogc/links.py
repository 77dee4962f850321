"""Following links as a client does."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

HOST = "http://testserver"


def by_rel(said: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    """Return the links of one relation."""
    return [link for link in said["links"] if link["rel"] == rel]


def one(said: dict[str, Any], rel: str, kind: str | None = None) -> dict[str, Any]:
    """Return the only link of a relation, and media type."""
    found = [link for link in by_rel(said, rel) if kind in (None, link["type"])]
    assert len(found) == 1, (rel, kind, said["links"])
    return found[0]


def follow(client: Client, href: str, accept: str = "*/*") -> HttpResponse:
    """Return the answer at an absolute address of ours."""
    assert href.startswith(HOST), href
    parts = urlsplit(href)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return client.get(path, headers={"Accept": accept})


def pages(client: Client, href: str) -> list[dict[str, Any]]:
    """Return a page and all that its `next` links lead to."""
    found = [follow(client, href).json()]
    while nexts := by_rel(found[-1], "next"):
        assert len(found) < 200, "the pages never end"
        found.append(follow(client, nexts[0]["href"]).json())
    return found
