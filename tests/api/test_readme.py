"""The README's questions have the answers it prints, on the real Athens."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def answer_after(command: str) -> str:
    """Return the text block that follows the shell block with `command`."""
    found = re.search(
        rf"```sh\n[^`]*{re.escape(command)}[^`]*```\n\n```text\n(.*?)\n```",
        README,
        re.S,
    )
    assert found, f"the README shows no answer to {command}"
    return found.group(1)


def test_the_readme_is_true(shared_data: Path, client: Client) -> None:
    call_command("load_demo", real=shared_data, verbosity=0)

    body = re.search(r"-d '(\{.*?\})'", README)
    assert body
    nearest = client.post(
        "/api/v1/nearest", json.loads(body.group(1)), content_type="application/json"
    ).json()
    lines = (
        f"{p['distance_m']} m  {p['walk_min']} min  {p['name']}"
        for p in (f["properties"] for f in nearest["features"])
    )
    assert "\n".join(lines) == answer_after("/api/v1/nearest")

    gaps = client.get(
        "/api/v1/gaps?level=neighbourhood&committee=health&lang=en&f=csv"
    ).content.decode()
    cut = [
        ",".join(row.split(",")[i] for i in (3, 11, 12, 13))
        for row in gaps.splitlines()[:4]
    ]
    assert "\n".join(cut) == answer_after("/api/v1/gaps")

    points = client.get("/api/v1/service-points?count=true&limit=1").json()
    assert f"{points['unmapped_count']} of {points['numberMatched']}" == answer_after(
        "service-points?count=true"
    )
