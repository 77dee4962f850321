"""Stored runs: an equal question of equal data is computed once, and only then."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from layers.analysis import coverage, result_writes, runs, shown_runs
from layers.analysis.parameters import METHOD, CoverageParameters
from layers.analysis.runs import get_or_run
from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.models import AnalysisRun, District, ResultRow
from layers.selectors.results import coverage_rows, gap_rows, latest_default_run
from tests import factories as make
from tests.integration.analysis.city import City, box

ATHENS = CoverageParameters("athens", threshold_min=10, detour=1)


@pytest.fixture
def town(city):
    """100 people at the clinic's door in A, 300 of B a kilometre away."""
    city.people(500, 100)
    city.people(1700, 300)
    city.place(500, "clinic")
    city.publish()
    return city


def stored(run, term="clinic"):
    return {
        ("total" if row.is_total else row.district_code): row
        for row in coverage_rows(run.pk, terms=[term])
    }


# --- what a run holds -------------------------------------------------------------------


def test_a_run_answers_the_question_it_was_asked(town):
    found = stored(get_or_run(ATHENS))

    assert found["A"].residents_served == 100
    assert found["B"].residents_unserved == 300
    assert found["B"].rank == 1
    # 1200 m in a straight line
    assert found["B"].mean_walk_m == pytest.approx(1200, abs=0.05)
    assert found["total"].share_served == 0.25
    assert found["A"].names == {"en": "District A"}
    assert found["total"].names is None


def test_a_run_says_what_its_figures_stand_on(town):
    run = get_or_run(ATHENS, today=date(2026, 11, 21))

    assert CoverageParameters.from_dict(run.parameters) == ATHENS
    assert run.summary["residents"] == 400
    assert run.summary["n_places"] == 1
    assert run.summary["vintages"] == [2021]
    assert run.summary["as_of"] == "2026-11-01"
    assert run.code_version == METHOD
    assert run.finished_at is not None
    assert not run.is_restricted


def test_some_codes_get_the_rows_that_all_of_them_get(town):
    town.place(1700, "hospital")
    town.publish()
    everything = get_or_run(ATHENS)
    some = get_or_run(
        CoverageParameters("athens", threshold_min=10, detour=1, codes=("health",))
    )

    rows = coverage_rows(some.pk)
    assert {row.term for row in rows} == {"health"}
    assert rows == coverage_rows(everything.pk, terms=["health"])


def test_committees_have_rows_of_their_own(town):
    run = get_or_run(CoverageParameters("athens", by="committee"))

    assert {row.term for row in coverage_rows(run.pk)} == {"gender", "health"}


def test_rows_are_those_of_the_group_that_was_asked_about(town):
    run = get_or_run(CoverageParameters("athens", group="asylum-seekers"))

    found = stored(run)["A"]
    assert found.group == "asylum-seekers"
    assert "GROUP_POP_UNKNOWN" in found.flags


# --- once -------------------------------------------------------------------------------


def test_the_second_question_finds_the_first_answer(town, django_assert_num_queries):
    first = get_or_run(ATHENS)

    # The municipality, the data versions, the run; a fresh one need not be touched.
    with django_assert_num_queries(3):
        second = get_or_run(ATHENS)

    assert second.pk == first.pk


@pytest.mark.parametrize(
    "change",
    [
        lambda town: (town.place(900, "clinic"), town.publish()),
        lambda town: town.people(300, 5),
        lambda _: District.objects.filter(code="B", level="neighbourhood").update(
            boundary=box(1000, 1900)
        ),
        lambda _: make.TaxonomyTermFactory(slug="dentist"),
        lambda town: make.TermLinkFactory(
            term=town.terms["legal-aid"], other=town.terms["committee gender"]
        ),
    ],
    ids=["a service", "people", "a boundary", "a category", "a committee's category"],
)
def test_changed_data_are_a_new_question(town, change):
    first = get_or_run(ATHENS)

    change(town)

    assert get_or_run(ATHENS).pk != first.pk


def test_another_month_is_a_new_question_because_verifications_age(town):
    first = get_or_run(ATHENS, today=date(2026, 11, 1))

    assert get_or_run(ATHENS, today=date(2026, 11, 30)).pk == first.pk
    assert get_or_run(ATHENS, today=date(2026, 12, 1)).pk != first.pk


def test_an_unfinished_run_is_no_answer(town):
    run = get_or_run(ATHENS)
    AnalysisRun.objects.filter(pk=run.pk).update(finished_at=None, hash="half")

    assert coverage_rows(run.pk) == []
    assert get_or_run(ATHENS).pk != run.pk


def test_data_that_change_meanwhile_are_computed_again(town, monkeypatch):
    computed = []

    def analyse(*args, **given):
        computed.append(1)
        if len(computed) == 1:
            town.people(400, 50)
        return original(*args, **given)

    original = coverage.analyse
    monkeypatch.setattr(coverage, "analyse", analyse)

    assert get_or_run(ATHENS).summary["residents"] == 450
    assert len(computed) == 2


def test_data_that_never_rest_are_refused_and_nothing_is_stored(town, monkeypatch):
    def analyse(*args, **given):
        town.people(400, 50)
        return original(*args, **given)

    original = coverage.analyse
    monkeypatch.setattr(coverage, "analyse", analyse)

    with pytest.raises(Unavailable, match="ask again"):
        get_or_run(ATHENS)
    assert not AnalysisRun.objects.exists()


# --- refusals ----------------------------------------------------------------------------


def test_a_municipality_that_does_not_exist_is_not_found(db):
    with pytest.raises(NotFound, match="nowhere"):
        get_or_run(CoverageParameters("nowhere"))


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"codes": ("dentist",)}, "codes"),
        ({"codes": ("clinic",), "by": "committee"}, "codes"),
        ({"group": "martians"}, "group"),
        ({"engine": "teleport"}, "engine"),
    ],
)
def test_what_does_not_exist_is_refused_by_name_and_nothing_is_stored(
    town, asked, named
):
    with pytest.raises(InvalidParameter) as caught:
        get_or_run(CoverageParameters("athens", **asked))

    assert caught.value.name == named
    assert not AnalysisRun.objects.exists()


def test_an_interrupted_analysis_leaves_nothing_behind(town, monkeypatch):
    monkeypatch.setattr(result_writes, "store_rows", _fail)

    with pytest.raises(RuntimeError):
        get_or_run(ATHENS)
    assert not AnalysisRun.objects.exists()


def _fail(*args, **given):
    raise RuntimeError("power cut")


# --- the default run ------------------------------------------------------------------------


def test_only_the_latest_default_run_of_a_level_is_shown(town):
    asked = CoverageParameters("athens")
    first = get_or_run(asked, as_default=True)
    town.people(400, 50)
    second = get_or_run(asked, as_default=True)

    assert latest_default_run("athens", by="category", level="neighbourhood") == second
    first.refresh_from_db()
    assert not first.is_default


def test_levels_and_kinds_have_default_runs_side_by_side(town):
    for level, by in (
        ("neighbourhood", "category"),
        ("neighbourhood", "committee"),
        ("municipal_community", "category"),
    ):
        get_or_run(CoverageParameters("athens", level=level, by=by), as_default=True)

    assert AnalysisRun.objects.filter(is_default=True).count() == 3


def test_an_answer_that_is_there_becomes_the_default_without_computing(town):
    run = get_or_run(CoverageParameters("athens"))

    shown = get_or_run(CoverageParameters("athens"), as_default=True)

    assert (shown.pk, shown.is_default) == (run.pk, True)


def test_only_the_default_question_can_be_the_default_run(town):
    with pytest.raises(InvalidParameter, match="as_default"):
        get_or_run(ATHENS, as_default=True)


def test_a_city_that_was_never_analysed_has_no_default_run(town):
    assert latest_default_run("athens", by="category", level="neighbourhood") is None


# --- how many are kept -----------------------------------------------------------------------


def test_the_runs_of_least_use_are_deleted(town, monkeypatch):
    monkeypatch.setattr(shown_runs, "MAX_KEPT_RUNS", 2)
    default = get_or_run(CoverageParameters("athens"), as_default=True)
    old, used, new = (
        get_or_run(CoverageParameters("athens", threshold_min=minutes))
        for minutes in (5, 6, 7)
    )

    kept = set(AnalysisRun.objects.values_list("pk", flat=True))
    assert kept == {default.pk, used.pk, new.pk}
    assert not ResultRow.objects.filter(run_id=old.pk).exists()


def test_a_run_that_is_asked_for_again_is_of_use(town, monkeypatch):
    monkeypatch.setattr(shown_runs, "MAX_KEPT_RUNS", 2)
    asked = [CoverageParameters("athens", threshold_min=minutes) for minutes in (5, 6)]
    first, second = (get_or_run(one) for one in asked)
    yesterday = timezone.now() - timedelta(days=1)
    AnalysisRun.objects.update(last_used_at=yesterday)

    get_or_run(asked[0])
    get_or_run(CoverageParameters("athens", threshold_min=7))

    assert AnalysisRun.objects.filter(pk=first.pk).exists()
    assert not AnalysisRun.objects.filter(pk=second.pk).exists()


# --- reading rows -----------------------------------------------------------------------------


def test_gaps_are_the_districts_with_unserved_people_by_rank(town):
    town.people(300, 40, y=5000)
    run = get_or_run(ATHENS)

    found = gap_rows(run.pk, terms=["clinic", "legal-aid"])

    assert [(row.term, row.district_code, row.rank) for row in found] == [
        ("clinic", "B", 1),
        ("legal-aid", "B", 1),
        ("legal-aid", "A", 2),
    ]


def test_rows_can_be_asked_for_by_district_with_its_boundary(town):
    run = get_or_run(ATHENS)

    (row,) = coverage_rows(run.pk, terms=["clinic"], districts=["B"], boundaries=True)

    assert row.district_code == "B"
    assert row.boundary.startswith('{"type":"MultiPolygon"')


def test_a_boundary_that_was_not_asked_for_does_not_come(town):
    assert {row.boundary for row in coverage_rows(get_or_run(ATHENS).pk)} == {None}


def test_rows_take_one_query(town, django_assert_num_queries):
    run = get_or_run(ATHENS)

    with django_assert_num_queries(1):
        coverage_rows(run.pk)


# --- at the same time ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_equal_questions_at_once_compute_once(monkeypatch):
    city = City()
    city.people(500, 100)
    city.place(500, "clinic")
    city.publish()
    computed, answers = [], []

    def analyse(*args, **given):
        computed.append(1)
        return original(*args, **given)

    def ask():
        try:
            answers.append(get_or_run(ATHENS).pk)
        finally:
            connections.close_all()

    original = coverage.analyse
    monkeypatch.setattr(coverage, "analyse", analyse)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(computed) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_to_come_back(monkeypatch):
    city = City()
    city.people(500, 100)
    city.publish()
    monkeypatch.setattr(runs, "LOCK_TIMEOUT", "SET LOCAL lock_timeout = '50ms'")
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [runs.LOCK_KEY])
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(30)
        with pytest.raises(Unavailable, match="other analyses"):
            get_or_run(ATHENS)
    finally:
        done.set()
        holder.join(30)
    assert not AnalysisRun.objects.exists()
