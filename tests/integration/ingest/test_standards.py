"""Service standards from CSV: whole or not at all, and the same again the second time."""

from pathlib import Path

import pytest

from layers.errors import ImportRefused, NotFound, UnreadableFile
from layers.ingest.standards import COLUMNS, import_standards
from layers.ingest.taxonomy import import_taxonomies
from layers.models import Municipality, ServiceStandard
from tests.factories import MunicipalityFactory

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
HEADER = ",".join(COLUMNS)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Municipality:
    import_taxonomies(FIXTURES / "taxonomy")
    return MunicipalityFactory(slug="athens")


def written(folder: Path, *rows: str) -> Path:
    path = folder / "standards.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_the_projects_own_standards_load_twice_the_same(city: Municipality) -> None:
    first = import_standards(FIXTURES / "standards.csv", "athens")
    second = import_standards(FIXTURES / "standards.csv", "athens")

    assert (first.created, first.written) == (60, True)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 60)
    hospital = city.standards.get(category__slug="hospital")
    assert (hospital.max_walk_min, hospital.target_per_1000) == (30.0, 1.8)
    assert city.standards.get(category__slug="meals").groups == [
        "homeless",
        "low-income",
    ]


def test_a_changed_number_updates_and_an_absent_row_stays(
    city: Municipality, tmp_path: Path
) -> None:
    import_standards(
        written(tmp_path, "hospital,30,,,", "library,15,,,", "meals,,,,"), "athens"
    )

    report = import_standards(
        written(tmp_path, "hospital,20,,,", "library,15,,,"), "athens"
    )

    assert (report.updated, report.unchanged, report.absent) == (1, 1, 1)
    assert city.standards.get(category__slug="hospital").max_walk_min == 20
    assert city.standards.get(category__slug="meals").max_walk_min is None


def test_one_category_may_have_a_standard_for_all_and_one_for_a_group(
    city: Municipality, tmp_path: Path
) -> None:
    path = written(tmp_path, "hospital,30,,,", "hospital,20,,older-people,")

    assert import_standards(path, "athens").created == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("hospitl,30,,,", "row 2, category 'hospitl': not the slug"),
        ("hospital,0,,,", "row 2, max_walk_min '0': a number from 1 to 240"),
        ("hospital,nan,,,", "max_walk_min 'nan'"),
        ("hospital,inf,,,", "max_walk_min 'inf'"),
        ("hospital,half an hour,,,", "max_walk_min 'half an hour'"),
        ("hospital,30,-1,,", "target_per_1000 '-1'"),
        ("hospital,30,,everybody,", "groups 'everybody': not the slug"),
        (f"hospital,30,,,{'x' * 401}", "note .*up to 400 characters"),
        ("hospital,30,,,a\x00b", "note"),
    ],
)
def test_a_faulty_row_is_refused_and_nothing_is_written(
    city: Municipality, tmp_path: Path, row: str, reason: str
) -> None:
    with pytest.raises(ImportRefused, match=reason):
        import_standards(written(tmp_path, row, "library,15,,,"), "athens")

    assert not ServiceStandard.objects.exists()


def test_the_same_category_and_groups_twice_are_refused(
    city: Municipality, tmp_path: Path
) -> None:
    rows = ("hospital,30,,women;roma,", "hospital,20,,roma; women,")

    with pytest.raises(ImportRefused, match="row 3, category 'hospital': given before"):
        import_standards(written(tmp_path, *rows), "athens")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "columns '' are not"),
        (b"category;max_walk_min\n", "columns 'category;max_walk_min' are not"),
        (HEADER.encode() + b"\nhospital,30,,,,extra\n", "are not"),
        (HEADER.encode() + b'\n"hospital,30\n', "not CSV"),
        (b"\xff\xfe" + HEADER.encode(), "not CSV in UTF-8"),
    ],
)
def test_a_file_that_holds_no_standards_is_refused(
    city: Municipality, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "standards.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match=reason):
        import_standards(path, "athens")


def test_a_byte_order_mark_of_a_spreadsheet_is_no_fault(
    city: Municipality, tmp_path: Path
) -> None:
    path = tmp_path / "standards.csv"
    path.write_text(f"{HEADER}\nhospital,30,,,\n", encoding="utf-8-sig")

    assert import_standards(path, "athens").created == 1


def test_an_unknown_municipality_and_a_missing_file_are_named(
    city: Municipality, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match="municipality 'sparta'"):
        import_standards(FIXTURES / "standards.csv", "sparta")
    with pytest.raises(UnreadableFile, match=r"none\.csv: cannot be read"):
        import_standards(tmp_path / "none.csv", "athens")
