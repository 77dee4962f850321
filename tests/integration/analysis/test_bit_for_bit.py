"""Identical inputs give identical rows, bit for bit: in any process, in any row order."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from psycopg import sql

from layers.analysis.parameters import CoverageParameters
from layers.analysis.run_identity import rows_hash, software
from layers.analysis.runs import get_or_run
from layers.models import AnalysisRun
from tests.integration.analysis.city import City
from tests.integration.jobs.test_worker import database_url

REPOSITORY = Path(__file__).resolve().parents[3]
QUESTIONS = [
    CoverageParameters("athens"),
    CoverageParameters("athens", by="committee", level="municipality"),
    CoverageParameters("athens", group="women", threshold_min=10),
]
ELSEWHERE = """
import json, sys
import django
django.setup()
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
for question in json.load(sys.stdin):
    print(get_or_run(CoverageParameters.from_dict(question)).rows_hash)
"""


def crowd(city: City) -> None:
    """People and places whose sums differ in the last digit with their order."""
    for n in range(150):
        city.people(13 * n % 2000, 10 + n / 7, y=37 * n % 1000)
    for n in range(12):
        city.place(170 * n, "clinic" if n % 2 else "hospital", y=90 * n % 1000)
    city.publish()


def forget() -> None:
    AnalysisRun.objects.all().delete()


def hashes() -> list[str]:
    return [get_or_run(question).rows_hash for question in QUESTIONS]


@pytest.fixture
def town(transactional_db: None) -> City:
    city = City()
    crowd(city)
    return city


def stored() -> list[tuple[object, ...]]:
    """Return every row as the database holds it, but for whose it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.hash, (to_jsonb(w) - 'id' - 'run_id')::text FROM layers_resultrow w"
            " JOIN layers_analysisrun r ON r.id = w.run_id ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_rows_computed_again_are_the_same(town):
    first, rows = hashes(), stored()
    forget()

    assert hashes() == first
    assert stored() == rows


def test_rows_do_not_depend_on_the_order_in_which_the_database_keeps_its_own(town):
    first, rows = hashes(), stored()
    forget()
    with connection.cursor() as cursor:
        # Every other row is written anew, behind the others.
        for table in ("layers_demandpoint", "layers_servicepoint"):
            cursor.execute(
                sql.SQL(
                    "UPDATE {} SET municipality_id = municipality_id"
                    " WHERE hashtext(id::text) % 2 = 0"
                ).format(sql.Identifier(table))
            )

    assert hashes() == first
    assert stored() == rows


@pytest.mark.parametrize("seed", ["1", "2026"])
def test_rows_do_not_depend_on_the_process(town, seed):
    first, rows = hashes(), stored()
    forget()
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "geo_accmr.settings",
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(REPOSITORY),
    }
    asked = json.dumps([question.as_dict() for question in QUESTIONS])
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=env,
        cwd=REPOSITORY,
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )

    assert answer.stdout.split() == first, answer.stderr[-2000:]
    assert stored() == rows


def test_another_person_is_another_hash(town):
    first = hashes()
    town.people(300, 1)

    assert all(one != other for one, other in zip(hashes(), first, strict=True))


def test_equal_rows_of_another_question_have_a_run_of_their_own(town):
    question = replace(QUESTIONS[0], threshold_min=119)
    one, other = get_or_run(question), get_or_run(replace(question, threshold_min=120))

    assert one.hash != other.hash


def test_a_run_says_which_libraries_computed_it(town):
    assert get_or_run(QUESTIONS[0]).summary["software"] == software()
    assert {"code", "numpy", "scipy"} == set(software())


def test_the_hash_of_no_rows_is_one_too():
    assert len(rows_hash([])) == 64
