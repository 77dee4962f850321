"""The report of a committee's meeting as a PDF file, as its page hands it out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from layers.errors import LayersError
from layers.published.pages import municipality
from layers.web.committee.question import FORM
from layers.web.languages import page_language
from layers.web.report.asking import asked_document
from layers.web.report.document import html_of
from layers.web.report.press import printed

PASSED_ON = ("category", "group", "level", "threshold_min", "since", "as_of")


class Command(BaseCommand):
    help = "Write a committee's report as a PDF file (A4, tagged)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _ in settings.LANGUAGES]
        parser.add_argument("--committee", required=True, help="slug, like health")
        parser.add_argument("--lang", choices=languages, default=settings.LANGUAGE_CODE)
        parser.add_argument("--out", type=Path, required=True, help="file to write")
        parser.add_argument(
            "--site",
            default="",
            help="scheme and host of the pages, for the addresses in the report",
        )
        for name in PASSED_ON:
            about = FORM.by_name[name].description
            parser.add_argument(f"--{name.replace('_', '-')}", help=about)

    def handle(self, *args: Any, **given: Any) -> None:
        asked = {name: given[name] for name in PASSED_ON if given[name] is not None}
        language = page_language(given["lang"])
        with translation.override(language.interface):
            try:
                document = asked_document(
                    FORM.read_query(urlencode(asked)),
                    given["committee"],
                    language,
                    municipality(settings.DEFAULT_MUNICIPALITY),
                    given["site"].removesuffix("/"),
                )
                written = printed(html_of(document))
            except LayersError as error:
                raise CommandError(error.detail) from error
        self.save(given["out"], written)
        self.stdout.write(f"{given['out']}: {len(written) // 1000} kB")

    def save(self, path: Path, written: bytes) -> None:
        """Write the file whole or not at all."""
        part = path.with_name(path.name + ".part")
        try:
            part.write_bytes(written)
            part.replace(path)
        except OSError as error:
            raise CommandError(f"--out {path}: {error.strerror}") from error
