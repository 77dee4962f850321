"""Real workers: one is killed and another goes on; two at once compute once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.analysis import coverage
from layers.analysis.parameters import CoverageParameters
from layers.jobs.queue import cancel, queue_questions
from layers.jobs.work import work_on
from layers.models import AnalysisJob, AnalysisRun
from layers.models.job import JobState
from tests.integration.jobs.conftest import town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
QUESTIONS = [
    replace(CoverageParameters("athens"), threshold_min=minutes, detour=1)
    for minutes in range(5, 17)
]
PATIENCE_S = 90

SLOW = """
import asyncio, sys, time
import django
django.setup()
from layers.analysis import coverage
original = coverage.analyse
def analyse(parameters, **given):
    with open(sys.argv[1], "a") as log:
        log.write(f"{parameters.threshold_min:g}\\n")
    found = original(parameters, **given)
    time.sleep(float(sys.argv[2]))
    return found
coverage.analyse = analyse
from layers.jobs.worker import work
asyncio.run(work(once=len(sys.argv) > 3))
"""
"""A worker that writes down what it computes, and takes its time."""


def database_url() -> str:
    at = connection.settings_dict
    return (
        f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'] or '')}@/"
        f"{at['NAME']}?host={quote(at['HOST'] or '', safe='/')}&port={at['PORT'] or 5432}"
    )


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a worker; all are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*, pause_s: float = 0.0, once: bool = False):
        env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "geo_accmr.settings",
            "NIGHTLY_AT": "23:59",
            "PYTHONPATH": str(REPOSITORY),
        }
        command = [sys.executable, "-c", SLOW, str(tmp_path / "computed"), str(pause_s)]
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [*command, *(["once"] if once else [])],
                env=env,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        worker.kill()
        worker.wait(30)


@pytest.fixture
def computed(tmp_path: Path) -> Callable[[], list[float]]:
    """Return a function that says which thresholds were computed, and how often."""

    def read() -> list[float]:
        path = tmp_path / "computed"
        return (
            [float(line) for line in path.read_text().split()] if path.exists() else []
        )

    return read


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; at most PATIENCE_S."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < PATIENCE_S, list(AnalysisJob.objects.values())
        time.sleep(0.1)


def answered(job: AnalysisJob) -> int:
    return job.steps.filter(run__isnull=False).count()


def test_a_killed_worker_is_followed_by_one_that_goes_on(start, computed):
    town()
    job = queue_questions(QUESTIONS).job
    first = start(pause_s=0.3)
    until(lambda: answered(job) >= 3)
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    kept = answered(job)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    # Nobody need wait: the dead one gave its last sign of life long ago.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )

    start()
    until(lambda: AnalysisJob.objects.get().state == JobState.FINISHED)

    assert answered(job) == len(QUESTIONS)
    assert AnalysisRun.objects.count() == len(QUESTIONS)
    # One question was begun by the first and never stored; nothing else is computed twice.
    assert kept >= 3
    assert len(computed()) <= len(QUESTIONS) + 1
    assert len(set(computed())) == len(QUESTIONS)


def test_two_workers_at_once_compute_each_question_once(start, computed):
    town()
    one = queue_questions(QUESTIONS).job
    start(pause_s=0.05)
    start(pause_s=0.05)

    until(lambda: AnalysisJob.objects.get(pk=one.pk).state == JobState.FINISHED)

    assert sorted(computed()) == sorted(q.threshold_min for q in QUESTIONS)


def test_a_worker_that_is_told_to_end_gives_its_job_back(start, computed):
    town()
    job = queue_questions(QUESTIONS).job
    first = start(pause_s=0.3)
    until(lambda: answered(job) >= 2)
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert ProcrastinateJob.objects.get(pk=job.queue_id).status == "todo"
    start()
    until(lambda: AnalysisJob.objects.get().state == JobState.FINISHED)
    assert len(set(computed())) == len(QUESTIONS)


def test_a_running_job_is_cancelled_within_seconds(start, computed):
    town()
    queued = queue_questions(QUESTIONS)
    start(pause_s=0.3)
    until(lambda: answered(queued.job) >= 1)

    begun = time.monotonic()
    cancel(queued.job.pk, queued.token or "")
    until(lambda: AnalysisJob.objects.get().state == JobState.CANCELLED)

    assert time.monotonic() - begun < 10
    assert 1 <= answered(queued.job) < len(QUESTIONS)


def test_a_job_that_makes_mistakes_fails_and_says_nothing_of_them(start):
    town()
    job = queue_questions(QUESTIONS[:1]).job
    job.steps.update(
        parameters={"municipality": "athens", "secret": "in an error text"}
    )
    start(once=True)

    until(lambda: AnalysisJob.objects.get().state == JobState.FAILED)

    assert AnalysisJob.objects.get().error
    assert not AnalysisRun.objects.exists()


def test_two_who_work_on_one_job_compute_each_question_once(monkeypatch):
    # As where a worker is believed dead and its job is given to another one.
    town()
    job = queue_questions(QUESTIONS[:6]).job
    computed: list[float] = []
    original = coverage.analyse

    def analyse(parameters, **given):
        computed.append(parameters.threshold_min)
        return original(parameters, **given)

    def work():
        try:
            work_on(job.pk)
        finally:
            connections.close_all()

    monkeypatch.setattr(coverage, "analyse", analyse)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(computed) == sorted(q.threshold_min for q in QUESTIONS[:6])
    assert AnalysisJob.objects.get().state == JobState.FINISHED
    assert answered(job) == 6
