"""The night's work by hand: every standing question of a municipality, then all shown."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.errors import LayersError
from layers.jobs.queue import enqueue_again, standing_job
from layers.jobs.work import Progress, in_words, work_on
from layers.management.progress_bar import ProgressBar
from layers.models.job import JobState


class Command(BaseCommand):
    help = (
        "Answer every standing question: all levels, categories and committees, groups, "
        "10, 15 and 20 minutes. Whatever is answered already is not computed again; "
        "interrupted, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", default=settings.DEFAULT_MUNICIPALITY)
        parser.add_argument(
            "--queue",
            action="store_true",
            help="leave it to the worker, and say where to see how far it is",
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            job = standing_job(given["municipality"])
            if given["queue"]:
                if job.queue_id is None:
                    enqueue_again(job)
                self.stdout.write(f"queued: /en/runs/{job.pk}")
                return
            bar = ProgressBar(self.stderr)
            done = work_on(job.pk, tell=lambda progress: told(bar, progress))
        except LayersError as error:
            raise CommandError(error.detail) from error
        except KeyboardInterrupt:
            raise CommandError(
                "interrupted; what is answered is stored, and the same command goes on"
            ) from None
        if done.state == JobState.CANCELLED:
            raise CommandError("cancelled; what is answered is stored")
        steps = list(done.steps.values_list("seconds", flat=True))
        seconds = sum(each or 0 for each in steps)
        self.stdout.write(
            f"{given['municipality']}: {len(steps)} questions answered and shown, "
            f"{seconds:.0f} s of computing"
        )


def told(bar: ProgressBar, progress: Progress) -> None:
    """Show how far the job is."""
    doing = "" if progress.question is None else in_words(progress.question)
    bar.show(progress.done, progress.n, doing)
