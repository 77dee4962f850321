"""Taxonomies from files: whole or not at all, and the same again the second time."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.directory import read_model
from layers.errors import ImportRefused, UnreadableFile
from layers.ingest.taxonomy import import_taxonomies
from layers.ingest.term_file import MAX_BYTES
from layers.models import DataVersion, ServicePoint, Taxonomy, TaxonomyTerm, TermLink
from tests.factories import AttributeFactory, ServiceFactory

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "taxonomy"

pytestmark = pytest.mark.django_db

Edit = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the project's own taxonomies."""
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    return tmp_path


def edited(folder: Path, name: str, edit: Edit) -> Path:
    """Change the terms of a file, and return the folder."""
    path = folder / name
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content["terms"])
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


def term(slug: str) -> TaxonomyTerm:
    return TaxonomyTerm.objects.get(taxonomy__slug="category", slug=slug)


def test_the_projects_own_taxonomies_load() -> None:
    reports = import_taxonomies(FIXTURES)

    # 6 committees, 12 sectors, 32 groups, 14 + 60 categories.
    assert [(r.read, r.created, r.written) for r in reports] == [
        (6, 6, True),
        (12, 12, True),
        (32, 32, True),
        (74, 74, True),
    ]
    assert term("primary-care").path == ["health", "primary-care"]
    assert term("primary-care").parent == term("health")
    assert term("primary-care").icon == "cross:HP"
    assert (
        term("health").position
        < term("hospital").position
        < term("mental-health").position
    )
    links = TermLink.objects.filter(term=term("sexual-reproductive-health"))
    assert sorted(links.values_list("relation", "other__slug")) == [
        ("category_committee", "gender"),
        ("category_committee", "health"),
        ("category_sector", "health"),
    ]


def test_loading_twice_changes_nothing() -> None:
    import_taxonomies(FIXTURES)
    version = DataVersion.objects.get(name="taxonomy").version

    reports = import_taxonomies(FIXTURES)

    assert [(r.created, r.updated, r.unchanged, r.absent) for r in reports] == [
        (0, 0, 6, 0),
        (0, 0, 12, 0),
        (0, 0, 32, 0),
        (0, 0, 74, 0),
    ]
    assert DataVersion.objects.get(name="taxonomy").version == version


def test_a_changed_committee_reaches_the_read_model(folder: Path) -> None:
    import_taxonomies(folder)
    service = ServiceFactory(moderation_state="published")
    AttributeFactory(service=service, term=term("library"))
    read_model.refresh([service.pk])

    def to_health(terms: list[dict[str, Any]]) -> None:
        next(t for t in terms if t["slug"] == "library")["committees"] = ["health"]

    *_, categories = import_taxonomies(edited(folder, "categories.json", to_health))

    assert (categories.updated, categories.unchanged) == (1, 73)
    assert ServicePoint.objects.get(service=service).committees == ["health"]


def test_a_term_that_the_file_no_longer_has_stays_and_is_counted(folder: Path) -> None:
    import_taxonomies(folder)

    *_, categories = import_taxonomies(
        edited(folder, "categories.json", lambda terms: terms.pop())
    )

    assert categories.absent == 1
    assert TaxonomyTerm.objects.filter(slug="assistive-equipment").exists()


def test_a_term_can_move_to_another_parent(folder: Path) -> None:
    import_taxonomies(folder)

    def move(terms: list[dict[str, Any]]) -> None:
        next(t for t in terms if t["slug"] == "mother-baby-support")["parent"] = (
            "health"
        )

    import_taxonomies(edited(folder, "categories.json", move))

    assert term("mother-baby-support").path == ["health", "mother-baby-support"]


@pytest.mark.parametrize(
    ("name", "edit", "reason"),
    [
        (
            "committees.json",
            lambda t: t[1].update(slug="Big Slug"),
            "row 2, slug 'Big Slug'",
        ),
        ("committees.json", lambda t: t[1].update(slug="a" * 61), "up to 60"),
        ("committees.json", lambda t: t[1].update(slug=["x"]), "row 2, slug"),
        (
            "committees.json",
            lambda t: t[5].update(slug=t[0]["slug"]),
            "given before, in row 1",
        ),
        (
            "committees.json",
            lambda t: t[0]["names"].pop("el"),
            "row 1, names .* el missing",
        ),
        (
            "committees.json",
            lambda t: t[0].update(names={"el": "α", "en": " "}),
            "none empty",
        ),
        ("committees.json", lambda t: t[0].update(names={"Greek": "α"}), "none empty"),
        ("committees.json", lambda t: t[0].update(names="Υγεία"), "none empty"),
        (
            "committees.json",
            lambda t: t[0].update(descriptions={"en": 3}),
            "row 1, descriptions",
        ),
        ("committees.json", lambda t: t[0].update(committees=["health"]), "not a key"),
        ("committees.json", lambda t: t[0].update(colour="red"), "row 1, colour 'red'"),
        ("committees.json", lambda t: t.append("health"), "row 7 .*a JSON object"),
        ("committees.json", lambda t: t[0].update(icon="♥"), "row 1, icon"),
        (
            "categories.json",
            lambda t: t[1].update(icon={"shape": "x" * 21}),
            "row 2, icon",
        ),
        (
            "categories.json",
            lambda t: t[1].update(parent="helth"),
            "row 2, parent 'helth'",
        ),
        ("categories.json", lambda t: t[1].update(parent=["health"]), "row 2, parent"),
        (
            "categories.json",
            lambda t: t.insert(0, t.pop(1)),
            "not the slug of a term above",
        ),
        (
            "categories.json",
            lambda t: t[1].update(committees=["helth"]),
            "not a slug of committee",
        ),
        (
            "categories.json",
            lambda t: t[1].update(committees=[["health"]]),
            "list of slugs",
        ),
        (
            "categories.json",
            lambda t: t[1].update(committees=[]),
            "a leaf needs a committee",
        ),
        (
            "categories.json",
            lambda t: t[1].update(sector_4w="war"),
            "not a slug of sector_4w",
        ),
    ],
)
def test_a_faulty_term_is_refused_and_nothing_is_written(
    folder: Path, name: str, edit: Edit, reason: str
) -> None:
    with pytest.raises(ImportRefused, match=reason) as refusal:
        import_taxonomies(edited(folder, name, edit))

    assert refusal.value.detail.startswith(f"{name}: row ")
    assert not Taxonomy.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not JSON in UTF-8"),
        (b"[" * 200_000, "not JSON"),
        (b"[]", "a JSON object is needed"),
        (b'{"taxonomy": "category"}', "taxonomy 'category' is not 'committee'"),
        (b'{"taxonomy": "committee", "names": {"en": "x"}}', "a list 'terms'"),
        (b'{"taxonomy": "committee", "terms": []}', "'names' by language"),
        (b" " * (MAX_BYTES + 1), "larger than 5,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_taxonomy_is_refused(
    folder: Path, content: bytes, reason: str
) -> None:
    (folder / "committees.json").write_bytes(content)

    with pytest.raises(UnreadableFile, match=reason):
        import_taxonomies(folder)

    assert not Taxonomy.objects.exists()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "sectors_4w.json").unlink()

    with pytest.raises(UnreadableFile, match=r"sectors_4w\.json: cannot be read"):
        import_taxonomies(folder)
