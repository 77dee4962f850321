#!/usr/bin/env python3
"""Django's command line for GeoACCMR."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
    # A command may work for minutes; the limits of requests are shorter.
    os.environ.setdefault("STATEMENT_TIMEOUT_MS", "3600000")
    os.environ.setdefault("EXPORT_TIMEOUT_MS", "3600000")
    execute_from_command_line(sys.argv)
