"""The worker: answers long questions and begins the night's."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from layers.jobs.worker import work


class Command(BaseCommand):
    help = "Answer queued analyses until told to end; start it beside the web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="end when nothing waits any more"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        asyncio.run(work(once=given["once"]))
