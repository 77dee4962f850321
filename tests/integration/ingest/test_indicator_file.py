"""Indicators from CSV, and what analyses read of them, of standards and of neighbours."""

from pathlib import Path

import numpy as np
import pytest

from layers.analysis.need import need_of
from layers.errors import NotFound, UnreadableFile
from layers.ingest.indicator_file import COLUMNS, import_indicators
from layers.ingest.report import Mode
from layers.models import DistrictIndicator, ServiceStandard
from layers.selectors.need import indicators_of, own_indicators
from layers.selectors.neighbours import neighbours
from layers.selectors.results import data_versions
from layers.selectors.standards import NO_STANDARD, Standard, standards
from tests import factories as make
from tests.integration.analysis.city import City, at

pytestmark = pytest.mark.django_db

GOOD = ("A,low_income_share,2021,0.1,1,census", "B,low_income_share,2021,0.4,1,census")


@pytest.fixture
def city() -> City:
    return City()


def file_of(folder: Path, *rows: str, header: str = ",".join(COLUMNS)) -> Path:
    path = folder / "indicators.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def load(folder, *rows, **mode):
    return import_indicators(
        file_of(folder, *rows), "athens", source="ELSTAT", mode=Mode(**mode)
    )


def test_indicators_are_loaded_and_loading_again_changes_nothing(city, tmp_path):
    first, again = load(tmp_path, *GOOD), load(tmp_path, *GOOD)

    assert (first.created, first.written) == (2, True)
    assert (again.created, again.unchanged) == (0, 2)
    changed = load(tmp_path, GOOD[0].replace("0.1", "0.2"))
    assert (changed.updated, changed.absent) == (1, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Z,low_income_share,2021,0.1,1,census", "code"),
        ("A,Low Income,2021,0.1,1,census", "name"),
        ("A,low_income_share,21,0.1,1,census", "year"),
        ("A,low_income_share,2021,much,1,census", "value"),
        ("A,low_income_share,2021,nan,1,census", "value"),
        (f"A,low_income_share,2021,0.1,{'x' * 41},census", "unit"),
        ("A,low_income_share,2021,0.1,1,hearsay", "quality"),
        (GOOD[1], "code"),  # twice
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(
    city, tmp_path, row, column
):
    report = load(tmp_path, GOOD[1], row)

    assert not report.written
    assert [finding.field for finding in report.findings["refused"].kept] == [column]
    assert not DistrictIndicator.objects.exists()


def test_a_dry_run_writes_nothing_and_good_rows_may_be_taken_alone(city, tmp_path):
    assert load(tmp_path, *GOOD, dry_run=True).created == 2
    assert not DistrictIndicator.objects.exists()
    load(tmp_path, *GOOD, "Z,x,2021,1,,census", accept_partial=True)
    assert DistrictIndicator.objects.count() == 2


def test_other_columns_and_municipalities_are_refused(city, tmp_path):
    with pytest.raises(UnreadableFile, match="columns"):
        import_indicators(
            file_of(tmp_path, header="code,value"), "athens", source="ELSTAT"
        )
    with pytest.raises(NotFound):
        import_indicators(file_of(tmp_path, *GOOD), "sparta", source="ELSTAT")


def test_the_latest_year_counts_and_an_unknown_one_does_not(city, tmp_path):
    load(
        tmp_path,
        "A,low_income_share,2011,0.9,1,census",
        "A,low_income_share,2021,0.1,1,census",
        "B,low_income_share,2021,,1,census",
        "B,low_income_share,2011,0.3,1,census",
        "A,something_else,2021,5,1,census",
    )
    found = indicators_of(
        city.municipality.pk, "neighbourhood", ("A", "B"), ("low_income_share",)
    )

    assert list(found) == ["low_income_share"]
    assert found["low_income_share"].values.tolist() == [0.1, 0.3]
    assert found["low_income_share"].years == (2011, 2021)


def test_need_is_told_of_districts_and_moves_the_data_version(city, tmp_path):
    pk, people = city.municipality.pk, np.array([100.0, 100.0])
    before = data_versions(pk)
    assert need_of(pk, "neighbourhood", ("A", "B"), people) is None

    load(tmp_path, *GOOD)
    need = need_of(pk, "neighbourhood", ("A", "B"), people)

    assert need is not None
    assert need.index.tolist() == [0, 1]
    assert data_versions(pk)["need"] != before["need"]


def test_a_municipality_says_itself_what_need_is(city, tmp_path):
    city.municipality.settings = {"need_indicators": {"rent": {"theme": "homes"}}}
    city.municipality.save()
    load(tmp_path, *GOOD, "A,rent,2021,9,EUR,survey", "B,rent,2021,7,EUR,survey")
    need = need_of(
        city.municipality.pk, "neighbourhood", ("A", "B"), np.array([100.0, 100.0])
    )

    assert own_indicators(city.municipality.pk) == {"rent": {"theme": "homes"}}
    assert need is not None
    assert need.index.tolist() == [1, 0]


def standard(city, groups=(), **values):
    return ServiceStandard.objects.create(
        municipality=city.municipality,
        category=city.terms["clinic"],
        groups=list(groups),
        **values,
    )


def test_a_standard_for_everybody_is_everybodys(city):
    standard(city, max_walk_min=15, target_per_1000=2, target_unit="beds")

    for path in ((), ("women",)):
        assert standards(city.municipality.pk, path) == {
            "clinic": Standard(15, 2, "beds")
        }


def test_the_nearest_group_decides(city):
    standard(city, max_walk_min=30)
    standard(city, ["refugees-migrants"], max_walk_min=20)
    standard(city, ["asylum-seekers"], max_walk_min=10, target_per_1000=1)
    of = lambda *path: standards(city.municipality.pk, path)["clinic"]  # noqa: E731

    assert of().max_walk_min == 30
    assert of("refugees-migrants").max_walk_min == 20
    assert of("refugees-migrants", "asylum-seekers").max_walk_min == 10
    below = of("refugees-migrants", "asylum-seekers", "unaccompanied-minors")
    assert (below.max_walk_min, below.per_1000) == (10, 1)


def test_a_question_about_everybody_takes_the_shortest_walk_and_no_groups_target(city):
    standard(city, ["women"], max_walk_min=20, target_per_1000=5)
    standard(city, ["asylum-seekers"], max_walk_min=15)
    pk = city.municipality.pk

    assert standards(pk, ())["clinic"] == Standard(15)
    assert standards(pk, ("homeless",)).get("clinic", NO_STANDARD) == NO_STANDARD


def test_a_changed_standard_changes_the_data_version(city):
    before = data_versions(city.municipality.pk)
    row = standard(city, max_walk_min=15)
    between = data_versions(city.municipality.pk)
    row.target_unit = "beds"
    row.save()

    assert before != between != data_versions(city.municipality.pk)


def test_people_beyond_the_border_are_the_municipalitys_own_or_its_neighbours(city):
    city.people(500, 100)
    other = make.MunicipalityFactory(slug="kallithea", code="9999")
    make.DemandPointFactory(
        municipality=other, point=at(2500), population=70, quality="census"
    )
    pk = city.municipality.pk

    assert neighbours(pk, group=None, reach_m=1000).everybody.tolist() == [70]
    assert neighbours(pk, group=None, reach_m=900).everybody.tolist() == []
    assert neighbours(pk, group="women", reach_m=1000).people.tolist() == [0]
    city.people(2200, 30, is_resident=False)
    # The same people may be loaded twice: the municipality's own rows count.
    assert neighbours(pk, group=None, reach_m=1000).everybody.tolist() == [30]
