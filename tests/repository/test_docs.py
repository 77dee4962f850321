"""The docs say what the code does: settings, checks, commands, words, decisions, links."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *REPOSITORY.glob("*.md")])


def text(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def test_every_setting_is_in_the_reference_and_no_other() -> None:
    read = set(
        re.findall(r'env\w*(?:\.str)?\(\s*"([A-Z_]+)"', text("geo_accmr/settings.py"))
    )
    listed = set(
        re.findall(r"^\| `([A-Z_]+)` \|", text("docs/reference/settings.md"), re.M)
    )
    assert read | {"SECRET_KEY", "DATABASE_URL"} == listed


def test_every_system_check_is_in_the_reference() -> None:
    known = set(re.findall(r"layers\.[EW]\d{3}", text("layers/checks.py")))
    assert known == set(
        re.findall(r"`(layers\.[EW]\d{3})` \|", text("docs/reference/settings.md"))
    )


def test_every_management_command_is_documented() -> None:
    commands = (REPOSITORY / "layers/management/commands").glob("[a-z]*.py")
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    undocumented = [c.stem for c in commands if c.stem not in pages]
    assert undocumented == []


@pytest.mark.parametrize(
    "adr", sorted((DOCS / "adr").glob("*.md")), ids=lambda p: p.stem
)
def test_a_decision_has_its_three_parts_on_one_page(adr: Path) -> None:
    body = adr.read_text(encoding="utf-8")
    number = int(adr.stem.split("-")[0])
    assert body.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", body, re.M) == [
        "Context",
        "Decision",
        "Consequences",
    ]
    assert len(body.splitlines()) <= 60


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(p.stem.split("-")[0]) for p in sorted((DOCS / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [
        link for link in links if not link.startswith(("http:", "https:", "mailto:"))
    ]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_version_is_one() -> None:
    version = re.search(r'^version = "(.+)"', text("pyproject.toml"), re.M)
    assert version is not None
    assert f"## {version.group(1)}" in text("CHANGELOG.md")


def test_every_model_is_in_the_data_model() -> None:
    from django.apps import apps

    page = text("docs/reference/data-model.md")
    models = [m.__name__ for m in apps.get_app_config("layers").get_models()]
    assert [name for name in models if f"`{name}`" not in page] == []


def test_every_published_layer_is_in_the_data_model() -> None:
    sql = text("layers/migrations/sql/published.sql")
    layers = re.findall(
        r"COMMENT ON VIEW published\.\"?([a-z-]+)\"? IS '\{\"layer\": true", sql
    )
    page = text("docs/reference/data-model.md")
    assert len(layers) == 10
    assert [name for name in layers if f"`{name}`" not in page] == []
