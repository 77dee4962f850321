"""The process that answers jobs, beside the web server."""

import os

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from layers.jobs.queue import STALLED_AFTER_S

AT_ONCE = 3
"""Threads: a nightly job, a question, and the clock; analyses take turns anyway."""

HEARTBEAT_S = 5.0
GRACE_S = 1.0
"""After this a job is told to stop, which it does at its next checkpoint."""

NICE = 10
"""Requests come first where processors are few."""


async def work(*, once: bool = False) -> None:
    """Answer jobs until the process is told to end (SIGTERM, SIGINT).

    Parameters
    ----------
    once : bool
        End when nothing waits any more.
    """
    os.nice(NICE)
    connector = app.connector
    if isinstance(connector, DjangoConnector):
        connector = connector.get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                name="geoaccmr",
                wait=not once,
                concurrency=AT_ONCE,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE_S,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_AFTER_S,
            )
