"""`manage.py run_coverage`: arguments in, default runs and a short table out."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from layers.models import AnalysisRun
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city):
    city.people(500, 100)
    city.people(1700, 300)
    city.place(500, "clinic")
    city.publish()
    return city


def run(*arguments):
    out = StringIO()
    call_command("run_coverage", "--municipality=athens", *arguments, stdout=out)
    return out.getvalue()


def test_it_shows_every_level_that_has_districts_by_category_and_committee(town):
    run()

    shown = AnalysisRun.objects.filter(is_default=True).values_list(
        "parameters__level", "parameters__by"
    )
    assert sorted(shown) == [
        ("municipal_community", "category"),
        ("municipal_community", "committee"),
        ("municipality", "category"),
        ("municipality", "committee"),
        ("neighbourhood", "category"),
        ("neighbourhood", "committee"),
    ]


def test_it_prints_the_people_of_the_municipality(town):
    printed = run("--level=neighbourhood")

    assert "400 residents, 15 minutes on foot" in printed
    # 100 of 400 live at the clinic, 300 are 1200 m x 1.3 away.
    assert "health                        25.0% served        300 not" in printed


def test_it_prints_the_top_of_the_tree_only(town):
    printed = run("--level=neighbourhood")

    assert "legal-aid" in printed
    assert "clinic" not in printed


def test_it_prints_a_dash_where_figures_are_withheld(city):
    city.people(500, 100)
    city.people(1700, 3)
    city.place(500, "clinic")
    city.publish()

    printed = run("--level=neighbourhood").split("by committee")[0]

    (health,) = (line for line in printed.splitlines() if "health" in line)
    assert health.split() == ["health", "-"]


def test_levels_can_be_chosen(town):
    run("--level=municipality", "--level=neighbourhood")

    assert AnalysisRun.objects.count() == 4


def test_if_missing_computes_only_what_nobody_shows_yet(town):
    run("--level=neighbourhood")
    town.people(600, 10)

    assert run("--level=neighbourhood", "--if-missing") == ""
    assert "municipality by category" in run("--if-missing")
    assert AnalysisRun.objects.count() == 6


def test_protected_places_make_restricted_runs_that_are_not_shown(town):
    town.place(1700, "clinic", visibility="hidden")
    town.publish()

    printed = run("--level=neighbourhood", "--supply=all")

    assert "100.0% served          0 not" in printed
    assert not AnalysisRun.objects.filter(is_restricted=False).exists()
    assert not AnalysisRun.objects.filter(is_default=True).exists()


def test_a_municipality_without_districts_says_what_to_do(db):
    make.MunicipalityFactory(slug="athens")

    with pytest.raises(CommandError, match="import_districts"):
        run()


def test_a_municipality_that_does_not_exist_is_refused(db):
    with pytest.raises(CommandError, match="there is no municipality 'athens'"):
        run("--level=neighbourhood")


def test_a_level_that_does_not_exist_is_refused(town):
    with pytest.raises(CommandError, match="invalid choice"):
        run("--level=street")
