"""`manage.py makemessages`: bring the catalogues of the pages up to date with their source."""

import contextlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

SOURCE_LANGUAGE = "en"
"""What pages are written in; it needs no catalogue."""

_MADE_AT = re.compile(
    r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To): .*\n', re.MULTILINE
)


class Command(makemessages.Command):
    """Django's own command with the one form our catalogues have.

    Every language at once, long lines unbroken, places by file alone, nothing obsolete
    kept, nothing guessed from similar texts, and no time of making: a catalogue changes
    only where a text does. It reads the room that `LOCALE_PATHS` lies in, wherever it is run.
    """

    help = "Bring the catalogues of the pages up to date with their source."
    msgmerge_options = [
        *makemessages.Command.msgmerge_options,
        "--no-fuzzy-matching",
        "--no-wrap",
    ]

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's arguments with the defaults that the catalogues are made by."""
        super().add_arguments(parser)
        parser.set_defaults(
            locale=[code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE],
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
            ignore_patterns=["node_modules"],
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge, then drop what would differ from one run to the next."""
        catalogues = Path(settings.LOCALE_PATHS[0])
        for code in options["locale"]:
            (catalogues / code / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        with contextlib.chdir(catalogues.parent):
            super().handle(*args, **options)
        for catalogue in catalogues.glob("*/LC_MESSAGES/*.po"):
            text = catalogue.read_text(encoding="utf-8")
            catalogue.write_text(_MADE_AT.sub("", text), encoding="utf-8")
