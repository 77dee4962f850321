"""`manage.py rebuild_read_model`: write the public rows anew from the directory."""

from typing import Any

from django.core.management.base import BaseCommand

from layers.directory.read_model import rebuild


class Command(BaseCommand):
    help = "Writes the read model anew: districts, opening hours, service points."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = rebuild()
        self.stdout.write(f"The read model holds {rows} service points.")
