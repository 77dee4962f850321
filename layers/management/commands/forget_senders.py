"""`manage.py forget_senders`: delete what tells senders of reports of past days apart."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand

from layers.directory.report_limits import forget_senders


class Command(BaseCommand):
    """For cron shortly after midnight (UTC); the day's first report does the same."""

    help = "Delete the keys and counts that kept past days' senders of reports apart."

    def handle(self, *args: object, **options: object) -> None:
        days = forget_senders(datetime.now(UTC).date())
        self.stdout.write(f"Forgot the senders of {days} past days.")
