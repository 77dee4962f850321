#!/usr/bin/env python3
"""Django's command line for GeoACCMR."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

FILE_COMMANDS = frozenset(("measure", "locate"))
"""They read and write plain files: no database is asked and nothing is signed."""

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
    # A command may work for minutes; the limits of requests are shorter.
    os.environ.setdefault("STATEMENT_TIMEOUT_MS", "3600000")
    os.environ.setdefault("EXPORT_TIMEOUT_MS", "3600000")
    if FILE_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_URL", "postgis://nobody@/none")
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    execute_from_command_line(sys.argv)
