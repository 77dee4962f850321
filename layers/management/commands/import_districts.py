"""Districts of one level from a vector file."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from layers.ingest.districts import DistrictOptions, import_districts
from layers.ingest.report import Report
from layers.management.importing import ImportCommand
from layers.models.district import DistrictLevel


class Command(ImportCommand):
    help = "Load the districts of one level from a vector file (docs/how-to/import.md)."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--level", required=True, choices=DistrictLevel.values)
        parser.add_argument("--name-field", required=True, metavar="COLUMN")
        for lang, name in settings.LANGUAGES[1:]:
            parser.add_argument(
                f"--name-field-{lang}", metavar="COLUMN", help=f"names in {name}"
            )
        parser.add_argument("--code-field", metavar="COLUMN")
        parser.add_argument("--layer", help="layer of the file")
        parser.add_argument("--crs", help="reference system, if the file's is missing")
        parser.add_argument("--parent-level", choices=DistrictLevel.values)
        parser.add_argument("--municipality-code", help="code of a new municipality")
        parser.add_argument("--source", required=True)
        parser.add_argument("--license", required=True)
        parser.add_argument(
            "--schematic", action="store_true", help="a drawing, not a true boundary"
        )
        parser.add_argument(
            "--retire-missing",
            action="store_true",
            help="districts that the file does not have end today",
        )

    def run(self, given: dict[str, Any]) -> Report:
        first = settings.LANGUAGES[0][0]
        fields = {first: given["name_field"]}
        for lang, _ in settings.LANGUAGES[1:]:
            if given[f"name_field_{lang}"]:
                fields[lang] = given[f"name_field_{lang}"]
        options = DistrictOptions(
            municipality=given["municipality"],
            level=given["level"],
            source=given["source"],
            licence=given["license"],
            name_fields=fields,
            code_field=given["code_field"],
            layer=given["layer"],
            crs=given["crs"],
            parent_level=given["parent_level"],
            municipality_code=given["municipality_code"],
            schematic=given["schematic"],
            retire_missing=given["retire_missing"],
        )
        return import_districts(given["file"], options, self.mode(given))
